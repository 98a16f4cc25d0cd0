"""What a later version says otherwise than the one that a draft was typed over."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.values.bilingual import name_of
from reporting.correction.carrying import laid_over
from reporting.correction.month import Month
from reporting.workbook import definition as d
from reporting.workbook.definition import Key
from reporting.workbook.reading import typed_records
from reporting.workbook.reading.typed import COLUMNS, Texts, named

__all__ = ["Difference", "differences"]

Meaning = tuple[int, str, str, str, str]
"""Line, group, item, field and column: what a cell is about, in whatever slot it stands. Of a register its table, the record and column."""

SEPARATOR = "\t"


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that was `before` and is `after` now; `typed` is what the person has typed there, if they have."""

    what: str
    before: str
    after: str
    typed: str | None


def differences(before: Month, after: Month, cells: Texts) -> list[Difference]:
    """What changed from one month to the other, in the form's order; `cells` are typed over the latter."""
    old, new = dict(_meanings(before)), dict(_meanings(after))
    found = []
    for meaning in dict.fromkeys((*new, *old)):
        (_, was), (name, now) = old.get(meaning, ("", "")), new.get(meaning, ("", ""))
        if was != now:
            found.append(Difference(_in_words(after, meaning), was, now, cells.get(name)))
    return found


def _meanings(month: Month) -> Iterator[tuple[Meaning, tuple[str, str]]]:
    texts = laid_over(month.texts, {})
    for name, text in texts.items():
        if at := typed_records.parsed(name):
            record = SEPARATOR.join(typed_records.identity(texts, at.table, at.number))
            yield (0, at.table, record, at.column, ""), (name, text)
            continue
        row, _, column = name.rpartition(":")
        key = Key.parse(row)
        if key is None or column == "item" or (column == "how" and not texts.get(f"{row}:value")):
            continue
        group = month.form.groups[key.group][0]
        head = named(Key(key.line, key.group, key.slot, group.fields[0].name), "item")
        item = texts.get(head, "") if group.items else ""
        yield (key.line, key.group, item, key.field, column), (name, text)


def _in_words(month: Month, meaning: Meaning) -> str:
    line, group_key, item, field_name, column = meaning
    register = next((each for each in month.form.registers if each.table == group_key), None)
    if register is not None:
        heading = name_of(typed_records.columns(register)[field_name][1].words)
        return " · ".join((name_of(d.Words(register.name, register.en)), item.rpartition(SEPARATOR)[2], heading))
    group = month.form.groups[group_key][0]
    field = group.field(field_name)
    thing = next((name_of(known.words) for known in group.items if known.code == item), item or name_of(group.words))
    parts = [month.codes[line - 1] if line else "", thing, name_of(field.words) if field else ""]
    parts += [] if column == "value" else [name_of(d.HEADER[COLUMNS[column]])]
    return " · ".join(part for part in parts if part)
