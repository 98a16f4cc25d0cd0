"""A file of official tables against what it should say: every difference at once, each with its sheet and cell."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from allocation.letters.official_tables.columns import CREDIT_CODE, LINE_NO, PROCESS_NO, Cell, Column
from allocation.letters.official_tables.sheets import TOTAL_EN, TOTAL_ZH, Sheet
from registry.values.canonical import sha256
from registry.values.figures import DASH
from reporting.workbook.reading.grid import Refused, grids
from reporting.workbook.reading.survey import column_letters
from reporting.workbook.reading.tables import Table

__all__ = ["Checked", "Difference", "check"]

_TITLE, _HEAD, _FIRST = 0, 1, 2
_NUMBER = Column("序号", "No.", lambda _row: None, "0")
_KEYS = (CREDIT_CODE, LINE_NO, PROCESS_NO)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which the file says something else; `cell` is empty where a whole row or sheet is missing."""

    sheet: str
    cell: str
    what: str
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to: `refusal` says why the file can't be read at all."""

    sha256: str
    same_file: bool
    differences: list[Difference]
    refusal: str = ""

    @property
    def agrees(self) -> bool:
        return not self.refusal and not self.differences


def check(data: bytes, filename: str, sheets: Sequence[Sheet], expected_sha256: str = "") -> Checked:
    """The file against the sheets; `expected_sha256` is the file that was handed out, where one was."""
    digest = sha256(data)
    same = digest == expected_sha256
    try:
        tables = grids(data, filename)
    except Refused as refused:
        return Checked(digest, same, [], refused.finding.message)
    return Checked(digest, same, list(_compared(sheets, tables)))


def _compared(sheets: Sequence[Sheet], tables: Mapping[str, Table]) -> Iterator[Difference]:
    names = {sheet.name for sheet in sheets}
    for name in tables:
        if name not in names:
            yield Difference(name, "", _("an unexpected sheet"))
    for sheet in sheets:
        if sheet.name not in tables:
            yield Difference(sheet.name, "", _("the sheet is missing"))
        else:
            yield from _Page(sheet, tables[sheet.name]).differences()


class _Page:
    """One sheet beside the file's; the file's own language decides which headers are expected."""

    def __init__(self, sheet: Sheet, table: Table) -> None:
        self.sheet, self.table = sheet, table
        self.columns = (_NUMBER, *sheet.columns)
        self.english = self.value(_HEAD, 0) == _NUMBER.en

    def value(self, row: int, column: int) -> object:
        """A cell as it stands there, texts without the blanks around them; None where nothing stands."""
        if (row, column) in self.table.survey.errors or (row, column) in self.table.survey.uncalculated:
            return _("an error or a formula without its value")
        cells = self.table.values[row] if row < len(self.table.values) else ()
        value = cells[column] if column < len(cells) else ""
        return (value.strip() or None) if isinstance(value, str) else value

    def header(self, column: Column) -> str:
        return column.en if self.english else column.zh

    def differences(self) -> Iterator[Difference]:
        title = self.sheet.en if self.english else self.sheet.zh
        yield from self.at(_TITLE, 0, _("title"), title)
        heads = list(self.heads())
        yield from heads
        if heads:
            return  # what stands under another header can't be compared
        yield from self.rows()

    def heads(self) -> Iterator[Difference]:
        width = max(len(self.columns), len(self.table.values[_HEAD]) if len(self.table.values) > _HEAD else 0)
        for place in range(width):
            wanted = self.header(self.columns[place]) if place < len(self.columns) else None
            yield from self.at(_HEAD, place, _("header"), wanted)

    def rows(self) -> Iterator[Difference]:
        foot = next((row for row in self.body() if self.value(row, 1) in (TOTAL_ZH, TOTAL_EN)), None)
        end = len(self.table.values) if foot is None else foot
        there = self.keyed((row, self.key_there(row)) for row in range(_FIRST, end) if self.filled(row))
        wanted = self.keyed((place, self.key_wanted(cells)) for place, cells in enumerate(self.sheet.rows))
        for key, row in there.items():
            if key not in wanted:
                yield Difference(self.sheet.name, _cell(row, 1), _("an unexpected row"), "", _named(key))
        for key, place in wanted.items():
            if key not in there:
                yield Difference(self.sheet.name, "", _("the row is missing"), _named(key))
            else:
                yield from self.line(there[key], [place + 1, *self.sheet.rows[place]])
        if foot is None:
            yield Difference(self.sheet.name, "", _("the row of totals is missing"))
            return
        yield from self.line(foot, [None, TOTAL_EN if self.english else TOTAL_ZH, *self.sheet.totals[1:]])
        for row in range(foot + 1, len(self.table.values)):
            if self.filled(row):
                yield Difference(self.sheet.name, _cell(row, 0), _("content below the row of totals"))

    def line(self, row: int, wanted: Sequence[Cell]) -> Iterator[Difference]:
        for place, cell in enumerate(wanted):
            yield from self.at(row, place, self.header(self.columns[place]), cell)

    def at(self, row: int, column: int, what: str, wanted: Cell) -> Iterator[Difference]:
        found = self.value(row, column)
        if not _equal(found, wanted):
            yield Difference(self.sheet.name, _cell(row, column), what, _text(wanted), _text(found))

    def body(self) -> range:
        return range(_FIRST, len(self.table.values))

    def filled(self, row: int) -> bool:
        return any(self.value(row, place) is not None for place in range(len(self.columns)))

    def key_there(self, row: int) -> Key:
        return tuple(_text(self.value(row, place)) for place, column in enumerate(self.columns) if column in _KEYS)

    def key_wanted(self, cells: Sequence[Cell]) -> Key:
        return tuple(_text(cell) for cell, column in zip(cells, self.sheet.columns, strict=True) if column in _KEYS)

    def keyed(self, rows: Iterator[tuple[int, Key]]) -> dict[Key, int]:
        """Rows by key; a unit with a row in each of its sectors has them in their order."""
        seen: Counter[Key] = Counter()
        keyed = {}
        for row, key in rows:
            seen[key] += 1
            keyed[*key, str(seen[key])] = row
        return keyed


def _named(key: Key) -> str:
    *names, time = key
    return " / ".join(names) + (f" ({time})" if time != "1" else "")


def _cell(row: int, column: int) -> str:
    return f"{column_letters(column)}{row + 1}"


def _equal(found: object, wanted: Cell) -> bool:
    """A workbook keeps numbers as binary fractions of 53 bits, so that is what the expected number is turned into, too."""
    if wanted is None or isinstance(wanted, str):
        return found == (wanted or None)
    return isinstance(found, int | float) and not isinstance(found, bool) and float(found) == float(wanted)


def _text(value: object) -> str:
    if value is None or value == "":
        return DASH
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return f"{value.quantize(Decimal(1)) if value == value.to_integral() else value:f}"
    return str(value)[:200]
