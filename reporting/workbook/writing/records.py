"""Registers laid out: a heading, one record a row, lists to choose from; and the values that stand in them."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from registry.values.exact import half_up
from reporting.accounting import calibration, calorific_tests
from reporting.content import Content, Datum, Row
from reporting.guidelines import SOLID, Fuel, Guideline
from reporting.workbook import definition as d
from reporting.workbook.definition import Column, Form, Register, Words
from reporting.workbook.layout import FIRST_ROW, HEADER_ROW, HINT_ROW, TITLE_ROW, UNIT_ROW
from reporting.workbook.writing import formulas as f
from reporting.workbook.writing.formulas import ref
from reporting.workbook.writing.penalties import PRECISE, place_of, places_of, share
from reporting.workbook.writing.styles import Styles
from reporting.workbook.writing.template import Place, Value

NUMBERING_WIDTH, COMPUTED_WIDTH = 8, 14
LAST_ROW = 499  # as far as formulas look
# With a formula at their end, so that rows may be added below those that are prepared; as many as a printed page has, or a register of
# which nobody has filled in so much would be printed on two.
COMPUTED_ROWS = 45
COMPUTED = {
    "batch": Words("采用的热值（自动计算）", "Value used (computed)"),
    "meter": Words("修正比例 %（自动计算）", "Penalty (computed)"),
}


def write(sheet: Worksheet, register: Register, form: Form, count: int, styles: Styles) -> None:
    """The register with room for `count` records."""
    _write_head(sheet, register, styles)
    computed = len(register.columns) + 1
    for row in range(FIRST_ROW, FIRST_ROW + count):
        sheet.write_number(row, 0, row - FIRST_ROW + 1, styles.key)
        for place, column in enumerate(register.columns, start=1):
            sheet.write_blank(row, place, None, _style(column, styles))
    for row in range(FIRST_ROW, FIRST_ROW + max(count, COMPUTED_ROWS)):
        if register.table == "batch":
            sheet.write_formula(row, computed, _used(register, form.guideline, row), styles.computed_ncv)
        else:
            sheet.write_formula(row, computed, share(register, form.guideline, row), styles.computed_share)
    for place, column in enumerate(register.columns, start=1):
        if rule := _rule(register, column, form):
            sheet.data_validation(FIRST_ROW, place, LAST_ROW, place, rule)


def _write_head(sheet: Worksheet, register: Register, styles: Styles) -> None:
    heads = (d.NUMBERING, *(column.words for column in register.columns), COMPUTED[register.table])
    widths = (NUMBERING_WIDTH, *(column.width for column in register.columns), COMPUTED_WIDTH)
    for place, (words, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_rich_string(HEADER_ROW, place, f"{words.zh} ", styles.english_light, words.en, styles.header)
    sheet.set_row(HEADER_ROW, 48)
    sheet.write_rich_string(TITLE_ROW, 0, f"{register.name} ", styles.english, register.en, styles.title)
    sheet.set_row(TITLE_ROW, 28)
    sheet.write_blank(UNIT_ROW, 0, None, styles.plain)
    sheet.write_rich_string(HINT_ROW, 0, f"{register.hint.zh} ", styles.english, register.hint.en, styles.hint)
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.repeat_rows(HEADER_ROW)


def _style(column: Column, styles: Styles) -> Format:
    if column.kind == d.NUMBER:
        return styles.number(column.places)
    return {d.DAY: styles.date, d.ITEM: styles.choice, d.TARGET: styles.choice}.get(column.kind, styles.note)


def target_names(form: Form) -> list[str]:
    """What the meters may measure, for the lists sheet."""
    return [target.words.text for register in form.registers for target in register.targets]


def item_names(form: Form) -> list[str]:
    """Every fuel and material that may be metered, once."""
    items = (item for register in form.registers for target in register.targets for item in target.items)
    return list(dict.fromkeys(item.words.text for item in items if item.offered))


def _rule(register: Register, column: Column, form: Form) -> Mapping[str, object] | None:
    """What may be chosen or typed; a test is of a fuel, a meter's item may be anything that is metered."""
    if column.kind == d.DAY:
        first, last = dt.date(2020, 1, 1), dt.date(2099, 12, 31)
        return {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
    if column.kind == d.ANSWER:
        return {"validate": "list", "source": [words.text for words in d.ANSWERS.values()]}
    if column.kind == d.NUMBER:
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 999_999_999_999}
    if column.kind == d.TARGET:
        return _listed(f.TARGET_NAME, len(register.targets))
    if column.kind == d.ITEM:
        tested = sum(item.offered for item in register.items)
        return _listed(f.FUEL_NAME, tested) or _listed(f.ITEM_NAME, len(item_names(form)))
    return None


def _listed(column: int, count: int) -> Mapping[str, object] | None:
    """A choice from a column of the lists sheet; None where nothing stands in it."""
    first, last = (ref(f.LISTS_FIRST_ROW + row, column, fixed=True) for row in (0, count - 1))
    return {"validate": "list", "source": f"='{d.LISTS_SHEET}'!{first}:{last}"} if count else None


