"""Checks of amounts: ledgers add up and follow on each other, supply covers use, nothing that must be stated is missing."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from reporting.checks.context import Checked, at
from reporting.content import Datum, Place, Row, Unstated, tables
from reporting.findings import Finding, both
from reporting.guidelines import OWN, kind_of

STOCKS = ("opening", "purchased", "sold", "closing")


def outputs_are_stated(checked: Checked) -> Iterator[Finding]:
    """What every month of the sector must state, outputs above all; 0 where there was none."""
    for line in checked.content.lines:
        for must in tables.of(checked.content.sector).must:
            where = "" if must.of_unit else line
            rows = checked.content.table(must.table, line=where, process=must.process)
            stated = [row for row in rows if must.item in ("", row.item)]
            if may_run(checked, line) and all(row.number(must.name) is None for row in stated):
                place = (must.table, where, must.process, must.item, must.name)
                yield from missing(checked, place, f"{line} · {must.words}")


def may_run(checked: Checked, line: str) -> bool:
    """Whether a line made anything in the period, as far as can be read."""
    return checked.days_stopped(line) < checked.days and not checked.is_faulty(Row("stop", line), "days")


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
    """A ledger in which anything but 0 stands says what was consumed."""
    for row in checked.content.table("fuel"):
        if row.number("consumed") is None and says_something(row):
            item = f"{checked.name(row)} · {both('净消耗量', 'consumed')}"
            place = ("fuel", row.line, row.process, row.item, "consumed")
            yield from missing(checked, place, item, next(iter(row.data.values())))


def says_something(row: Row) -> bool:
    """Whether anything but 0 is stated of a thing: what was not there may be 0, or left empty."""
    return any(datum.value for datum in row.data.values())


def ledger_adds_up(checked: Checked) -> Iterator[Finding]:
    """Opening stock + purchased − sold − closing stock = consumed."""
    for row in checked.content.table("fuel"):
        consumed = row.number("consumed")
        balance = row.amount("opening") + row.amount("purchased") - row.amount("sold") - row.amount("closing")
        if consumed is not None and balance != consumed and not checked.is_faulty(row, *STOCKS):
            params = {"item": checked.name(row), "sum": f"{balance:f}", "consumed": f"{consumed:f}"}
            yield at(row.data["consumed"], "ledger.broken", **params)


def stock_continues(checked: Checked) -> Iterator[Finding]:
    """The opening stock of a month is the closing stock of the month before; what isn't stated was none."""
    if checked.last is None:
        return
    now = {row.item: row for row in checked.content.table("fuel")}
    before = {row.item: row for row in checked.last.table("fuel")}
    for items in _comparable([*now, *before]):
        item = next((item for item in items if item in now), items[0])
        opening = sum((now[each].amount("opening") for each in items if each in now), Decimal(0))
        closing = sum((before[each].amount("closing") for each in items if each in before), Decimal(0))
        if opening != closing and not any(checked.is_faulty(Row("fuel", item=each), "opening") for each in items):
            params = {"item": checked.name(Row("fuel", item=items[0] if len(items) == 1 else kind_of(item)))}
            params |= {"opening": f"{opening:f}", "closing": f"{closing:f}", "period": checked.last.period}
            yield Finding("ledger.discontinuous", *checked.ledger_at(item, "opening"), params)


def _comparable(items: Iterable[str]) -> Iterator[list[str]]:
    """Each item by itself; of a fuel that one of two months doesn't tell apart by origin, all that is of it."""
    by_kind: dict[str, list[str]] = {}
    for item in dict.fromkeys(items):
        by_kind.setdefault(kind_of(item), []).append(item)
    for kind, alike in by_kind.items():
        yield from [alike] if kind in alike else ([each] for each in alike)


def own_is_not_bought(checked: Checked) -> Iterator[Finding]:
    """What the works makes itself isn't purchased: a fuel that is both has a row for each."""
    for row in checked.content.table("fuel"):
        fuel = checked.guideline.fuels.get(row.item)
        if fuel is not None and fuel.origin == OWN and row.amount("purchased"):
            yield at(row.data["purchased"], "origin.bought", item=checked.name(row))


