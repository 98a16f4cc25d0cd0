"""Reading: a file becomes content and every fault that it has, and never an exception."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from python_calamine import CalamineWorkbook

from registry.law import NotInForceError
from reporting.content import MEASURED, Content, Datum, Place, Row, Unstated, parse_period
from reporting.content import Key as RowKey
from reporting.findings import Explained, Finding, both
from reporting.workbook import definition as d
from reporting.workbook.definition import Field, Form, Group, Item, Key, Register, Words, normal
from reporting.workbook.forms import form_for
from reporting.workbook.reading import cells, precision
from reporting.workbook.reading.copies import copied
from reporting.workbook.reading.reasons import read_reasons
from reporting.workbook.reading.registers import read_records, rows_below
from reporting.workbook.reading.safety import Package, Refused, parsing, unpack
from reporting.workbook.reading.survey import column_letters, demand_honest_counts, sheet_parts
from reporting.workbook.reading.tables import Line, Table, load, read_rows
from reporting.workbook.reasons import NAME
from reporting.workbook.spec import Expected, Limits, Reading
from reporting.workbook.writing.pages import IDENTITY_FIRST_ROW, IDENTITY_KEY, IDENTITY_VALUE

MOST_FINDINGS = 1000  # a file with more is broken as a whole

Found = list[Finding]


def read(data: bytes, filename: str, expected: Expected = Expected(), limits: Limits = Limits()) -> Reading:  # noqa: B008 frozen
    """Read an uploaded file; what it should be is `expected`, what it may cost `limits`."""
    try:
        package = unpack(data, filename, limits)
        return _read(package, expected, limits)
    except Refused as refused:
        return Reading("", "", "", None, [refused.finding])


def identify(data: bytes, filename: str, limits: Limits = Limits()) -> Reading:  # noqa: B008 frozen
    """Only what the identity sheet says: which sector, period and unit the file is for. Its `content` is None."""
    findings: Found = []
    try:
        package = unpack(data, filename, limits)
        workbook = _parsed_by_calamine(package)
        identity, _places = _identity(workbook, sheet_parts(package), package, limits, findings)
    except Refused as refused:
        return Reading("", "", "", None, [refused.finding])
    return Reading(identity["sector"], identity["period"], identity["unit"], None, findings)


@dataclass(frozen=True, slots=True)
class Standing:
    """A file as it stands, whatever its cells hold: its rows by key, and by table the rows of its registers in which something stands."""

    rows: Mapping[Key, Line]
    records: Mapping[str, Sequence[Line]]


def standing_of(data: bytes, limits: Limits = Limits()) -> Standing:  # noqa: B008 frozen
    """The rows and records of a file; none of a file that can't be read."""
    try:
        opened = _opened(unpack(data, "", limits), Expected(), limits, [])
    except Refused:
        return Standing({}, {})
    return Standing(opened.rows, {each.table: rows_below(table, each, []) for each, table in opened.registers})


def stated(form: Form, period: str, unit: str, rows: Mapping[Key, Line], findings: Found) -> Content:
    """What rows state, whether they come from a file or from a page; every fault of theirs goes into `findings`."""
    lines = dict(_line_codes(rows, findings))
    unstated: dict[Place, Unstated] = {}
    found = tuple(_rows(form, rows, lines, findings, unstated))
    named = {code: rows[Key(number, "line", 1, "")] for number, code in lines.items()}
    headings = {code: (row.sheet, row.cell(d.OBJECT)) for code, row in named.items()}
    return Content(form.sector, period, unit, tuple(lines.values()), found, unstated, headings)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file's identity, and its rows and registers if it is known which form it has."""

    sector: str
    period: str
    unit: str
    form: Form | None
    rows: Mapping[Key, Line]
    registers: tuple[tuple[Register, Table], ...] = ()
    version_at: str = ""  # the cell of an earlier form's version
    reasons: tuple[Explained, ...] = ()


