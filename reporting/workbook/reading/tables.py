"""A sheet as rows that know their keys: found by key, compared with the form's labels, so that nothing is read from a moved cell."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from python_calamine import CalamineWorkbook

from reporting.findings import Finding, both
from reporting.workbook import definition as d
from reporting.workbook.definition import Field, Form, Key, Sheet, normal
from reporting.workbook.layout import HEADER_ROW
from reporting.workbook.reading import cells
from reporting.workbook.reading.safety import Package, parsing
from reporting.workbook.reading.survey import Cell, Survey, column_letters, survey
from reporting.workbook.spec import Limits

HEADER_WITHIN = 40  # rows from the top in which the header is looked for
MANY = 200  # findings of one kind and sheet; what follows would say the same


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet; `number` counts from 0, `fault` is what the survey found in its value cell.

    `told` are columns beside the value's whose cells have their finding already.
    """

    sheet: str
    number: int
    values: Sequence[object]
    fault: str | None = None
    told: Collection[int] = ()

    def value(self, column: int) -> object:
        return self.values[column] if column < len(self.values) else ""

    @property
    def has_value(self) -> bool:
        return self.fault is not None or not cells.is_empty(self.value(d.VALUE))

    def cell(self, column: int) -> str:
        return f"{column_letters(column)}{self.number + 1}"

    def finding(self, code: str, column: int, **params: str) -> Finding:
        return Finding(code, self.sheet, self.cell(column), params)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet's values and what the survey found in it."""

    name: str
    values: Sequence[Sequence[object]]
    survey: Survey

    def rows(self) -> list[Line]:
        return [Line(self.name, number, row, self.fault(number)) for number, row in enumerate(self.values)]

    def fault(self, row: int, column: int = d.VALUE) -> str | None:
        """What the survey found in a cell."""
        if (row, column) in self.survey.errors:
            return "number.error_value"
        return "number.formula_empty" if (row, column) in self.survey.uncalculated else None


def load(workbook: CalamineWorkbook, name: str, package: Package, part: str, limits: Limits) -> Table:
    """A sheet's values, after a survey that bounds them; raises Refused."""
    found = survey(package, part, limits)
    with parsing(part):
        values = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return Table(name, values, found)


def read_rows(table: Table, form: Form, sheet: Sheet, findings: list[Finding]) -> dict[Key, Line]:
    """The sheet's rows by key. A row that was changed or moved is left out, with the finding that says so."""
    rows = table.rows()
    header = find_header(table, rows, [words.text for words in d.HEADER[: d.COMPUTED]], findings)
    if header is None:
        return {}
    faults: list[Finding] = []
    seen: dict[Key, int] = {}
    strays = Strays(table)
    kept = dict(_keyed(rows[header.number + 1 :], form, sheet, seen, strays, faults))
    findings += faults[:MANY]
    findings += beyond(table, len(d.HEADER))[:MANY]
    findings += _missing(table, form, sheet, seen)
    return kept


def find_header(table: Table, rows: list[Line], headings: Sequence[str], findings: list[Finding]) -> Line | None:
    """The row of headings, if all columns that are read still have theirs; else findings. Merged cells are told here too."""
    findings += [
        Finding("form.merged", table.name, cell.partition(":")[0], {"range": cell})
        for cell in table.survey.merged[:MANY]
    ]
    header = next((row for row in rows[:HEADER_WITHIN] if _same(row.value(0), headings[0])), None)
    if header is None:
        findings.append(
            Finding(
                "form.header", table.name, f"A{HEADER_ROW + 1}", {"found": cells.shown(""), "expected": headings[0]}
            )
        )
        return None
    wrong = [column for column, heading in enumerate(headings) if not _same(header.value(column), heading)]
    for column in wrong:
        found = cells.shown(header.value(column))
        findings.append(header.finding("form.header", column, found=found, expected=headings[column]))
    return None if wrong else header


