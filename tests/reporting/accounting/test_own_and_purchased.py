"""Own and purchased coke and gas of one kind are stated apart, each with its own value; earlier forms, which had one name for both, are
still read and accounted as they were."""

import dataclasses
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from reporting import checks
from reporting.accounting import account, account_year, spans
from reporting.accounting.citations import cited
from reporting.checks import CheckContext
from reporting.content import DEFAULT, Content, Datum, closing_stocks
from reporting.control_plan import Entry, Place, Plan
from reporting.guidelines import for_period, kind_of
from reporting.labels import terms_in_words
from reporting.workbook import blank, filled, read
from reporting.workbook.definition import UNMARKED
from reporting.workbook.forms import form_for
from reporting.workbook.reading import typed
from reporting.workbook.reading.read import standing_of
from tests.reporting.files import OBJECT, edited, put, row_of
from tests.reporting.months import UNIT, batch, ledger, meter, replaced, row, spec, steel


def works(*rows: Any, period: str = "2025-07") -> Content:
    return Content("steel", period, UNIT, ("W1",), rows)


OVEN_GAS = works(
    ledger("coke_oven_gas_purchased", "0", "500", "0", "0", "500", ncv="170"),
    ledger("coke_oven_gas_own", "0", "0", "200", "0", "-200", ncv="180"),
    row("process_out", "coke_oven_gas_own", line="W1", process="coking", amount="900"),
    row("process_in", "coke_oven_gas_purchased", line="W1", process="ironmaking", amount="500"),
    row("process_in", "coke_oven_gas_own", line="W1", process="ironmaking", amount="300"),
)


def found(content: Content, context: CheckContext | None = None) -> list[tuple[str, str]]:
    given = context or CheckContext()
    return [(finding.code, finding.params.get("item", "")) for finding in checks.run(content, account(content), given)]


def test_a_gas_that_is_bought_and_made_has_two_values():
    """500 × 170.000, 200 sold and 300 used × 180.000, each × 0.0121 × 44/12."""
    emissions = {term.source: term.emissions for term in account(OVEN_GAS).terms}
    assert emissions["fuel.coke_oven_gas_purchased"] == Decimal("3771.17")  # 85,000 × 0.0121 × 44/12 = 3,771.1667
    assert emissions["fuel.coke_oven_gas_own"] == Decimal("-1597.20")  # 36,000 × 0.0121 × 44/12
    assert emissions["ironmaking.in.coke_oven_gas_purchased"] == Decimal("3771.17")
    assert emissions["ironmaking.in.coke_oven_gas_own"] == Decimal("2395.80")  # 54,000 × 0.0121 × 44/12
    data = filled(spec(OVEN_GAS), OVEN_GAS)
    reading = read(data, "month.xlsx")
    assert (reading.content, reading.findings) == (OVEN_GAS, [])
    labels = [cell.value for cell in openpyxl.load_workbook(BytesIO(data))["企业层级生产数据及排放量表"]["B"]]
    assert "焦炉煤气（外购） coke-oven gas (purchased)" in labels
    assert "焦炉煤气（自产） coke-oven gas (own)" in labels


def test_a_year_keeps_them_apart():
    later = dataclasses.replace(OVEN_GAS, period="2025-08")
    year = account_year(spans([OVEN_GAS, later]))
    sources = [term.source for term in year.terms if term.level == "enterprise"]
    assert {source.removesuffix(".net_sold") for source in sources} >= {
        "fuel.coke_oven_gas_purchased",
        "fuel.coke_oven_gas_own",
    }
    assert year.totals.enterprise == 4_348  # 2 × (3,771.1667 − 1,597.20) = 4,347.93


def test_a_mark_is_missing_in_the_form_that_has_marks():
    data = edited(filled(spec(OVEN_GAS), OVEN_GAS), put("fuel.gas/1/opening", "焦炉煤气 coke-oven gas", OBJECT))
    reading = read(data, "month.xlsx")
    assert [(finding.code, finding.blocks) for finding in reading.findings] == [("item.unmarked", True)]
    tested = replaced(OVEN_GAS, batch("coke_oven_gas", "B1", "", "170"), meter("fuel//consumed", item="coke_oven_gas"))
    codes = [finding.code for finding in read(filled(spec(tested), tested), "month.xlsx").findings]
    assert codes == ["item.unmarked", "item.unmarked"]


