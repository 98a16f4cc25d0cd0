"""Checks of a month against the data quality control plan that is in force on its days.

Where a change of the plan begins within the month, a value may be as any of the plans says. A unit without an accepted plan is told so
once; nothing is said of periods before plans were asked for, nor where plans aren't known.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from reporting.accounting.calibration import months_later
from reporting.accounting.sector import of
from reporting.checks.context import Checked, at
from reporting.checks.ledgers import STOCKS, may_run, says_something
from reporting.content import DEFAULT, DESIGN, MEASURED, NO, Content, Datum, Row, first_day, last_day
from reporting.control_plan import UNUSED, Entry, Place, Plan, Standing, asked, day_of, rules
from reporting.findings import Finding, both
from reporting.workbook.definition import HOW_WORDS, Group

ESTIMATED = (DEFAULT, DESIGN)
NONE_WHERE_EMPTY = (*STOCKS, "excluded", "feedstock")


def plan_is_accepted(checked: Checked) -> Iterator[Finding]:
    """A unit reports by a control plan that the province has accepted."""
    if _plans(checked) == ():
        yield Finding("plan.none", *checked.period_at, {"period": checked.content.period})


def line_is_planned(checked: Checked) -> Iterator[Finding]:
    """The plan speaks of every line that reports."""
    planned = {line for plan in _plans(checked) or () for line in plan.lines}
    for line in checked.content.lines if planned else ():
        if line not in planned:
            yield Finding("plan.line", *checked.heading(line), {"line": line})


def obtained_as_planned(checked: Checked) -> Iterator[Finding]:
    """A value is obtained in the way that the plan fixes for it: never a default or design value where measuring was planned."""
    for row, name, datum, entries in _stated(checked):
        planned = [entry.how for entry in entries]
        how = _how(checked, row, name, datum)
        if not how or how in planned or _is_bound_default(checked, row, name) or checked.is_faulty(row, name):
            continue
        item = _name(checked, row, name)
        if all(way == UNUSED for way in planned):
            if datum is not None and datum.value:
                yield at(datum, "plan.unplanned", item=item)
        elif not (how in ESTIMATED and checked.estimate(row, name).parts):
            params = {"item": item, "now": _word(how), "planned": _word(next(way for way in planned if way != UNUSED))}
            yield at(datum or next(iter(row.data.values())), "plan.how", **params)


def estimate_is_the_planned(checked: Checked) -> Iterator[Finding]:
    """For a missing value the conservative estimate stands that the plan of its days fixed beforehand, and no other."""
    for row, name, datum, entries in _stated(checked):
        if datum is None or datum.how not in ESTIMATED or datum.how in [entry.how for entry in entries]:
            continue
        planned = checked.estimate(row, name)
        if not planned.parts:
            continue
        params = {"item": _name(checked, row, name), "estimate": planned.words, "fallback": planned.fallback}
        if datum.value in planned.values:
            yield at(datum, "plan.estimated", **params | {"estimate": f"{datum.value}"})
        else:
            yield at(datum, "plan.other_estimate", found=f"{datum.value}", **params)


def missing_value_is_estimated(checked: Checked) -> Iterator[Finding]:
    """A value that is missing, and for which the plan fixed a number, is stated as that number.

    Where the plan changes within the month and its estimates differ, none of them holds for the month: the reader is told both.
    """
    for each in asked(checked.form, checked.content.lines) if _plans(checked) else ():
        for row in _lacking(checked, each.group, each.place):
            planned = checked.estimate(row, each.field.name)
            if planned.parts and not checked.is_faulty(row, each.field.name):
                code = "plan.missing" if planned.one else "plan.missing_divided"
                yield _unstated(checked, row, each.field.name, code, planned)


def meter_is_planned(checked: Checked) -> Iterator[Finding]:
    """What measures is a meter that the plan names."""
    for meter, entries in _metered(checked):
        if not any(meter.part in entry.meters for entry in entries):
            planned = "、".join(entries[-1].meters)
            yield at(_any(meter), "plan.meter", meter=meter.part, planned=planned)


def meter_is_as_accurate(checked: Checked) -> Iterator[Finding]:
    """No meter is held to less than the accuracy that the plan requires."""
    for meter, entries in _metered(checked):
        stated = meter.number("accuracy")
        required = max((Decimal(entry.accuracy) for entry in entries if entry.accuracy), default=None)
        if stated is not None and required is not None and stated > required:
            params = {"accuracy": f"{stated:f}", "planned": f"{required:f}"}
            yield at(_any(meter), "plan.accuracy", meter=meter.part, **params)


def planned_calibration_is_done(checked: Checked) -> Iterator[Finding]:
    """A meter that the month's register doesn't speak of was calibrated within the plan's interval."""
    listed = {meter.part for meter in checked.content.table("meter")}
    told: set[str] = set()
    for row, _name_of, datum, entries in _stated(checked):
        # Of several plans in the month the one that began last knows the latest calibration.
        entry = entries[-1]
        until = _valid_until(entry)
        if until is None or until >= last_day(checked.content.period):
            continue
        for number in entry.meters:
            if number not in listed and number not in told:
                told.add(number)
                yield at(datum or _any(row), "plan.calibration", meter=number, until=until.isoformat())


