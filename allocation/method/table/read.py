"""Reading the table: every row that can be read, and every fault of those that can't, at once."""

import csv
import io
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from allocation.method.lines import LineFault, LineInput
from allocation.method.table import cells
from registry.exact import whole_tonnes

COLUMNS = ("line", "emissions", "main_emissions", "output", "kind", "carbide_slag_rate", "commissioned", "closed")
UNIT = "unit"
RESULT_COLUMNS = ("intensity", "deviation", "coefficient", "quota", "due", "case", "article")


class UnusableTableError(ValueError):
    """A table that can't be read at all; the message is for people."""


@dataclass(frozen=True, slots=True, order=True)
class RowFault:
    """What is wrong in a row: the file's line number (the header is 1), the column, and a message that follows its name."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        said = {"row": self.row, "fault": f"{self.column} {self.message}".lstrip()}
        return _("line %(row)d: %(fault)s") % said


@dataclass(slots=True)
class Table:
    """A table as read: the rows that could be, each with its line number and what it says; and the faults of the others."""

    encoding: str
    header: list[str]
    cells: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    lines: list[LineInput] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)

    @property
    def has_units(self) -> bool:
        return UNIT in self.header

    def fault_of(self, fault: LineFault) -> RowFault:
        """A fault of determination, by its row in the file."""
        return RowFault(self.numbers[fault.index], fault.field, fault.message)


def read(data: bytes, kinds: Collection[str], *, units_needed: bool = False) -> Table:
    """Read a table's bytes. `kinds` are the special kinds of line that the plan knows; `units_needed` refuses an empty `unit`.

    Raises UnusableTableError where the file is no such table; faults of single rows are gathered in the result.
    """
    text, encoding = _decoded(data)
    rows = _rows(text)
    _number, header = next(rows, (0, []))
    header = [name.strip() for name in header]
    _refuse_header(header)
    table = Table(encoding, header)
    reader = _RowReader(header, kinds, units_needed)
    for number, row in rows:
        if line := reader.read(number, row, table.faults):
            table.cells.append(row[: len(header)])
            table.numbers.append(number)
            table.lines.append(line)
    if not table.lines and not table.faults:
        raise UnusableTableError(_("The table has a header and no lines."))
    return table


def _decoded(data: bytes) -> tuple[str, str]:
    """UTF-8, or the GB 18030 that Chinese spreadsheets save."""
    if b"\0" in data:
        raise UnusableTableError(_("This is not a text file in UTF-8; save the table as CSV (UTF-8)."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnusableTableError(_("This is not a text file in UTF-8; save the table as CSV (UTF-8)."))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that aren't blank, each with the number of the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = 0
    try:
        for row in reader:
            if before == 0 or any(cell.strip() for cell in row):
                yield before + 1, row
            before = reader.line_num
    except csv.Error as error:
        said = {"row": before + 1, "fault": _("the quotes of this row do not match")}
        raise UnusableTableError(_("line %(row)d: %(fault)s") % said) from error


def _refuse_header(header: Sequence[str]) -> None:
    if not any(header):
        raise UnusableTableError(
            _("The first line is empty; it must name the columns: %(columns)s.") % _columns(COLUMNS)
        )
    if len(header) == 1 and any(mark in header[0] for mark in "\t;；，"):
        raise UnusableTableError(_("The columns are not separated by commas; save the table as CSV with commas."))
    if missing := [name for name in COLUMNS if name not in header]:
        raise UnusableTableError(_("line 1: these columns are missing: %(columns)s.") % _columns(missing))
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise UnusableTableError(_("line 1: these columns stand twice: %(columns)s.") % _columns(twice))
    if taken := [name for name in RESULT_COLUMNS if name in header]:
        raise UnusableTableError(
            _("line 1: these columns are for the result; take them out: %(columns)s.") % _columns(taken)
        )


def _columns(names: Sequence[str]) -> dict[str, str]:
    return {"columns": ", ".join(name or "“”" for name in names)}


class _RowReader:
    """Reads rows one after another and remembers which codes it has met."""

    def __init__(self, header: Sequence[str], kinds: Collection[str], units_needed: bool) -> None:
        self._width = len(header)
        self._places = {name: header.index(name) for name in (*COLUMNS, UNIT) if name in header}
        self._kinds = kinds
        self._units_needed = units_needed and UNIT in header
        self._met: dict[tuple[str, str], int] = {}

    def read(self, number: int, row: list[str], faults: list[RowFault]) -> LineInput | None:
        """The row's line, or None and what is wrong with it added to `faults`."""
        if len(row) < self._width or any(row[self._width :]):
            message = _("has %(found)d fields, the header has %(expected)d")
            faults.append(RowFault(number, "", message % {"found": len(row), "expected": self._width}))
            return None
        values: dict[str, Any] = {}
        found = len(faults)
        for name, place in self._places.items():
            try:
                values[name] = self._value(name, row[place].strip())
            except cells.CellError as error:
                faults.append(RowFault(number, name, str(error)))
        if len(faults) == found:
            self._refuse_met(number, values, faults)
        return LineInput(**values) if len(faults) == found else None

    def _value(self, name: str, text: str) -> Any:
        if text:
            return self._kind(text) if name == "kind" else _PARSERS[name](text)
        if name in ("line", "emissions") or (name == UNIT and self._units_needed):
            raise cells.CellError(_("is missing"))
        return "" if name in ("kind", UNIT) else None

    def _kind(self, text: str) -> str:
        if text not in self._kinds:
            known = ", ".join(self._kinds) or "–"
            message = _("“%(kind)s” is no kind that the plan knows in this sector; it knows: %(known)s")
            raise cells.CellError(message % {"kind": text, "known": known})
        return text

    def _refuse_met(self, number: int, values: dict[str, Any], faults: list[RowFault]) -> None:
        first = self._met.setdefault((values.get(UNIT, ""), values["line"]), number)
        if first != number:
            message = _("“%(code)s” stands already in line %(first)d") % {"code": values["line"], "first": first}
            faults.append(RowFault(number, "line", message))


def _emissions(text: str) -> int:
    return whole_tonnes(cells.number(text))


_PARSERS: dict[str, Callable[[str], Any]] = {
    "line": cells.code,
    "unit": cells.code,
    "emissions": _emissions,
    "main_emissions": cells.number,
    "output": cells.number,
    "carbide_slag_rate": cells.fraction,
    "commissioned": cells.day,
    "closed": cells.day,
}
