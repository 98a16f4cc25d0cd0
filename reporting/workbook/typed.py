"""The cells of the workbook as named texts, for a page: what its fields show, and what was typed into them read by the workbook's reader.

A name is a row's key and a column: "fuel.solid/1/opening:value", "L1/clinker/2/amount:item". A text is what a person sees and types;
fuels, materials and the ways of obtaining are codes where they are known. What has no text is empty.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal

from reporting.content import Content
from reporting.findings import Finding
from reporting.workbook import cells
from reporting.workbook import definition as d
from reporting.workbook.definition import Field, Form, Group, Key
from reporting.workbook.layout import Shape, lay_out
from reporting.workbook.read import stated
from reporting.workbook.results import source_of
from reporting.workbook.tables import Line

__all__ = ["COLUMNS", "Texts", "column_at", "computed", "lines", "named", "names_of", "read", "shape_of", "texts"]

Texts = Mapping[str, str]

COLUMNS = {
    "item": d.OBJECT,
    "value": d.VALUE,
    "how": d.HOW,
    "source": d.SOURCE,
    "evidence": d.EVIDENCE,
    "remarks": d.REMARKS,
}
NOTES = ("source", "evidence", "remarks")


def named(key: Key, column: str) -> str:
    return f"{key}:{column}"


def column_at(column: int) -> str:
    """The name of a sheet's column; "" for one that nobody fills in."""
    return next((name for name, number in COLUMNS.items() if number == column), "")


def names_of(group: Group, key: Key, field: Field) -> Iterator[str]:
    """The names of the cells that may be filled in within a row; all others are locked, as they are in the workbook."""
    if group.items and field is group.fields[0]:
        yield named(key, "item")
    yield named(key, "value")
    if field.hows:
        yield named(key, "how")
    yield from (named(key, note) for note in NOTES)


def texts(form: Form, rows: Mapping[Key, Line], numbers: Mapping[int, int]) -> dict[str, str]:
    """What stands in a file's rows; `numbers` are the page's numbers of the lines by the file's (0 for the unit's own rows)."""
    found: dict[str, str] = {}
    for key, row in rows.items():
        group = form.groups[key.group][0] if key.group in form.groups else None
        field = group.field(key.field) if group else None
        if group is None or field is None or key.line not in numbers:
            continue
        here = Key(numbers[key.line], key.group, key.slot, key.field)
        for name in names_of(group, here, field):
            if text := _text(group, field, name.rpartition(":")[2], row):
                found[name] = text
    return found


def _text(group: Group, field: Field, column: str, row: Line) -> str:
    value = row.value(COLUMNS[column])
    if column == "item":
        item = group.item(cells.text(value))
        return item.code if item else cells.text(value)
    if column == "how":
        return d.HOWS_BY_NAME.get(d.normal(cells.text(value)), cells.text(value))
    if column == "value" and isinstance(value, float) and not field.is_date:
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return cells.text(value)


def shape_of(form: Form, count: int, *all_texts: Texts) -> Shape:
    """Room for what the texts hold on so many lines, and in each group for one thing more, if there is one that it may take."""
    used: dict[tuple[int, str], int] = {}
    for name in (name for some in all_texts for name in some if not name.endswith(":how")):
        key = Key.parse(name.rpartition(":")[0])
        if key is not None and key.group in form.groups and key.line <= count:
            used[key.line, key.group] = max(used.get((key.line, key.group), 0), key.slot)
    slots = {}
    for (line, name), most in used.items():
        group = form.groups[name][0]
        slots[line, name] = max(most, min(most + 1, len(group.items)))
    return Shape(count, {place: most for place, most in slots.items() if most > form.groups[place[1]][0].slots})


def lines(form: Form, codes: tuple[str, ...], shape: Shape, typed: Texts) -> dict[Key, Line]:
    """What was typed, as rows like a file's, in the places where the writer would put them; names that the form hasn't got are left out."""
    found: dict[Key, Line] = {}
    for layout in lay_out(form, shape):
        sheet = layout.sheet.name
        for heading in layout.lines:
            found[heading.key] = Line(sheet, heading.row, ("", codes[heading.key.line - 1]))
        for slot in layout.slots:
            for row, key, field in slot.rows():
                found[key] = Line(sheet, row, tuple(_values(slot.group, field, key, typed)))
    return found


def _values(group: Group, field: Field, key: Key, typed: Texts) -> Iterator[object]:
    open_here = {name.rpartition(":")[2]: name for name in names_of(group, key, field)}
    for column in range(d.COMPUTED):
        name = column_at(column)
        text = typed.get(open_here.get(name, ""), "").strip()
        if name == "item":
            yield next((item.words.text for item in group.items if item.code == text), text)
        elif name == "how":
            yield d.HOW_WORDS[text].text if text in d.HOW_WORDS else text
        elif name == "value":
            yield unicodedata.normalize("NFKC", text) if field.is_date else cells.typed(text)
        else:
            yield text


def read(form: Form, period: str, unit: str, rows: Mapping[Key, Line]) -> tuple[Content, list[Finding]]:
    """What rows state, with every fault of theirs. A note without a value would be dropped by the reader: here that is a fault, too."""
    findings: list[Finding] = []
    content = stated(form, period, unit, rows, findings)
    notes = [COLUMNS[note] for note in NOTES]
    findings += [
        row.finding("text.without_value", column)
        for row in rows.values()
        for column in notes
        if row.value(column) and not row.has_value
    ]
    return content, findings


def computed(
    rows: Mapping[Key, Line], content: Content, emissions: Mapping[tuple[str, str], Decimal]
) -> dict[Key, Decimal]:
    """The emissions that stand beside the data of the rows; `emissions` by line and source, as the accounts' terms have them."""
    keys = {(row.sheet, row.cell(d.VALUE)): key for key, row in rows.items()}
    found = {}
    for row in content.rows:
        for name, datum in row.data.items():
            key, term = keys.get((datum.sheet, datum.cell)), emissions.get((row.line, source_of(row, name)))
            if key is not None and term is not None:
                found[key] = term
    return found