def _unmarked(opened: _Opened, content: Content) -> Iterator[Finding]:
    """An earlier form has no marks for own and purchased fuels; where there are such, that is said."""
    fuels = opened.form.guideline.fuels if opened.form else {}
    stated = (fuels.get(row.item) for row in content.table("fuel", "process_in", "power"))
    if opened.version_at and any(fuel is not None and fuel.is_unmarked for fuel in stated):
        yield Finding("form.unmarked", d.IDENTITY_SHEET, opened.version_at)


def _parsed_by_calamine(package: Package) -> CalamineWorkbook:
    demand_honest_counts(package)
    with parsing("XLSX"):
        return CalamineWorkbook.from_filelike(package.rebuilt())


def _read(package: Package, expected: Expected, limits: Limits) -> Reading:
    findings: Found = list(package.warnings)
    opened = _opened(package, expected, limits, findings)
    sector, period, unit = opened.sector, opened.period, opened.unit
    content = None if opened.form is None else stated(opened.form, period, unit, opened.rows, findings)
    if content is not None:
        records = [
            row for each, table in opened.registers for row in read_records(table, each, content.lines, findings)
        ]
        content = replace(content, rows=(*content.rows, *records))
        findings += _unmarked(opened, content)
    told = precision.together(findings)
    return Reading(sector, period, unit, content, told if content is None else told[:MOST_FINDINGS], opened.reasons)


def _opened(package: Package, expected: Expected, limits: Limits, findings: Found) -> _Opened:
    workbook = _parsed_by_calamine(package)
    parts = sheet_parts(package)
    identity, places = _identity(workbook, parts, package, limits, findings)
    findings += _compared(identity, places, expected)
    sector, period, unit = (identity[name] for name in ("sector", "period", "unit"))
    form = _form(sector, period, identity["form"], places["period"], findings)
    rows: dict[Key, Line] = {}
    if form is None:
        return _Opened(sector, period, unit, None, rows)
    for sheet in form.sheets:
        if sheet.name not in parts:
            findings.append(Finding("form.sheet_missing", sheet.name))
            continue
        table = load(workbook, sheet.name, package, parts[sheet.name], limits)
        rows |= read_rows(table, form, sheet, findings)
    registers = []
    for register in form.registers:
        if register.name in parts:
            registers.append((register, load(workbook, register.name, package, parts[register.name], limits)))
        elif identity["form"] != d.WITHOUT_REGISTERS:
            findings.append(Finding("form.sheet_missing", register.name))
    findings += copied(workbook, parts, package, limits, form, rows, registers)
    version_at = places["form"] if identity["form"] in d.UNMARKED else ""
    reasons: tuple[Explained, ...] = ()
    if NAME.zh in parts and identity["form"] not in d.WITHOUT_REASONS:  # where it is missing, no datum is lost
        reasons = read_reasons(load(workbook, NAME.zh, package, parts[NAME.zh], limits), findings)
    return _Opened(sector, period, unit, form, rows, tuple(registers), version_at, reasons)


def _identity(
    workbook: CalamineWorkbook, parts: dict[str, str], package: Package, limits: Limits, findings: Found
) -> tuple[dict[str, str], dict[str, str]]:
    """What the identity sheet says, "" for what it doesn't say in a usable way (and a finding); and in which cells."""
    if d.IDENTITY_SHEET not in parts:
        raise Refused("file.not_form")
    table = load(workbook, d.IDENTITY_SHEET, package, parts[d.IDENTITY_SHEET], limits)
    stated = {
        cells.text(row.value(IDENTITY_KEY)): (row.value(IDENTITY_VALUE), row.number) for row in reversed(table.rows())
    }
    found: dict[str, str] = {}
    places: dict[str, str] = {}
    for expected_at, key in enumerate(d.IDENTITY, start=IDENTITY_FIRST_ROW):
        value, row = stated.get(key, ("", expected_at))
        found[key], places[key] = _usable(key, value), f"{column_letters(IDENTITY_VALUE)}{row + 1}"
        if not found[key] and key != "unit_name":
            what = {"what": _named(d.IDENTITY[key]), "found": cells.shown(value)}
            findings.append(Finding("form.identity", d.IDENTITY_SHEET, places[key], what))
    if found["form"] not in ("", d.VERSION, *d.WITHOUT_REASONS):
        versions = {"found": cells.shown(found["form"]), "expected": d.VERSION}
        findings.append(Finding("form.version", d.IDENTITY_SHEET, places["form"], versions))
    return found, places


