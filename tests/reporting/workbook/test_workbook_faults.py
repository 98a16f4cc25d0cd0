"""One fault each: the reader names it, where it is, and goes on reading."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.utils.translation import override

from reporting.findings import Finding
from reporting.workbook import Expected, blank, filled, read
from tests.reporting.files import (
    EVIDENCE,
    HOW,
    KEY,
    LABEL,
    MEASURE,
    OBJECT,
    REMARKS,
    SOURCE,
    VALUE,
    edited,
    part_changed,
    put,
    row_of,
    sheet_part,
    sheet_with,
)
from tests.reporting.months import MONTHS, UNIT, cement, spec

CLINKER = "L1/clinker/1/amount"
COAL = "L1/line_fuel.solid/1/amount"
NCV = "L1/line_fuel.solid/1/ncv"
SHEET = "生产线生产数据及排放量表"
FILLED = filled(spec(cement()), cement())


def findings(workbook: bytes, expected: Expected | None = None) -> list[Finding]:
    reading = read(workbook, "month.xlsx", expected or Expected())
    assert reading.content is not None
    return reading.findings


def row_in(workbook: bytes, key: str) -> int:
    return row_of(sheet_with(openpyxl.load_workbook(BytesIO(workbook)), key), key)


def codes(found: list[Finding]) -> list[str]:
    return [finding.code for finding in found]


NUMBERS = [
    ("1234.5", "number.as_text"),
    ("约100", "number.text"),
    ("100 t", "number.text"),
    ("100,000.00", "number.separators"),
    ("100 000", "number.separators"),
    ("１０００００", "number.full_width"),
    ("１００，０００", "number.full_width"),
    ("NaN", "number.not_finite"),
    ("-inf", "number.not_finite"),
    (1e308, "number.too_large"),
    (1e12, "number.too_large"),
    (-5, "number.negative"),
    (-0.001, "number.negative"),
    (True, "number.boolean"),
    (dt.date(2025, 7, 31), "number.date"),
    (dt.datetime(2025, 7, 31, 8, 30), "number.date"),  # noqa: DTZ001 a spreadsheet's dates have no zone
    (dt.time(8, 30), "number.date"),
    (dt.timedelta(days=45_000), "number.date"),
]


@pytest.mark.parametrize(("value", "code"), NUMBERS, ids=[repr(value) for value, _ in NUMBERS])
def test_a_number_cell_with_something_else_in_it(value, code):
    reading = read(edited(FILLED, put(CLINKER, value)), "month.xlsx")
    [finding] = reading.findings
    assert (finding.code, finding.severity, finding.blocks, finding.sheet) == (code, "error", True, SHEET)
    assert finding.cell.startswith("E")
    # Nothing is guessed: the value is left out, and the rest is read.
    assert reading.content.find("clinker", "1#", "", "portland") is None
    assert reading.content.find("clinker", "2#", "", "white") is not None


RAW = [
    ("<v>-0</v>", "number.negative_zero"),
    ("<v>1e400</v>", "number.not_finite"),
    ("<f>A1*2</f>", "number.formula_empty"),
    ("<f>A1*2</f><v></v>", "number.formula_empty"),  # what openpyxl writes
    ("<f>A1*2</f><v/>", "number.formula_empty"),
    ("<f>A1*2</f><v> \n </v>", "number.formula_empty"),
    ("<f>A1*2</f><is/>", "number.formula_empty"),
    ("<f>A1*2</f><is> <t/> </is>", "number.formula_empty"),
    ("<f/><v/>", "number.formula_empty"),
    ("<v/>", None),
]


@pytest.mark.parametrize(("inside", "code"), RAW)
def test_what_only_the_file_itself_shows(inside, code):
    part = sheet_part(FILLED, SHEET)
    book = part_changed(FILLED, part, lambda xml: xml.replace(b"<v>100000</v>", inside.encode()))
    assert codes(findings(book)) == ([code] if code else [])


@pytest.mark.parametrize("key", [CLINKER, COAL, NCV, "L1/stop/1/days", "fuel.solid/1/opening"])
def test_a_formula_that_another_program_wrote_and_nobody_calculated(key):
    """openpyxl keeps no result: the value is there to be seen in a spreadsheet, and not in the file."""
    reading = read(edited(FILLED, put(key, "=8")), "month.xlsx")
    [finding] = reading.findings
    assert (finding.code, finding.blocks, finding.cell[0]) == ("number.formula_empty", True, "E")


@pytest.mark.parametrize("empty", ["<v></v>", "<v/>"])
def test_a_formula_whose_result_is_an_empty_text_was_calculated(empty):
    """LibreOffice and Excel write so; the cell shows nothing, and counts as empty."""
    part = sheet_part(FILLED, SHEET)

    def cleared(xml: bytes) -> bytes:
        before, after = xml.split(b"<v>100000</v>", 1)
        return before[:-1] + f' t="str"><f>IF(TRUE,"",1)</f>{empty}'.encode() + after

    reading = read(part_changed(FILLED, part, cleared), "month.xlsx")
    assert reading.findings == []
    assert reading.content.find("clinker", "1#", "", "portland") is None


def test_a_formula_after_its_value_is_read_by_nobody():
    part = sheet_part(FILLED, SHEET)
    book = part_changed(FILLED, part, lambda xml: xml.replace(b"<v>100000</v>", b"<v>100000</v><f>8</f>"))
    reading = read(book, "month.xlsx")
    assert (codes(reading.findings), reading.content) == (["file.damaged"], None)


def test_an_error_value_is_no_number():
    part = sheet_part(FILLED, SHEET)

    def spoil(xml: bytes) -> bytes:
        before, after = xml.split(b"<v>100000</v>", 1)
        return before[:-1] + b' t="e"><f>1/0</f><v>#DIV/0!</v>' + after

    assert codes(findings(part_changed(FILLED, part, spoil))) == ["number.error_value"]


def test_a_formula_with_a_stored_result_is_a_value():
    part = sheet_part(FILLED, SHEET)
    book = part_changed(FILLED, part, lambda xml: xml.replace(b"<v>100000</v>", b"<f>50000*2</f><v>100000</v>"))
    assert read(book, "month.xlsx").content == cement()


def test_a_line_whose_heading_was_deleted_is_not_left_out_silently():
    def delete(book) -> None:
        sheet = sheet_with(book, "L2/line")
        sheet.delete_rows(row_of(sheet, "L2/line"))

    [finding] = findings(edited(FILLED, delete))
    assert (finding.code, finding.blocks, finding.params) == ("form.row_missing", True, {"key": "L2/line"})
    assert (finding.sheet, finding.cell) == (SHEET, f"A{row_in(FILLED, 'L2/line')}")


@pytest.mark.parametrize("key", [CLINKER, NCV, "fuel.solid/1/opening", "fuel.solid/1/closing", "L2/stop/1/days"])
def test_a_missing_row_is_told_where_it_should_stand(key):
    def delete(book) -> None:
        sheet = sheet_with(book, key)
        sheet.delete_rows(row_of(sheet, key))

    [finding] = [each for each in findings(edited(FILLED, delete)) if each.code == "form.row_missing"]
    group = key.rpartition("/")[0].rpartition("/")[0]
    bands = {
        "fuel.solid": 1,
        CLINKER.removesuffix("/1/amount"): 1,
        "L2/stop": 1,
    }  # a heading between it and the row above
    first = key.rpartition("/")[2] in ("opening", "amount", "days")
    assert finding.cell == f"A{row_in(FILLED, key) - (bands.get(group, 0) if first else 0)}"


@pytest.mark.parametrize("value", [-0.5, "gestern", 7.5])
def test_a_day_that_is_none(value):
    assert codes(findings(edited(FILLED, put("L1/stop/1/stopped", value)))) == ["date.invalid"]


@pytest.mark.parametrize("value", [dt.date(2025, 7, 3), "2025-07-03", "2025/07/03", dt.datetime(2025, 7, 3)])  # noqa: DTZ001
def test_a_day_in_any_of_its_ways(value):
    reading = read(edited(FILLED, put("L1/stop/1/stopped", value)), "month.xlsx")
    assert reading.findings == []
    assert reading.content.find("stop", "1#").data["stopped"].value == dt.date(2025, 7, 3)


def insert_copy(book):
    sheet = sheet_with(book, CLINKER)
    at = row_of(sheet, CLINKER)
    for column in range(1, 10):
        sheet.cell(200, column).value = sheet.cell(at, column).value


def swap_labels(book):
    sheet = sheet_with(book, NCV)
    sheet.cell(row_of(sheet, NCV), LABEL).value = "消耗量 Consumed"


def shift_cells(book):
    sheet = sheet_with(book, CLINKER)
    at = row_of(sheet, CLINKER)
    sheet.move_range(f"C{at}:I{at}", rows=0, cols=1)


def merge(book):
    sheet = sheet_with(book, CLINKER)
    at = row_of(sheet, CLINKER)
    sheet.merge_cells(f"E{at}:F{at}")


def delete_column(book):
    sheet_with(book, CLINKER).delete_cols(LABEL)


def delete_row(book):
    sheet = sheet_with(book, CLINKER)
    sheet.delete_rows(row_of(sheet, CLINKER))


def delete_sheet(book):
    del book[SHEET]


def second_code(book):
    put("L2/line", "1#", OBJECT)(book)


LAYOUT = [
    ("the same row twice", insert_copy, "form.row_twice"),
    ("label of another row", swap_labels, "form.moved"),
    ("cells moved to the right", shift_cells, "form.moved"),
    ("merged cells", merge, "form.merged"),
    ("a row deleted", delete_row, "form.row_missing"),
    ("a sheet deleted", delete_sheet, "form.sheet_missing"),
    ("unit of measure changed", put(CLINKER, "万t", MEASURE), "form.measure"),
    ("a code of nothing", put(CLINKER, "L1/unicorn/1/amount", KEY), "form.unknown_row"),
    ("a code that is none", put(CLINKER, "hello", KEY), "form.unknown_row"),
    ("the code deleted", put(CLINKER, None, KEY), "form.unknown_row"),
    ("an unknown fuel", put(COAL, "独角兽", OBJECT), "item.unknown"),
    ("no fuel chosen", put(COAL, None, OBJECT), "item.missing"),
    ("a fuel twice", put("L1/line_fuel.solid/2/amount", 5), "item.twice"),
    ("a line twice", second_code, "item.twice"),
    ("a line without code", put("L2/line", None, OBJECT), "item.missing"),
    ("an unknown way", put(CLINKER, "猜的", HOW), "how.unknown"),
    ("no way", put(CLINKER, None, HOW), "how.missing"),
    ("a way not offered", put(NCV, "设计值", HOW), "how.not_allowed"),
    ("measured without value", put(NCV, None), "how.without_value"),
    ("a very long remark", put(CLINKER, "长" * 600, REMARKS), "text.too_long"),
]


@pytest.mark.parametrize(("change", "code"), [case[1:] for case in LAYOUT], ids=[case[0] for case in LAYOUT])
def test_a_changed_layout(change, code):
    if code == "item.twice" and change is not second_code:
        put_fuel = put("L1/line_fuel.solid/2/amount", "烟煤", OBJECT)

        def both(book):
            change(book)
            put_fuel(book)

        found = findings(edited(FILLED, both))
    else:
        found = findings(edited(FILLED, change))
    assert code in codes(found)
    assert all(finding.message and finding.rule and finding.remedy for finding in found)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put(CLINKER, -5), "数值-5为负数。"),
        (put(CLINKER, -0.25), "数值-0.25为负数。"),
        (put(CLINKER, -0.000001), "数值-0.000001为负数。"),
        (put(CLINKER, None, KEY), "行代码“（空白）”不属于本表。"),
        (put(CLINKER, 12, LABEL), "现为“12”，应为“"),
        (put(CLINKER, None, MEASURE), "现为“（空白）”，应为“t”。"),
        (lambda book: book["基本信息"].__setitem__("C7", None), "（空白）"),
    ],
)
def test_what_was_found_is_quoted_as_it_was_typed(change, said):
    with override("zh-hans"):
        messages = [finding.message for finding in findings(edited(FILLED, change))]
    assert any(said in message for message in messages), messages


def moved(key: str, to: str) -> Callable[[openpyxl.Workbook], None]:
    """A change that cuts a row's value and puts it into another column."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = sheet_with(book, key)
        row = row_of(sheet, key)
        sheet[f"{to}{row}"].value, sheet.cell(row, VALUE).value = sheet.cell(row, VALUE).value, None

    return change


