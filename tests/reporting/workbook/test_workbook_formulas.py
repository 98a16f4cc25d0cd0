"""The workbook's own formulas, computed as a spreadsheet program would, say what the platform accounts: penalties of meters included."""

import datetime as dt
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from reporting.accounting import account
from reporting.content import Content, Row
from reporting.workbook import filled, read
from reporting.workbook.definition import LISTS_SHEET
from reporting.workbook.writing.formulas import PERIOD_FIRST, PERIOD_LAST
from tests.reporting.files import edited
from tests.reporting.months import MONTHS, batch, meter, replaced, spec
from tests.reporting.spreadsheet import Book

JULY = dt.date(2025, 7, 1)


def late(measures: str, *where: str, part: str = "M1", item: str = "", line: str = "", error: str = "") -> Row:
    """A meter whose certificate begins on 13 July, after twelve days without one."""
    return meter(measures, part, item, line, "", error, calibrated=dt.date(2025, 7, 13))


METERS: dict[str, Any] = {
    "steel": (
        late("fuel//consumed", item="coking_coal"),
        meter("fuel//consumed", "M2", "coke_purchased", error="1.3", calibrated=JULY),  # 0.8 % above what is required
        late("fuel//consumed", item="coke_oven_gas_own", error="2.6"),  # sold net: counts with 1 − p
        meter("carbonate//amount", "M3", "limestone", accuracy="1"),  # never calibrated; the law's 0.5 % counts
        late("product//amount", item="crude_steel"),
        late("process_in/ironmaking/amount", item="anthracite", line="W1"),
        late("process_out/ironmaking/amount", item="coke", line="W1"),  # coke fines, by the name that they have there
        late("process_output/ironmaking/amount", line="W1"),
        late("power//amount", item="bf_gas_own", line="W1"),
        batch("anthracite", "B1", "15000", "25.3"),
        batch("anthracite", "B2", "25000", "25.9", sound="no"),
    ),
    "cement": (
        late("line_fuel//amount", item="bituminous", line="1#"),
        meter(
            "line_fuel//amount", "M2", "bituminous", "1#", error="0.6", accuracy="0.5", calibrated=JULY
        ),  # less than M1
        late("clinker//amount", item="portland", line="1#", error="0.7"),
        meter("alternative//amount", "M4", "carbide_slag", "1#", accuracy="1", calibrated=dt.date(2024, 7, 21)),
        meter("clinker//amount", "M5", "white", "2#", calibrated=dt.date(2025, 8, 2), before=dt.date(2025, 7, 9)),
        meter("clinker//amount", "M6", "portland", "2#", before=dt.date(2062, 5, 26)),
        meter(
            "line_fuel//amount", "M7", "bituminous", "2#", calibrated=dt.date(2025, 7, 9), before=dt.date(2026, 7, 5)
        ),
        batch("bituminous", "B1", "9000", "23.5", sampled=dt.date(2025, 8, 1), reported=dt.date(2025, 8, 1)),
    ),
    "aluminium": (
        late("electrolysis//anode", line="A1"),
        late("electrolysis//amount", part="M2", line="A1", error="1"),
        meter("electrolysis//amount", "M3", "", "A2", calibrated=JULY, valid_until=dt.date(2025, 7, 20)),
    ),
}


def computed(content: Content) -> dict[tuple[str, str], tuple[object, object]]:
    """Of every formula that gives a number, those of the lists too: what it comes to, and what is stored beside it."""
    data = filled(spec(content), content)
    live, stored = Book(data), openpyxl.load_workbook(BytesIO(data), data_only=True)
    return {
        (sheet.title, cell.coordinate): (
            live[sheet.title, cell.row, cell.column],
            stored[sheet.title][cell.coordinate].value,
        )
        for sheet in live.book
        for line in sheet.iter_rows()
        for cell in line
        if isinstance(cell.value, str) and cell.value.startswith("=") and not is_day(sheet.title, cell.column)
    }


def is_day(sheet: str, column: int) -> bool:
    return sheet == LISTS_SHEET and column - 1 in (PERIOD_FIRST, PERIOD_LAST)


@pytest.mark.parametrize("sector", MONTHS)
@pytest.mark.parametrize("with_meters", [True, False])
def test_every_formula_comes_to_what_is_accounted(sector, with_meters):
    content = replaced(MONTHS[sector](), *(METERS[sector] if with_meters else ()))
    found = computed(content)
    assert len(found) > 60
    differ = {place: pair for place, pair in found.items() if pair[0] != pytest.approx(pair[1], abs=1e-9)}
    assert differ == {}
    summary = [pair[0] for (sheet, _), pair in found.items() if sheet == "排放量汇总表"]
    totals = account(content).totals
    for line in totals.lines.values():
        assert {float(line.emissions), float(line.output), float(line.intensity)} <= set(summary)


