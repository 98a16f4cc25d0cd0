"""Units and their lines from a table: how a country's enterprises get in, and how a line's closing is told.

One row a line: authority (code), credit_code, name, city, sector, line, line_name, kind, variety, capacity, commissioned, closed.
Nothing is stored unless every row is good. A line that is there already may only gain its closing day; whatever else differs from
what is stored is a fault, never a silent change.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pandas as pd
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from python_calamine import CalamineError

from registry import journal
from registry.credit_code import validate_credit_code
from registry.models import Authority, Line, LineKind, Person, SectorMembership, Unit
from registry.sectors import Sector

__all__ = ["COLUMNS", "Imported", "UnusableTableError", "import_units", "read_table"]

COLUMNS = (
    "authority",
    "credit_code",
    "name",
    "city",
    "sector",
    "line",
    "line_name",
    "kind",
    "variety",
    "capacity",
    "commissioned",
    "closed",
)
HEADER_ROWS = 1


class UnusableTableError(ValueError):
    """The table can't be taken in; `faults` are all of them, each with its row."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Imported:
    """How much was new."""

    units: int
    lines: int
    closed: int


@dataclass(frozen=True, slots=True)
class Row:
    """One good row."""

    authority: str
    credit_code: str
    name: str
    city: str
    sector: str
    line: str
    line_name: str
    kind: str
    variety: str
    capacity: Decimal
    commissioned: dt.date
    closed: dt.date | None


def read_table(path: Path) -> pd.DataFrame:
    """The table as text, from CSV (UTF-8) or XLSX; raises UnusableTableError where it is neither or lacks a column."""
    try:
        if path.suffix.lower() == ".xlsx":
            table = pd.read_excel(path, dtype=str, engine="calamine", keep_default_na=False)
        else:
            table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, OSError, CalamineError, pd.errors.ParserError) as error:
        raise UnusableTableError([_("The file can't be read as a table: %(error)s") % {"error": error}]) from error
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise UnusableTableError([_("These columns are missing: %(columns)s") % {"columns": ", ".join(missing)}])
    return table[list(COLUMNS)].fillna("").apply(lambda column: column.str.strip())


@transaction.atomic
def import_units(table: pd.DataFrame, *, by: Person | None, at: dt.datetime) -> Imported:
    """Take a table in, all of it or nothing; raises UnusableTableError with every fault."""
    rows, faults = _good_rows(table)
    faults += list(_contradictions(rows))
    if faults:
        raise UnusableTableError(faults)
    authorities = {authority.code: authority for authority in Authority.objects.all()}
    known = Unit.objects.in_bulk([row.credit_code for row in rows.values()], field_name="credit_code")
    new_units = lines = closed = 0
    for code, own in _by_unit(rows).items():
        unit = known.get(code)
        if unit is None:
            first = own[0]
            unit = Unit.objects.create(
                credit_code=code, name=first.name, city=first.city, authority=authorities[first.authority]
            )
            new_units += 1
        added, ended = _take_lines(unit, own)
        lines, closed = lines + added, closed + ended
        journal.record("unit.imported", unit, by=by, at=at, lines=[row.line for row in own], new=added, closed=ended)
    return Imported(new_units, lines, closed)


def _good_rows(table: pd.DataFrame) -> tuple[dict[int, Row], list[str]]:
    """The rows that can be read, by their number in the file, and the faults of the others."""
    authorities = set(Authority.objects.values_list("code", flat=True))
    rows, faults = {}, []
    for number, fields in enumerate(table.to_dict("records"), start=1 + HEADER_ROWS):
        row, wrong = _row({str(key): str(value) for key, value in fields.items()}, authorities)
        faults += [_("row %(number)d: %(fault)s") % {"number": number, "fault": fault} for fault in wrong]
        if row is not None:
            rows[number] = row
    return rows, faults


