"""A guideline that changes in July: each half of the year is accounted by its own, and the rounding stays rounding.

A month's anode effect of 17,000 t is 17,000 × (0.02 × 6630 + 0.0011 × 11100) / 1000 = 2,461.77 until June and, with 0.03 kg of CF4,
17,000 × (0.03 × 6630 + 0.0011 × 11100) / 1000 = 3,588.87 from July. With the anode's 24,283.40 that is 26,745 and 27,872 t a month.

| | anode | effect | |
| --- | --- | --- | --- |
| January to June | 48,000 × 0.8482 × 0.976 × 44/12 = 145,700.40 | 102,000 × 144.81 / 1000 = 14,770.62 | 160,471.02 |
| July to December | 145,700.40 | 102,000 × 211.11 / 1000 = 21,533.22 | 167,233.62 |
| year | | | 327,704.64 → 327,705 |

The months come to 6 × 26,745 + 6 × 27,872 = 327,702: 3 t are rounding. By January's guideline alone the year was 320,942.
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse

from registry.refusal import Refusal
from reporting import checks, guidelines, review, workbook
from reporting.accounting import account, account_year, differences, spans
from reporting.checks import CheckContext
from reporting.content import DEFAULT, Content, Datum
from reporting.filing import annual, intake, report_spans
from reporting.models import VerifiedResult
from tests.cast import at
from tests.reporting import story
from tests.reporting.months import ledger, replaced, row, steel

YEAR = 327_705
JULY = dt.date(2025, 7, 1)
MORE_CF4 = ('"0.02"', '"0.03"')


def test_each_half_is_accounted_by_its_own_guideline(change_guideline):
    change_guideline("aluminium", JULY, *MORE_CF4)

    def month(period: str) -> Content:
        return Content(
            "aluminium", period, "U", ("A1",), (row("electrolysis", line="A1", anode="8000", amount="17000"),)
        )

    months = [month(period) for period in story.MONTHS]
    first, second = parts = spans(months)
    assert (first.periods[-1], second.periods[0]) == ("2025-06", "2025-07")
    assert [part.emissions for part in parts] == [Decimal("160471.02"), Decimal("167233.62")]
    year = account_year(parts)
    assert year.totals.enterprise == YEAR
    assert year.totals.lines["A1"].details == {"anode": Decimal("291400.80"), "effect": Decimal("36303.84")}
    assert year.totals.lines["A1"].output == 204_000
    assert {(each.code, each.difference, each.rounding) for each in differences(months)} == {("", 3, 3), ("A1", 3, 3)}


def test_a_year_with_one_guideline_is_one_span_and_other_evidence_parts_nothing(change_guideline):
    change_guideline("aluminium", JULY, *MORE_CF4)
    assert len(spans([steel("2025-01"), steel("2025-12")])) == 1
    before, after = (guidelines.for_period("aluminium", period) for period in ("2025-06", "2025-07"))
    assert {name for name in before.figures if before.figures[name] != after.figures[name]} == {"version", "effect.cf4"}


def test_calorific_values_are_weighted_by_consumption_within_each_span(change_guideline):
    """Coking coal: 140,000 t of 26.5 and 60,000 t of 27.0 before July, 100,000 t of 26.0 after."""
    change_guideline("steel", JULY, '"0.44"', '"0.45"')  # limestone
    coal = [("2025-05", "140000", "26.5"), ("2025-06", "60000", "27"), ("2025-07", "100000", "26")]
    months = [
        replaced(steel(period), ledger("coking_coal", "0", used, "0", "0", used, ncv=ncv)) for period, used, ncv in coal
    ]
    terms = [[term for term in span.terms if term.source == "fuel.coking_coal"] for span in spans(months)]
    assert [[term.inputs for term in part] for part in terms] == [
        [{"FC": "200000.00", "NCV": "26.650", "CC": "0.02541"}],  # (140,000 × 26.5 + 60,000 × 27) / 200,000
        [{"FC": "100000.00", "NCV": "26.000", "CC": "0.02541"}],
    ]
    limestone = [term for span in spans(months) for term in span.terms if term.source == "carbonate.limestone"]
    # 2 × 30,000 × 0.44, 30,000 × 0.45
    assert [term.emissions for term in limestone] == [Decimal("26400.00"), Decimal("13500.00")]
    assert account_year(spans(months)).totals.lines["W1"].output == 3 * 290_000


def test_a_deduction_that_changed_is_weighted_by_the_slag(change_guideline):
    """1,000 t of carbide slag with 0.48 t/t until June, 3,000 t with 0.52 t/t from July; clinker's factor stays 0.535."""
    change_guideline("cement", JULY, '"0.48"', '"0.52"')
    months = [
        Content(
            "cement",
            period,
            "U",
            ("1#",),
            (
                row("clinker", "portland", line="1#", amount="100000"),
                row("alternative", "carbide_slag", line="1#", amount=slag),
            ),
        )
        for period, slag in (("2025-06", "1000"), ("2025-07", "3000"))
    ]
    line = account_year(spans(months)).totals.lines["1#"]
    assert line.details["carbide_slag_factor"] == Decimal("0.51")  # (1,000 × 0.48 + 3,000 × 0.52) / 4,000
    assert line.details["process"] == 104_960  # 2 × 53,500 − 480 − 1,560
    assert line.carbide_slag_rate == Fraction(2_040, 107_000)


