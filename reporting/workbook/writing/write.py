"""Writing: what stands in the cells of a blank, and of one that a clerk has filled in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from reporting.content import Content, Row, first_day, is_year, last_day
from reporting.workbook import definition as d
from reporting.workbook.definition import Form, Group, Register
from reporting.workbook.forms import form_for
from reporting.workbook.layout import UNIT_ROW, Layout, Shape, Slot, lay_out
from reporting.workbook.reasons import NAME, ROWS
from reporting.workbook.sector import of
from reporting.workbook.spec import BlankSpec
from reporting.workbook.writing import reasons, records
from reporting.workbook.writing.formulas import LISTS_FIRST_ROW, PERIOD_FIRST, PERIOD_LAST
from reporting.workbook.writing.pages import IDENTITY_FIRST_ROW, IDENTITY_VALUE, SUMMARY_FIRST_ROW
from reporting.workbook.writing.render import render
from reporting.workbook.writing.results import in_use, results
from reporting.workbook.writing.summary import rows as summary_rows
from reporting.workbook.writing.template import Place, Template, Value

Slots = dict[tuple[int, str], list[str]]
"""What stands in the slots, by number of the line and group: codes of items, in order."""


def blank(spec: BlankSpec) -> bytes:
    """The workbook that the platform hands out: identity, lines and opening stocks are in it, the rest is for the clerk."""
    return _written(spec, Content(spec.sector, spec.period, spec.unit_code))


def filled(spec: BlankSpec, content: Content) -> bytes:
    """The blank with the content's values; reading it gives the content back, with rows in the form's order.

    Of the opening stocks and meters only the content's own stand, and no estimates. ValueError for a row that the form has no place for.
    """
    return _written(replace(spec, opening_stocks={}, meters=(), estimates={}, plan="", hows={}), content)


def _standing(spec: BlankSpec) -> Iterator[Row]:
    """The meters that are known from the month before, but not those of lines that are gone."""
    lines = {"", *(line.code for line in spec.lines)}
    return (row for row in spec.meters if row.line in lines)


def _count(content: Content, register: Register) -> int:
    return sum(1 for _ in content.table(register.table))


def _written(spec: BlankSpec, content: Content) -> bytes:
    form = form_for(spec.sector, spec.period)
    numbers = {line.code: number for number, line in enumerate(spec.lines, start=1)} | {"": 0}
    placed = _placed(form, content, numbers)
    slots = _slots(form, spec, placed, len(spec.lines))
    crowded = {place: len(items) for place, items in slots.items() if len(items) > form.groups[place[1]][0].slots}
    kept = replace(content, rows=(*content.rows, *_standing(spec)))
    crowded |= {
        (0, register.table): _count(kept, register)
        for register in form.registers
        if _count(kept, register) > register.rows
    }
    if len(spec.warnings) > ROWS:
        crowded[0, NAME.zh] = len(spec.warnings)
    shape = Shape(len(spec.lines), crowded)
    layouts = lay_out(form, shape)
    values: dict[Place, Value] = dict(_identity(form, spec))
    rows: dict[tuple[int, str, int], Row] = {}
    for layout in layouts:
        values |= _lines(layout, spec)
        for slot in layout.slots:
            item, row = _item_and_row(slot, slots, placed)
            values |= _slot(layout.sheet.name, slot, item, row, spec)
            if row is not None:
                rows[slot.line, slot.group.key, slot.number] = row
    values |= _summary(form, spec)
    values |= records.values(form, kept, _heading(spec))
    values |= reasons.values(spec, _heading(spec))
    values |= in_use(form, content)
    if rows:
        values |= results(form, layouts, rows, replace(content, lines=tuple(line.code for line in spec.lines)))
    return _template(form, shape.cache_key).fill(values)


@lru_cache(maxsize=64)
def _template(form: Form, shape: tuple[object, ...]) -> Template:
    lines, *slots = shape
    return render(form, Shape(lines, dict(slots)))  # type: ignore[arg-type]


Placed = dict[tuple[int, str], dict[str, Row]]
"""The content's rows by number of the line, group and item."""


def _placed(form: Form, content: Content, numbers: Mapping[str, int]) -> Placed:
    placed: Placed = {}
    registered = {register.table for register in form.registers}
    for row in content.rows:
        if row.table in registered:
            continue
        group = _group_of(form, row)
        if group is None or row.line not in numbers:
            raise ValueError(f"the {form.sector} form has no place for {'/'.join(row.key)}")
        placed.setdefault((numbers[row.line], group.key), {})[row.item] = row
    return placed


def _group_of(form: Form, row: Row) -> Group | None:
    for group, _ in form.groups.values():
        codes = {item.code for item in group.items} or {""}
        if (group.table, group.process) == (row.table, row.process) and row.item in codes:
            return group
    return None