def _keyed(
    rows: list[Line],
    form: Form,
    sheet: Sheet,
    seen: dict[Key, int],
    strays: "Strays",
    faults: list[Finding],
) -> Iterator[tuple[Key, Line]]:
    for row in rows:
        text = cells.text(row.value(d.KEY))
        if not text:
            if row.has_value:
                faults.append(row.finding("form.unknown_row", d.KEY, key=cells.shown("")))
            else:
                strays.in_no_row(row, faults)
            continue
        key = Key.parse(text)
        field = _field(form, sheet, key) if key else None
        if key is None or field is None:
            faults.append(row.finding("form.unknown_row", d.KEY, key=cells.shown(text)))
        elif key in seen:
            faults.append(row.finding("form.row_twice", d.KEY, key=str(key), first=str(seen[key] + 1)))
        else:
            seen[key] = row.number
            if key.group == "line":
                strays.in_heading(row, faults)
                yield key, row
            elif _labels_stand(row, field, faults):
                told = strays.beside(row, field, faults)
                yield key, replace(row, told=told) if told else row


_HEADING = Field("", d.Words("", ""), "", 0)


def _field(form: Form, sheet: Sheet, key: Key) -> Field | None:
    """The field that a key on this sheet is about; None if it isn't one of the sheet's."""
    if key.group == "line":
        return _HEADING if sheet.line_groups else None
    group, each_line = form.groups.get(key.group, (None, False))
    if (
        group is None
        or each_line != bool(key.line)
        or group not in (sheet.line_groups if each_line else sheet.unit_groups)
    ):
        return None
    return group.field(key.field)


def _labels_stand(row: Line, field: Field, faults: list[Finding]) -> bool:
    label, measure = row.value(d.LABEL), row.value(d.MEASURE)
    if not _same(label, field.words.text):
        faults.append(row.finding("form.moved", d.LABEL, found=cells.shown(label), expected=field.words.text))
        return False
    if not _same(measure, field.measure):
        faults.append(row.finding("form.measure", d.MEASURE, found=cells.shown(measure), expected=field.measure))
        return False
    return True


NOTES = (d.OBJECT, d.HOW, d.SOURCE, d.EVIDENCE, d.REMARKS)
CALCULATED = (d.COMPUTED, d.PENALTY)


class Strays:
    """What stands beside the cells that are read, and can only be a value that was moved there: without a finding it would be lost.

    Words that were prepared, noted or left behind do no harm. The plan's estimates are numbers, and stand where they belong.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.lost: dict[int, list[int]] = defaultdict(
            list
        )  # by row the noted cells that show something the file doesn't hold
        for row, column in sorted(table.survey.uncalculated | table.survey.errors):
            if column in NOTES:
                self.lost[row].append(column)

    def beside(self, row: Line, field: Field, faults: list[Finding]) -> Collection[int]:
        """The columns of a row of data in which such a thing stands, each with its finding."""
        lost = self.lost.get(row.number, ())
        faults += [row.finding(fault, column) for column in lost if (fault := self.table.fault(row.number, column))]
        if row.has_value:
            return lost
        noted = [column for column in NOTES if _is_value(row.value(column), column, field)]
        return [*lost, *self._told(row, [*noted, *self._overwritten(row)], faults)]

    def in_heading(self, row: Line, faults: list[Finding]) -> None:
        """A line's heading holds its code and name, either of which may be a number."""
        places = (d.VALUE, d.HOW, d.EVIDENCE, d.REMARKS)
        self._told(row, [at for at in places if cells.is_number(row.value(at))] + self._overwritten(row), faults)

    def in_no_row(self, row: Line, faults: list[Finding]) -> None:
        """Between and below the form's rows anything may be noted, and be calculated; a number that was typed there is somebody's value."""
        places = [at for at in range(1, len(d.HEADER)) if cells.is_number(row.value(at))]
        self._told(row, [at for at in places if (row.number, at) not in self.table.survey.formulas], faults)

    def _overwritten(self, row: Line) -> list[int]:
        """The computed cells that hold a number of their own. Zeros are what a copy without formulas has there."""
        return [
            column
            for column in CALCULATED
            if (value := row.value(column)) not in ("", 0)
            and cells.spells_number(value)
            and (row.number, column) not in self.table.survey.formulas
        ]

    def _told(self, row: Line, columns: Sequence[int], faults: list[Finding]) -> Sequence[int]:
        faults += [row.finding("form.misplaced", at, found=cells.shown(row.value(at))) for at in columns]
        return columns


