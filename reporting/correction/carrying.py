"""Texts typed over one version laid over another, in which the same fuel may stand in another slot."""

from collections.abc import Iterator, Mapping, Sequence

from reporting.correction.carrying_records import carried_records
from reporting.workbook.definition import Form, Group, Key
from reporting.workbook.reading import typed_records
from reporting.workbook.reading.typed import Texts, named

__all__ = ["carried", "changed", "laid_over", "renumbered"]


def laid_over(base: Texts, cells: Texts) -> dict[str, str]:
    """The texts that result where `cells` stand over `base`; an empty one clears."""
    return {name: text for name, text in {**base, **cells}.items() if text}


def changed(before: Texts, after: Texts) -> dict[str, str]:
    """The texts of `after` that are not as before; "" for one that is gone."""
    names = [*after, *(name for name in before if name not in after)]
    return {name: after.get(name, "") for name in names if after.get(name, "") != before.get(name, "")}


def renumbered(cells: Texts, lines: Sequence[str], codes: Sequence[str]) -> dict[str, str]:
    """`cells` named with the lines' numbers in `codes` instead of those in `lines`; what was typed for a line that is gone is left out."""
    known = {code: number for number, code in enumerate(codes, start=1)}
    numbers = {0: 0, **{number: known[code] for number, code in enumerate(lines, start=1) if code in known}}
    found = {name: text for name, text in cells.items() if typed_records.parsed(name)}
    for name, text in cells.items():
        key = Key.parse(name.rpartition(":")[0])
        if key is not None and key.line in numbers:
            here = Key(numbers[key.line], key.group, key.slot, key.field)
            found[named(here, name.rpartition(":")[2])] = text
    return found


def carried(form: Form, cells: Texts, before: Texts, after: Texts) -> dict[str, str]:
    """`cells`, typed over `before`, as they are named over `after`: under the slot in which the same fuel or material stands there.

    What `after` hasn't got goes into a free slot, with its item.
    """
    whole = laid_over(before, cells)
    found = carried_records(cells, before, after)
    moved: dict[tuple[int, str, int], int] = {}
    for name, text in cells.items():
        key = Key.parse(name.rpartition(":")[0])
        if key is None or key.group not in form.groups:
            continue
        group, old = form.groups[key.group][0], (key.line, key.group, key.slot)
        if old not in moved:
            moved[old] = _slot(group, key, whole, after, moved)
        found[named(Key(key.line, key.group, moved[old], key.field), name.rpartition(":")[2])] = text
        item = named(Key(key.line, key.group, moved[old], group.fields[0].name), "item")
        if group.items and not after.get(item):
            found.setdefault(item, _item(group, key, whole))
    return found


def _slot(group: Group, key: Key, whole: Texts, after: Texts, moved: Mapping[tuple[int, str, int], int]) -> int:
    """The number of the slot in which `after` holds the item of the key's slot, else of a free one."""
    if not group.items:
        return key.slot
    wanted = _item(group, key, whole)
    taken = dict(_items(group, key.line, after))
    if wanted and wanted in taken.values():
        return next(slot for slot, item in taken.items() if item == wanted)
    given = {slot for (line, name, _), slot in moved.items() if (line, name) == (key.line, group.key)}
    numbers: list[int] = [key.slot, *range(1, len(taken) + len(given) + 2)]
    return next(slot for slot in numbers if slot not in taken and slot not in given)


def _items(group: Group, line: int, texts: Texts) -> Iterator[tuple[int, str]]:
    """The items in a group's slots, by the slot's number."""
    start = str(Key(line, group.key, 1, "")).removesuffix("1/")
    end = f"/{group.fields[0].name}:item"
    for name, text in texts.items():
        if name.startswith(start) and name.endswith(end) and text:
            yield int(name.removeprefix(start).removesuffix(end)), text


def _item(group: Group, key: Key, texts: Texts) -> str:
    """What stands in the key's slot."""
    return texts.get(named(Key(key.line, group.key, key.slot, group.fields[0].name), "item"), "")