def _usable(key: str, value: object) -> str:
    """An identity cell's value in the form that we use, or ""."""
    if key == "period" and isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    if key in ("unit", "form") and not isinstance(value, str):
        return ""  # a spreadsheet that made a number of it has changed it
    text = cells.text(value)
    if key == "sector":
        return d.SECTORS_BY_NAME.get(normal(text), "")
    if key == "period":
        try:
            return parse_period(text)
        except ValueError:
            return ""
    return text[:120]


def _compared(identity: dict[str, str], places: dict[str, str], expected: Expected) -> Iterator[Finding]:
    wanted = {"sector": expected.sector, "period": expected.period, "unit": expected.unit}
    for name, value in wanted.items():
        if value and identity[name] and identity[name] != value:
            params = {"found": identity[name], "expected": value}
            yield Finding(f"form.other_{name}", d.IDENTITY_SHEET, places[name], params)


def _named(words: Words) -> str:
    return both(words.zh, words.en)


def _form(sector: str, period: str, version: str, place: str, findings: Found) -> Form | None:
    if not sector or not period:
        return None
    try:
        return form_for(sector, period, version)
    except NotInForceError:
        what = {"what": _named(d.IDENTITY["period"]), "found": period}
        findings.append(Finding("form.identity", d.IDENTITY_SHEET, place, what))
        return None


def _line_codes(rows: Mapping[Key, Line], findings: Found) -> Iterator[tuple[int, str]]:
    """The lines' codes by number, from their headings."""
    seen: dict[str, str] = {}
    headings = sorted(((key.line, row) for key, row in rows.items() if key.group == "line"), key=lambda pair: pair[0])
    for number, row in headings:
        code = cells.text(row.value(d.OBJECT))[:20]
        if not code:
            findings.append(row.finding("item.missing", d.OBJECT))
        elif code in seen:
            findings.append(row.finding("item.twice", d.OBJECT, item=code, first=seen[code]))
        else:
            seen[code] = row.cell(d.OBJECT)
            yield number, code


def _rows(
    form: Form, rows: Mapping[Key, Line], lines: dict[int, str], findings: Found, unstated: dict[Place, Unstated]
) -> Iterator[Row]:
    """The content's rows, group by group, slot by slot; the cells that state nothing go into `unstated`."""
    by_slot: dict[tuple[int, str, int], dict[str, Line]] = {}
    for key, row in rows.items():
        by_slot.setdefault((key.line, key.group, key.slot), {})[key.field] = row
    seen: dict[RowKey, str] = {}
    for number in (0, *lines):
        for group, each_line in form.groups.values():
            slots = sorted(slot for line, name, slot in by_slot if (line, name) == (number, group.key))
            for slot in slots if each_line == bool(number) else ():
                fields = by_slot[number, group.key, slot]
                stated = _slot(group, lines.get(number, ""), fields, seen, findings)
                if stated is not None:
                    yield stated
                _note_unstated(group, lines.get(number, ""), fields, stated, unstated)


def _note_unstated(
    group: Group, line: str, rows: dict[str, Line], stated: Row | None, unstated: dict[Place, Unstated]
) -> None:
    """Remember where a slot's missing data belong; of several slots for the same thing the first."""
    head = rows.get(group.fields[0].name)
    item = group.item(cells.text(head.value(d.OBJECT))) if head is not None and group.items else None
    for field in group.fields:
        row = rows.get(field.name)
        if row is not None and (stated is None or field.name not in stated.data):
            place = (group.table, line, group.process, item.code if item else "", field.name)
            unstated.setdefault(place, Unstated(row.sheet, row.cell(d.VALUE), row.has_value or bool(row.told)))