def cell(place: str, value: object) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book[SHEET][place] = value

    return change


STOPPED = "L1/stop/1/stopped"


@pytest.mark.parametrize("to", ["B", "F", "G", "H", "I", "J", "K"])
@pytest.mark.parametrize("key", [CLINKER, COAL, "L2/clinker/1/amount"])
def test_a_value_that_was_moved_beside_its_cell(key, to):
    """The one value of a group: nothing else of it would tell that it is gone."""
    found = findings(edited(FILLED, moved(key, to)))
    assert ("form.misplaced", True) in [(each.code, each.blocks) for each in found]
    [place] = [each for each in found if each.code == "form.misplaced"]
    assert (place.sheet, place.cell[0]) == (SHEET, to)
    assert not {"how.unknown", "item.unknown", "item.missing"} & set(codes(found))


@pytest.mark.parametrize("to", ["M", "N", "Z", "AA"])
def test_a_value_that_was_moved_out_of_the_form(to):
    [finding] = [each for each in findings(edited(FILLED, moved(COAL, to))) if each.code == "form.beyond"]
    assert (finding.blocks, finding.sheet, finding.params) == (True, SHEET, {"found": "13000"})
    assert finding.cell.startswith(to)


MISPLACED = [
    ("a number as text", put("L2/alternative/1/amount", "8", HOW), "F"),
    ("full-width digits", put("L2/alternative/1/amount", "１２，０００", SOURCE), "G"),
    ("a date", put(STOPPED, dt.date(2025, 7, 3), SOURCE), "G"),
    ("a date in the column of files", put(STOPPED, dt.date(2025, 7, 3), EVIDENCE), "H"),
    ("a date where the number belongs", put("L2/alternative/1/amount", dt.date(2025, 7, 3), SOURCE), "G"),
    ("a number in a line's heading", put("L1/line", 8), "E"),
    ("a number beside a line's heading", put("L1/line", 8, HOW), "F"),
    ("a formula's place written over", put("L2/alternative/1/amount", 8, 10), "J"),
    ("a number below the form", cell("F300", 8), "F"),
]


