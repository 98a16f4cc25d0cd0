"""The monthly workbook, and the year workbook of 2024, written and read from one definition.

    blank(spec: BlankSpec) -> bytes                          the .xlsx handed out: lines, units, opening stocks in place
    filled(spec: BlankSpec, content: Content) -> bytes       the same with values, as a clerk would have filled it in
    read(data: bytes, filename: str, expected: Expected = Expected(), limits: Limits = Limits()) -> Reading
    identify(data: bytes, filename: str, limits: Limits = Limits()) -> Reading                   only what the file is for

    BlankSpec(sector, period, unit_code, unit_name, lines: tuple[LineSpec(code, name, kind), ...], opening_stocks: {item: Decimal})
    Expected(sector, period, unit)                           a wrong one is a finding, never an exception
    Reading(sector, period, unit, content: Content | None, findings: list[Finding])

`read` never raises on a file's content. `content` is None exactly when the file can't be read.
`Content`, its rows and its tables are described in reporting.content; `content.closing_stocks(content)` gives the next month's
opening stocks.

`definition` and `spec` say what it holds, `sector` what each has of its own (sectors), `forms` which form a
period has, `reasons` what the sheet of reasons for warnings holds, `layout` where things stand and `names`
what they are called; `writing` and `reading` go by them.
"""

from reporting.workbook.reading.read import identify, read
from reporting.workbook.spec import BlankSpec, Expected, Limits, LineSpec, Reading
from reporting.workbook.writing.write import blank, filled

__all__ = ["BlankSpec", "Expected", "Limits", "LineSpec", "Reading", "blank", "filled", "identify", "read"]