def test_a_penalty_stands_beside_its_quantity():
    """12 of 31 days at 0.5 %: 0.19354… %; 8,613.27 t of anode come to 26,144.94 × 1.0019354… = 26,195.54."""
    found = computed(replaced(MONTHS["aluminium"](), late("electrolysis//anode", line="A1")))
    values = [pair[0] for (sheet, _), pair in found.items() if sheet == "工序生产数据及排放量表"]
    assert 26195.54 in values
    assert pytest.approx(6 / 31) in values


def unnamed(book: openpyxl.Workbook) -> None:
    """The first meter's line left empty."""
    book["计量器具"].cell(5, 3).value = None


def test_a_units_only_line_need_not_be_named():
    content = replaced(MONTHS["steel"](), late("process_output/ironmaking/amount", line="W1", error="3.1"))
    book = edited(filled(spec(content), content), unnamed)
    found = Book(book)
    # 3.1 % on 12 of 31 days: 1.2 % of 290,000 t, and 2.6 % above what is required on 19: 1.593548… %; 281,898.709…
    iron = next(
        row[3] for row in found.book["排放量汇总表"].iter_rows(min_row=5) if "炼铁工序产品产量" in str(row[1].value)
    )
    assert found["排放量汇总表", iron.row, iron.column] == pytest.approx(281898.71)


def test_a_year_has_its_own_days():
    """100 of 366 days at 1 %, the rest at 0.5 % above; the days come from the identity sheet."""
    content = replaced(
        MONTHS["aluminium"]("2024"),
        meter("electrolysis//amount", "M1", "", "A1", "", "1", calibrated=dt.date(2024, 4, 10)),
    )
    found = computed(content)
    assert pytest.approx(100 / 366 + 0.5 * 266 / 366) in [pair[0] for pair in found.values()]
    assert all(pair[0] == pytest.approx(pair[1], abs=1e-9) for pair in found.values())


def test_a_row_added_below_those_prepared_has_its_formula():
    many = [meter("electrolysis//anode", f"M{number}", "", "A1", calibrated=JULY) for number in range(1, 15)]
    content = replaced(MONTHS["aluminium"](), *many[:12])
    data = filled(spec(content), content)
    book = openpyxl.load_workbook(BytesIO(data))
    sheet = book["计量器具"]
    for place, value in zip((2, 3, 5, 10), ("炭阳极消耗量", "A1", "M99", 2.5), strict=True):
        sheet.cell(17, place).value = value
    sheet.cell(17, 2).value = sheet.cell(5, 2).value
    saved = BytesIO()
    book.save(saved)
    live = Book(saved.getvalue())
    [row_of_anode] = [
        line[0].row
        for line in live.book["工序生产数据及排放量表"].iter_rows()
        if line[0].value == "L1/electrolysis/1/anode"
    ]
    assert live["工序生产数据及排放量表", row_of_anode, 11] == 2.5  # 2.5 % on every day, not the twelve others' nothing


def test_tests_below_the_prepared_rows_count_in_the_sheet():
    """Seventy batches typed by hand, where forty-five rows have a formula: 45 of 25.000 and 25 of 26.000 GJ/t, of equal mass."""
    content = replaced(
        MONTHS["steel"](), *(batch("anthracite", f"B{n}", "500", "25" if n < 45 else "26") for n in range(70))
    )
    few = replaced(MONTHS["steel"]())

    def typed(book: openpyxl.Workbook) -> None:
        full = openpyxl.load_workbook(BytesIO(filled(spec(content), content)))["热值检测"]
        sheet = book["热值检测"]
        for line in full.iter_rows(min_row=5, max_row=74, min_col=2, max_col=11):
            for cell in line:
                sheet.cell(cell.row, cell.column).value = cell.value

    data = edited(filled(spec(few), few), typed)
    live = Book(data)
    at = next(line[0].row for line in live.book[LISTS_SHEET].iter_rows() if line[0].value == "无烟煤 anthracite")
    # (45 × 25 + 25 × 26) / 70 = 25.35714…
    assert live[LISTS_SHEET, at, 6] == 25.357
    assert account(read(data, "month.xlsx").content).totals == account(content).totals