def _row(fields: dict[str, str], authorities: set[str]) -> tuple[Row | None, list[str]]:
    faults = []
    if fields["authority"] not in authorities:
        faults.append(_("no authority has the code “%(code)s”") % {"code": fields["authority"]})
    try:
        validate_credit_code(fields["credit_code"])
    except ValidationError as error:
        faults += error.messages
    for name, known in (("sector", Sector.values), ("kind", LineKind.values)):
        if fields[name] not in known:
            faults.append(_("%(column)s “%(value)s” is unknown") % {"column": name, "value": fields[name]})
    faults += [_("%(column)s is empty") % {"column": name} for name in ("name", "line") if not fields[name]]
    capacity = _capacity(fields["capacity"], faults)
    commissioned = _day("commissioned", fields["commissioned"], faults)
    closed = _day("closed", fields["closed"], faults) if fields["closed"] else None
    if closed and commissioned and closed <= commissioned:
        faults.append(_("the line closed before it was commissioned"))
    if faults or capacity is None or commissioned is None:
        return None, faults
    plain = {name: fields[name] for name in COLUMNS if name not in ("capacity", "commissioned", "closed")}
    return Row(**plain, capacity=capacity, commissioned=commissioned, closed=closed), []


def _capacity(text: str, faults: list[str]) -> Decimal | None:
    try:
        value = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        value = Decimal(0)
    if value > 0:
        return value
    faults.append(_("capacity “%(text)s” is not a number above zero") % {"text": text})
    return None


def _day(column: str, text: str, faults: list[str]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        faults.append(
            _("%(column)s “%(text)s” is not a day; write it as 2025-07-31") % {"column": column, "text": text}
        )
        return None


def _contradictions(rows: dict[int, Row]) -> Iterator[str]:
    """What contradicts another row of the table or what is stored."""
    seen: dict[tuple[str, str, str], int] = {}
    heads: dict[str, tuple[str, str, int]] = {}
    stored = {
        (line.unit.credit_code, line.sector, line.code): line
        for line in Line.objects.filter(
            unit__credit_code__in={row.credit_code for row in rows.values()}
        ).select_related("unit__authority")
    }
    for number, row in rows.items():
        key = (row.credit_code, row.sector, row.line)
        if key in seen:
            yield _("row %(number)d: the same line stands in row %(other)d") % {"number": number, "other": seen[key]}
        seen.setdefault(key, number)
        head = heads.setdefault(row.credit_code, (row.name, row.authority, number))
        if head[:2] != (row.name, row.authority):
            yield _("row %(number)d: name or authority differ from row %(other)d of the same unit") % {
                "number": number,
                "other": head[2],
            }
        if (line := stored.get(key)) and _differs(row, line):
            yield _(
                "row %(number)d: line %(line)s is stored with other particulars; only a closing day can be added"
            ) % {
                "number": number,
                "line": row.line,
            }


def _differs(row: Row, line: Line) -> bool:
    told = (row.authority, row.name, row.kind, row.capacity, row.commissioned)
    stored = (line.unit.authority.code, line.unit.name, line.kind, line.capacity, line.commissioned)
    return told != stored or (line.closed is not None and row.closed != line.closed)


def _by_unit(rows: dict[int, Row]) -> dict[str, list[Row]]:
    units: dict[str, list[Row]] = {}
    for row in rows.values():
        units.setdefault(row.credit_code, []).append(row)
    return units


def _take_lines(unit: Unit, rows: list[Row]) -> tuple[int, int]:
    """Store what is new of a unit's lines; how many lines, and how many closings."""
    sectors = {row.sector for row in rows}
    memberships = [SectorMembership(unit=unit, sector=sector) for sector in sorted(sectors)]
    SectorMembership.objects.bulk_create(memberships, ignore_conflicts=True)
    stored = {(line.sector, line.code): line for line in unit.lines.select_for_update()}
    fresh, closing = [], []
    for row in rows:
        line = stored.get((row.sector, row.line))
        if line is None:
            fresh.append(
                Line(
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
            )
        elif row.closed and line.closed is None:
            line.closed = row.closed
            closing.append(line)
    Line.objects.bulk_create(fresh)
    Line.objects.bulk_update(closing, ["closed"])
    return len(fresh), len(closing)