@pytest.mark.parametrize(("change", "column"), [case[1:] for case in MISPLACED], ids=[case[0] for case in MISPLACED])
def test_what_can_only_be_a_value_in_a_wrong_place(change, column):
    [finding] = findings(edited(FILLED, change))
    assert (finding.code, finding.blocks, finding.cell[0]) == ("form.misplaced", True, column)


HARMLESS = [
    ("a file's name", put("L2/alternative/1/amount", "20250731", EVIDENCE)),
    ("a remark", put("L2/alternative/1/amount", "2025年未使用", REMARKS)),
    ("a source", put("L2/alternative/1/amount", "磅单 12", SOURCE)),
    ("no way of obtaining", put("L2/alternative/1/amount", None, HOW)),
    ("a number beside a value", put(CLINKER, 20250731, SOURCE)),
    ("a date beside nothing", put("L2/alternative/1/amount", dt.date(2025, 7, 3), REMARKS)),
    ("a line's name that is a number", put("L1/line", 1, SOURCE)),
    ("the plan's estimate", put("L2/alternative/1/amount", 8, 12)),
    ("nought in a copy without formulas", put("L2/alternative/1/amount", 0, 10)),
    ("words below the form", cell("F300", "合计")),
    ("spaces to the right of the form", cell("N20", "  ")),
]


