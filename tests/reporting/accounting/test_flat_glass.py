"""Flat glass: a sector that reports and is verified, and gets no quota; one melting line of 800 t/d, and its year worked by hand."""

import datetime as dt
from decimal import Decimal

import pytest

from allocation.runs import batches
from allocation.scope import of_balance_value
from registry import directory
from registry.models import Authority, DirectoryEntry, Line
from registry.refusal import Refusal
from reporting import verification, workbook
from reporting.accounting import account, cited
from reporting.content import CALCULATED, DEFAULT, Content, Datum, Row
from reporting.guidelines import for_period
from reporting.models import VerifiedResult
from tests.cast import at
from tests.reporting import story
from tests.reporting.accounting.test_sectors import filed, ledger, row
from tests.reporting.workbook.test_sheet_is_platform import agreed

LINE = "G1"
ROWS = (
    ledger("natural_gas", "5000"),
    Row(
        "line_fuel",
        LINE,
        item="natural_gas",
        data={
            "amount": Datum(Decimal(5000), CALCULATED, "台账", "台账.pdf"),
            "ncv": Datum(Decimal("389.31"), DEFAULT, "台账", "台账.pdf"),
        },
    ),
    row("carbonate", LINE, item="limestone", amount="14000"),
    row("carbonate", LINE, item="dolomite", amount="42000"),
    row("carbonate", LINE, item="soda_ash", amount="56000"),
    row("carbon", LINE, item="carbon_powder", amount="150"),
    row("glass", LINE, amount="280000"),
)
# gas        5,000 × 389.31 × 0.01532 × 0.99 × 44/12 = 108,250.7599… → 108,250.76
# carbonates 14,000 × 0.4397 + 42,000 × 0.4773 + 56,000 × 0.4149 = 6,155.80 + 20,046.60 + 23,234.40 = 49,436.80
# carbon     150 × 1 × 44/12 = 550.00
PARTS = {"fuel": "108250.76", "carbonate": "49436.80", "carbon": "550.00"}
TONNES = 158_238


@pytest.fixture
def melting_line(unit, make_line) -> Line:
    unit.memberships.create(sector="flat_glass")
    return make_line(unit, "flat_glass", LINE, capacity=Decimal("800.00"))


def content(period: str, unit: str = "91990000MA0TEST00X") -> Content:
    return Content("flat_glass", period, unit, (LINE,), ROWS)


def test_the_year_is_the_sum_of_its_parts():
    total = account(content("2024")).totals.lines[LINE]
    assert {name: str(value) for name, value in total.details.items()} == PARTS
    assert (total.emissions, total.output) == (Decimal(TONNES), Decimal(280_000))


def test_every_factor_of_a_term_is_cited():
    guideline = for_period("flat_glass", "2024")
    named = [cited(term, guideline) for term in account(content("2024")).terms]
    assert [sorted(each) for each in named] == [["CC", "NCV", "OF"], *[["EF"]] * 3, ["CC"]]


@pytest.mark.parametrize("period", ["2024", "2025-07"])
def test_a_workbook_says_what_was_filled_in(period):
    stated = content(period)
    spec = workbook.BlankSpec("flat_glass", period, stated.unit, "示例玻璃", (workbook.LineSpec(LINE),))
    read = workbook.read(workbook.filled(spec, stated), f"{period}.xlsx")
    assert (read.findings, read.content) == ([], stated)


def test_the_sheet_computes_what_the_platform_does():
    assert TONNES in agreed(content("2025-07")).values()


def test_a_line_reports_and_is_verified(melting_line, clerk, unit_approver, officer, approver, verifier):
    report = filed(melting_line, ROWS, clerk, unit_approver, officer)
    given = verification.assign(report, verifier.body, by=officer, at=at("2025-08-01"))
    verification.confirm_all(given, by=verifier, at=at("2025-08-01"))
    verification.conclude(given, by=verifier, at=at("2025-08-01"))
    verification.approve(given, by=approver, at=at("2025-08-01"))
    result = VerifiedResult.objects.get(line=melting_line)
    assert (result.emissions, result.output, result.details) == (TONNES, Decimal(280_000), PARTS)
    assert of_balance_value("flat_glass", 2024, at("2025-09-01")).results == []


def test_its_units_are_listed_to_report_only(melting_line, officer, approver):
    story_of = {
        "on": dt.date(2025, 6, 1),
        "reason": "年综合能耗一万吨标准煤以上",
        "by": officer,
        "at": at("2025-05-20"),
    }
    unit = melting_line.unit
    with pytest.raises(Refusal):
        directory.propose_entry(unit, 2025, "flat_glass", ground=DirectoryEntry.EntryGround.EXPECTED, **story_of)
    ground = DirectoryEntry.EntryGround.REPORTS_ONLY
    entry = directory.propose_entry(unit, 2025, "flat_glass", ground=ground, **story_of)
    directory.decide(entry, approve=True, by=approver, at=at("2025-05-21"))
    assert list(directory.listed(2025, "flat_glass", dt.date(2025, 7, 1))) == [entry]
    scopes = batches.scopes(2025, at("2025-07-01"), authorities=Authority.objects.all(), sectors=["flat_glass"])
    assert scopes == []


def test_an_electric_arc_works_reports_and_is_in_no_run(unit, make_line, officer):
    """A unit of a sector with quota is outside it by the ground of its entry."""
    line = make_line(unit, "steel", "E1", capacity=Decimal("100.00"))
    entry = story.list_unit(unit, 2025, officer, sector="steel")
    assert [each for each, _reason in of_balance_value("steel", 2025, at("2025-12-01")).left_out] == [line]
    DirectoryEntry.objects.filter(pk=entry.pk).update(entry_ground=DirectoryEntry.EntryGround.REPORTS_ONLY)
    assert of_balance_value("steel", 2025, at("2025-12-01")).left_out == []