def _used(register: Register, guideline: Guideline, row: int) -> str:
    """The value that a batch weighs with: its own if the test counts, else the default."""
    item = ref(row, place_of(register, d.ITEM))
    counts, value = _test(register, guideline, lambda place: ref(row, place))
    last = f.LISTS_FIRST_ROW + len(guideline.fuels) - 1
    names, defaults = (
        f"'{d.LISTS_SHEET}'!{ref(f.LISTS_FIRST_ROW, column, fixed=True)}:{ref(last, column, fixed=True)}"
        for column in (f.FUEL_NAME, f.FUEL_NCV)
    )
    return f'=IF({item}="",0,IF({counts},{value},IFERROR(INDEX({defaults},MATCH({item},{names},0)),0)))'


def _test(register: Register, guideline: Guideline, at: Callable[[int], str]) -> tuple[str, str]:
    """Whether a test counts (calorific.fault), as 1 or 0, and its value; `at` gives a column's cell, or all of its cells."""
    ncv, report, sampled, reported, accredited, sound = (
        at(place_of(register, name)) for name in ("ncv", "report", "sampled", "reported", "accredited", "sound")
    )
    days, value = guideline.number("test.days"), f"ROUND({ncv},{places_of(register, 'ncv')})"
    yes, no = (words.text for words in d.ANSWERS.values())
    ends = f"'{d.LISTS_SHEET}'!{ref(f.LISTS_FIRST_ROW, f.PERIOD_LAST, fixed=True)}"
    conditions = (
        f"{value}>0",
        f'{report}<>""',
        f"{sampled}>0",
        f"{reported}>={sampled}",
        f"{reported}-{sampled}<={days}",
        f"{sampled}<={ends}",
        f'LEFT({accredited},1)="{yes[0]}"',
        f'LEFT({sound},1)<>"{no[0]}"',
    )
    return "*".join(f"({condition})" for condition in conditions), value


def mean(form: Form, fuel: Fuel, row: int) -> str:
    """What the tests of the fuel in a row of the lists sheet come to, as part of a formula; its default without tests."""
    default, name = ref(row, f.FUEL_NCV), ref(row, f.FUEL_NAME)
    register = next((register for register in form.registers if register.table == "batch"), None)
    if register is None:
        return default

    def down(place: int) -> str:
        return f"'{register.name}'!{ref(FIRST_ROW, place, fixed=True)}:{ref(LAST_ROW, place, fixed=True)}"

    counts, value = _test(register, form.guideline, down)
    # From the tests themselves, so that rows count which were added below those that have a formula.
    used = f"({counts}*{value}+(1-{counts})*{default})"
    weight = f"({down(place_of(register, d.ITEM))}={name})"
    if fuel.state == SOLID:
        weight += f"*ROUND({down(place_of(register, 'mass'))},{places_of(register, 'mass')})"
    return f"IFERROR(ROUND(SUMPRODUCT({weight}*{used})/SUMPRODUCT({weight}*1),3),{default})"


def values(form: Form, content: Content, heading: str) -> Iterator[tuple[Place, Value]]:
    """What stands in the registers: the content's records from the top, with what they come to."""
    for register in form.registers:
        yield (register.name, UNIT_ROW, 0), heading
        for at, row in enumerate(content.table(register.table), start=FIRST_ROW):
            for place, column in enumerate(register.columns, start=1):
                if (value := _stated(register, column, row)) not in (None, ""):
                    yield (register.name, at, place), value
            yield (register.name, at, len(register.columns) + 1), computed(form, content, row)


def _stated(register: Register, column: Column, row: Row) -> Value | None:
    if column.kind == d.PART:
        return row.part
    if column.kind == d.LINE:
        return row.line
    if column.kind == d.ITEM:
        target = register.target_of(row.words("measures"))
        items = target.items if target else register.items
        return next((item.words.text for item in items if item.code == row.item), "")
    datum = row.data.get(column.name)
    return None if datum is None else _cell(register, column, datum)


def _cell(register: Register, column: Column, datum: Datum) -> Value:
    if column.kind == d.FILE:
        return datum.evidence
    if column.kind == d.ANSWER:
        return d.ANSWERS[str(datum.value)].text
    if column.kind == d.TARGET and (target := register.target_of(str(datum.value))) is not None:
        return target.words.text
    return datum.value if datum.digits is None else datum.digits


def computed(form: Form, content: Content, row: Row) -> Decimal:
    """A test's value as it counts; a meter's penalty in per cent."""
    if row.table == "meter":
        return half_up(calibration.rate(row, content.period, form.guideline).share * 100, PRECISE)
    fuel = form.guideline.fuels[row.item]
    return calorific_tests.used(row, fuel, content.period, form.guideline)