@pytest.mark.parametrize("change", [case[1] for case in HARMLESS], ids=[case[0] for case in HARMLESS])
def test_what_may_stand_in_a_row_without_a_value(change):
    assert codes(findings(edited(FILLED, change))) == []


@pytest.mark.parametrize("sector", ["steel", "cement", "aluminium"])
@pytest.mark.parametrize("period", ["2025-07", "2024"])
def test_nothing_of_a_blank_is_misplaced(sector, period):
    content = MONTHS[sector](period)
    estimates = {("clinker", "1#", "portland", "amount"): Decimal(19_000)} if sector == "cement" else {}
    book = blank(replace(spec(content), estimates=estimates))
    assert codes(read(book, "month.xlsx").findings) == []
    assert codes(read(edited(book, lambda _: None), "month.xlsx").findings) == []


@pytest.mark.parametrize("column", [OBJECT, HOW, SOURCE, EVIDENCE, REMARKS])
@pytest.mark.parametrize("key", [CLINKER, "L2/alternative/1/amount"])
def test_a_note_that_nobody_calculated_is_told(key, column):
    [finding, *_] = findings(edited(FILLED, put(key, "=A1", column)))
    assert (finding.code, finding.cell[0]) == ("number.formula_empty", "ABCDEFGHI"[column - 1])


