"""What rows and data of a content are called: in the words of the workbook in which they were stated."""

from collections.abc import Iterator, Mapping
from functools import cache

from registry.law import NotInForceError
from registry.values.bilingual import in_language
from reporting.content import Datum, Key
from reporting.content.places import text_of
from reporting.workbook.definition import ANSWERS, HOW_WORDS, Register, Target, Words
from reporting.workbook.forms import form_for

__all__ = ["datum_name", "how_name", "row_name", "value_name"]


Place = tuple[str, str, str]
"""Table, process and item; "" for the table's own words."""


def row_name(sector: str, period: str, key: Key) -> str:
    """A row: its line, its table or process, what stands in it."""
    table, line, process, item, part = key
    names = _names(sector, period)
    own, what = names.get((table, process, item), names.get((table, process, ""), (None, None)))
    what = what or _items(sector, period).get(item)  # a meter's fuel or material, which other tables name
    return " · ".join(
        filter(None, (line, _said(own) if own else process or table, _said(what) if what else item, part))
    )


def datum_name(sector: str, period: str, key: Key, name: str) -> str:
    """A datum of a row; the name itself where the workbook has none."""
    words = _data(sector, period).get((key[0], key[2], name))
    return _said(words) if words else name


def value_name(sector: str, period: str, key: Key, name: str, datum: Datum | None) -> str:
    """What a datum says, in the form's words where it is a code: what a meter measures, yes and no."""
    value = datum.value if datum else ""
    if isinstance(value, str) and value in ANSWERS:
        return _said(ANSWERS[value])
    if name == "measures" and isinstance(value, str) and (target := _target(sector, period, key[0], value)):
        return _said(target.words)
    return text_of(datum)


def how_name(how: str) -> str:
    """How a value was obtained."""
    return _said(HOW_WORDS[how]) if how in HOW_WORDS else how


def _target(sector: str, period: str, table: str, code: str) -> Target | None:
    registers = (each for each in _registers(sector, period) if each.table == table)
    return next((found for each in registers if (found := each.target_of(code))), None)


def _said(words: Words) -> str:
    return in_language(words.zh, words.en)


@cache
def _names(sector: str, period: str) -> Mapping[Place, tuple[Words, Words | None]]:
    """The words of each group and of what stands in it: fuels that are weighed and gases are groups of one table."""
    found: dict[Place, tuple[Words, Words | None]] = {}
    for table, process, words, items, _data_words in _parts(sector, period):
        found.setdefault((table, process, ""), (words, None))
        found |= {(table, process, item): (words, name) for item, name in items.items()}
    return found


@cache
def _items(sector: str, period: str) -> Mapping[str, Words]:
    """Fuels and materials by their codes, whichever group they stand in."""
    return {item: words for *_place, items, _data_words in _parts(sector, period) for item, words in items.items()}


@cache
def _data(sector: str, period: str) -> Mapping[Place, Words]:
    """The words of each datum, by table, process and name."""
    return {
        (table, process, name): words
        for table, process, _words, _items, data in _parts(sector, period)
        for name, words in data.items()
    }


Part = tuple[str, str, Words, dict[str, Words], dict[str, Words]]


def _registers(sector: str, period: str) -> tuple[Register, ...]:
    try:
        return form_for(sector, period).registers
    except NotInForceError:
        return ()


def _parts(sector: str, period: str) -> Iterator[Part]:
    try:
        form = form_for(sector, period)
    except NotInForceError:
        return
    for group, _each_line in form.groups.values():
        items = {item.code: item.words for item in group.items}
        yield group.table, group.process, group.words, items, {field.name: field.words for field in group.fields}
    for register in form.registers:
        items = {item.code: item.words for item in register.items}
        data = {column.name: column.words for column in reversed(register.columns) if column.name}
        yield register.table, "", Words(register.name, register.en), items, data