def _slot(group: Group, line: str, rows: dict[str, Line], seen: dict[RowKey, str], findings: Found) -> Row | None:
    """The row that a slot states; None for an empty one, and for one that can't be attributed."""
    head = rows.get(group.fields[0].name)
    if head is None or not any(row.has_value for row in rows.values()):
        return None
    item = _item(group, head, findings)
    if item is None:
        return None
    data = {
        field.name: datum for field in group.fields if (datum := _datum(field, item, rows.get(field.name), findings))
    }
    if not data:
        return None
    row = Row(group.table, line, group.process, item.code, data)
    if row.key in seen:
        findings.append(
            head.finding(
                "item.twice", d.OBJECT, item=_named(item.words) if item.words.zh else line, first=seen[row.key]
            )
        )
        return None
    seen[row.key] = head.cell(d.OBJECT)
    return row


_NO_ITEM = Item("", d.Words("", ""))


def _item(group: Group, head: Line, findings: Found) -> Item | None:
    if not group.items:
        return _NO_ITEM
    text = cells.text(head.value(d.OBJECT))
    item = group.item(text)
    if d.OBJECT in head.told:
        return None
    if not text:
        findings.append(head.finding("item.missing", d.OBJECT))
    elif item is None:
        findings.append(head.finding("item.unknown", d.OBJECT, found=cells.shown(text)))
    elif not item.offered:
        findings.append(head.finding("item.unmarked", d.OBJECT, item=_named(item.words)))
    return item


def _datum(field: Field, item: Item, row: Line | None, findings: Found) -> Datum | None:
    """A field's datum; None if it is empty or faulty."""
    if row is None:
        return None
    how = _how(field, row, findings)
    if row.fault is not None:
        findings.append(row.finding(row.fault, d.VALUE))
        return None
    value = row.value(d.VALUE)
    if cells.is_empty(value):
        if how == MEASURED and field.preset_how != MEASURED:
            findings.append(row.finding("how.without_value", d.VALUE))
        return None
    parsed = _parsed(field, item, value)
    if isinstance(parsed, tuple):
        findings.append(row.finding(parsed[0], d.VALUE, **parsed[1]))
        return None
    source, evidence, remarks = (_note(row, column, findings) for column in (d.SOURCE, d.EVIDENCE, d.REMARKS))
    digits = cells.beyond(value, parsed)
    if digits is not None:
        findings.append(row.finding(precision.CODE, d.VALUE, **precision.params(row.cell(d.VALUE), digits, parsed)))
    return Datum(parsed, how, source, evidence, remarks, row.sheet, row.cell(d.VALUE), digits)


def _parsed(field: Field, item: Item, value: object) -> Decimal | dt.date | cells.Fault:
    if field.is_date:
        return cells.date(value)
    return cells.number(value, field.places, may_be_negative=field.may_be_negative and item.own_made)


def _how(field: Field, row: Line, findings: Found) -> str:
    """How the value was obtained; "" where it isn't asked or can't be told."""
    text = cells.text(row.value(d.HOW))
    if d.HOW in row.told or not field.hows or not (text or row.has_value):
        return ""
    how = d.HOWS_BY_NAME.get(normal(text), "")
    if not text:
        findings.append(row.finding("how.missing", d.HOW))
    elif not how:
        findings.append(row.finding("how.unknown", d.HOW, found=cells.shown(text)))
    elif how not in field.hows:
        findings.append(row.finding("how.not_allowed", d.HOW, found=cells.shown(text)))
    return how


def _note(row: Line, column: int, findings: Found) -> str:
    text = cells.text(row.value(column))
    if len(text) > cells.LONGEST_TEXT:
        params = {"length": str(len(text)), "limit": str(cells.LONGEST_TEXT)}
        findings.append(row.finding("text.too_long", column, **params))
    return text[: cells.LONGEST_TEXT]
