"""What rows say against each other, and against what is stored."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from registry.directory.figures import after_closing
from registry.directory.unit_import.columns import BY_CODE, Change, kinds_of
from registry.directory.unit_import.rows import Row
from registry.files.tables import Fault, allowed
from registry.models import Line, LineKind, Unit
from registry.values import figures
from registry.values.bilingual import listed
from registry.values.sectors import Sector

Value = str | Decimal | dt.date | None
# Which change a row must name to differ from what is stored; a particular that isn't here never changes by a table.
_UNIT_CHANGES = {"name": Change.RENAME, "authority": Change.MOVE, "city": Change.CORRECT}
_LINE_CHANGES: dict[str, Change] = {"line_name": Change.CORRECT, "variety": Change.CORRECT}


@dataclass(frozen=True, slots=True)
class Stored:
    """The units of a table as they are stored, by credit code, and their lines by key."""

    units: Mapping[str, Unit]
    lines: Mapping[tuple[str, str, str], Line]
    sectors: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Stored":
        codes = {row.credit_code for row in rows}
        units = Unit.objects.filter(credit_code__in=codes).select_related("authority")
        units = units.prefetch_related("memberships", "lines")
        return cls(
            {unit.credit_code: unit for unit in units},
            {(unit.credit_code, line.sector, line.code): line for unit in units for line in unit.lines.all()},
            {unit.credit_code: frozenset(each.sector for each in unit.memberships.all()) for unit in units},
        )


def faults(rows: list[Row], stored: Stored) -> list[Fault]:
    """Every contradiction, by row and column."""
    changes: dict[str, frozenset[str]] = {}
    for row in rows:
        changes[row.credit_code] = changes.get(row.credit_code, frozenset()) | row.changes
    return [
        *_among(rows),
        *(fault for row in rows for fault in _of_its_sector(row)),
        *(fault for row in rows for fault in _with_unit(row, stored, changes[row.credit_code])),
        *(fault for row in rows for fault in _with_line(row, stored, changes[row.credit_code])),
        *_closing(rows, stored),
    ]


def _among(rows: Iterable[Row]) -> Iterator[Fault]:
    """What a row says otherwise than an earlier one of the same unit or line."""
    lines: dict[tuple[str, str, str], int] = {}
    heads: dict[tuple[str, str], tuple[str, int]] = {}
    for row in rows:
        if row.key in lines:
            message = _("the same line appears in row %(other)d") % {"other": lines[row.key]}
            yield _fault(row, "line", message)
        lines.setdefault(row.key, row.number)
        for column in ("name", "authority", "city"):
            text = getattr(row, column)
            if not text:
                continue
            before, other = heads.setdefault((row.credit_code, column), (text, row.number))
            if before != text:
                said = {"given": text, "before": before, "other": other}
                yield _fault(row, column, _("“%(given)s”, and “%(before)s” in row %(other)d of the same unit") % said)


def _of_its_sector(row: Row) -> Iterator[Fault]:
    """The special kind of a line that its sector has not got."""
    kinds = kinds_of(row.sector)
    if row.kind not in dict(kinds):
        said = {"text": row.kind, "known": allowed(kinds), "sector": Sector(row.sector).label}
        yield _fault(row, "kind", _("%(sector)s has no “%(text)s”; write one of: %(known)s") % said)


def _with_unit(row: Row, stored: Stored, changes: frozenset[str]) -> Iterator[Fault]:
    unit = stored.units.get(row.credit_code)
    if unit is None:
        for change in row.changes:
            label = Change(change).label
            yield _fault(row, "change", _("“%(change)s” is stated for a unit that is not recorded") % {"change": label})
        return
    kept = {"name": unit.name, "authority": unit.authority.code, "city": unit.city}
    for column, before in kept.items():
        given = getattr(row, column)
        if given and given != before and _UNIT_CHANGES[column] not in changes:
            yield _differs(row, column, before, given, _UNIT_CHANGES[column])
    if row.sector not in stored.sectors[row.credit_code] and Change.JOIN not in changes:
        known = listed(Sector(sector).label for sector in sorted(stored.sectors[row.credit_code]))
        yield _differs(row, "sector", known, str(Sector(row.sector).label), Change.JOIN)


def _with_line(row: Row, stored: Stored, changes: frozenset[str]) -> Iterator[Fault]:
    line = stored.lines.get(row.key)
    if line is None:
        return
    kept: dict[str, Value] = {
        "line_name": line.name,
        "kind": line.kind,
        "variety": line.variety,
        "capacity": line.capacity,
        "commissioned": line.commissioned,
        "closed": line.closed,
    }
    for column, before in kept.items():
        given = getattr(row, column)
        unsaid = given in ("", None) and (column in _LINE_CHANGES or before is None)
        opens = column == "closed" and before is None
        if given == before or unsaid or opens or _LINE_CHANGES.get(column) in changes:
            continue
        yield _differs(row, column, before, given, _LINE_CHANGES.get(column))


def _closing(rows: Iterable[Row], stored: Stored) -> Iterator[Fault]:
    """A recorded line that would be closed on a day after which months of it were handed in: one of both is wrong."""
    closing = {line.pk: (row, row.closed) for row in rows if row.closed and (line := _running(row, stored))}
    found = after_closing({line: day for line, (_row, day) in closing.items()})
    for key, periods in found.items():
        row, _day = closing[key]
        told = listed(
            _("%(period)s: %(tonnes)s t") % {"period": period, "tonnes": figures.tonnes(tonnes)}
            for period, tonnes in sorted(periods.items())
        )
        message = _(
            "months after this day report emissions of the line: %(months)s; check the day, or have them sent back"
        )
        yield _fault(row, "closed", message % {"months": told})


def _running(row: Row, stored: Stored) -> Line | None:
    line = stored.lines.get(row.key)
    return line if line is not None and line.closed is None else None


def _differs(row: Row, column: str, before: Value, given: Value, change: Change | None) -> Fault:
    said = {"before": _shown(column, before), "given": _shown(column, given)}
    if change is None:
        return _fault(row, column, _("recorded as “%(before)s”, the table states “%(given)s”") % said)
    message = _(
        "recorded as “%(before)s”, the table states “%(given)s”; if this is a change, write “%(change)s” in the "
        "column “%(column)s”"
    )
    return _fault(row, column, message % {**said, "change": change.label, "column": BY_CODE["change"].label})


def _shown(column: str, value: Value) -> str:
    if column == "kind":
        return f"{value or ''} ({LineKind(str(value) if value else '').label})".strip()
    if isinstance(value, Decimal):
        return figures.quantity(value)
    return figures.DASH if value in (None, "") else str(value)


def _fault(row: Row, column: str, message: str) -> Fault:
    return Fault(row.number, str(BY_CODE[column].label), message)