def test_a_formula_to_the_right_of_the_form_is_told():
    [finding] = findings(edited(FILLED, cell("N20", "=E20*2")))
    assert (finding.code, finding.cell) == ("form.beyond", "N20")


def test_moved_columns_are_told_and_nothing_is_read_from_them():
    reading = read(edited(FILLED, delete_column), "month.xlsx")
    assert set(codes(reading.findings)) == {"form.header"}
    assert reading.content.rows == ()


def test_all_faults_come_at_once():
    def many(book):
        put(CLINKER, "约100")(book)
        put(COAL, -1)(book)
        put(NCV, "２２．５")(book)
        put("fuel.solid/1/opening", True)(book)
        put("L2/clinker/1/amount", "1,000")(book)

    wanted = {"number.text", "number.negative", "number.full_width", "number.boolean", "number.separators"}
    assert set(codes(findings(edited(FILLED, many)))) == wanted


IDENTITY = [
    (Expected(unit="91990000MA0OTHER0X"), "form.other_unit", "C7"),
    (Expected(period="2025-08"), "form.other_period", "C6"),
    (Expected(sector="steel"), "form.other_sector", "C5"),
]


@pytest.mark.parametrize(("expected", "code", "cell"), IDENTITY)
def test_a_workbook_of_something_else(expected, code, cell):
    [finding] = findings(FILLED, expected)
    assert (finding.code, finding.sheet, finding.cell) == (code, "基本信息", cell)


def test_the_identity_is_found_where_it_was_moved_to():
    book = edited(FILLED, lambda book: book["基本信息"].insert_rows(2))
    [finding] = findings(book, Expected(period="2025-08"))
    assert finding.cell == "C7"


def test_the_right_workbook_is_as_expected():
    assert findings(FILLED, Expected("cement", "2025-07", UNIT)) == []


def test_an_identity_that_says_nothing_usable():
    def change(book):
        book["基本信息"]["C7"] = 91110000

    assert codes(findings(edited(FILLED, change))) == ["form.identity"]


@pytest.mark.parametrize(("cell", "value"), [("C5", "银行"), ("C6", "2025-13"), ("C6", "2019-07"), ("C6", None)])
def test_without_sector_or_period_nothing_can_be_read(cell, value):
    def change(book):
        book["基本信息"][cell] = value

    reading = read(edited(FILLED, change), "month.xlsx")
    assert codes(reading.findings) == ["form.identity"]
    assert reading.content is None


def test_a_month_that_a_spreadsheet_made_a_date_is_understood():
    def change(book):
        book["基本信息"]["C6"] = dt.date(2025, 7, 1)

    assert read(edited(FILLED, change), "month.xlsx").period == "2025-07"


def test_an_older_form_is_told():
    def change(book):
        book["基本信息"]["C4"] = "2024.0"

    [finding] = findings(edited(FILLED, change))
    assert (finding.code, finding.sheet, finding.cell) == ("form.version", "基本信息", "C4")


def test_notes_typed_as_numbers_are_texts():
    reading = read(edited(FILLED, put(CLINKER, 20250731, EVIDENCE)), "month.xlsx")
    assert reading.content.find("clinker", "1#", "", "portland").data["amount"].evidence == "20250731"


def test_values_are_rounded_half_up_to_the_datums_decimals():
    reading = read(edited(FILLED, put(CLINKER, 100000.125)), "month.xlsx")
    assert reading.content.find("clinker", "1#", "", "portland").amount() == Decimal("100000.13")
