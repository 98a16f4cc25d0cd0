"""The cells of the workbook as named texts, for a page: what its fields show, and what was typed into them read by the workbook's reader.

A name is a row's key and a column: "fuel.solid/1/opening:value", "L1/clinker/2/amount:item". A text is what a person sees and types;
fuels, materials and the ways of obtaining are codes where they are known. What has no text is empty.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping

from reporting.content import Content
from reporting.findings import Finding
from reporting.workbook import definition as d
from reporting.workbook.definition import Field, Form, Group, Key
from reporting.workbook.layout import Shape, lay_out
from reporting.workbook.reading import cells
from reporting.workbook.reading.read import stated
from reporting.workbook.reading.tables import Line

__all__ = [
    *("COLUMNS", "Texts", "column_at", "column_of", "is_open", "lines", "named", "names_of"),
    *("pasted", "places", "read", "shape_of", "texts"),
]

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


def column_of(name: str) -> str:
    return name.rpartition(":")[2]


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
        here, group, field = _about(form, key, numbers)
        for name in names_of(group, here, field) if group and field else ():
            if field and group and (text := _text(group, field, column_of(name), row)):
                found[name] = text
    return found


def _text(group: Group, field: Field, column: str, row: Line) -> str:
    value = row.value(COLUMNS[column])
    if column == "value" and isinstance(value, float) and not field.is_date:
        return f"{cells.exact(value).normalize():f}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return _coded(group, column, cells.text(value))


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
        slots[line, name] = max(most, min(most + 1, len(group.offered)))
    return Shape(count, {place: most for place, most in slots.items() if most > form.groups[place[1]][0].slots})


def pasted(form: Form, count: int, text: str) -> tuple[dict[str, str], list[str]]:
    """Rows copied from the workbook, tabs between the cells, the row's code first; and the codes that this form hasn't got.

    Empty cells, headings and locked cells say nothing.
    """
    found: dict[str, str] = {}
    unknown: list[str] = []
    for row in (line.split("\t") for line in text.splitlines()):
        key = Key.parse(row[d.KEY].strip())
        group = form.groups.get(key.group, (None, False))[0] if key else None
        if key is None or group is None:
            unknown += [row[d.KEY].strip()] if row[d.KEY].strip() and not (key and key.group == "line") else []
            continue
        for column, cell in enumerate(row[: d.COMPUTED]):
            name = named(key, column_at(column))
            if cell.strip() and is_open(form, count, name):
                found[name] = _coded(group, column_at(column), cell.strip())
    return found, unknown


def _coded(group: Group, column: str, text: str) -> str:
    """The code of what a list's entry names; the text itself where the list hasn't got it, or there is none."""
    if column == "item":
        item = group.item(text)
        return item.code if item else text
    return d.HOWS_BY_NAME.get(d.normal(text), text) if column == "how" else text


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
    open_here = {column_of(name): name for name in names_of(group, key, field)}
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


def places(form: Form, rows: Mapping[Key, Line], numbers: Mapping[int, int]) -> dict[tuple[str, str], str]:
    """The names of the rows' cells by sheet and cell, of those that may be filled in: findings speak of sheets and cells."""
    found: dict[tuple[str, str], str] = {}
    for key, row in rows.items():
        here, group, field = _about(form, key, numbers)
        if group is not None and field is not None:
            for name in names_of(group, here, field):
                found[row.sheet, row.cell(COLUMNS[column_of(name)])] = name
    return found


def is_open(form: Form, count: int, name: str) -> bool:
    """Whether a form with so many lines has a cell of this name that may be filled in."""
    key = Key.parse(name.rpartition(":")[0])
    group, each_line = form.groups.get(key.group, (None, False)) if key else (None, False)
    field = group.field(key.field) if key and group else None
    if key is None or group is None or field is None:
        return False
    return each_line == bool(key.line) and key.line <= count and name in names_of(group, key, field)


def _about(form: Form, key: Key, numbers: Mapping[int, int]) -> tuple[Key, Group | None, Field | None]:
    """A file's key with the page's number of the line, its group and its field; no group for what the page hasn't got."""
    group = form.groups[key.group][0] if key.group in form.groups and key.line in numbers else None
    here = Key(numbers.get(key.line, 0), key.group, key.slot, key.field)
    return here, group, group.field(key.field) if group else None
