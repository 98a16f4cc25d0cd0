"""A workbook laid out by XlsxWriter: labels, frames, lists, formulas, protection; values come later (template)."""

import datetime as dt
from collections.abc import Mapping
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reporting.workbook import definition as d
from reporting.workbook.definition import Form, Group, Words
from reporting.workbook.layout import FIRST_ROW, HEADER_ROW, HINT_ROW, TITLE_ROW, UNIT_ROW, Layout, Shape, Slot, lay_out
from reporting.workbook.reasons import NAME
from reporting.workbook.writing import pages, reasons, records
from reporting.workbook.writing.formulas import Lists, beside
from reporting.workbook.writing.penalties import highest
from reporting.workbook.writing.styles import Styles
from reporting.workbook.writing.template import Template

WIDTHS = (7, 40, 42, 11, 17, 18, 20, 24, 22, 18, 16, 24)
LAST_COLUMN = len(WIDTHS) - 1

HINT = Words(
    "浅黄色单元格由企业填写，其余单元格请勿改动。", "Fill in the pale yellow cells; leave the others as they are."
)


def render(form: Form, shape: Shape) -> Template:
    """The form for so many lines and slots."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    title = f"{d.SECTOR_WORDS[form.sector].text} {d.VERSION}"
    # A fixed day, so that equal workbooks have equal bytes.
    workbook.set_properties({"title": title, "created": dt.datetime(2025, 1, 1, tzinfo=dt.UTC)})
    styles = Styles(workbook)
    layouts = lay_out(form, shape)
    lists = Lists.of(form)
    pages.write_help(_page(workbook, d.HELP_SHEET, landscape=False), form, styles)
    pages.write_identity(_page(workbook, d.IDENTITY_SHEET, landscape=False), styles)
    for number, layout in enumerate(layouts):
        _write_sheet(_page(workbook, layout.sheet.name), layout, form, styles, lists)
        if number == 0:
            pages.write_summary(_page(workbook, form.summary_sheet), form, shape.lines, layouts, styles)
    for register in form.registers:
        records.write(_page(workbook, register.name), register, form, shape.records_of(register), styles)
    reasons.write(_page(workbook, NAME.zh), shape.reasons, styles)
    pages.write_lists(_page(workbook, d.LISTS_SHEET), lists, form, layouts, styles)
    workbook.get_worksheet_by_name(d.HELP_SHEET).activate()
    names = tuple(sheet.name for sheet in workbook.worksheets())
    workbook.close()
    return Template(buffer.getvalue(), names)


def _page(workbook: Workbook, name: str, *, landscape: bool = True) -> Worksheet:
    """A sheet ready to be printed on A4, protected without a password: labels can't be changed by a slip of the hand."""
    sheet = workbook.add_worksheet(name)
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&L&8&A&R&8&P / &N")
    sheet.hide_gridlines(2)
    allowed = ("format_cells", "format_columns", "format_rows", "sort", "autofilter")
    sheet.protect("", dict.fromkeys(allowed, True))
    return sheet


def _write_sheet(sheet: Worksheet, layout: Layout, form: Form, styles: Styles, lists: Lists) -> None:
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    _write_head(sheet, layout, styles)
    for band in layout.bands:
        _fill(sheet, band.row, styles.band)
        both(sheet, band.row, d.OBJECT, band.words, styles.english, styles.band)
        sheet.set_row(band.row, 20)
    for line in layout.lines:
        _fill(sheet, line.row, styles.line)
        sheet.write_string(line.row, d.KEY, str(line.key), styles.key)
        both(sheet, line.row, d.LABEL, form.line_words, styles.english_light, styles.line)
        sheet.set_row(line.row, 24)
    for slot in layout.slots:
        _write_slot(sheet, slot, styles, lists, highest(form, layout, slot))
    # A stronger line above every slot, where its object stands.
    rule = {"type": "formula", "criteria": f"=LEN($B{FIRST_ROW + 1})>0", "format": styles.slot_start}
    sheet.conditional_format(FIRST_ROW, 0, layout.last_row, LAST_COLUMN, rule)
    _validate(sheet, layout, lists)


