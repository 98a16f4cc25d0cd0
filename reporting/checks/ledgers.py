"""Checks of amounts: ledgers add up and follow on each other, supply covers use, nothing that must be stated is missing."""

from collections.abc import Iterator
from decimal import Decimal

from reporting.checks.context import Checked, at
from reporting.content import Datum, Place, Row, Unstated
from reporting.findings import Finding, both

MUST = {
    "steel": (
        ("process_output", "ironmaking", "amount", both("炼铁工序产品产量", "output of ironmaking")),
        ("process_output", "sintering", "amount", both("烧结矿产量", "sinter produced")),
        ("product", "", "amount", both("粗钢产量", "crude steel produced")),
    ),
    "cement": (("clinker", "", "amount", both("熟料产量", "clinker produced")),),
    "aluminium": (
        ("electrolysis", "", "anode", both("炭阳极消耗量", "anode consumed")),
        ("electrolysis", "", "amount", both("铝液产量", "liquid aluminium produced")),
    ),
}


def outputs_are_stated(checked: Checked) -> Iterator[Finding]:
    """What every month must state: outputs, and in aluminium smelting the anode; 0 where there was none."""
    for line in checked.content.lines:
        for table, process, name, words in MUST[checked.content.sector]:
            where = "" if table == "product" else line
            rows = checked.content.table(table, line=where, process=process)
            if table == "product":
                rows = (row for row in rows if row.item == "crude_steel")
            if checked.days_stopped(line) < checked.days and all(row.number(name) is None for row in rows):
                item = "crude_steel" if table == "product" else ""
                yield from missing(checked, (table, where, process, item, name), f"{line} · {words}")


def missing(checked: Checked, place: Place, item: str, beside: Datum | None = None) -> Iterator[Finding]:
    """The finding at the empty cell, else at a datum beside it; none where the cell holds something that has a finding already."""
    cell = _cell(checked, place)
    if cell is not None and cell.is_faulty:
        return
    if cell is not None:
        yield Finding("value.missing", cell.sheet, cell.cell, {"item": item})
    else:
        yield at(beside, "value.missing", item=item)


def _cell(checked: Checked, place: Place) -> Unstated | None:
    """The file's cell; where the item is the filler's choice (the kind of clinker) the first for any item, a faulty one before it."""
    table, line, process, item, name = place
    if item:
        return checked.content.unstated.get(place)
    cells = [
        cell
        for (*key, _item, field), cell in checked.content.unstated.items()
        if (*key, field) == (table, line, process, name)
    ]
    return next((cell for cell in cells if cell.is_faulty), cells[0] if cells else None)


def consumption_is_stated(checked: Checked) -> Iterator[Finding]:
    """A ledger that is begun says what was consumed."""
    for row in checked.content.table("fuel"):
        if row.number("consumed") is None:
            item = f"{checked.name(row)} · {both('净消耗量', 'consumed')}"
            place = ("fuel", row.line, row.process, row.item, "consumed")
            yield from missing(checked, place, item, next(iter(row.data.values())))


def ledger_adds_up(checked: Checked) -> Iterator[Finding]:
    """Opening stock + purchased − sold − closing stock = consumed."""
    for row in checked.content.table("fuel"):
        consumed = row.number("consumed")
        balance = row.amount("opening") + row.amount("purchased") - row.amount("sold") - row.amount("closing")
        if consumed is not None and balance != consumed:
            params = {"item": checked.name(row), "sum": f"{balance:f}", "consumed": f"{consumed:f}"}
            yield at(row.data["consumed"], "ledger.broken", **params)


def stock_continues(checked: Checked) -> Iterator[Finding]:
    """The opening stock of a month is the closing stock of the month before; what isn't stated was none."""
    if checked.last is None:
        return
    now = {row.item: row for row in checked.content.table("fuel")}
    before = {row.item: row for row in checked.last.table("fuel")}
    for item in dict.fromkeys((*now, *before)):
        row = now.get(item) or Row("fuel", item=item)
        opening = row.amount("opening")
        closing = before[item].amount("closing") if item in before else Decimal(0)
        if opening != closing:
            params = {"item": checked.name(row), "opening": f"{opening:f}", "closing": f"{closing:f}"}
            yield at(row.data.get("opening"), "ledger.discontinuous", period=checked.last.period, **params)


def supply_covers_use(checked: Checked) -> Iterator[Finding]:
    """Processes and lines use no more of a fuel than the works bought net and made itself."""
    supply = {row.item: row.amount("consumed") for row in checked.content.table("fuel")}
    for row in checked.content.table("process_out"):
        supply[row.item] = supply.get(row.item, Decimal(0)) + row.amount()
    used: dict[str, Decimal] = {}
    for row in checked.content.table("process_in", "power", "line_fuel"):
        used[row.item] = used.get(row.item, Decimal(0)) + row.amount()
    for row in checked.content.table("electrolysis"):
        used["anode"] = used.get("anode", Decimal(0)) + row.amount("anode")
    for item, amount in used.items():
        covered = supply.get(item, Decimal(0))
        if amount > covered:
            ledger = checked.content.find("fuel", item=item)
            name = checked.name(ledger or Row("fuel", item=item))
            datum = ledger.data.get("consumed") if ledger else None
            yield at(datum, "use.above_supply", item=name, used=f"{amount:f}", supply=f"{covered:f}")


def output_goes_with_fuel(checked: Checked) -> Iterator[Finding]:
    """A line that was not reported as stopped has both output and fuel (or anode), or neither."""
    for line, total in checked.accounts.totals.lines.items():
        if checked.days_stopped(line):
            continue
        fed = _is_fed(checked, line)
        if total.output > 0 and not fed:
            yield Finding("output.without_fuel", params={"line": line})
        if fed and total.output == 0:
            yield Finding("fuel.without_output", params={"line": line})


def _is_fed(checked: Checked, line: str) -> bool:
    process = "ironmaking" if checked.content.sector == "steel" else None
    rows = checked.content.table("process_in", "line_fuel", "electrolysis", line=line, process=process)
    return any(row.amount("anode" if row.table == "electrolysis" else "amount") for row in rows)


CHECKS = (
    outputs_are_stated,
    consumption_is_stated,
    ledger_adds_up,
    stock_continues,
    supply_covers_use,
    output_goes_with_fuel,
)
