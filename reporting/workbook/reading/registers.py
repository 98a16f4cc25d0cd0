"""Reading a register: every row below its headings in which something stands is a record; the first column only numbers them."""

import datetime as dt
from decimal import Decimal

from reporting.content import Datum, Row
from reporting.content import Key as RowKey
from reporting.findings import Finding, both
from reporting.workbook import definition as d
from reporting.workbook.definition import Column, Item, Register, Target, Words, item_named, normal
from reporting.workbook.reading import cells, precision
from reporting.workbook.reading.tables import MANY, Line, Table, beyond, find_header

LONGEST_NUMBER = 40
Value = Decimal | dt.date | str


def read_records(table: Table, register: Register, lines: tuple[str, ...], findings: list[Finding]) -> list[Row]:
    """The register's records; one that can't be attributed is left out, with the finding that says so."""
    rows = rows_below(table, register, findings)
    findings += beyond(table, len(register.columns) + 2)[:MANY]  # beside the numbering and what is computed
    return read_lines(table, register, rows, lines, findings)


def rows_below(table: Table, register: Register, findings: list[Finding]) -> list[Line]:
    """The rows in which something stands; none where the headings were moved."""
    rows = table.rows()
    headings = [d.NUMBERING.text, *(column.words.text for column in register.columns)]
    header = find_header(table, rows, headings, findings)
    places = range(1, len(register.columns) + 1)
    below = rows[header.number + 1 :] if header else []
    return [row for row in below if any(_is_filled(table, row, place) for place in places)]


def read_lines(
    table: Table, register: Register, rows: list[Line], lines: tuple[str, ...], findings: list[Finding]
) -> list[Row]:
    """The records that rows state, whether they come from a file or from a page; what a survey found in their cells is the table's."""
    faults: list[Finding] = []
    seen: dict[RowKey, str] = {}
    kept = [record for row in rows if (record := _Record(table, register, row, lines, faults).read(seen)) is not None]
    findings += faults[:MANY]
    return kept


def _is_filled(table: Table, row: Line, place: int) -> bool:
    return bool(table.fault(row.number, place)) or not cells.is_empty(row.value(place))


