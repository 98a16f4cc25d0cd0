"""The registers of tests and meters: written and read from one definition, and every way in which a row can be wrong."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from reporting.content import Content, Row
from reporting.workbook import blank, filled, read
from reporting.workbook.forms import form_for
from tests.reporting.files import edited
from tests.reporting.months import MONTHS, aluminium, batch, cement, ledger, meter, replaced, spec, steel

TESTS, METERS = "热值检测", "计量器具"
FIRST = 5  # the row below the headings, as a spreadsheet counts
FUEL, BATCH, MASS, NCV, REPORT, SAMPLED, REPORTED, ACCREDITED, SOUND, FILE, USED = range(2, 13)
MEASURES, LINE, ITEM, METER, ACCURACY, CALIBRATED, UNTIL, BEFORE, ERROR, CERTIFICATE, PENALTY = range(2, 13)


def with_file(row: Row, name: str, file: str) -> Row:
    return replace(row, data={**row.data, name: replace(row.data[name], evidence=file)})


def works() -> Content:
    tests = (
        with_file(batch("anthracite", "B1", "25000", "25.2"), "report", "JC-1.pdf"),
        batch("anthracite", "B2", "15000", "24.9", sound="no"),
        batch("natural_gas", "B1", "", "388.1"),
    )
    day = dt.date(2025, 7, 13)
    meters = (
        with_file(meter("fuel//consumed", "WZ-01", "anthracite", calibrated=day), "calibrated", "WZ-01.pdf"),
        meter("process_output/ironmaking/amount", "WZ-02", line="W1", before=dt.date(2025, 6, 30), error="0.25"),
        meter("process_out/ironmaking/amount", "LL-03", "bf_gas_own", line="W1", accuracy="2", valid_until=day),
    )
    return replaced(steel(), *tests, *meters)


def kiln() -> Content:
    meters = (
        meter("line_fuel//amount", "C1", "bituminous", line="1#"),
        meter("clinker//amount", "C2", "white", line="2#"),
    )
    return replaced(cement(), batch("bituminous", "1", "13000", "22.6"), *meters)


def smelter() -> Content:
    return replaced(aluminium(), *(meter(f"electrolysis//{name}", name, line="A2") for name in ("anode", "amount")))


@pytest.mark.parametrize("make", [works, kiln, smelter])
def test_registers_come_out_as_they_went_in(make):
    content = make()
    reading = read(filled(spec(content), content), "month.xlsx")
    assert reading.findings == []
    assert reading.content == content
    saved = edited(filled(spec(content), content), lambda book: None)
    assert read(saved, "month.xlsx").content == content


def test_evidence_and_cells_are_kept():
    content = works()
    test = read(filled(spec(content), content), "month.xlsx").content.find("batch", item="anthracite", part="B1")
    assert test.data["report"].evidence == "JC-1.pdf"
    assert (test.data["ncv"].sheet, test.data["ncv"].cell) == (TESTS, "E5")


def test_every_sector_has_the_registers_that_it_needs():
    names = {
        sector: [r.name for r in form_for(sector, "2025-07").registers] for sector in ("steel", "cement", "aluminium")
    }
    assert names == {"steel": [TESTS, METERS], "cement": [TESTS, METERS], "aluminium": [METERS]}


def test_only_what_counts_can_be_metered():
    codes = {
        sector: [target.code for target in form_for(sector, "2025-07").registers[-1].targets]
        for sector in ("steel", "cement", "aluminium")
    }
    assert codes["cement"] == ["line_fuel//amount", "clinker//amount", "alternative//amount"]
    assert codes["aluminium"] == ["electrolysis//anode", "electrolysis//amount"]
    assert (
        len(codes["steel"]) == len(set(codes["steel"])) == 22
    )  # 6 of the works, 6 outputs, 6 inputs, 3 outputs, power
    for sector in codes:
        targets = form_for(sector, "2025-07").registers[-1].targets
        assert (
            len({target.words.zh for target in targets}) == len({target.words.en for target in targets}) == len(targets)
        )


def test_there_is_room_for_any_number_of_batches():
    many = tuple(batch("anthracite", f"B{number:03}", "100", "25") for number in range(130))
    content = replaced(steel(), *many)
    assert read(filled(spec(content), content), "month.xlsx").content == content


def test_a_blank_carries_last_months_meters_but_not_those_of_a_line_that_is_gone():
    stays, gone = meter("electrolysis//anode", "M1", line="A1"), meter("electrolysis//anode", "M2", line="A9")
    wanted = replace(spec(aluminium()), meters=(stays, gone))
    assert read(blank(wanted), "blank.xlsx").content.rows == (stays,)


def test_a_filled_workbook_shows_what_tests_and_meters_come_to():
    content = works()
    book = openpyxl.load_workbook(BytesIO(filled(spec(content), content)), data_only=True)
    assert [book[TESTS].cell(FIRST + at, USED).value for at in range(3)] == [
        25.2,
        25.024,
        388.1,
    ]  # B2 is unsound: the default
    # 0.5 % on 12 days of 31 = 0.19354…; accuracy 0.5 on the 31 days less 0; 2 % where no calibration is told
    assert [book[METERS].cell(FIRST + at, PENALTY).value for at in range(3)] == pytest.approx([6 / 31, 0.5, 2])


# What can be wrong.


def typed(sheet: str, column: int, value: object, row: int = FIRST) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet].cell(row, column).value = value

    return change


WRONG = [
    (TESTS, FUEL, None, "record.unattributed"),
    (TESTS, FUEL, "独角兽", "item.unknown"),
    (TESTS, FUEL, "石灰石", "item.unknown"),
    (TESTS, BATCH, None, "record.unattributed"),
    (TESTS, BATCH, "x" * 41, "text.too_long"),
    (TESTS, MASS, "many", "number.text"),
    (TESTS, MASS, -1, "number.negative"),
    (TESTS, NCV, "25.2", "number.as_text"),
    (TESTS, NCV, "#DIV/0!", "number.error_value"),
    (TESTS, NCV, "=8", "number.formula_empty"),  # openpyxl keeps no result
    (TESTS, SAMPLED, "soon", "date.invalid"),
    (TESTS, ACCREDITED, "maybe", "answer.unknown"),
    (TESTS, REPORT, "x" * 501, "text.too_long"),
    (TESTS, FILE, "=A1", "number.formula_empty"),
    (TESTS, USED + 1, 25000, "form.beyond"),
    (METERS, PENALTY + 1, "12", "form.beyond"),
    (METERS, MEASURES, None, "record.unattributed"),
    (METERS, MEASURES, "爱", "item.unknown"),
    (METERS, ITEM, None, "record.unattributed"),
    (METERS, ITEM, "高炉煤气（自产）", None),  # a fuel that the works' ledger may hold
    (METERS, ITEM, "粗钢", "item.unknown"),
    (METERS, ACCURACY, "0,5", "number.text"),
    (METERS, CALIBRATED, 7, "date.invalid"),
]


@pytest.mark.parametrize(("sheet", "column", "value", "code"), WRONG)
def test_a_wrong_cell_is_found_where_it_is(sheet, column, value, code):
    content = works()
    reading = read(edited(filled(spec(content), content), typed(sheet, column, value)), "month.xlsx")
    places = [(finding.code, finding.sheet, finding.cell) for finding in reading.findings]
    assert places == ([(code, sheet, f"{chr(64 + column)}{FIRST}")] if code else [])


@pytest.mark.parametrize(("value", "code"), [(None, "record.unattributed"), ("9#", "line.unknown"), ("2#", None)])
def test_a_lines_meter_names_its_line(value, code):
    content = kiln()
    reading = read(edited(filled(spec(content), content), typed(METERS, LINE, value)), "month.xlsx")
    assert [finding.code for finding in reading.findings] == ([code] if code else [])


def test_the_only_line_need_not_be_named():
    content = works()
    book = edited(filled(spec(content), content), typed(METERS, LINE, None, FIRST + 1))
    assert read(book, "month.xlsx").content == content


def test_the_same_batch_twice_is_told():
    content = works()
    reading = read(edited(filled(spec(content), content), typed(TESTS, BATCH, "B1", FIRST + 1)), "month.xlsx")
    assert [(finding.code, finding.cell, finding.params["first"]) for finding in reading.findings] == [
        ("item.twice", "C6", "C5")
    ]


def test_rows_may_be_added_and_left_empty():
    content = works()
    last = 900

    def add(book: openpyxl.Workbook) -> None:
        cells = {FUEL: "烟煤", BATCH: 712, MASS: 10, NCV: 23.5, ACCREDITED: "是", SAMPLED: dt.date(2025, 7, 1)}
        for column, value in cells.items():
            book[TESTS].cell(last, column).value = value

    added = read(edited(filled(spec(content), content), add), "month.xlsx").content.rows[-4]
    assert (added.item, added.part, added.number("mass")) == ("bituminous", "712", Decimal("10.00"))
    assert (added.words("accredited"), added.day("sampled")) == ("yes", dt.date(2025, 7, 1))


@pytest.mark.parametrize("sheet", [TESTS, METERS])
def test_changed_headings_are_told_and_nothing_is_read_below_them(sheet):
    content = works()

    def swap(book: openpyxl.Workbook) -> None:
        book[sheet].cell(4, 3).value, book[sheet].cell(4, 4).value = "B", "A"

    reading = read(edited(filled(spec(content), content), swap), "month.xlsx")
    assert {finding.code for finding in reading.findings} == {"form.header"}
    assert not list(reading.content.table("batch" if sheet == TESTS else "meter"))


def test_a_register_that_was_deleted_is_told():
    content = works()
    reading = read(edited(filled(spec(content), content), lambda book: book.remove(book[TESTS])), "month.xlsx")
    assert [(finding.code, finding.sheet) for finding in reading.findings] == [("form.sheet_missing", TESTS)]


def test_a_form_handed_out_before_there_were_registers_is_still_read():
    content = replaced(cement(), ledger("diesel", "5", "15", "0", "10", "10"))

    def old(book: openpyxl.Workbook) -> None:
        for name in (TESTS, METERS):
            book.remove(book[name])
        sheet = book["基本信息"]
        place = next(row for row in range(1, 12) if sheet.cell(row, 1).value == "form")
        sheet.cell(place, 3).value = "2025.1"

    reading = read(edited(filled(spec(content), content), old), "month.xlsx")
    assert reading.findings == []
    assert reading.content == content


@pytest.mark.parametrize("sector", ["steel", "cement", "aluminium"])
def test_a_blank_register_is_printed_on_one_page(sector):
    """Landscape A4 at the registers' width holds fifty rows; what has a formula below the prepared rows is printed, too."""
    content = MONTHS[sector]()
    book = openpyxl.load_workbook(BytesIO(blank(spec(content))))
    for register in form_for(sector, "2025-07").registers:
        sheet = book[register.name]
        assert register.rows + FIRST - 1 <= sheet.max_row <= 49
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