def test_a_month_at_the_default_of_its_time_is_no_other_choice(change_guideline):
    """Anthracite is at its default in June and July, and the default changes between."""
    default = guidelines.for_period("steel", "2025-06").fuels["anthracite"].ncv
    change_guideline("steel", JULY, f'"{default}"', '"24.000"')

    def month(period: str, ncv: str) -> Content:
        coal = ledger("anthracite", "0", "40000", "0", "0", "40000", moisture="8.5", dry="36600")
        stated = Datum(Decimal(ncv), DEFAULT, "指南", "")
        return replaced(steel(period), replace(coal, data={**coal.data, "ncv": stated}))

    june, july = month("2025-06", f"{default}"), month("2025-07", "24.000")
    found = checks.run(july, account(july), CheckContext(earlier=(june,)))
    assert [finding.code for finding in found if finding.code in ("ncv.choice_changed", "ncv.went_back")] == []
    kept = month("2025-07", f"{default}")  # the old default in July is none: something else was chosen
    found = checks.run(kept, account(kept), CheckContext(earlier=(june,)))
    assert "ncv.choice_changed" in [finding.code for finding in found]


@pytest.fixture
def prepared(change_guideline, unit, process, clerk, officer):
    change_guideline(story.ALUMINIUM, JULY, *MORE_CF4)
    story.accepted_year(unit, clerk, officer)
    return annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))


def test_the_report_shows_both_and_verification_takes_the_total(
    prepared, client, clerk, unit_approver, verifier, officer, approver
):
    assert prepared.emissions == YEAR
    kept = {row["code"]: (row["difference"], row["rounding"]) for row in prepared.stated.differences}
    assert kept == {"": ("3", "3.00"), "P1": ("3", "3.00")}
    said = prepared.spans.values_list("first", "last", "guideline", "last_term", "emissions")
    assert list(said) == [
        ("2025-01", "2025-06", "CETS—AG—04.01—V01—2024", 2, Decimal("160471.02")),
        ("2025-07", "2025-12", "CETS—AG—04.01—V02—2025", 4, Decimal("167233.62")),
    ]
    parts = report_spans.parts_of(prepared)
    assert [[term.source for term in part.terms] for part in parts] == [["anode", "effect"]] * 2
    [factor] = report_spans.changed_factors(prepared, parts)
    assert [dated.value for dated in factor.values] == [Decimal("0.02"), Decimal("0.03")]

    client.force_login(clerk)
    page = client.get(reverse("reporting:annual_report", args=[prepared.pk])).content.decode()
    for shown in ("160,471.02", "167,233.62", "2025-07 – 2025-12", "V02—2025", "0.03"):
        assert shown in page

    filed = annual.file(prepared, by=unit_approver, at=at("2026-03-01"))
    story.approve_all(filed, verifier, officer, approver, at("2026-04-10"))
    assert VerifiedResult.objects.get().emissions == YEAR


def test_a_year_workbook_of_two_guidelines_is_refused(unit, process, clerk, officer, change_guideline):
    change_guideline(story.ALUMINIUM, dt.date(2024, 7, 1), *MORE_CF4)
    package = intake.package_of(unit, story.ALUMINIUM, "2024")
    data = workbook.filled(story.spec(unit, "2024"), story.content(unit, "2024", anode="96000", metal="204000"))
    intake.receive(package, data, "2024.xlsx", by=clerk, at=at("2025-06-20"))
    story.do_jobs()
    story.submit(story.current(package), by=clerk, at=at("2025-06-20"))
    review.accept(story.current(package), by=officer, at=at("2025-06-25"))
    with pytest.raises(Refusal, match=r"2024-01–2024-06 .*V01—2024；2024-07–2024-12 .*V02—2025"):
        annual.prepare(unit, story.ALUMINIUM, 2024, by=clerk, at=at("2025-06-26"))
    assert not unit.annual_reports.exists()
