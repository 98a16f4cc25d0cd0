"""A finished workbook whose empty cells are filled with values, again and again.

XlsxWriter lays a workbook out once per shape; what differs from unit to unit is then set into its sheets as text, which takes a few
milliseconds instead of a hundred. Same values, same bytes: the archive carries no time.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape

Value = Decimal | dt.date | str
Place = tuple[str, int, int]
"""Sheet name, row and column from 0."""

# XlsxWriter's two ways to write a cell that we fill: a formatted blank, and a formula with a stored result of zero.
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)" s="(\d+)"(?:/>|>(<f>[^<]*</f>)<v>0</v></c>)')
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_EPOCH = dt.date(1899, 12, 30)
_STAMP = (2025, 1, 1, 0, 0, 0)


class Template:
    """A workbook in pieces: for each sheet literal text, and between it the cells that can take a value."""

    def __init__(self, workbook: bytes, sheets: tuple[str, ...]) -> None:
        """`sheets` are the names of all sheets in their order, as XlsxWriter numbers its parts."""
        with zipfile.ZipFile(BytesIO(workbook)) as archive:
            self._parts = {name: archive.read(name) for name in archive.namelist()}
        self._sheets = {
            f"xl/worksheets/sheet{number}.xml": (name, _pieces(self._parts[f"xl/worksheets/sheet{number}.xml"]))
            for number, name in enumerate(sheets, start=1)
        }

    def fill(self, values: Mapping[Place, Value]) -> bytes:
        """The workbook with `values` in their places; a place that isn't free for a value is a KeyError."""
        left = dict(values)
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for part, content in self._parts.items():
                if part in self._sheets:
                    content = _joined(*self._sheets[part], left).encode()
                archive.writestr(zipfile.ZipInfo(part, _STAMP), content, zipfile.ZIP_DEFLATED)
        if left:
            raise KeyError(next(iter(left)))
        return buffer.getvalue()


Piece = tuple[str, str, int, int, str, str]
"""Literal text before the cell, the cell as it stands, its row, column, style and formula."""


def _pieces(sheet: bytes) -> tuple[list[Piece], str]:
    text, at, pieces = sheet.decode(), 0, []
    for match in _CELL.finditer(text):
        column, row, style, formula = match.groups()
        pieces.append((text[at : match.start()], match[0], int(row) - 1, _column(column), style, formula or ""))
        at = match.end()
    return pieces, text[at:]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _joined(name: str, sheet: tuple[list[Piece], str], values: dict[Place, Value]) -> str:
    pieces, tail = sheet
    out: list[str] = []
    for literal, cell, row, column, style, formula in pieces:
        value = values.pop((name, row, column), None)
        out += (literal, cell if value is None else _cell(row, column, style, formula, value))
    out.append(tail)
    return "".join(out)


def _cell(row: int, column: int, style: str, formula: str, value: Value) -> str:
    start = f'<c r="{chr(65 + column)}{row + 1}" s="{style}"'
    if isinstance(value, str):
        text = escape(_FORBIDDEN.sub("", value))
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    number = str((value - _EPOCH).days) if isinstance(value, dt.date) else f"{value:f}"
    return f"{start}>{formula}<v>{number}</v></c>"
