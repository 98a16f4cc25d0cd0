"""Sheet and platform agree to the last digit, whatever is typed: digits beyond those that count, halves and ties are met on purpose."""

import dataclasses
import itertools
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.values.exact import half_up
from reporting.accounting import account
from reporting.content import Content, Datum, Row
from reporting.workbook import filled, read
from reporting.workbook.forms import form_for
from reporting.workbook.reading import cells, typed
from reporting.workbook.reading.read import standing_of
from tests.reporting.files import edited, put
from tests.reporting.months import MONTHS, UNIT, ledger, row, spec
from tests.reporting.spreadsheet import Book
from tests.reporting.workbook.test_workbook_formulas import is_day

SUMMARY = "排放量汇总表"
FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def stated(exact: Decimal, places: int, whole: Datum) -> Datum:
    """The datum `whole` with a number of more decimals than count."""
    counted = half_up(exact, places)
    return dataclasses.replace(whole, value=counted, digits=None if exact == counted else exact)


def numbers(places: int, most: int) -> st.SearchStrategy[Decimal]:
    """Numbers with as many decimals as count, with more of them, and such as end in the half that rounding turns on."""
    plain = st.integers(0, most * 10**places).map(lambda n: Decimal(n).scaleb(-places))
    half = plain.map(lambda number: number + Decimal(5).scaleb(-places - 1))
    return st.one_of(
        plain, half, st.integers(0, most * 10 ** (places + 2)).map(lambda n: Decimal(n).scaleb(-places - 2))
    )


PLACES = {"ncv": 3}
COUNT = ("amount", "consumed", "excluded", "feedstock", "ncv", "anode")


@st.composite
def months(draw: st.DrawFn, sector: str) -> Content:
    """The sector's month with other numbers in every cell that a formula looks at."""

    def changed(each: Row) -> Row:
        data = {
            name: stated(
                draw(numbers(PLACES.get(name, 2), 400 if name == "ncv" else 90_000)), PLACES.get(name, 2), datum
            )
            if name in COUNT
            else datum
            for name, datum in each.data.items()
        }
        return dataclasses.replace(each, data=data)

    content = MONTHS[sector]()
    return dataclasses.replace(content, rows=tuple(changed(each) for each in content.rows))


def agreed(content: Content) -> dict[str, float]:
    """The summary by its rows' labels, after everything was compared: what formulas come to, what is stored, what is accounted."""
    data = filled(spec(content), content)
    found = read(data, "month.xlsx").content
    assert found == content
    live, stored = Book(data), openpyxl.load_workbook(BytesIO(data), data_only=True)
    for sheet in live.book:
        for cell in (cell for line in sheet.iter_rows() for cell in line):
            if isinstance(cell.value, str) and cell.value.startswith("="):
                place = (sheet.title, cell.row, cell.column)
                if is_day(sheet.title, cell.column):
                    continue
                assert live[place] == pytest.approx(stored[sheet.title][cell.coordinate].value, abs=1e-9), place
    summary = {
        f"{line[0].value or ''} {line[1].value}".strip(): live[SUMMARY, line[0].row, 4]
        for line in live.book[SUMMARY].iter_rows(min_row=5)
    }
    totals = account(found).totals
    for code, line in totals.lines.items():
        own = [value for label, value in summary.items() if label.startswith(code) or content.sector == "steel"]
        assert {float(line.emissions), float(line.output), float(line.intensity or 0)} <= set(own)
        assert float(line.main_emissions) in own
    return summary


@pytest.mark.parametrize("sector", MONTHS)
def test_whatever_is_typed_sheet_and_platform_say_the_same(sector):
    @FEW
    @given(months(sector))
    def holds(content: Content) -> None:
        agreed(content)

    holds()


FUELS = form_for("steel", "2025-07").guideline.fuels


def halves(fuel: str) -> st.SearchStrategy[str]:
    """Quantities of a fuel whose emissions end in exactly half a tonne; looked for when the first is wanted."""
    return st.deferred(lambda: st.sampled_from(_halves(fuel)))


def _halves(fuel: str) -> list[str]:
    one = FUELS[fuel].ncv * FUELS[fuel].cc
    every = (Decimal(n) / 100 for n in range(100_000, 160_000))
    found = (str(q) for q in every if half_up(Fraction(q * one) * Fraction(44, 12), 2) % 1 == Decimal("0.5"))
    return list(itertools.islice(found, 200))


@FEW
@given(
    halves("anthracite"),
    halves("bituminous"),
    st.sampled_from(["20000", "20000.004"]),
)
def test_ironmaking_and_sintering_are_added_up_as_whole_tonnes(iron, sinter, output):
    """Each of the two ends in half a tonne and is rounded up by itself; an odd sum over 20,000 t is a tie in the fourth decimal."""
    content = Content(
        "steel",
        "2025-07",
        UNIT,
        ("W1",),
        (
            row("process_in", "bituminous", line="W1", process="sintering", amount=sinter),
            row("process_output", line="W1", process="ironmaking", amount=output[:8].rstrip(".")),
            row("process_in", "anthracite", line="W1", process="ironmaking", amount=iron),
        ),
    )
    total = account(content).totals.lines["W1"]
    exact = sum(
        (term.emissions for term in account(content).terms if term.level == "process" and term.source != "other"),
        Decimal(0),
    )
    assert total.main_emissions == exact + 1
    summary = agreed(content)
    assert summary["炼铁＋烧结工序碳排放量 Ironmaking and sintering"] == float(exact) + 1
    assert summary["重点工序碳排放强度 Intensity of the main processes"] == float(
        half_up(Fraction(exact + 1) / 20_000, 4)
    )