def test_the_lists_offer_marked_fuels_only():
    form = form_for("steel", "2025-07")
    offered = {item.code for group, _ in form.groups.values() for item in group.offered} - {"coke"}  # fines
    guideline = for_period("steel", "2025-07")
    assert not [code for code in offered if code in guideline.fuels and guideline.fuels[code].is_unmarked]
    book = openpyxl.load_workbook(BytesIO(blank(spec(OVEN_GAS))))
    names = [cell.value for cell in book["缺省值"]["A"]]
    assert "兰炭 semi-coke" in names
    assert "焦炭（自产） coke (own)" in names


# ------------------------------------------------------------------ earlier forms


def earlier(content: Content, version: str) -> bytes:
    """The workbook as an earlier platform wrote it: with its version, and without the rows and names that came later."""

    def back(book: openpyxl.Workbook) -> None:
        identity = book["基本信息"]
        identity.cell(row_of(identity, "form"), 3).value = version
        for sheet in book.worksheets:
            gone = [
                cell.row
                for cell in sheet["A"]
                if any(name in str(cell.value) for name in ("ironmaking.other/", "product.processed/"))
            ]
            for at in reversed(gone):
                sheet.delete_rows(at)
        if version == "2025.1":
            del book["热值检测"], book["计量器具"]

    return edited(filled(spec(content), content), back)


def unmarked(content: Content) -> Content:
    """What a month said before there were marks; its two places of coke in ironmaking are one."""
    own = {("process_in", "ironmaking", "coke_own")}
    rows = [
        dataclasses.replace(each, item=kind_of(each.item))
        for each in content.rows
        if (each.table, each.process, each.item) not in own
    ]
    whole = row("process_in", "coke", line="W1", process="ironmaking", amount="98000")
    return replaced(dataclasses.replace(content, rows=tuple(rows)), whole)


@pytest.mark.parametrize("version", UNMARKED)
def test_an_earlier_forms_workbook_is_read_and_accounted_as_it_was(version):
    old = unmarked(steel())
    reading = read(earlier(old, version), "month.xlsx")
    assert reading.content == old
    assert [(finding.code, finding.severity) for finding in reading.findings] == [("form.unmarked", "warning")]
    accounts = account(reading.content)
    emissions = {term.source: str(term.emissions) for term in accounts.terms}
    assert emissions["fuel.coke"] == "49078.05"
    assert emissions["fuel.coke_oven_gas"] == "-1157.00"
    assert emissions["ironmaking.in.coke"] == "300603.07"
    assert emissions["other"] == "136755.36"
    line = accounts.totals.lines["W1"]
    assert (line.emissions, line.main_emissions, line.output) == (490_806, 266_651, 290_000)
    assert "use.above_supply" not in [code for code, _ in found(reading.content)]


def test_what_was_stored_before_there_were_marks_is_accounted_as_it_was():
    stored = unmarked(steel()).as_json()
    assert account(Content.from_json(stored)).totals.enterprise == 490_806


def test_an_earlier_month_is_corrected_in_the_form_of_now():
    """Its rows stand in their places, and each asks for its mark."""
    old = unmarked(steel())
    reading = read(filled(spec(old), old), "month.xlsx")
    assert reading.content.as_json()["rows"] != []
    assert {row.key for row in reading.content.rows} == {row.key for row in old.rows}
    assert {finding.code for finding in reading.findings} == {"item.unmarked"}


def test_an_earlier_version_stands_on_the_page_of_now():
    """With its own names in the places of coke and gas, and every number."""
    old = unmarked(steel())
    form, standing = form_for("steel", "2025-07"), standing_of(earlier(old, "2025.2"))
    texts = typed.texts(form, standing.rows, {0: 0, 1: 1})
    assert "coke" in texts.values()
    shape = typed.shape_of(form, 1, texts)
    content, findings = typed.read(form, old.period, old.unit, typed.lines(form, old.lines, shape, texts))
    assert {row.key: row.data for row in content.rows} == {row.key: row.data for row in old.rows}
    assert {finding.code for finding in findings} == {"item.unmarked"}


