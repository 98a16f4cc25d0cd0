"""Where everything stands in a workbook with so many lines and slots; what stands there is write's business."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from reporting.workbook.definition import Field as Datum
from reporting.workbook.definition import Form, Group, Key, Register, Sheet, Words
from reporting.workbook.reasons import NAME, ROWS

TITLE_ROW, UNIT_ROW, HINT_ROW, HEADER_ROW = range(4)
FIRST_ROW = HEADER_ROW + 1


@dataclass(frozen=True, slots=True)
class Band:
    """A heading across the table."""

    row: int
    words: Words


@dataclass(frozen=True, slots=True)
class LineHeading:
    """The row that names a line; the rows below it, down to the next, are the line's."""

    row: int
    key: Key


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot's place: its fields stand in consecutive rows from `row`."""

    row: int
    line: int
    group: Group
    number: int

    def rows(self) -> Iterator[tuple[int, Key, Datum]]:
        for offset, datum in enumerate(self.group.fields):
            yield self.row + offset, Key(self.line, self.group.key, self.number, datum.name), datum

    def row_of(self, name: str) -> int | None:
        """The row of a field, None if the group hasn't got it."""
        return next((row for row, _, datum in self.rows() if datum.name == name), None)


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides a layout: how many lines, and how many slots the groups (records the registers, rows the
    sheet of reasons) have that need more than usual."""

    lines: int
    slots: Mapping[tuple[int, str], int] = field(default_factory=dict)

    def slots_of(self, line: int, group: Group) -> int:
        return max(group.slots, self.slots.get((line, group.key), 0))

    def records_of(self, register: Register) -> int:
        return max(register.rows, self.slots.get((0, register.table), 0))

    @property
    def reasons(self) -> int:
        """For how many warnings there is room."""
        return max(ROWS, self.slots.get((0, NAME.zh), 0))

    @property
    def cache_key(self) -> tuple[object, ...]:
        return (self.lines, *sorted(self.slots.items()))


@dataclass(frozen=True)
class Layout:
    """A data sheet laid out."""

    sheet: Sheet
    bands: tuple[Band, ...]
    lines: tuple[LineHeading, ...]
    slots: tuple[Slot, ...]

    @cached_property
    def last_row(self) -> int:
        """Of a sheet that has nothing on it, for want of lines, its heading."""
        return max((place.row + len(place.group.fields) for place in self.slots), default=FIRST_ROW) - 1

    @cached_property
    def _slots(self) -> dict[tuple[int, str, int], Slot]:
        return {(slot.line, slot.group.key, slot.number): slot for slot in self.slots}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of all rows of data, as text."""
        return tuple(str(key) for slot in self.slots for _, key, _ in slot.rows())

    def find(self, line: int, group: str, number: int) -> Slot | None:
        return self._slots.get((line, group, number))


def lay_out(form: Form, shape: Shape) -> tuple[Layout, ...]:
    """Every data sheet of the form."""
    return tuple(_sheet(sheet, shape) for sheet in form.sheets)


def _sheet(sheet: Sheet, shape: Shape) -> Layout:
    bands: list[Band] = []
    headings: list[LineHeading] = []
    slots: list[Slot] = []
    row = FIRST_ROW
    for line in (0, *range(1, shape.lines + 1)):
        groups = sheet.line_groups if line else sheet.unit_groups
        if line and groups:
            headings.append(LineHeading(row, Key(line, "line", 1, "")))
            row += 1
        for group in groups:
            bands.append(Band(row, group.words))
            row += 1
            for number in range(1, shape.slots_of(line, group) + 1):
                slots.append(Slot(row, line, group, number))
                row += len(group.fields)
    return Layout(sheet, tuple(bands), tuple(headings), tuple(slots))
