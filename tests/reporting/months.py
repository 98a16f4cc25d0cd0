"""One plausible month for each sector, worked by hand; test_accounting holds the sums. The enterprises are made up."""

import datetime as dt
from decimal import Decimal
from typing import Any

from reporting.content import CALCULATED, DEFAULT, MEASURED, Content, Datum, Row
from reporting.workbook import BlankSpec, LineSpec

UNIT = "91990000MA0TEST00X"


def row(table: str, item: str = "", /, line: str = "", process: str = "", ncv: str = "", **amounts: str) -> Row:
    """A row whose amounts were measured and have a ledger; an `ncv` that is measured has a report."""
    data = {name: Datum(Decimal(value), MEASURED, "计量器具", "台账.pdf") for name, value in amounts.items()}
    if ncv:
        data["ncv"] = Datum(Decimal(ncv), MEASURED, "化验室", "检测报告.pdf")
    return Row(table, line, process, item, data)


def ledger(item: str, opening: str, purchased: str, sold: str, closing: str, consumed: str, /, **more: str) -> Row:
    amounts = {"opening": opening, "purchased": purchased, "sold": sold, "closing": closing, "consumed": consumed}
    return row("fuel", item, **amounts, **more)


def batch(
    item: str,
    part: str,
    mass: str,
    ncv: str,
    report: str = "JC-1",
    sampled: dt.date | None = dt.date(2025, 7, 3),
    reported: dt.date | None = dt.date(2025, 7, 10),
    accredited: str = "yes",
    sound: str = "yes",
) -> Row:
    """A test of one batch; what is "" or None was left empty."""
    numbers = {name: Decimal(text) for name, text in (("mass", mass), ("ncv", ncv)) if text}
    others = {"report": report, "sampled": sampled, "reported": reported, "accredited": accredited, "sound": sound}
    stated: dict[str, Any] = numbers | {name: value for name, value in others.items() if value}
    return Row("batch", item=item, part=part, data={name: Datum(value) for name, value in stated.items()})


def meter(
    measures: str,
    part: str = "M1",
    item: str = "",
    line: str = "",
    accuracy: str = "0.5",
    error: str = "",
    calibrated: dt.date | None = None,
    valid_until: dt.date | None = None,
    before: dt.date | None = None,
) -> Row:
    """A meter and its certificate; what is "" or None was left empty."""
    numbers = {name: Decimal(text) for name, text in (("accuracy", accuracy), ("error", error)) if text}
    days = {"calibrated": calibrated, "valid_until": valid_until, "before": before}
    stated: dict[str, Any] = {"measures": measures, **numbers, **{name: day for name, day in days.items() if day}}
    return Row("meter", line, "", item, {name: Datum(value) for name, value in stated.items()}, part)


def steel(period: str = "2025-07", line: str = "W1") -> Content:
    def flow(way: str, process: str, item: str, amount: str) -> Row:
        return row(f"process_{way}", item, line=line, process=process, amount=amount)

    def output(process: str, amount: str) -> Row:
        return row("process_output", line=line, process=process, amount=amount)

    rows = (
        ledger("coking_coal", "10000", "150000", "0", "20000", "140000", ncv="26.5", moisture="10", dry="126000"),
        ledger("anthracite", "0", "40000", "0", "0", "40000", moisture="8.5", dry="36600"),
        ledger("coke_purchased", "3000", "20000", "5000", "2000", "16000", moisture="6", dry="15040"),
        ledger("diesel", "0", "100", "0", "0", "100", excluded="30"),
        ledger("natural_gas", "0", "200", "0", "0", "200", excluded="20"),
        ledger("coke_oven_gas_own", "0", "0", "100", "0", "-100", feedstock="50"),
        row("carbonate", "limestone", amount="30000"),
        row("carbonate", "dolomite", amount="8000"),
        row("electrode", "electrode", amount="100"),
        row("material", "pig_iron", amount="1000"),
        row("material", "scrap_steel", amount="25000"),
        row("product", "crude_steel", amount="300000"),
        row("product", "pig_iron", amount="2000"),
        row("product", "tar", amount="4000"),
        row("product", "crude_benzol", amount="1200"),
        flow("in", "coking", "coking_coal", "140000"),
        flow("out", "coking", "coke_own", "95000"),
        flow("out", "coking", "coke_oven_gas_own", "4500"),
        output("sintering", "420000"),
        flow("in", "sintering", "coke_purchased", "12000"),
        flow("in", "sintering", "bf_gas_own", "500"),
        output("ironmaking", "290000"),
        flow("in", "ironmaking", "coke_purchased", "4000"),
        flow("in", "ironmaking", "coke_own", "94000"),
        flow("in", "ironmaking", "anthracite", "40000"),
        flow("out", "ironmaking", "coke", "1500"),
        flow("out", "ironmaking", "bf_gas_own", "20000"),
        row("power", "bf_gas_own", line=line, amount="8000"),
    )
    return Content("steel", period, UNIT, (line,), rows)


def cement(period: str = "2025-07") -> Content:
    rows = (
        ledger("bituminous", "2000", "14000", "0", "3000", "13000"),
        ledger("anthracite", "500", "3000", "0", "500", "3000"),
        ledger("diesel", "5", "15", "0", "10", "10"),
        row("line_fuel", "bituminous", line="1#", amount="13000", ncv="22.5"),
        row("line_fuel", "diesel", line="1#", amount="10"),
        row("clinker", "portland", line="1#", amount="100000"),
        row("alternative", "carbide_slag", line="1#", amount="5000"),
        row("alternative", "steel_slag", line="1#", amount="3000"),
        row("line_fuel", "anthracite", line="2#", amount="3000"),
        row("clinker", "white", line="2#", amount="20000"),
    )
    return Content("cement", period, UNIT, ("1#", "2#"), rows)


def aluminium(period: str = "2025-07") -> Content:
    rows = (
        ledger("anode", "1000", "21000.27", "0", "1387", "20613.27"),
        row("electrolysis", line="A1", anode="8613.27", amount="17345.50", power="230000"),
        row("electrolysis", line="A2", anode="12000", amount="25000", power="330000"),
    )
    return Content("aluminium", period, UNIT, ("A1", "A2"), rows)


MONTHS = {"steel": steel, "cement": cement, "aluminium": aluminium}


def spec(content: Content, **stocks: str) -> BlankSpec:
    """The blank that the content was filled into."""
    lines = tuple(LineSpec(code, f"{code} 线") for code in content.lines)
    opening = {item: Decimal(stock) for item, stock in stocks.items()}
    return BlankSpec(content.sector, content.period, content.unit, "虚构企业有限公司", lines, opening)


def replaced(content: Content, *rows: Row) -> Content:
    """The content with these rows in place of those of the same key, or added at its end."""
    new = {each.key: each for each in rows}
    kept = tuple(new.pop(each.key, each) for each in content.rows)
    return Content(content.sector, content.period, content.unit, content.lines, (*kept, *new.values()))


def without(content: Content, *tables: str) -> Content:
    kept = tuple(each for each in content.rows if each.table not in tables)
    return Content(content.sector, content.period, content.unit, content.lines, kept)


__all__ = [
    "CALCULATED",
    "DEFAULT",
    "MEASURED",
    "MONTHS",
    "UNIT",
    "aluminium",
    "batch",
    "cement",
    "ledger",
    "meter",
    "replaced",
    "row",
    "spec",
    "steel",
    "without",
]