def supply_covers_use(checked: Checked) -> Iterator[Finding]:
    """Processes and lines use no more of a fuel than the works bought net and made itself; of own and purchased each for itself, too."""
    supply, used = _supply(checked), _used(checked)
    kinds = [
        kind for kind in dict.fromkeys(map(kind_of, used)) if not checked.is_doubtful("fuel", "process_out", kind=kind)
    ]
    above = [
        found
        for item, data in used.items()
        if kind_of(item) in kinds and (found := _above(checked, item, data, supply))
    ]
    told = {kind_of(item) for item, _finding in above}
    for kind in kinds:
        data = [datum for item, each in used.items() if kind_of(item) == kind for datum in each]
        if kind not in told and (found := _above(checked, kind, data, supply)):
            above.append(found)
    yield from (finding for _item, finding in above)


def _supply(checked: Checked) -> dict[str, Decimal]:
    """By fuel what was bought net and what processes give off."""
    supply = {row.item: row.amount("consumed") for row in checked.content.table("fuel")}
    for row in checked.content.table("process_out"):
        supply[row.item] = supply.get(row.item, Decimal(0)) + row.amount()
    return supply


def _used(checked: Checked) -> Mapping[str, list[Datum]]:
    used: dict[str, list[Datum]] = {}
    for row in checked.content.table("process_in", "power", "line_fuel"):
        used.setdefault(row.item, []).extend(filter(None, [row.data.get("amount")]))
    table, _process, name = tables.of(checked.content.sector).fed
    for row in (
        checked.content.table(table) if name != "amount" else ()
    ):  # a datum of its own, called as what the line is fed with
        used.setdefault(name, []).extend(filter(None, [row.data.get(name)]))
    return used


def _above(checked: Checked, item: str, data: list[Datum], supply: Mapping[str, Decimal]) -> tuple[str, Finding] | None:
    """The finding where more was used than there was. What has no mark (coke fines; all of a month by an earlier form) may be of either
    origin, and what is used without one as well."""
    kind, used = kind_of(item), sum(map(_number, data), Decimal(0))
    fits = (amount for each, amount in supply.items() if each in (item, kind) or (item == kind_of(each)))
    covered = sum(fits, Decimal(0))
    if used <= covered:
        return None
    ledger = checked.content.find("fuel", item=item) or Row("fuel", item=item)
    params = {"item": checked.name(ledger), "used": f"{used:f}", "supply": f"{covered:f}"}
    return item, at(ledger.data.get("consumed") or max(data, key=_number), "use.above_supply", **params)


def _number(datum: Datum) -> Decimal:
    return datum.value if isinstance(datum.value, Decimal) else Decimal(0)


def output_goes_with_fuel(checked: Checked) -> Iterator[Finding]:
    """A line that was not reported as stopped has both output and fuel (or what else it is fed with), or neither."""
    for line, total in checked.accounts.totals.lines.items():
        if checked.days_stopped(line) or _is_unclear(checked, line):
            continue
        fed = _is_fed(checked, line)
        if total.output > 0 and not fed:
            yield Finding("output.without_fuel", *checked.output_at(line), {"line": line})
        if fed and total.output == 0:
            yield Finding(
                "fuel.without_output", *checked.stated_at(line, *tables.of(checked.content.sector).fed), {"line": line}
            )


def _is_unclear(checked: Checked, line: str) -> bool:
    """Whether a cell that says what a line was fed with, made, or how long it stood still can't be read."""
    stated = tables.of(checked.content.sector)
    return checked.is_doubtful(stated.fed[0], stated.output[0], "stop", line=line)


def _is_fed(checked: Checked, line: str) -> bool:
    table, process, name = tables.of(checked.content.sector).fed
    return any(row.amount(name) for row in checked.content.table(table, line=line, process=process))


CHECKS = (
    outputs_are_stated,
    consumption_is_stated,
    ledger_adds_up,
    stock_continues,
    own_is_not_bought,
    supply_covers_use,
    output_goes_with_fuel,
)
