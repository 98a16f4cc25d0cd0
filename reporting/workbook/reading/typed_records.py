"""The registers' cells as named texts, for a page (like reporting.workbook.reading.typed): "batch/3:mass" is the mass of the third record.

Records are numbered as they stand one below the other; a record whose texts are all empty is none. Fuels, lines of a list, answers and
what a meter measures are codes where they are known.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from reporting.content import Row
from reporting.findings import Finding
from reporting.workbook import definition as d
from reporting.workbook.definition import Column, Form, Item, Register, item_named, normal
from reporting.workbook.layout import FIRST_ROW
from reporting.workbook.reading import cells
from reporting.workbook.reading.registers import read_lines
from reporting.workbook.reading.survey import Survey
from reporting.workbook.reading.tables import Line, Table

__all__ = [
    "Name",
    "columns",
    "identity",
    "is_open",
    "items_of",
    "last",
    "lines",
    "named",
    "parsed",
    "places",
    "read",
    "texts",
]

Texts = Mapping[str, str]
Records = Mapping[str, Sequence[Line]]
"""The rows of a file that are records, by the register's table."""

MOST = 999
"""Records of one register that a page can hold; names have three digits for them."""

_NAME = re.compile("([a-z]+)/([1-9][0-9]{0,2}):([a-z_]+)")


class Name(NamedTuple):
    """A cell's name taken apart."""

    table: str
    number: int
    column: str


def named(table: str, number: int, column: str) -> str:
    return f"{table}/{number}:{column}"


def parsed(name: str) -> Name | None:
    """None for a name that is no register's."""
    match = _NAME.fullmatch(name)
    return Name(match[1], int(match[2]), match[3]) if match else None


def columns(register: Register) -> dict[str, tuple[int, Column]]:
    """The register's columns by their names here, each with its place in the sheet."""
    found = {}
    for place, column in enumerate(register.columns, start=1):
        found[column.kind if column.kind in (d.ITEM, d.LINE, d.PART, d.FILE) else column.name] = (place, column)
    return found


def is_open(form: Form, name: str) -> bool:
    """Whether the form has a register with such a cell."""
    found = parsed(name)
    register = _register(form, found.table) if found else None
    return bool(found and register and found.number <= MOST and found.column in columns(register))


def _register(form: Form, table: str) -> Register | None:
    return next((each for each in form.registers if each.table == table), None)


def last(table: str, *all_texts: Texts) -> int:
    """The number of the last record in which something stands in any of the texts, 0 for none."""
    names = (parsed(name) for some in all_texts for name, text in some.items() if text)
    return max((name.number for name in names if name and name.table == table), default=0)


def identity(texts: Texts, table: str, number: int) -> tuple[str, ...]:
    """What makes a record one and the same: what it is of and its own number; () for none."""
    found = tuple(texts.get(named(table, number, column), "") for column in ("measures", d.LINE, d.ITEM, d.PART))
    return found if any(found) else ()


def items_of(register: Register) -> tuple[Item, ...]:
    """Every fuel and material that a record may be of, each once."""
    every = (*register.items, *(item for target in register.targets for item in target.items))
    return tuple({item.code: item for item in reversed(every)}.values())[::-1]


# ---------------------------------------------------------------- from a file


def texts(form: Form, records: Records) -> dict[str, str]:
    """What stands in a file's records."""
    found = {}
    for register in form.registers:
        for number, row in enumerate(records.get(register.table, ()), start=1):
            for name, (place, column) in columns(register).items():
                if text := _text(register, column, row, place):
                    found[named(register.table, number, name)] = text
    return found


def places(form: Form, records: Records) -> dict[tuple[str, str], str]:
    """The names of the records' cells by sheet and cell: findings speak of those."""
    return {
        (row.sheet, row.cell(place)): named(register.table, number, name)
        for register in form.registers
        for number, row in enumerate(records.get(register.table, ()), start=1)
        for name, (place, _) in columns(register).items()
    }


def _text(register: Register, column: Column, row: Line, place: int) -> str:
    value = row.value(place)
    if column.kind == d.NUMBER and isinstance(value, float):
        return f"{cells.exact(value).normalize():f}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    text = cells.text(value)
    if column.kind == d.TARGET:
        target = register.target(text)
        return target.code if target else text
    if column.kind == d.ITEM:
        item = next((each for items in _choices(register) if (each := item_named(items, text))), None)
        return item.code if item else text
    return d.ANSWERS_BY_NAME.get(normal(text), text) if column.kind == d.ANSWER else text


def _choices(register: Register) -> Iterator[tuple[Item, ...]]:
    yield register.items
    yield from (target.items for target in register.targets)


# ---------------------------------------------------------------- from what was typed


def lines(form: Form, typed: Texts) -> dict[str, list[Line]]:
    """What was typed, as rows like a file's, in the places where the writer would put them; empty records keep their places."""
    return {
        register.table: [
            Line(register.name, FIRST_ROW + number - 1, tuple(_values(register, number, typed)))
            for number in range(1, last(register.table, typed) + 1)
        ]
        for register in form.registers
    }


def _values(register: Register, number: int, typed: Texts) -> Iterator[object]:
    yield ""
    target = register.target_of(typed.get(named(register.table, number, "measures"), ""))
    items = target.items if target else items_of(register)
    for name, (_, column) in columns(register).items():
        text = typed.get(named(register.table, number, name), "").strip()
        if column.kind == d.NUMBER:
            yield cells.typed(text)
        elif column.kind == d.DAY:
            yield unicodedata.normalize("NFKC", text)
        elif column.kind == d.ITEM:
            yield next((item.words.text for item in items if item.code == text), text)
        elif column.kind == d.TARGET:
            yield target.words.text if target else text
        else:
            yield d.ANSWERS[text].text if column.kind == d.ANSWER and text in d.ANSWERS else text


def read(form: Form, codes: tuple[str, ...], records: Records, findings: list[Finding]) -> list[Row]:
    """What the records state, by the workbook's own reader; every fault of theirs goes into `findings`."""
    found = []
    for register in form.registers:
        rows = list(records.get(register.table, ()))
        found += read_lines(Table(register.name, (), Survey()), register, rows, codes, findings)
    return found
