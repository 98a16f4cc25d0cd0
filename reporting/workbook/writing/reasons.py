"""The sheet of reasons for warnings laid out, and the warnings that stand in it."""

from collections.abc import Iterator

from xlsxwriter.worksheet import Worksheet

from reporting.workbook.layout import FIRST_ROW, HEADER_ROW, HINT_ROW, TITLE_ROW, UNIT_ROW
from reporting.workbook.reasons import CELL, CODE, COLUMNS, HINT, NAME, REASON, SAID, SHEET
from reporting.workbook.spec import BlankSpec
from reporting.workbook.writing.styles import Styles
from reporting.workbook.writing.template import Place, Value

WIDTHS = (18, 30, 9, 62, 62)


def write(sheet: Worksheet, count: int, styles: Styles) -> None:
    """The sheet with room for `count` warnings."""
    sheet.write_rich_string(TITLE_ROW, 0, f"{NAME.zh} ", styles.english, NAME.en, styles.title)
    sheet.set_row(TITLE_ROW, 28)
    sheet.write_blank(UNIT_ROW, 0, None, styles.plain)
    sheet.write_rich_string(HINT_ROW, 0, f"{HINT.zh} ", styles.english, HINT.en, styles.hint)
    for place, (words, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_rich_string(HEADER_ROW, place, f"{words.zh} ", styles.english_light, words.en, styles.header)
    sheet.set_row(HEADER_ROW, 34)
    for row in range(FIRST_ROW, FIRST_ROW + count):
        for place in range(len(COLUMNS)):
            sheet.write_blank(row, place, None, styles.note)
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.repeat_rows(HEADER_ROW)


def values(spec: BlankSpec, heading: str) -> Iterator[tuple[Place, Value]]:
    """The warnings that are listed, from the top, with the reasons that were given for them."""
    yield (NAME.zh, UNIT_ROW, 0), heading
    for row, each in enumerate(spec.warnings, start=FIRST_ROW):
        told = {CODE: each.code, SHEET: each.sheet, CELL: each.cell, SAID: each.words, REASON: each.reason}
        yield from (((NAME.zh, row, place), text) for place, text in told.items() if text)
