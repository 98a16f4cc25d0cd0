"""What rows and data of a content are called: in the words of the workbook in which they were stated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from registry.bilingual import in_language
from registry.law import NotInForceError
from reporting.content import Key
from reporting.workbook.definition import Words
from reporting.workbook.forms import form_for

__all__ = ["datum_name", "row_name"]


@dataclass(frozen=True, slots=True)
class _Named:
    """A table (of a process): its own words, those of what may stand in it, and those of its data."""

    words: Words
    items: dict[str, Words] = field(default_factory=dict)
    data: dict[str, Words] = field(default_factory=dict)


def row_name(sector: str, period: str, key: Key) -> str:
    """A row: its line, its table or process, what stands in it."""
    table, line, process, item, part = key
    found = _tables(sector, period).get((table, process))
    own = _said(found.words) if found else process or table
    what = found.items.get(item) if found else None
    return " · ".join(filter(None, (line, own, _said(what) if what else item, part)))


def datum_name(sector: str, period: str, key: Key, name: str) -> str:
    """A datum of a row; the name itself where the workbook has none."""
    found = _tables(sector, period).get((key[0], key[2]))
    words = found.data.get(name) if found else None
    return _said(words) if words else name


def _said(words: Words) -> str:
    return in_language(words.zh, words.en)


@cache
def _tables(sector: str, period: str) -> Mapping[tuple[str, str], _Named]:
    found: dict[tuple[str, str], _Named] = {}
    for place, words, items, data in _parts(sector, period):
        named = found.setdefault(place, _Named(words))
        named.items.update(items)
        named.data.update(data)
    return found


Part = tuple[tuple[str, str], Words, dict[str, Words], dict[str, Words]]


def _parts(sector: str, period: str) -> Iterator[Part]:
    try:
        form = form_for(sector, period)
    except NotInForceError:
        return
    for group, _each_line in form.groups.values():
        items = {item.code: item.words for item in group.items}
        yield (group.table, group.process), group.words, items, {field.name: field.words for field in group.fields}
    for register in form.registers:
        items = {item.code: item.words for item in register.items}
        data = {column.name: column.words for column in reversed(register.columns) if column.name}
        yield (register.table, ""), Words(register.name, register.en), items, data
