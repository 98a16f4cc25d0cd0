"""Workbooks changed the way a clerk, or somebody worse, would change them."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

KEY, OBJECT, LABEL, MEASURE, VALUE, HOW, SOURCE, EVIDENCE, REMARKS = range(1, 10)


def edited(workbook: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The workbook after `change`, saved by another program than the one that wrote it."""
    book = openpyxl.load_workbook(BytesIO(workbook))
    change(book)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def row_of(sheet: Worksheet, key: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, KEY).value == key)


def sheet_with(book: openpyxl.Workbook, key: str) -> Worksheet:
    return next(sheet for sheet in book.worksheets if any(cell.value == key for cell in sheet["A"]))


def put(key: str, value: object, column: int = VALUE) -> Callable[[openpyxl.Workbook], None]:
    """A change that sets one cell of the row with this key."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = sheet_with(book, key)
        sheet.cell(row_of(sheet, key), column).value = value

    return change


def part_changed(workbook: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one part changed."""
    return rebuilt(workbook, lambda name, content: change(content) if name == part else content)


def rebuilt(workbook: bytes, change: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    """The archive with every part changed (None leaves it out) and more parts added."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in more.items():
            new.writestr(name, content)
    return buffer.getvalue()


def sheet_part(workbook: bytes, title: str) -> str:
    """The part of a sheet, by its position: our writer numbers parts in the sheets' order."""
    titles = openpyxl.load_workbook(BytesIO(workbook), read_only=True).sheetnames
    return f"xl/worksheets/sheet{titles.index(title) + 1}.xml"