def laboratory_is_as_planned(checked: Checked) -> Iterator[Finding]:
    """Where the plan names an accredited laboratory, the tests come from one."""
    for test in checked.content.table("batch"):
        rows = [row for row in checked.content.rows if row.item == test.item and row.table != "batch"]
        entries = [entry for row in rows for entry in _entries(checked, row, "ncv")]
        planned = [entry for entry in entries if entry.accredited == "yes"]
        if planned and test.words("accredited") == NO:
            datum = test.data["accredited"]
            yield at(datum, "plan.laboratory", batch=test.part, item=checked.name(test), planned=planned[-1].laboratory)


def _plans(checked: Checked) -> tuple[Plan, ...] | None:
    """The plans in force in the period, None where they aren't known; raises NotInForceError before plans were asked for."""
    rules()["checked"].at(first_day(checked.content.period))
    return checked.context.plans


def _entries(checked: Checked, row: Row, name: str) -> list[Entry]:
    """What the plans in force say of a row's datum, the plan that began last at the end."""
    found = []
    for plan in _plans(checked) or ():
        group = checked.group(row)
        entry = plan.entry(Place(group.key, row.line, row.item, name)) if group else None
        if entry is not None:
            found.append(entry)
    return found


def _stated(checked: Checked) -> Iterator[tuple[Row, str, Datum | None, list[Entry]]]:
    """Every datum of the month with what the plans say of it; a net calorific value also where it is left to tests or default."""
    for row in checked.content.rows:
        names = dict.fromkeys([*row.data, *(["ncv"] if row.table in ("fuel", "line_fuel") else [])])
        for name in names:
            if entries := _entries(checked, row, name):
                yield row, name, row.data.get(name), entries


def _how(checked: Checked, row: Row, name: str, datum: Datum | None) -> str:
    if datum is not None or name != "ncv" or not (row.amount("consumed") or row.amount()):
        return datum.how if datum is not None else ""
    return MEASURED if _tested(checked.content, row.item) else DEFAULT


def _tested(content: Content, item: str) -> bool:
    return any(test.item == item for test in content.table("batch"))


def _is_bound_default(checked: Checked, row: Row, name: str) -> bool:
    """Coke has its default, whatever the plan of its group says."""
    fuel = checked.guideline.fuels.get(row.item)
    return name == "ncv" and fuel is not None and fuel.default_only


def _lacking(checked: Checked, group: Group, place: Place) -> Iterator[Row]:
    """The month's rows of the place without the datum; of a group of one thing, the row that isn't there."""
    if group.items:
        codes = {item.code for item in group.items}
        for row in checked.content.table(group.table, line=place.line, process=group.process):
            if row.item in codes and place.name not in row.data and _is_wanting(checked, row, place.name):
                yield row
        return
    row = checked.content.find(group.table, place.line, group.process) or Row(group.table, place.line, group.process)
    if place.name not in row.data and may_run(checked, place.line):
        yield row


def _is_wanting(checked: Checked, row: Row, name: str) -> bool:
    """Whether an empty cell lacks a value: what a ledger leaves empty beside its consumption was none, as the instructions say. A net
    calorific value that was tested, or may only be the default, doesn't lack, nor one of nothing used, nor that of a steel works'
    process, which is the ledger's."""
    if name != "ncv":
        return name not in NONE_WHERE_EMPTY and says_something(row)
    is_used = bool(row.amount("consumed") or row.amount())
    chooses = row.table == of(checked.content.sector).choice
    return chooses and is_used and not _is_bound_default(checked, row, name) and not _tested(checked.content, row.item)


def _unstated(checked: Checked, row: Row, name: str, code: str, planned: Standing) -> Finding:
    """A finding at the empty cell, where the file's cells are known."""
    cell = checked.content.unstated.get((row.table, row.line, row.process, row.item, name))
    params = {"item": _name(checked, row, name), "estimate": planned.words, "fallback": planned.fallback}
    return Finding(code, cell.sheet if cell else "", cell.cell if cell else "", params)


def _metered(checked: Checked) -> Iterator[tuple[Row, list[Entry]]]:
    """The meters of the month's register with what the plans fix for what they measure."""
    for meter in checked.content.table("meter"):
        table, _, rest = meter.words("measures").partition("/")
        process, _, name = rest.partition("/")
        entries = _entries(checked, Row(table, meter.line, process, meter.item), name)
        if named := [entry for entry in entries if entry.meters]:
            yield meter, named


def _valid_until(entry: Entry) -> dt.date | None:
    day = day_of(entry.calibrated)
    if day is None or not entry.interval.isdigit():
        return None
    return months_later(day, int(entry.interval)) - dt.timedelta(days=1)


def _name(checked: Checked, row: Row, name: str) -> str:
    """The row's name and the datum's, in words for either reader."""
    group = checked.group(row)
    field = group.field(name) if group else None
    words = [checked.name(row), both(field.words.zh, field.words.en) if field else name]
    return " · ".join(word for word in words if word)


def _word(how: str) -> str:
    words = HOW_WORDS[how]
    return both(words.zh, words.en)


def _any(row: Row) -> Datum | None:
    return next(iter(row.data.values()), None)


CHECKS = (
    plan_is_accepted,
    line_is_planned,
    obtained_as_planned,
    estimate_is_the_planned,
    missing_value_is_estimated,
    meter_is_planned,
    meter_is_as_accurate,
    planned_calibration_is_done,
    laboratory_is_as_planned,
)
