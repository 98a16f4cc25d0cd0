"""The tables as a workbook, ready to be printed on A4 and sealed."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from allocation.letters.official_tables.columns import Cell, Column
from allocation.letters.official_tables.sheets import TOTAL_EN, TOTAL_ZH, Sheet

_A4 = 9
_TITLE_ROW, _HEAD_ROW = 0, 1


def workbook(
    sheets: Sequence[Sheet], at: dt.datetime, language: str = "zh", marks: tuple[str, str] = ("", "")
) -> bytes:
    """The sheets as an XLSX file; the same content and instant give the same bytes.

    `marks` stand at the foot of every printed page: the letter's number, and what the results hash to.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": at.replace(tzinfo=None), "title": sheets[0].zh})
    formats = _Formats(book)
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        _write(page, sheet, formats, language)
        page.set_footer(_footer(*marks))
    book.close()
    return buffer.getvalue()


class _Formats:
    """The workbook's formats, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, bool], Any] = {}
        font = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
        self._font = font
        self.title = book.add_format({**font, "font_size": 15, "bold": True, "align": "center"})
        self.head = book.add_format(
            {**font, "bold": True, "text_wrap": True, "align": "center", "border": 1, "bg_color": "#EEF2F5"}
        )

    def of(self, number_format: str, bold: bool = False) -> Any:
        if (number_format, bold) not in self._made:
            text = number_format == "@"
            self._made[number_format, bold] = self._book.add_format(
                {
                    **self._font,
                    "num_format": number_format,
                    "border": 1,
                    "bold": bold,
                    "text_wrap": text,
                    "align": "left" if text else "right",
                }
            )
        return self._made[number_format, bold]


def _write(page: Any, sheet: Sheet, formats: _Formats, language: str) -> None:
    english = language == "en"
    number = Column("序号", "No.", lambda _row: None, "0", width=6)
    columns = (number, *sheet.columns)
    page.merge_range(_TITLE_ROW, 0, _TITLE_ROW, len(columns) - 1, sheet.en if english else sheet.zh, formats.title)
    page.set_row(_TITLE_ROW, 30)
    page.set_row(_HEAD_ROW, 48)
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width)
        page.write_string(_HEAD_ROW, place, column.en if english else column.zh, formats.head)
    for index, cells in enumerate(sheet.rows, 1):
        _write_row(page, _HEAD_ROW + index, [index, *cells], columns, formats, False)
    foot = _HEAD_ROW + len(sheet.rows) + 1
    _write_row(page, foot, [None, *sheet.totals], columns, formats, True)
    page.write_string(foot, 1, TOTAL_EN if english else TOTAL_ZH, formats.of("@", True))
    _print_setup(page, foot, len(columns))


def _write_row(
    page: Any, row: int, cells: Sequence[Cell], columns: Sequence[Column], formats: _Formats, bold: bool
) -> None:
    for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        shown = formats.of(column.format, bold)
        if cell is None or cell == "":
            page.write_blank(row, place, None, shown)
        elif isinstance(cell, str):
            page.write_string(row, place, cell, shown)
        else:
            page.write_number(row, place, cell, shown)


def _print_setup(page: Any, last_row: int, columns: int) -> None:
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    page.repeat_rows(_TITLE_ROW, _HEAD_ROW)
    page.freeze_panes(_HEAD_ROW + 1, 3)
    page.print_area(0, 0, last_row, columns - 1)


def _footer(left: str, right: str) -> str:
    """Marks left and right, page numbers between them; an ampersand would begin a command, and 255 characters are the most."""
    left, right = (text[:90].replace("&", "&&") for text in (left, right))
    return f"&L{left}&C&P / &N&R{right}"