class _Record:
    """One row on its way to a record."""

    def __init__(
        self, table: Table, register: Register, row: Line, lines: tuple[str, ...], faults: list[Finding]
    ) -> None:
        self.table, self.register, self.row, self.lines, self.faults = table, register, row, lines, faults
        self.columns = list(enumerate(register.columns, start=1))
        self.garbled: set[str] = set()

    def read(self, seen: dict[RowKey, str]) -> Row | None:
        """The record; None for an empty row and for one that nobody knows what it is about."""
        if not any(self._is_filled(place) for place, _ in self.columns):
            return None
        target = self._target() if self.register.targets else None
        if self.register.targets and target is None:
            return None
        item, line, part = self._item(target), self._line(target), self._part()
        if item is None or line is None or not part:
            return None
        data = self._data(target)
        record = Row(self.register.table, line, "", item, data, part, frozenset(self.garbled))
        if record.key in seen:
            place = self._place(d.PART)
            self._fault("item.twice", place, item=part, first=seen[record.key])
            return None
        seen[record.key] = self.row.cell(self._place(d.PART))
        return record

    def _is_filled(self, place: int) -> bool:
        return _is_filled(self.table, self.row, place)

    def _place(self, kind: str) -> int:
        return next(place for place, column in self.columns if column.kind == kind)

    def _text(self, kind: str) -> str:
        return cells.text(self.row.value(self._place(kind)))

    def _fault(self, code: str, place: int, **params: str) -> None:
        self.faults.append(self.row.finding(code, place, **params))

    def _target(self) -> Target | None:
        text, place = self._text(d.TARGET), self._place(d.TARGET)
        target = self.register.target(text)
        if not text:
            self._fault("record.unattributed", place, what=_named(self.register, place))
        elif target is None:
            self._fault("item.unknown", place, found=cells.shown(text))
        return target

    def _item(self, target: Target | None) -> str | None:
        """The code of the fuel or material, "" where there is none to be named."""
        items: tuple[Item, ...] = self.register.items if target is None else target.items
        text, place = self._text(d.ITEM), self._place(d.ITEM)
        if not text and (not items or (target is not None and target.may_be_whole)):
            return ""
        item = item_named(items, text)
        if not text:
            self._fault("record.unattributed", place, what=_named(self.register, place))
        elif item is None:
            self._fault("item.unknown", place, found=cells.shown(text))
        elif not item.offered:
            self._fault("item.unmarked", place, item=_both(item.words))
        return None if item is None else item.code

    def _line(self, target: Target | None) -> str | None:
        """The code of the line, "" for what belongs to the whole unit; a unit's only line needn't be named."""
        if target is None or not target.each_line:
            return ""
        text, place = self._text(d.LINE), self._place(d.LINE)
        if text in self.lines:
            return text
        if not text and len(self.lines) == 1:
            return self.lines[0]
        if text:
            self._fault("line.unknown", place, line=cells.shown(text))
        else:
            self._fault("record.unattributed", place, what=_named(self.register, place))
        return None

    def _part(self) -> str:
        text, place = self._text(d.PART), self._place(d.PART)
        if not text:
            self._fault("record.unattributed", place, what=_named(self.register, place))
        elif len(text) > LONGEST_NUMBER:
            self._fault("text.too_long", place, length=str(len(text)), limit=str(LONGEST_NUMBER))
        return text[:LONGEST_NUMBER]

    def _data(self, target: Target | None) -> dict[str, Datum]:
        files = {column.name: self._note(place) for place, column in self.columns if column.kind == d.FILE}
        data: dict[str, Datum] = {}
        for place, column in self.columns:
            value = target.code if target and column.kind == d.TARGET else self._value(place, column)
            if value is not None:
                cell, digits = self.row.cell(place), cells.beyond(self.row.value(place), value)
                if digits is not None:
                    self._fault(precision.CODE, place, **precision.params(cell, digits, value))
                note = files.get(column.name, "")
                data[column.name] = Datum(value, "", "", note, "", self.row.sheet, cell, digits)
        return data

    def _value(self, place: int, column: Column) -> Value | None:
        """A datum's value; None where there is none, or only a fault."""
        if column.kind not in (d.NUMBER, d.DAY, d.TEXT, d.ANSWER) or not self._is_filled(place):
            return None
        if fault := self.table.fault(self.row.number, place):
            self._fault(fault, place)
            self.garbled.add(column.name)
            return None
        cell = self.row.value(place)
        if column.kind == d.TEXT:
            return self._note(place)
        parsed = _parsed(column, cell)
        if isinstance(parsed, tuple):
            self._fault(parsed[0], place, **parsed[1])
            self.garbled.add(column.name)
            return None
        return parsed

    def _note(self, place: int) -> str:
        if fault := self.table.fault(self.row.number, place):
            self._fault(fault, place)
            return ""
        text = cells.text(self.row.value(place))
        if len(text) > cells.LONGEST_TEXT:
            self._fault("text.too_long", place, length=str(len(text)), limit=str(cells.LONGEST_TEXT))
        return text[: cells.LONGEST_TEXT]


def _parsed(column: Column, cell: object) -> Value | cells.Fault:
    if column.kind == d.NUMBER:
        return cells.number(cell, column.places)
    if column.kind == d.DAY:
        return cells.date(cell)
    answer = d.ANSWERS_BY_NAME.get(normal(cells.text(cell)))
    return ("answer.unknown", {"found": cells.shown(cell)}) if answer is None else answer


def _named(register: Register, place: int) -> str:
    return _both(register.columns[place - 1].words)


def _both(words: Words) -> str:
    return both(words.zh, words.en)