def _is_value(value: object, column: int, field: Field) -> bool:
    """Whether what is noted in a row without a value is one; a file or a remark may be called like a number, if it is a text."""
    if value == "":
        return False
    if field.is_date and isinstance(value, dt.date):
        return True
    if column in (d.EVIDENCE, d.REMARKS):
        return cells.is_number(value)
    return cells.spells_number(value) or isinstance(value, dt.date | dt.time | dt.timedelta)


def beyond(table: Table, width: int) -> list[Finding]:
    """What stands to the right of a form so many columns wide."""
    survey = table.survey
    hidden = {at for at in survey.uncalculated | survey.errors if at[1] >= width}
    places: Mapping[Cell, object] = dict.fromkeys(hidden, both("公式", "a formula"))
    if any(len(row) > width for row in table.values[:1]):
        places = {
            **places,
            **{
                (number, column): value
                for number, row in enumerate(table.values)
                for column, value in enumerate(row[width:], start=width)
                if not cells.is_empty(value)
            },
        }
    return [
        Finding("form.beyond", table.name, f"{column_letters(column)}{row + 1}", {"found": cells.shown(value)})
        for (row, column), value in sorted(places.items(), key=lambda place: place[0])
    ]


def _missing(table: Table, form: Form, sheet: Sheet, seen: dict[Key, int]) -> Iterator[Finding]:
    """One finding for all rows that the form has and the sheet hasn't: headings, every slot begun, and each group's first."""
    lines = sorted({key.line for key in seen if key.line})
    for heading in (Key(line, "line", 1, "") for line in lines):
        if heading not in seen:  # without it nobody knows whose the line's values are
            above = max((row for key, row in seen.items() if key.line < heading.line), default=HEADER_ROW)
            yield Finding("form.row_missing", table.name, f"A{above + 2}", {"key": str(heading)})
            return
    wanted = [Key(0, group.key, 1, "") for group in sheet.unit_groups]
    wanted += [Key(line, group.key, 1, "") for line in lines for group in sheet.line_groups]
    begun = {Key(key.line, key.group, key.slot, "") for key in seen if key.group != "line"}
    for slot in (*wanted, *sorted(begun.difference(wanted), key=str)):
        for field in form.groups[slot.group][0].fields:
            key = Key(slot.line, slot.group, slot.slot, field.name)
            if key not in seen:
                yield Finding("form.row_missing", table.name, _belongs(key, form, sheet, seen), {"key": str(key)})
                return


def _belongs(missing: Key, form: Form, sheet: Sheet, seen: dict[Key, int]) -> str:
    """Where the code of a missing row should stand: below what there is of its line before it."""
    order = [group.key for group in (sheet.line_groups if missing.line else sheet.unit_groups)]

    def rank(key: Key) -> tuple[int, int, int]:
        if key.group == "line":
            return (-1, 0, 0)
        fields = [field.name for field in form.groups[key.group][0].fields]
        return (order.index(key.group), key.slot, fields.index(key.field))

    before = [key for key in seen if key.line == missing.line and rank(key) < rank(missing)]
    above = seen[max(before, key=rank)] if before else HEADER_ROW
    return f"A{above + 2}"


def _same(found: object, expected: str) -> bool:
    return normal(cells.text(found)) == normal(expected)
