"""Tables that people take with them: CSV for programs, XLSX for spreadsheets. No cell of either runs as a formula."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django_tables2 import Table

from registry.files.tables.cells import inert
from registry.web.downloads import attachment

__all__ = ["Cell", "as_csv", "as_xlsx", "asked", "columns_of", "taken_away"]

Cell = int | Decimal | str | None


def asked(request: HttpRequest) -> str:
    """The format in which the page is to be taken away, "" where it is to be looked at."""
    kind = request.GET.get("format", "")
    return kind if kind in ("csv", "xlsx") else ""


def columns_of(table: Table) -> tuple[list[str], list[list[Cell]]]:
    """The heads and rows of a list for programs: all rows, and of each cell its value (`registry.web.columns`)."""
    columns = [column for column in table.columns.iterall() if not column.column.exclude_from_export]
    head = [str(getattr(column.column, "exported_as", "") or column.header) for column in columns]
    return head, [[_plain(row.get_cell_value(column.name)) for column in columns] for row in table.rows]


def _plain(value: Any) -> Cell:
    """A number as it is, all else as its text."""
    return value if value is None or isinstance(value, int | Decimal) else str(value)


def taken_away(
    name: str, kind: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], at: dt.datetime, title: str = ""
) -> HttpResponse:
    """A table as a file, CSV or XLSX."""
    data = as_csv(head, rows) if kind == "csv" else as_xlsx(title or name, head, rows, at)
    return attachment(data, f"{name}.{kind}")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, without which a Chinese spreadsheet takes it for GBK."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in (head, *rows):
        writer.writerow([_text(cell) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def as_xlsx(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], at: dt.datetime) -> bytes:
    """One sheet; numbers are numbers, all else is text."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": at.replace(tzinfo=None), "title": name})
    page = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
    for place, title in enumerate(head):
        page.write_string(0, place, title, bold)
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(number, place, cell)
            elif cell is not None:
                page.write_number(number, place, cell)
    page.set_column(0, len(head) - 1, 18)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, 0, len(head) - 1)
    book.close()
    return buffer.getvalue()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return inert(cell) if isinstance(cell, str) else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
