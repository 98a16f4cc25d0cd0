"""The same facts as the product is told them: rows of a workbook."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from reporting.content import Content, Datum, Row, first_day, last_day
from tests.independent.emissions import OWN, PURCHASED, AluminiumMonth, CementMonth, Flow, Fuel, Meter, SteelMonth

# The rules' names and the product's codes.
CODES = json.loads((Path(__file__).parent / "codes.json").read_text(encoding="utf-8"))
TABLES = {"石灰石": "carbonate", "白云石": "carbonate", "电极": "electrode"}
ORIGINS = {"": "", OWN: "_own", PURCHASED: "_purchased"}
LINE, UNIT = "L1", "91990000MA0TEST00X"


def number(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


class Rows:
    """Rows of one month, and the meters that measured them."""

    def __init__(self, period: str) -> None:
        self.period = period
        self.rows: list[Row] = []

    def add(self, table: str, process: str = "", item: str = "", line: str = "", **values: Fraction | None) -> None:
        data = {name: Datum(number(value), "measured") for name, value in values.items() if value is not None}
        self.rows.append(Row(table, line, process, item, data))

    def measured(self, measures: str, own: Flow, item: str = "", line: str = "") -> None:
        if own.meter is None:
            return
        numbers = {"accuracy": own.meter.accuracy, "error": own.meter.error}
        data = {name: Datum(number(value)) for name, value in numbers.items()}
        data |= {name: Datum(day) for name, day in _certificate(own.meter, self.period)}
        data["measures"] = Datum(measures)
        self.rows.append(Row("meter", line, "", item, data, f"M{len(self.rows)}"))

    def flow(
        self, table: str, own: Flow, process: str = "", item: str = "", line: str = "", **more: Fraction | None
    ) -> None:
        self.add(table, process, item, line, amount=own.amount, **more)
        self.measured(f"{table}/{process}/amount", own, item, line)

    def content(self, sector: str) -> Content:
        return Content(sector, self.period, UNIT, (LINE,), tuple(self.rows))


def _certificate(meter: Meter, period: str) -> Iterator[tuple[str, dt.date]]:
    """Calibrated so that the month's last days are the covered ones; never, where none is."""
    covered = meter.days - meter.uncovered
    if covered:
        yield "calibrated", last_day(period) - dt.timedelta(days=covered - 1) if meter.uncovered else first_day(period)


def steel(period: str, month: SteelMonth) -> Content:
    rows = Rows(period)
    for fuel in month.fuels:
        _ledger(rows, fuel)
    for name, own in month.materials:
        rows.flow(TABLES.get(name, "material"), own, item=CODES[name])
    for name, own in month.products:
        rows.flow("product", own, item=CODES[name])
    for name, own in month.processed:
        rows.flow("processed", own, item=CODES[name])
    for use in month.burnt:
        item = CODES[use.fuel] + ORIGINS[use.origin]
        if use.where == "power":
            rows.flow("power", use.flow, item=item, line=LINE, ncv=use.stated)
        else:
            rows.flow(f"process_{use.way}", use.flow, use.where, item, LINE, ncv=use.stated)
    for name, own in month.iron:
        # Pig iron is the process's own product, the others are named beside it.
        rows.flow("process_output", own, "ironmaking", "" if name == "生铁" else CODES[name], LINE)
    return rows.content("steel")


def _ledger(rows: Rows, fuel: Fuel) -> None:
    """Part of what was consumed lies outside the boundary and is told apart: FC is what remains."""
    item, aside = CODES[fuel.name] + ORIGINS[fuel.origin], Fraction(1234, 100)
    consumed = fuel.flow.amount + aside
    rows.add("fuel", item=item, consumed=consumed, excluded=aside, ncv=fuel.stated)
    rows.measured("fuel//consumed", fuel.flow, item)
    sampled = first_day(rows.period)
    for part, test in enumerate(fuel.tests):
        late = dt.timedelta(days=20 if test.counts else 41)
        facts: dict[str, Any] = {
            "sampled": sampled,
            "reported": sampled + late,
            "report": f"R{part}",
            "accredited": "yes",
            "sound": "yes",
        }
        facts |= {"ncv": number(test.ncv)} | ({"mass": number(test.mass)} if test.mass else {})
        data = {name: Datum(value) for name, value in facts.items()}
        rows.rows.append(Row("batch", "", "", item, data, str(part)))


def cement(period: str, month: CementMonth) -> Content:
    rows = Rows(period)
    for fuel in month.fuels:
        rows.flow("line_fuel", fuel.flow, item=CODES[fuel.name], line=LINE, ncv=fuel.stated)
    for kind, own in month.clinker:
        rows.flow("clinker", own, item=CODES[kind], line=LINE)
    for name, own in month.alternatives:
        rows.flow("alternative", own, item=CODES[name], line=LINE)
    return rows.content("cement")


def aluminium(period: str, month: AluminiumMonth) -> Content:
    rows = Rows(period)
    rows.add("electrolysis", line=LINE, anode=month.anode.amount, amount=month.metal.amount)
    rows.measured("electrolysis//anode", month.anode, line=LINE)
    rows.measured("electrolysis//amount", month.metal, line=LINE)
    return rows.content("aluminium")


def year(make: Callable, months: Sequence) -> list[Content]:
    """Twelve contents of 2025."""
    return [make(f"2025-{number:02}", month) for number, month in enumerate(months, start=1)]