# ------------------------------------------------------------------ checks


def test_stocks_continue_across_the_change():
    """A closing stock without a mark is the sum of both opening stocks; where both months have marks each stands for itself."""
    before = unmarked(steel("2025-06"))

    def opening(own: str, bought: str) -> list[str]:
        month = works(
            ledger("coke_own", own, "0", own, "0", "0"), ledger("coke_purchased", bought, "0", bought, "0", "0")
        )
        rest = dataclasses.replace(before, rows=tuple(each for each in before.rows if each.item == "coke"))
        return [code for code, _ in found(month, CheckContext(earlier=(rest,))) if code == "ledger.discontinuous"]

    assert opening("1500", "500") == []
    assert opening("1500", "501") == ["ledger.discontinuous"]
    month = works(ledger("coke_own", "1500", "0", "1500", "0", "0"))
    rest = dataclasses.replace(before, rows=tuple(each for each in before.rows if each.item == "coke"))
    assert ("ledger.discontinuous", "⟦焦炭|coke⟧") in found(month, CheckContext(earlier=(rest,)))
    marked = steel("2025-06")
    month = works(ledger("coke_own", "2000", "0", "2000", "0", "0"))
    alone = dataclasses.replace(marked, rows=tuple(each for each in marked.rows if kind_of(each.item) == "coke"))
    items = [item for code, item in found(month, CheckContext(earlier=(alone,))) if code == "ledger.discontinuous"]
    assert items == ["⟦焦炭（自产）|coke (own)⟧", "⟦焦炭（外购）|coke (purchased)⟧"]


def test_own_and_purchased_are_each_covered():
    """900 of own gas less 200 sold; 500 bought."""

    def used(own: str, bought: str) -> list[tuple[str, str]]:
        changed = replaced(
            OVEN_GAS,
            row("process_in", "coke_oven_gas_own", line="W1", process="ironmaking", amount=own),
            row("process_in", "coke_oven_gas_purchased", line="W1", process="ironmaking", amount=bought),
        )
        return [each for each in found(changed) if each[0] == "use.above_supply"]

    assert used("700", "500") == []
    assert used("700.01", "499") == [("use.above_supply", "⟦焦炉煤气（自产）|coke-oven gas (own)⟧")]
    assert used("100", "500.01") == [("use.above_supply", "⟦焦炉煤气（外购）|coke-oven gas (purchased)⟧")]


def test_what_is_own_was_not_bought():
    content = works(ledger("coke_own", "0", "10", "0", "0", "10"))
    assert [each for each in found(content) if "焦炭" in each[1]] == [("origin.bought", "⟦焦炭（自产）|coke (own)⟧")]
    bought = works(ledger("coke_purchased", "0", "10", "0", "0", "10"))
    assert "origin.bought" not in [code for code, _ in found(bought)]


def test_only_own_fuel_is_consumed_in_the_negative():
    content = works(ledger("coke_purchased", "0", "0", "5", "0", "-5"), ledger("coke_own", "0", "0", "5", "0", "-5"))
    findings = read(filled(spec(content), content), "month.xlsx").findings
    assert [(finding.code, finding.sheet) for finding in findings] == [
        ("number.negative", "企业层级生产数据及排放量表")
    ]


def test_a_plan_of_before_speaks_of_both():
    plan = Plan("steel", 2025, UNIT, ("W1",), {Place("fuel.solid", "", "coke", "ncv"): Entry(how=DEFAULT)})
    for code in ("coke", "coke_own", "coke_purchased"):
        assert plan.entry(Place("fuel.solid", "", code, "ncv")) == Entry(how=DEFAULT)
    assert plan.entry(Place("fuel.solid", "", "anthracite", "ncv")) is None


def test_a_blank_leaves_an_unmarked_stock_to_the_clerk():
    stocks = closing_stocks(unmarked(steel("2025-06")))
    wanted = dataclasses.replace(spec(steel()), opening_stocks=stocks)
    assert read(blank(wanted), "blank.xlsx").findings == []


