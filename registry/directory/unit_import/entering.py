"""A table that an officer or the ministry enters in the browser: what of it is theirs to say, what it would do, and that this is done.

New units and lines, names and particulars are. A line's closing and a unit's move to another authority touch quota of years that
are under way: those stay with the platform's operator (manage.py import_units).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.access import acting
from registry.directory.unit_import.columns import BY_CODE, Change
from registry.directory.unit_import.differences import Stored, faults
from registry.directory.unit_import.rows import Row, UnusableTableError, good_rows
from registry.directory.unit_import.take import Imported, import_units
from registry.files.tables import Fault, TableText
from registry.models import Person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import canonical, sectors
from registry.values.bilingual import name_of
from registry.values.sectors import Sector

__all__ = ["Outline", "PlannedLine", "PlannedUnit", "enter_units", "outline"]


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A row's line; `is_new` where it isn't recorded yet."""

    row: Row
    is_new: bool

    @property
    def sector(self) -> str:
        return str(Sector(self.row.sector).label)

    @property
    def capacity_measure(self) -> str:
        return name_of(sectors.of(Sector(self.row.sector)).capacity)


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """What a table does to one unit: whether it is new, its lines, and what of it changes, each with before and after."""

    credit_code: str
    name: str
    authority: str
    is_new: bool
    lines: list[PlannedLine]
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a table would do, to be looked at before it is done; `seal` is another one as soon as any of it would be otherwise."""

    units: list[PlannedUnit]

    @property
    def new_units(self) -> int:
        return sum(unit.is_new for unit in self.units)

    @property
    def new_lines(self) -> int:
        return sum(line.is_new for unit in self.units for line in unit.lines)

    @property
    def changes(self) -> int:
        return sum(len(unit.changes) for unit in self.units)

    @property
    def seal(self) -> str:
        said = [
            [unit.credit_code, unit.is_new, unit.changes, [[line.row.line, line.is_new] for line in unit.lines]]
            for unit in self.units
        ]
        return canonical.digest(said)


def outline(table: TableText, person: Person) -> Outline:
    """What the table would do; raises UnusableTableError with every fault, those of reaching too far included."""
    rows, wrong = good_rows(table)
    stored = Stored.of(rows)
    foreign = list(_foreign(rows, stored, person))
    others = {fault.row for fault in foreign}
    # What is recorded of another authority's unit is not told beside it.
    near = [row for row in rows if row.number not in others]
    if wrong := [*wrong, *foreign, *faults(near, stored), *_not_here(near, stored)]:
        raise UnusableTableError(sorted(wrong))
    by_unit: dict[str, list[Row]] = {}
    for row in rows:
        by_unit.setdefault(row.credit_code, []).append(row)
    return Outline([_planned(own, stored) for own in by_unit.values()])


@acting(Act.ENTER_UNITS)
def enter_units(table: TableText, *, shown: str, by: Person, at: dt.datetime) -> Imported:
    """Take the table in as it was shown (`shown`: the seal of its outline); raises Refusal where it would do something else by now."""
    if outline(table, by).seal != shown:
        raise Refusal(
            _("What is recorded has changed since the table was read: read it again and look at what it does.")
        )
    return import_units(table, by=by, at=at)


def _foreign(rows: Iterable[Row], stored: Stored, person: Person) -> Iterator[Fault]:
    """Rows about another authority than the person's own; nobody's where they sit in none."""
    if person.authority is None:
        return
    for row in rows:
        unit = stored.units.get(row.credit_code)
        if row.authority != person.authority.code:
            message = _("only units of %(own)s can be entered here") % {"own": person.authority}
            yield Fault(row.number, str(BY_CODE["authority"].label), message)
        elif unit is not None and unit.authority_id != person.authority_id:
            message = _("this unit is recorded under another authority; the platform's operator moves it")
            yield Fault(row.number, str(BY_CODE["credit_code"].label), message)


def _not_here(rows: Iterable[Row], stored: Stored) -> Iterator[Fault]:
    """A closing or a move of what is recorded."""
    for row in rows:
        line = stored.lines.get(row.key)
        if row.closed is not None and line is not None and line.closed is None:
            message = _("a recorded line is closed by the platform's operator, at the province's request")
            yield Fault(row.number, str(BY_CODE["closed"].label), message)
        if Change.MOVE in row.changes:
            message = _("a unit is moved to another authority by the platform's operator")
            yield Fault(row.number, str(BY_CODE["change"].label), message)


def _planned(rows: list[Row], stored: Stored) -> PlannedUnit:
    first = rows[0]
    unit = stored.units.get(first.credit_code)
    lines = [PlannedLine(row, row.key not in stored.lines) for row in rows]
    return PlannedUnit(
        first.credit_code, first.name, first.authority, unit is None, lines, list(_changes(rows, stored))
    )


def _changes(rows: list[Row], stored: Stored) -> Iterator[tuple[str, str, str]]:
    """What becomes otherwise of what is recorded: the column, before, after."""
    unit = stored.units.get(rows[0].credit_code)
    if unit is None:
        return
    city = next((row.city for row in rows if row.city), "")
    for column, before, after in (("name", unit.name, rows[0].name), ("city", unit.city, city)):
        if after and after != before:
            yield str(BY_CODE[column].label), before, after
    for row in rows:
        if (line := stored.lines.get(row.key)) is None:
            continue
        for column, before, after in (
            ("line_name", line.name, row.line_name),
            ("variety", line.variety, row.variety),
        ):
            if after and after != before:
                yield f"{row.line} · {BY_CODE[column].label}", before, after
