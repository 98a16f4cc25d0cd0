"""Storing a table: all of it or nothing, each change with its own journal entry."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from registry import journal
from registry.directory.unit_import.differences import Stored, faults
from registry.directory.unit_import.rows import Row, UnusableTableError, good_rows
from registry.files.tables import TableText
from registry.models import Authority, Line, Person, SectorMembership, Unit

# What else must follow a unit to another authority; each app adds its own when it is ready. They may refuse (Refusal).
followers: list[Callable[[Unit, Authority], None]] = []


@dataclass(slots=True)
class Imported:
    """How much was new or changed."""

    units: int = 0
    lines: int = 0
    closed: int = 0
    changed: int = 0


# Who does it and when, as the journal takes it.
_Act = dict[str, Any]


@transaction.atomic
def import_units(table: TableText, *, by: Person | None, at: dt.datetime) -> Imported:
    """Take a table in, all of it or nothing; raises UnusableTableError with every fault."""
    rows, wrong = good_rows(table)
    stored = Stored.of(rows)
    if wrong := [*wrong, *faults(rows, stored)]:
        raise UnusableTableError(sorted(wrong))
    authorities = {authority.code: authority for authority in Authority.objects.all()}
    act: _Act = {"by": by, "at": at}
    done = Imported()
    for code, own in _by_unit(rows).items():
        first = own[0]
        unit = stored.units.get(code)
        if unit is None:
            city = next((row.city for row in own if row.city), "")
            place = {"city": city, "authority": authorities[first.authority]}
            unit = Unit.objects.create(credit_code=code, name=first.name, **place)
            done.units += 1
        else:
            done.changed += _change_unit(unit, own, authorities, act)
        added, ended, corrected = _take_lines(unit, own, stored.sectors.get(code), act)
        done.lines, done.closed, done.changed = done.lines + added, done.closed + ended, done.changed + corrected
        journal.record("unit.imported", unit, **act, lines=[row.line for row in own], count=added)
    return done


def _by_unit(rows: Iterable[Row]) -> dict[str, list[Row]]:
    units: dict[str, list[Row]] = {}
    for row in rows:
        units.setdefault(row.credit_code, []).append(row)
    return units


def _change_unit(unit: Unit, rows: list[Row], authorities: dict[str, Authority], act: _Act) -> int:
    """What the rows say otherwise of a known unit, which they name as changes; how many."""
    first, city = rows[0], next((row.city for row in rows if row.city), "")
    count = 0
    if first.name != unit.name:
        journal.record("unit.renamed", unit, **act, before=unit.name, value=first.name)
        unit.name, count = first.name, count + 1
    if first.authority != unit.authority.code:
        to = authorities[first.authority]
        for follow in followers:
            follow(unit, to)
        journal.record("unit.moved", unit, **act, before=unit.authority.code, value=to.code)
        unit.authority, count = to, count + 1
    if city and city != unit.city:
        journal.record("unit.corrected", unit, **act, before=unit.city, city=city)
        unit.city, count = city, count + 1
    if count:
        unit.save(update_fields=["name", "pinyin", "initials", "authority", "city"])
    return count


def _take_lines(unit: Unit, rows: list[Row], sectors: frozenset[str] | None, act: _Act) -> tuple[int, int, int]:
    """Store what is new of a unit's lines; how many lines, closings and corrections."""
    for sector in sorted({row.sector for row in rows} - (sectors or frozenset())):
        SectorMembership.objects.create(unit=unit, sector=sector)
        if sectors is not None:
            journal.record("unit.joined", unit, **act, sector=sector)
    stored = {(line.sector, line.code): line for line in unit.lines.select_for_update()}
    fresh = [_line(unit, row) for row in rows if (row.sector, row.line) not in stored]
    known = [(row, stored[row.sector, row.line]) for row in rows if (row.sector, row.line) in stored]
    closing = [line for row, line in known if _close(row, line, act)]
    corrected = [line for row, line in known if _correct(row, line, act)]
    Line.objects.bulk_create(fresh)
    Line.objects.bulk_update({*closing, *corrected}, ["closed", "name", "variety"])
    return len(fresh), len(closing), len(corrected)


def _line(unit: Unit, row: Row) -> Line:
    return Line(
        unit=unit,
        sector=row.sector,
        code=row.line,
        name=row.line_name or row.line,
        kind=row.kind,
        variety=row.variety,
        capacity=row.capacity,
        commissioned=row.commissioned,
        closed=row.closed,
    )


def _close(row: Row, line: Line, act: _Act) -> bool:
    if row.closed is None or line.closed is not None:
        return False
    line.closed = row.closed
    journal.record("line.closed", line.unit, **act, sector=line.sector, line=line.code, on=row.closed.isoformat())
    return True


def _correct(row: Row, line: Line, act: _Act) -> bool:
    given = {"name": row.line_name, "variety": row.variety}
    changed = {name: text for name, text in given.items() if text and text != getattr(line, name)}
    for name, text in changed.items():
        facts = {"line": line.code, "before": getattr(line, name), name: text}
        journal.record("unit.corrected", line.unit, **act, sector=line.sector, **facts)
        setattr(line, name, text)
    return bool(changed)