# ------------------------------------------------------------------ semi-coke, iron, tar and benzol


def test_semi_coke_is_an_input_of_ironmaking_and_converters():
    """1,000 t × 28.435 × 0.02942 × 44/12 = 3,067.3782, as of coke."""
    content = works(
        ledger("semi_coke", "0", "1500", "0", "0", "1500"),
        row("process_in", "semi_coke", line="W1", process="ironmaking", amount="1000"),
        row("process_in", "semi_coke", line="W1", process="converter", amount="500"),
    )
    emissions = {term.source: term for term in account(content).terms}
    assert emissions["ironmaking.in.semi_coke"].emissions == Decimal("3067.38")
    assert emissions["converter.in.semi_coke"].emissions == Decimal("1533.69")
    law = cited(emissions["ironmaking.in.semi_coke"], for_period("steel", "2025-07"))
    assert law["NCV"].parameter == "fuel.solid.semi_coke.ncv"
    assert read(filled(spec(content), content), "month.xlsx").findings == []
    for process in ("ironmaking", "converter"):
        assert "semi_coke" in form_for("steel", "2025-07").groups[f"{process}.in.mass"][0].presets
    stated = works(
        dataclasses.replace(content.rows[0], data={**content.rows[0].data, "ncv": Datum(Decimal(27), DEFAULT)})
    )
    assert "default.overwritten" in [code for code, _ in found(stated)]


IRON = works(
    row("process_output", line="W1", process="ironmaking", amount="1000"),
    row("process_output", "direct_reduced_iron", line="W1", process="ironmaking", amount="200"),
    row("process_output", "smelting_reduction_iron", line="W1", process="ironmaking", amount="30"),
    row("process_output", "nickel_iron", line="W1", process="ironmaking", amount="4"),
    row("process_in", "anthracite", line="W1", process="ironmaking", amount="1000"),
)


def test_ironmakings_output_is_all_that_it_makes():
    content = replaced(
        IRON,
        meter("process_output/ironmaking/amount", "M1", "direct_reduced_iron", "W1", error="1.5"),
        meter("process_output/ironmaking/amount", "M2", "", "W1", error="2.5"),
    )
    assert account(IRON).totals.lines["W1"].output == Decimal(1234)
    reading = read(filled(spec(content), content), "month.xlsx")
    assert (reading.content, reading.findings) == (content, [])
    # both meters were never calibrated: 1.0 % and 2.0 % at least, of pig iron and of direct reduced iron each their own
    pig, reduced = (
        account(replaced(IRON, each)).totals.lines["W1"].output for each in content.rows if each.table == "meter"
    )
    whole = account(content).totals.lines["W1"].output
    assert whole == pig + reduced - 1234
    assert len({pig, reduced, whole, Decimal(1234)}) == 4


def test_a_works_without_pig_iron_states_what_it_makes():
    only = dataclasses.replace(IRON, rows=IRON.rows[1:])
    assert "value.missing" not in [code for code, item in found(only) if "炼铁" in item]
    assert account(only).totals.lines["W1"].output == Decimal(234)


def test_tar_and_benzol_processed_further_count_as_sold():
    """100 t × 2.699 and 10 t × 3.382, beside 4,000 t and 1,200 t sold."""
    content = replaced(steel(), row("processed", "tar", amount="100"), row("processed", "crude_benzol", amount="10"))
    terms = {term.source: term for term in account(content).terms}
    assert terms["processed.tar"].emissions == Decimal("-269.90")
    assert terms["processed.crude_benzol"].emissions == Decimal("-33.82")
    assert account(content).totals.enterprise == 490_502  # 490,805.61 − 269.90 − 33.82 = 490,501.89
    reading = read(filled(spec(content), content), "month.xlsx")
    assert ({row.key for row in reading.content.rows}, reading.findings) == ({row.key for row in content.rows}, [])
    law = cited(terms["processed.tar"], for_period("steel", "2025-07"))
    assert law["EF"].parameter == "product.tar"
    assert terms_in_words.source_name("steel", "2025-07", "processed.tar") != terms_in_words.source_name(
        "steel", "2025-07", "product.tar"
    )
