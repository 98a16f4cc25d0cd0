"""The workbook is written and read from one definition: what goes in comes out."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from reporting.content import Content, Datum, Row, closing_stocks
from reporting.guidelines import for_period
from reporting.workbook import BlankSpec, LineSpec, blank, filled, read
from reporting.workbook.definition import VERSION, Key
from reporting.workbook.forms import form_for
from tests.reporting.files import OBJECT, VALUE, edited, put, row_of, sheet_with
from tests.reporting.months import MONTHS, UNIT, cement, row, spec, steel

SECTORS = list(MONTHS)


@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize("period", ["2025-07", "2024"])
def test_what_is_filled_in_is_read(sector, period):
    content = MONTHS[sector](period)
    reading = read(filled(spec(content), content), "month.xlsx")
    assert reading.findings == []
    assert (reading.sector, reading.period, reading.unit) == (sector, period, UNIT)
    assert reading.content == content


@pytest.mark.parametrize("sector", SECTORS)
def test_what_another_program_saved_is_read_the_same(sector):
    content = MONTHS[sector]()
    saved = edited(filled(spec(content), content), lambda book: None)
    assert read(saved, "month.xlsx").content == content


@pytest.mark.parametrize("sector", SECTORS)
def test_a_blank_states_nothing(sector):
    reading = read(blank(spec(MONTHS[sector]())), "blank.xlsx")
    assert reading.findings == []
    assert reading.content.rows == ()
    assert reading.content.lines == MONTHS[sector]().lines


def test_a_blank_carries_last_months_closing_stock():
    stocks = closing_stocks(steel("2025-06"))
    wanted = BlankSpec("steel", "2025-07", UNIT, "虚构钢铁有限公司", (LineSpec("W1"),), stocks)
    opening = {row.item: row.number("opening") for row in read(blank(wanted), "blank.xlsx").content.rows}
    assert opening == {item: stock.quantize(Decimal("0.01")) for item, stock in stocks.items()}


def test_a_blank_has_room_for_every_fuel_in_store():
    known = for_period("steel", "2025-07").fuels.values()
    fuels = [fuel.code for fuel in known if fuel.state == "solid" and not fuel.is_unmarked]
    wanted = BlankSpec("steel", "2025-07", UNIT, "", (LineSpec("W1"),), dict.fromkeys(fuels, Decimal(7)))
    rows = read(blank(wanted), "blank.xlsx").content.rows
    assert sorted(row.item for row in rows) == sorted(fuels)  # twelve, where the form has nine places


def test_a_white_line_starts_with_white_clinker():
    lines = (LineSpec("1#"), LineSpec("2#", kind="white"))
    book = openpyxl.load_workbook(BytesIO(blank(BlankSpec("cement", "2025-07", UNIT, "", lines))))
    kinds = []
    for key in ("L1/clinker/1/amount", "L2/clinker/1/amount"):
        sheet = sheet_with(book, key)
        kinds.append(sheet.cell(row_of(sheet, key), OBJECT).value)
    assert kinds == ["硅酸盐水泥熟料 Portland clinker", "白色硅酸盐水泥熟料 white Portland clinker"]


def test_same_values_same_bytes():
    assert filled(spec(cement()), cement()) == filled(spec(cement()), cement())


def test_content_that_the_form_has_no_place_for_is_refused():
    stranger = Content("cement", "2025-07", UNIT, ("1#",), (row("line_fuel", "unicorn", line="1#", amount="1"),))
    with pytest.raises(ValueError, match="unicorn"):
        filled(spec(stranger), stranger)


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", 'a<b>&"c"\'', "\x07bell", "第一行\n第二行"])
def test_texts_are_texts_and_never_formulas_or_markup(text):
    amount = Datum(Decimal(1), "measured", source=text)
    content = Content("cement", "2025-07", UNIT, ("1#",), (Row("clinker", "1#", "", "portland", {"amount": amount}),))
    reading = read(filled(spec(content), content), "month.xlsx")
    assert reading.findings == []
    assert reading.content.rows[0].data["amount"].source == text.replace("\x07", "")


@pytest.mark.parametrize(
    "typed",
    ["0.1", "0.29", "1.005", "450359962737", "123456789.01", "999999999999.99", "0.07", "33333.33", "100.10"],
)
def test_numbers_come_back_digit_by_digit(typed):
    content = Content("cement", "2025-07", UNIT, ("1#",), (row("clinker", "portland", line="1#", amount="1"),))
    book = edited(filled(spec(content), content), put("L1/clinker/1/amount", float(typed)))
    found = read(book, "month.xlsx").content.rows[0].number("amount")
    # 1.005 has three decimals and is rounded half-up, which its binary neighbour 1.00499… would not be.
    assert found == (Decimal("1.01") if typed == "1.005" else Decimal(typed))


def test_rows_may_be_inserted():
    content = cement()

    def insert(book):
        sheet = sheet_with(book, "L1/clinker/1/amount")
        sheet.insert_rows(row_of(sheet, "L1/clinker/1/amount"), amount=3)
        sheet.insert_rows(1)

    reading = read(edited(filled(spec(content), content), insert), "month.xlsx")
    assert reading.findings == []
    assert reading.content == content


SUMMARY = {  # from the sums in test_accounting
    "steel": [
        498_632.71,
        17_008,
        366.3,
        1_097,
        -26_298.4,
        490_806,
        19_550,
        41_092,
        0,
        225_559,
        0,
        0,
        67_849,
        266_651,
        290_000,
        0.9195,
        300_000,
    ],
    "cement": [27_828.23, 50_455, 78_283, 100_000, 0.7828, 6_845.6, 11_000, 17_846, 20_000, 0.8923],
    "aluminium": [26_144.94, 2_511.8, 28_657, 17_345.5, 1.6521, 36_425.1, 3_620.25, 40_045, 25_000, 1.6018],
}


@pytest.mark.parametrize("sector", SECTORS)
def test_the_summary_stores_what_its_formulas_come_to(sector):
    content = MONTHS[sector]()
    book = openpyxl.load_workbook(BytesIO(filled(spec(content), content)), data_only=True)
    assert [row[3].value for row in book["排放量汇总表"].iter_rows(min_row=5)] == SUMMARY[sector]


@pytest.mark.parametrize("sector", SECTORS)
def test_the_summary_is_never_read(sector):
    content = MONTHS[sector]()

    def spoil(book):
        for line in book["排放量汇总表"].iter_rows(min_row=5):
            line[3].value = "wrong"

    assert read(edited(filled(spec(content), content), spoil), "month.xlsx").content == content


@pytest.mark.parametrize("chosen", ["烟煤", "bituminous coal", "烟煤 bituminous coal", " 烟煤  Bituminous Coal "])
def test_a_fuel_may_be_named_in_either_language(chosen):
    content = cement()
    book = edited(filled(spec(content), content), put("L1/line_fuel.solid/1/amount", chosen, OBJECT))
    reading = read(book, "month.xlsx")
    assert reading.findings == []
    assert reading.content == content


def test_every_label_is_in_both_languages_and_every_key_can_be_read_back():
    for sector in SECTORS:
        form = form_for(sector, "2025-07")
        for group, each_line in form.groups.values():
            assert group.words.zh
            assert group.words.en
            for field in group.fields:
                key = Key(int(each_line), group.key, 1, field.name)
                assert Key.parse(str(key)) == key
                assert field.words.zh != field.words.en


def test_the_identity_sheet_says_the_form_version():
    book = openpyxl.load_workbook(BytesIO(blank(spec(cement()))))
    stated = {row[0].value: row[2].value for row in book["基本信息"].iter_rows(min_row=4, max_col=3)}
    assert stated["form"] == VERSION
    assert stated["period"] == "2025-07"


def test_value_cells_are_open_and_labels_are_protected_without_a_password():
    book = openpyxl.load_workbook(BytesIO(blank(spec(cement()))))
    sheet = sheet_with(book, "L1/clinker/1/amount")
    at = row_of(sheet, "L1/clinker/1/amount")
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert not sheet.cell(at, VALUE).protection.locked
    assert sheet.cell(at, VALUE - 1).protection.locked
