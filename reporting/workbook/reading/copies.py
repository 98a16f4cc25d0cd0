"""Copies of the form's sheets: a clerk who fills in one of them would see numbers that nobody reads.

A copy that says the same as its sheet is told as well: something may be typed into it later. A sheet of the clerk's own is not looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from python_calamine import CalamineWorkbook

from reporting.findings import Finding
from reporting.workbook import definition as d
from reporting.workbook.definition import Form, Key, Register, normal
from reporting.workbook.reading import cells
from reporting.workbook.reading.safety import Package, Refused
from reporting.workbook.reading.tables import HEADER_WITHIN, Line, Table, load
from reporting.workbook.reasons import NAME
from reporting.workbook.spec import Limits

__all__ = ["copied"]

MOST = 12
"""Further sheets that are looked at; those first whose names begin like one of the form's, as copies' names do."""


def copied(
    workbook: CalamineWorkbook,
    parts: Mapping[str, str],
    package: Package,
    limits: Limits,
    form: Form,
    rows: Mapping[Key, Line],
    registers: Sequence[tuple[Register, Table]],
) -> Iterator[Finding]:
    """One finding for each copy, at the first of the values that its sheet hasn't got."""
    own = [d.IDENTITY_SHEET, d.HELP_SHEET, d.LISTS_SHEET, NAME.zh, form.summary_sheet]
    own += [*(sheet.name for sheet in form.sheets), *(register.name for register in form.registers)]
    others = sorted((name for name in parts if name not in own), key=lambda name: not name.startswith(tuple(own)))
    for name in others[:MOST]:
        with suppress(Refused):  # a sheet of the clerk's own may be as it likes
            yield from _compared(load(workbook, name, package, parts[name], limits), form, rows, registers)


def _compared(
    table: Table, form: Form, rows: Mapping[Key, Line], registers: Sequence[tuple[Register, Table]]
) -> Iterator[Finding]:
    lines = table.rows()
    if below := _below(lines, [words.text for words in d.HEADER[: d.VALUE]]):
        of, differ = _rows_apart(below, form, rows)
        yield _told(table, of, differ)
    for register, original in registers:
        headings = [d.NUMBERING.text, *(column.words.text for column in register.columns)]
        if below := _below(lines, headings):
            known = {_record(line, register) for line in original.rows()}
            places = [
                line.cell(1) for line in below if _record(line, register) not in known and any(_record(line, register))
            ]
            yield _told(table, register.name, places)


def _below(lines: Sequence[Line], headings: Sequence[str]) -> Sequence[Line]:
    """The rows below such headings; none of a sheet that hasn't got them."""
    wanted = [normal(heading) for heading in headings]

    def fits(line: Line) -> bool:
        return [normal(cells.text(line.value(at))) for at in range(len(wanted))] == wanted

    header = next((line for line in lines[:HEADER_WITHIN] if fits(line)), None)
    return lines[header.number + 1 :] if header else []


def _rows_apart(below: Sequence[Line], form: Form, rows: Mapping[Key, Line]) -> tuple[str, list[str]]:
    """The sheet of the form that the rows are of, and the cells of values that it hasn't got."""
    found = [(key, line) for line in below if (key := Key.parse(cells.text(line.value(d.KEY)))) is not None]
    keys = {key.group for key, _line in found}
    sheets = {
        sheet.name: len(keys.intersection(group.key for group in (*sheet.unit_groups, *sheet.line_groups)))
        for sheet in form.sheets
    }
    differ = [
        line.cell(d.VALUE)
        for key, line in found
        if not cells.is_empty(value := line.value(d.VALUE)) and (key not in rows or rows[key].value(d.VALUE) != value)
    ]
    return max(sheets, key=lambda name: sheets[name]), differ


def _record(line: Line, register: Register) -> tuple[object, ...]:
    values = [line.value(place) for place in range(1, len(register.columns) + 1)]
    return tuple("" if cells.is_empty(value) else value for value in values)


def _told(table: Table, of: str, places: Sequence[str]) -> Finding:
    if places:
        return Finding("form.copied", table.name, places[0], {"of": of, "count": str(len(places))})
    return Finding("form.copy", table.name, "A1", {"of": of})
