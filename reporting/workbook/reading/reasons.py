"""Reading the sheet of reasons: every row below its headings with something in its last column is a reason for a warning."""

from collections.abc import Iterator

from reporting.findings import Explained, Finding
from reporting.workbook.reading import cells
from reporting.workbook.reading.tables import MANY, Line, Table, beyond, find_header
from reporting.workbook.reasons import CELL, CODE, COLUMNS, LONGEST, REASON, SAID, SHEET

__all__ = ["read_reasons"]


def read_reasons(table: Table, findings: list[Finding]) -> tuple[Explained, ...]:
    """The reasons that stand in the sheet, with a finding for each that can't be read or is too long."""
    rows = table.rows()
    header = find_header(table, rows, [words.text for words in COLUMNS], findings)
    findings += beyond(table, len(COLUMNS))[:MANY]
    faults: list[Finding] = []
    found = tuple(_reasons(table, rows[header.number + 1 :] if header else [], faults))
    findings += faults[:MANY]
    return found


def _reasons(table: Table, rows: list[Line], faults: list[Finding]) -> Iterator[Explained]:
    for row in rows:
        if fault := table.fault(row.number, REASON):
            faults.append(row.finding(fault, REASON))
            continue
        reason = cells.text(row.value(REASON)).strip()
        if len(reason) > LONGEST:
            faults.append(row.finding("text.too_long", REASON, length=str(len(reason)), limit=str(LONGEST)))
        elif reason:
            code, sheet, cell, said = (cells.text(row.value(place)).strip() for place in (CODE, SHEET, CELL, SAID))
            yield Explained(code, sheet, cell, said, reason, row.cell(REASON))
