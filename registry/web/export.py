"""Tables that people take with them: CSV for programs, XLSX for spreadsheets. No cell of either runs as a formula.

Both begin with one row that says what it is; the second row holds the heads (docs/tables.md). Rows are written as they come, so that
a long list needs no more memory than a short one.
"""

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from html import unescape
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tables2 import Table
from django_tables2.columns import BoundColumn
from django_tables2.rows import BoundRow
from django_tables2.utils import signature

from registry.files.tables.cells import inert
from registry.law import calendar
from registry.refusal import Refusal
from registry.values import figures
from registry.values.exact import half_up
from registry.web.downloads import Download

__all__ = ["ASKED", "Cell", "Taken", "asked", "columns_of", "headed", "taken_away"]

ASKED = "_export"
Cell = int | Decimal | str | None
MOST_SHEET_ROWS = 1_048_576 - 2  # of a workbook's sheet, below the two heads
CHUNK = 2000
# A comment to the programs that read CSV, and no formula to a spreadsheet.
COMMENT = "# "


class Taken(Download):
    """A table taken away, of so many rows."""

    def __init__(self, file: IO[bytes], name: str, rows: int) -> None:
        super().__init__(file, name)
        self.rows = rows


def asked(request: HttpRequest) -> str:
    """The format in which the page is to be taken away, "" where it is to be looked at."""
    kind = request.GET.get(ASKED, "") if request.method == "GET" else ""
    return kind if kind in ("csv", "xlsx") else ""


def columns_of(table: Table, only: Sequence[str] = ()) -> tuple[list[str], Iterator[list[Cell]]]:
    """The heads and rows of a list for programs: all rows, and of each cell its value (`registry.web.columns`); of all columns, or only
    of some."""
    columns = [
        column
        for column in table.columns.iterall()
        if not column.column.exclude_from_export and (not only or column.name in only)
    ]
    head = [str(getattr(column.column, "exported_as", "") or column.header) for column in columns]
    names = [column.name for column in columns]
    takes: dict[str, _Takes] = {}
    rows = (_Row(record, table, takes) for record in _records(table))
    return head, ([_plain(row.get_cell_value(name)) for name in names] for row in rows)


_Takes = tuple[tuple[str, ...], str | None]


class _Row(BoundRow):
    """A row whose columns have been asked what their `value` takes: a plain one asks for each cell, which is most of what a cell costs."""

    def __init__(self, record: Any, table: Table, takes: dict[str, _Takes]) -> None:
        super().__init__(record, table)
        self._takes = takes

    def _call_value(self, bound_column: BoundColumn, value: Any = None) -> Any:
        given = self._optional_cell_arguments(bound_column, value)
        if bound_column.name not in self._takes:
            self._takes[bound_column.name] = signature(bound_column.value)
        names, takes_all = self._takes[bound_column.name]
        return bound_column.value(**(given if takes_all else {name: given[name] for name in names}))


def _records(table: Table) -> Iterator[Any]:
    """A query's rows some at a time, so that they needn't be in memory together."""
    rows = table.data.data
    if hasattr(table.data, "in_chunks"):
        yield from table.data.in_chunks(CHUNK)
    elif isinstance(rows, QuerySet):
        yield from rows.iterator(CHUNK)
    else:
        yield from rows


def _plain(value: Any) -> Cell:
    """A number as it is, all else as its text; of what a page marks up, the words."""
    if value is None or isinstance(value, int | Decimal):
        return value
    if isinstance(value, Fraction):
        return half_up(value, 10)
    said = " ".join(unescape(strip_tags(value)).split()) if isinstance(value, SafeString) else str(value)
    return None if said == figures.DASH else said


def headed(
    what: str, filters: Iterable[object], at: dt.datetime, who: object, rows: int, as_of: dt.date | None = None
) -> str:
    """What stands above the table: what it is, narrowed by what, as of when, who took it, and how many rows it has."""
    when = figures.day(as_of) if as_of else figures.instant(at)
    said = [what, *map(str, filters), _("as of %(when)s") % {"when": when}, _("taken by %(who)s") % {"who": who}]
    counted = ngettext("%(count)s row", "%(count)s rows", rows) % {"count": figures.tonnes(rows)}
    return " · ".join([*said, counted])


def taken_away(
    name: str, kind: str, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], at: dt.datetime
) -> Taken:
    """A table as a file, CSV or XLSX, written whole before it is sent: what goes wrong is told, and nobody gets a part of it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the response that sends it)
    count = (_write_csv if kind == "csv" else _write_xlsx)(file, title, head, rows, at)
    file.seek(0)
    return Taken(file, f"{name}-{calendar.local_day(at):%Y%m%d}.{kind}", count)


def _write_csv(
    file: IO[bytes], title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], _at: dt.datetime
) -> int:
    """UTF-8 with its mark, without which a Chinese spreadsheet takes it for GBK."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([COMMENT + title])
    writer.writerow([_text(cell) for cell in head])
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        writer.writerow([_text(cell) for cell in row])
    text.flush()
    text.detach()
    return count


def _write_xlsx(
    file: IO[bytes], title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], at: dt.datetime
) -> int:
    """One sheet; numbers are numbers, all else is text."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    name = title.partition(" · ")[0]
    book.set_properties({"created": at.replace(tzinfo=None), "title": title[:250]})
    page = book.add_worksheet("".join(" " if sign in "[]:*?/\\'" else sign for sign in name)[:31].strip() or "1")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
    page.set_column(0, len(head) - 1, 18)
    page.freeze_panes(2, 0)
    page.write_string(0, 0, title, book.add_format({"italic": True}))
    for place, said in enumerate(head):
        page.write_string(1, place, said, bold)
    number = 1
    for number, row in enumerate(rows, 2):
        if number > MOST_SHEET_ROWS + 1:
            raise Refusal(_("A worksheet has no room for so many rows; take the CSV file."))
        _write_row(page, number, row)
    page.autofilter(1, 0, number, len(head) - 1)
    book.close()
    return number - 1


def _write_row(page: Any, number: int, row: Sequence[Cell]) -> None:
    for place, cell in enumerate(row):
        if isinstance(cell, str):
            page.write_string(number, place, cell)
        elif cell is not None:
            page.write_number(number, place, cell)


def _text(cell: Cell | Promise) -> str:
    if cell is None:
        return ""
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell) if isinstance(cell, int) else inert(str(cell))
