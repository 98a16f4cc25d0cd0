"""The exchange's record as a table: from its bytes to rows, with everything that is wrong with it. No database here."""

import csv
import datetime as dt
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from allocation import vintages
from allocation.method.table import cells

__all__ = ["COLUMNS", "Fault", "Record", "Row", "UnreadableRecordError", "read", "rows_of"]

COLUMNS = ("reference", "traded_on", "seller", "buyer", "vintage", "quantity")
# The trades of a busy month; more in one transaction would hold the accounts for too long.
MOST_ROWS = 20_000
_LONGEST_REFERENCE = 60
_WHOLE = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)

Fault = tuple[int, str]  # line of the file, what is wrong
Row = tuple[int, dict[str, str]]  # line of the file, the cells by column


@dataclass(frozen=True, slots=True)
class Record:
    """A row, as written; `line` is its line in the file, the parties are credit codes."""

    line: int
    reference: str
    traded_on: dt.date
    seller: str
    buyer: str
    vintage: int
    quantity: int


class UnreadableRecordError(Exception):
    """A file that is no such table at all: `fault` says where and why."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.fault: Fault = (line, message)


def read(rows: Sequence[Row], today: dt.date, parties: Collection[str]) -> tuple[list[Record], list[Fault]]:
    """The rows that are right by themselves, and all that is wrong with the others. `parties` are the credit codes of units."""
    records: list[Record] = []
    faults: list[Fault] = []
    for line, row in rows:
        found = list(_faults(row, today, parties))
        faults.extend((line, fault) for fault in found)
        if not found:
            day = dt.date.fromisoformat(row["traded_on"])
            vintage, quantity = vintages.read(row["vintage"]), int(row["quantity"])
            if vintage is not None:  # else a fault says so
                records.append(Record(line, row["reference"], day, row["seller"], row["buyer"], vintage, quantity))
    return records, faults


def rows_of(table: bytes, columns: Sequence[str] = COLUMNS) -> list[Row]:
    """The table's rows, whatever is in them; raises UnreadableRecordError."""
    try:
        text = table.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableRecordError(1, _("the file is not UTF-8 text")) from error
    reader = csv.DictReader(io.StringIO(text), strict=True, restkey="", restval="")
    try:
        if tuple(reader.fieldnames or ()) != tuple(columns):
            message = _("the first line must be %(columns)s") % {"columns": ",".join(columns)}
            raise UnreadableRecordError(1, message)
        rows = [(reader.line_num, row) for row in reader if any(row.values())]
    except csv.Error as error:
        raise UnreadableRecordError(reader.line_num, str(error)) from error
    if len(rows) > MOST_ROWS:
        message = _("the table has %(count)d rows; at most %(limit)d are taken at once")
        raise UnreadableRecordError(1, message % {"count": len(rows), "limit": MOST_ROWS})
    return [(line, {name: _text(cell) for name, cell in row.items()}) for line, row in rows]


def _text(cell: str | list[str]) -> str:
    """A cell without the blanks around it; cells beyond the last column come as a list."""
    return cell.strip() if isinstance(cell, str) else ",".join(cell)


def _faults(row: dict[str, str], today: dt.date, parties: Collection[str]) -> Iterator[str]:
    if "" in row:
        yield _("it has more cells than the first line")
    yield from _reference_faults(row["reference"])
    try:
        if cells.day(row["traded_on"]) > today:
            yield _("the day of the trade lies ahead")
    except cells.CellError as error:
        yield str(error)
    for party in (row["seller"], row["buyer"]):
        if party not in parties:
            yield _("no unit has the credit code “%(code)s”") % {"code": party}
    if row["seller"] == row["buyer"]:
        yield _("seller and buyer are the same")
    if vintages.read(row["vintage"]) is None:
        yield _("“%(text)s” is not a vintage: write the year or the exchange's label (2025, 25, 19-20)") % {
            "text": row["vintage"]
        }
    if not _WHOLE.fullmatch(row["quantity"]):
        yield _("“%(text)s” is not a whole number of tonnes") % {"text": row["quantity"]}


def _reference_faults(reference: str) -> Iterator[str]:
    try:
        cells.code(reference)
    except cells.CellError as error:
        yield _("the reference: %(fault)s") % {"fault": error}
    if len(reference) > _LONGEST_REFERENCE:
        yield _("the reference is longer than %(limit)d characters") % {"limit": _LONGEST_REFERENCE}
