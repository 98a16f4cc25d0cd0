"""Reading the table: every row that can be read, and every fault of those that can't, at once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from allocation.method.line_facts import LineFault, LineInput
from registry.files import tables
from registry.files.tables import Column, Line, cells
from registry.values.bilingual import listed
from registry.values.exact import whole_tonnes

COLUMNS = ("line", "emissions", "main_emissions", "output", "kind", "carbide_slag_rate", "commissioned", "closed")
UNIT = "unit"
# Our codes, or what the same columns are called in a Chinese table.
_WORDS = {
    "line": ("生产线编号", "工序编号", "生产线", "生产线代码"),
    "emissions": ("碳排放量", "排放量", "应清缴排放量"),
    "main_emissions": ("重点工序排放量", "主要排放量"),
    "output": ("产量", "产品产量"),
    "kind": ("类别", "生产线类别"),
    "carbide_slag_rate": ("电石渣替代率",),
    "commissioned": ("投产日期",),
    "closed": ("关停日期",),
    UNIT: ("统一社会信用代码", "重点排放单位", "单位"),
}
_COLUMNS = tuple(Column(name, name, words, may_lack=name == UNIT) for name, words in _WORDS.items())
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
    """A table as read: the rows that could be, each with its line number and what it says; and the faults of the others.

    `note` is what its reader should know of how it was read, "" where there is nothing to say.
    """

    note: str
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
    try:
        text = tables.read(data, _COLUMNS, foreign=True)
    except tables.UnreadableTableError as error:
        raise UnusableTableError(error.said) from error
    if taken := [name for name in RESULT_COLUMNS if name in text.header]:
        said = {"row": text.header_row, "columns": listed(taken)}
        raise UnusableTableError(
            _("line %(row)d: these columns are reserved for the result; remove them: %(columns)s.") % said
        )
    table = Table(text.note, text.header)
    reader = _RowReader(text.header, kinds, units_needed)
    for row in text.lines:
        if line := reader.read(row, table.faults):
            table.cells.append(list(row.cells.values()))
            table.numbers.append(row.number)
            table.lines.append(line)
    if not table.lines and not table.faults:
        raise UnusableTableError(_("The table has a header and no lines."))
    return table


class _RowReader:
    """Reads rows one after another and remembers which codes it has met."""

    def __init__(self, header: Sequence[str], kinds: Collection[str], units_needed: bool) -> None:
        self._width = len(header)
        self._names = [name for name in (*COLUMNS, UNIT) if name in header]
        self._kinds = kinds
        self._units_needed = units_needed and UNIT in header
        self._met: dict[tuple[str, str], int] = {}

    def read(self, row: Line, faults: list[RowFault]) -> LineInput | None:
        """The row's line, or None and what is wrong with it added to `faults`."""
        if row.width < self._width or row.extra:
            message = _("has %(found)d fields, the header has %(expected)d")
            faults.append(RowFault(row.number, "", message % {"found": row.width, "expected": self._width}))
            return None
        values: dict[str, Any] = {}
        found = len(faults)
        for name in self._names:
            try:
                values[name] = self._value(name, row.cells[name])
            except cells.CellError as error:
                faults.append(RowFault(row.number, name, str(error)))
        if len(faults) == found:
            self._refuse_met(row.number, values, faults)
        return LineInput(**values) if len(faults) == found else None

    def _value(self, name: str, text: str) -> Any:
        if text:
            return self._kind(text) if name == "kind" else _PARSERS[name](text)
        if name in ("line", "emissions") or (name == UNIT and self._units_needed):
            raise cells.CellError(_("is missing"))
        return "" if name in ("kind", UNIT) else None

    def _kind(self, text: str) -> str:
        if text not in self._kinds:
            known = listed(self._kinds) or "–"
            message = _("“%(kind)s” is not a kind of line under the plan in this sector; choose from: %(known)s")
            raise cells.CellError(message % {"kind": text, "known": known})
        return text

    def _refuse_met(self, number: int, values: dict[str, Any], faults: list[RowFault]) -> None:
        first = self._met.setdefault((values.get(UNIT, ""), values["line"]), number)
        if first != number:
            message = _("“%(code)s” already appears in line %(first)d") % {"code": values["line"], "first": first}
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
