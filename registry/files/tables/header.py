"""Which row names the columns, and the rows below it by column."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from registry.files.tables import cells
from registry.files.tables.faults import UnreadableTableError
from registry.files.tables.files import coding_note, grid_of
from registry.values.bilingual import in_language, listed

# A title, a note and a blank row may stand above the header, no more.
HEADER_WITHIN = 10
# Columns that people add for themselves, and that say nothing to us.
_REMARKS = ("序号", "备注", "说明", "no.", "no", "remark", "remarks", "note", "notes")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code, its name in the reader's language, its Chinese names; `may_lack`: the whole column may be left out."""

    code: str
    label: Promise | str
    words: tuple[str, ...] = ()
    may_lack: bool = False

    def is_named(self, text: str) -> bool:
        return _plain(text) in {_plain(name) for name in (self.code, str(self.label), *self.words)}


@dataclass(frozen=True, slots=True)
class Line:
    """A row below the header: its row in the file and its cells by column. `extra` are cells that hold something beyond the header."""

    number: int
    cells: dict[str, str]
    extra: tuple[str, ...]
    width: int


@dataclass(frozen=True, slots=True)
class TableText:
    """A table as text. `note` says how it was read where that is worth saying.

    `header` are the columns' codes in their order, and the names of foreign columns as they stand.
    """

    note: str
    header_row: int
    header: list[str]
    lines: list[Line]


def read(data: bytes, columns: Sequence[Column], *, foreign: bool = False) -> TableText:
    """The table in a file's bytes; `foreign` columns are kept, else refused if something stands in them.

    Raises UnreadableTableError where it is no such table.
    """
    grid = grid_of(data)
    place = _header_place(grid.rows, columns)
    number, names = grid.rows[place] if grid.rows else (1, [])
    header = _header(names, columns)
    _refuse(header, number, columns)
    lines = [_line(row, texts, header) for row, texts in grid.rows[place + 1 :] if any(map(cells.clean, texts))]
    table = TableText(coding_note(data), number, header, lines)
    if not foreign:
        _refuse_foreign(table, columns)
    return table


def _header_place(rows: list[tuple[int, list[str]]], columns: Sequence[Column]) -> int:
    """The row that names most of the columns; the first that isn't blank where none names any."""
    counts = [
        sum(any(column.is_named(text) for text in texts) for column in columns) for _row, texts in rows[:HEADER_WITHIN]
    ]
    if counts and (most := max(counts)):
        return counts.index(most)
    return 0


def _header(names: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """The header's codes; nameless columns at its end, a comma too many, are none."""
    known = [next((column.code for column in columns if column.is_named(text)), cells.clean(text)) for text in names]
    while known and not known[-1]:
        known.pop()
    return known


def _line(number: int, texts: list[str], header: list[str]) -> Line:
    cleaned = [cells.clean(text) for text in texts]
    width = len(header)
    padded = cleaned + [""] * (width - len(cleaned))
    named = dict(zip(header, padded, strict=False))
    return Line(number, named, tuple(text for text in cleaned[width:] if text), len(texts))


def _refuse(header: list[str], row: int, columns: Sequence[Column]) -> None:
    if not any(header):
        needed = [column.code for column in columns if not column.may_lack]
        raise UnreadableTableError(
            _("The first line is empty; it must name the columns: %(columns)s.") % {"columns": listed(needed)}
        )
    if len(header) == 1 and any(mark in header[0] for mark in "\t;；，|"):
        raise UnreadableTableError(_("The columns are not separated by commas; save the table as CSV with commas."))
    lacking = [column for column in columns if not column.may_lack and column.code not in header]
    if lacking:
        said = named(lacking)
        raise UnreadableTableError(_("these columns are missing: %(columns)s.") % {"columns": said}, row)
    if twice := sorted({name for name in header if header.count(name) > 1}):
        said = listed(name or "“”" for name in twice)
        raise UnreadableTableError(_("these columns appear twice: %(columns)s.") % {"columns": said}, row)


def named(columns: Iterable[Column]) -> str:
    """The columns by code and name, as an error or a page lists them."""
    return listed(map(_named, columns))


def _named(column: Column) -> str:
    label = str(column.label)
    return column.code if label == column.code else in_language(f"{label}（{column.code}）", f"{column.code} ({label})")


def _refuse_foreign(table: TableText, columns: Sequence[Column]) -> None:
    """Raise for a column that isn't known and holds something: what it says would be passed over in silence."""
    known = {column.code for column in columns}
    foreign = [
        name
        for name in table.header
        if name not in known and _plain(name) not in _REMARKS and any(line.cells[name] for line in table.lines)
    ]
    if foreign:
        said = {"columns": listed(name or "“”" for name in foreign), "known": named(columns)}
        raise UnreadableTableError(
            _("these columns are unknown: %(columns)s. Remove them, or rename them to one of: %(known)s.") % said,
            table.header_row,
        )


def _plain(text: str) -> str:
    """A name without what no reader sees in it, its case, and its unit of measure in brackets."""
    plain = unicodedata.normalize("NFKC", cells.clean(text)).casefold()
    return "".join(plain.partition("(")[0].replace("*", "").split())