def _write_head(sheet: Worksheet, layout: Layout, styles: Styles) -> None:
    both(sheet, TITLE_ROW, d.KEY, Words(layout.sheet.name, layout.sheet.en), styles.english, styles.title)
    sheet.set_row(TITLE_ROW, 28)
    sheet.write_blank(UNIT_ROW, d.KEY, None, styles.plain)
    both(sheet, HINT_ROW, d.KEY, HINT, styles.english, styles.hint)
    for column, words in enumerate(d.HEADER):
        both(sheet, HEADER_ROW, column, words, styles.english_light, styles.header)
    sheet.set_row(HEADER_ROW, 48)
    sheet.freeze_panes(HEADER_ROW + 1, d.MEASURE)
    sheet.repeat_rows(HEADER_ROW)
    sheet.print_area(0, 0, layout.last_row, LAST_COLUMN)


def both(sheet: Worksheet, row: int, column: int, words: Words, small: Format, cell: Format) -> None:
    """A label: Chinese first, English small behind it, with a space between."""
    sheet.write_rich_string(row, column, f"{words.zh} ", small, words.en, cell)


def _fill(sheet: Worksheet, row: int, style: Format) -> None:
    for column in range(LAST_COLUMN + 1):
        sheet.write_blank(row, column, None, style)


def _write_slot(sheet: Worksheet, slot: Slot, styles: Styles, lists: Lists, penalties: Mapping[int, str]) -> None:
    formulas = beside(slot, lists)
    for row, key, datum in slot.rows():
        sheet.write_string(row, d.KEY, str(key), styles.key)
        head = row == slot.row and slot.group.items
        sheet.write_blank(row, d.OBJECT, None, styles.choice if head else styles.object)
        both(sheet, row, d.LABEL, datum.words, styles.english, styles.label)
        sheet.write_string(row, d.MEASURE, datum.measure, styles.measure)
        sheet.write_blank(row, d.VALUE, None, styles.date if datum.is_date else styles.number(datum.places))
        sheet.write_blank(row, d.HOW, None, styles.how if datum.hows else styles.off)
        for column in (d.SOURCE, d.EVIDENCE, d.REMARKS):
            sheet.write_blank(row, column, None, styles.note)
        if row in formulas:
            sheet.write_formula(row, d.COMPUTED, formulas[row], styles.computed)
        else:
            sheet.write_blank(row, d.COMPUTED, None, styles.off)
        if row in penalties:
            sheet.write_formula(row, d.PENALTY, penalties[row], styles.computed_share)
        else:
            sheet.write_blank(row, d.PENALTY, None, styles.off)
        sheet.write_blank(row, d.ESTIMATE, None, styles.estimate if datum.hows else styles.off)


def _validate(sheet: Worksheet, layout: Layout, lists: Lists) -> None:
    """Lists to choose from and what may be typed; each rule once, over all the cells that it holds for."""
    rules: dict[str, tuple[Mapping[str, object], list[tuple[int, int]]]] = {}

    def add(name: str, rule: Mapping[str, object], row: int, column: int) -> None:
        rules.setdefault(name, (rule, []))[1].append((row, column))

    for slot in layout.slots:
        if slot.group.items:
            add(f"item {slot.group.key}", _item_rule(slot.group, lists), slot.row, d.OBJECT)
        for row, _, datum in slot.rows():
            add(*_value_rule(datum), row, d.VALUE)
            if datum.hows:
                names = [d.HOW_WORDS[how].text for how in datum.hows]
                add(f"how {names}", {"validate": "list", "source": names}, row, d.HOW)
    for rule, places in rules.values():
        row, column = places[0]
        cells = " ".join(f"{chr(65 + column)}{row + 1}" for row, column in places)
        sheet.data_validation(row, column, row, column, {**rule, "multi_range": cells})


def _item_rule(group: Group, lists: Lists) -> Mapping[str, object]:
    return {
        "validate": "list",
        "source": lists.source(group),
        "error_title": "请从列表中选择 / Choose from the list",
        "error_message": "此处只能选择列表中的燃料、原料或产品。Only what the list offers can stand here.",
    }


def _value_rule(datum: d.Field) -> tuple[str, Mapping[str, object]]:
    if datum.is_date:
        first, last = dt.date(2024, 1, 1), dt.date(2099, 12, 31)
        return "date", {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
    lowest = -999_999_999_999 if datum.may_be_negative else 0
    rule = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": lowest,
        "maximum": 999_999_999_999,
        "error_title": "请填写数字 / Type a number",
        "error_message": "只填写数字，不带单位和千位分隔符。Digits only, without unit or separators.",
    }
    return f"number {lowest}", rule