def _slots(form: Form, spec: BlankSpec, placed: Placed, lines: int) -> Slots:
    """Items for every slot: those with values first, in a blank the usual ones; then those in store; then, if there is room, the rest."""
    slots: Slots = {}
    for group, each_line in form.groups.values():
        codes = [item.code for item in group.offered]
        stored = [code for code in codes if code in spec.opening_stocks] if group.field("opening") else []
        for line in range(1, lines + 1) if each_line else (0,):
            used = list(placed.get((line, group.key), {}))
            presets = _presets(form, group, spec, line)
            wanted = list(dict.fromkeys([*used, *stored, *presets] if used else [*presets, *stored]))
            needed = max(group.slots, len(set(used) | set(stored)))
            slots[line, group.key] = wanted[:needed]
    return slots


def _presets(form: Form, group: Group, spec: BlankSpec, line: int) -> Sequence[str]:
    kind = spec.lines[line - 1].kind if line else ""
    return of(form.sector).of_kind.get((group.table, kind), group.presets)


def _identity(form: Form, spec: BlankSpec) -> Iterator[tuple[Place, Value]]:
    stated = {
        "form": d.VERSION,
        "sector": d.SECTOR_WORDS[form.sector].text,
        "period": spec.period,
        "unit": spec.unit_code,
        "unit_name": spec.unit_name,
    }
    for row, key in enumerate(d.IDENTITY, start=IDENTITY_FIRST_ROW):
        if stated[key]:
            yield (d.IDENTITY_SHEET, row, IDENTITY_VALUE), stated[key]
    for column, day in ((PERIOD_FIRST, first_day(spec.period)), (PERIOD_LAST, last_day(spec.period))):
        yield (d.LISTS_SHEET, LISTS_FIRST_ROW, column), day
    for sheet in (*(sheet.name for sheet in form.sheets), form.summary_sheet):
        yield (sheet, UNIT_ROW if sheet != form.summary_sheet else 1, 0), _heading(spec)


def _heading(spec: BlankSpec) -> str:
    """Whose sheet it is and of when."""
    when = f"{spec.period} 年度 Year" if is_year(spec.period) else f"{spec.period} 月度 Month"
    return " · ".join(part for part in (spec.unit_name, spec.unit_code, when, spec.plan) if part)


def _lines(layout: Layout, spec: BlankSpec) -> Iterator[tuple[Place, Value]]:
    for heading in layout.lines:
        line = spec.lines[heading.key.line - 1]
        yield (layout.sheet.name, heading.row, d.OBJECT), line.code
        if line.name:
            yield (layout.sheet.name, heading.row, d.SOURCE), line.name


def _item_and_row(slot: Slot, slots: Slots, placed: Placed) -> tuple[str, Row | None]:
    """The code of what stands in a slot, "" for nothing, and what the content says of it."""
    items = slots[slot.line, slot.group.key]
    item = items[slot.number - 1] if slot.group.items and slot.number <= len(items) else ""
    rows = placed.get((slot.line, slot.group.key), {})
    return item, rows.get(item) if item or not slot.group.items else None


def _slot(sheet: str, slot: Slot, item: str, row: Row | None, spec: BlankSpec) -> Iterator[tuple[Place, Value]]:
    if item:
        yield (sheet, slot.row, d.OBJECT), slot.group.words_of(item).text
    line = spec.lines[slot.line - 1].code if slot.line else ""
    for at, key, datum in slot.rows():
        if (estimate := spec.estimates.get((slot.group.key, line, item, key.field))) is not None:
            yield (sheet, at, d.ESTIMATE), estimate
        stated = row.data.get(key.field) if row else None
        planned = spec.hows.get((slot.group.key, line, item, key.field), datum.preset_how)
        how = stated.how if stated else planned
        if datum.hows and how:
            yield (sheet, at, d.HOW), d.HOW_WORDS[how].text
        if stated:
            yield (sheet, at, d.VALUE), stated.value if stated.digits is None else stated.digits
            notes = ((d.SOURCE, stated.source), (d.EVIDENCE, stated.evidence), (d.REMARKS, stated.remarks))
            yield from (((sheet, at, column), text) for column, text in notes if text)
        elif key.field == "opening" and item in spec.opening_stocks:
            yield (sheet, at, d.VALUE), spec.opening_stocks[item]


def _summary(form: Form, spec: BlankSpec) -> Iterator[tuple[Place, Value]]:
    for row, line in enumerate(summary_rows(form, len(spec.lines)), start=SUMMARY_FIRST_ROW):
        if line.line:
            yield (form.summary_sheet, row, 0), spec.lines[line.line - 1].code