@FEW
@given(st.integers(1, 200).map(lambda n: Decimal(n * 2 - 1) * 5), st.integers(1, 10_000))
def test_lines_of_emissions_that_tie_are_rounded_up(steel, odd):
    """Crude steel: 5 t × 0.037 = 0.185 t, and all its odd multiples tie as well; electrolysis: odd tonnes over 20,000 t of metal."""
    content = Content("steel", "2025-07", UNIT, ("W1",), (row("product", "crude_steel", amount=str(steel)),))
    assert account(content).terms[0].emissions == -half_up(steel * Decimal("0.037"), 2)
    agreed(content)
    metal = row("electrolysis", line="A1", anode=str(odd), amount="20000", power="1")
    agreed(Content("aluminium", "2025-07", UNIT, ("A1",), (metal,)))


def test_what_was_rounded_is_said():
    """decimals.xlsx: 23.4565 counts as 23.457 and 1,000.005 as 1,000.01; 292,075 t by sheet and platform, and the clerk is told."""
    content = Content(
        "steel",
        "2025-09",
        UNIT,
        ("W1",),
        (
            ledger("anthracite", "0", "123456", "0", "0", "123456", ncv="23.457"),
            ledger("natural_gas", "0", "1000.01", "0", "0", "1000.01"),
        ),
    )
    data = edited(filled(spec(content), content), put("fuel.solid/1/ncv", 23.4565))
    data = edited(data, put("fuel.gas/1/consumed", 1000.005))
    reading = read(data, "month.xlsx")
    assert reading.content == content
    (finding,) = reading.findings
    assert (finding.code, finding.severity) == ("number.rounded", "warning")
    assert "23.4565 → 23.457" in finding.params["cells"]
    assert "1000.005 → 1000.01" in finding.params["cells"]
    assert finding.params["count"] == "2"
    live = Book(data)
    total = next(line for line in live.book[SUMMARY].iter_rows(min_row=5) if "企业碳排放量" in line[1].value)
    assert live[SUMMARY, total[0].row, 4] == float(account(content).totals.enterprise)


def test_a_formulas_result_that_ties_is_taken_as_the_sheet_shows_it():
    """0.9 × 0.75 is 0.675 and stored as 0.67499999999999993; 75892.9 × 0.75 as 56919.674999999996."""
    assert cells.number(0.9 * 0.75, 2) == Decimal("0.68")
    assert cells.number(75892.9 * 0.75, 2) == Decimal("56919.68")
    assert cells.number(0.674999999999999, 2) == Decimal("0.67")  # fifteen digits were typed
    assert cells.number(123456789012.67, 2) == Decimal("123456789012.67")


def test_a_fuel_named_in_two_rows_of_which_the_first_is_empty():
    """The ledger's second row states the value, and all processes take it: sheet and platform come to 15,670.20 t."""
    content = Content(
        "steel",
        "2025-07",
        UNIT,
        ("W1",),
        (
            ledger("bituminous", "0", "6958.04", "0", "0", "6958.04", ncv="23.461"),
            row("process_in", "bituminous", line="W1", process="ironmaking", amount="6958.04"),
        ),
    )
    process = next(term for term in account(content).terms if term.source == "ironmaking.in.bituminous")
    assert process.emissions == Decimal("15670.20")
    data = filled(spec(content), content)

    def moved(book: openpyxl.Workbook) -> None:
        sheet = book["企业层级生产数据及排放量表"]
        rows = {cell.value: cell.row for cell in sheet["A"]}
        fields = [key.rpartition("/")[2] for key in rows if key and key.startswith("fuel.solid/1/")]
        first, second = rows["fuel.solid/1/opening"], rows["fuel.solid/2/opening"]
        sheet.cell(second, 2).value = sheet.cell(first, 2).value
        for name in fields:
            for column in range(5, 10):
                old, new = (sheet.cell(rows[f"fuel.solid/{slot}/{name}"], column) for slot in (1, 2))
                old.value, new.value = None, old.value

    data = edited(data, moved)
    reading = read(data, "month.xlsx")
    assert reading.content == content
    assert [finding.code for finding in reading.findings] == []
    live = Book(data)
    sheet = live.book["工序-生产线生产数据及排放量表"]
    at = next(line[0].row for line in sheet.iter_rows() if line[0].value == "L1/ironmaking.in.mass/1/amount")
    assert live[sheet.title, at, 10] == 15670.20


def test_digits_typed_on_the_page_are_told_there_and_kept_in_the_workbook():
    """Reader, sheet and page: 8,613.275 counts as 8,613.28 in all three, and stands in the workbook as it was typed."""
    content = MONTHS["aluminium"]()
    form = form_for("aluminium", content.period)
    texts = typed.texts(form, standing_of(filled(spec(content), content)).rows, {0: 0, 1: 1, 2: 2})
    texts["L1/electrolysis/1/anode:value"] = "8613.275"
    rows = typed.lines(form, content.lines, typed.shape_of(form, 2, texts), texts)
    on_page, findings = typed.read(form, content.period, content.unit, rows)
    assert [finding.code for finding in findings] == ["number.rounded"]
    data = filled(spec(content), on_page)
    reading = read(data, "month.xlsx")
    assert reading.content == on_page
    assert reading.content.find("electrolysis", "A1").number("anode") == Decimal("8613.28")
    assert [(each.code, each.params["cells"]) for each in reading.findings] == [
        ("number.rounded", findings[0].params["cells"])
    ]
    agreed(on_page)
