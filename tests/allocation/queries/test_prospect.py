"""What a forecast year would bring in quota; 甲's months are those of tests/reporting/story.py."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from allocation import deductions
from allocation.deductions import Decision
from allocation.models import Award, BalanceValue
from allocation.queries.prospect import prospect
from tests.cast import at
from tests.reporting import story

DAY = dt.date(2026, 2, 1)


@pytest.fixture
def process(unit, make_line):
    return story.electrolysis(unit, make_line)


@pytest.fixture
def publish(analyst, ministry_approver):
    """`publish(value, year)`: aluminium's balance value, published on 20 January of the year after."""

    def make(value: str, year: int = 2025) -> BalanceValue:
        when = at(f"{year + 1}-01-20")
        return BalanceValue.objects.create(
            sector=story.ALUMINIUM,
            year=year,
            plan_id="2024-2025-final",
            state=BalanceValue.State.PUBLISHED,
            value=Decimal(value),
            computed_by=analyst,
            requested_at=when,
            published_by=ministry_approver,
            published_at=when,
        )

    return make


@pytest.fixture
def page(unit, client_for):
    def get(person, year: int = 2025, sector: str = story.ALUMINIUM, **asked: str):
        url = reverse("allocation:quota_forecast", args=[unit.pk, year, sector])
        return client_for(person, "en").get(url, {"as_of": DAY.isoformat(), **asked})

    return get


def test_the_forecast_year_is_determined_by_the_plan(unit, process, clerk, publish, page):
    """E 12 × 26,745 = 320,940; I = 320,940 / 204,000; X = (1.6 − I) / 1.6 = 0.016727941…; α = 0.15·X = 0.002509191…;
    A = floor(320,940 × 1.002509191…) = floor(321,745.29…)."""
    publish("1.6")
    story.submitted(unit, "2025-01", clerk)
    found = prospect(unit, story.ALUMINIUM, 2025, DAY)
    assert (found.plan.id, found.balance_value.value) == ("2024-2025-final", Decimal("1.6"))
    assert (found.due, found.quota, found.surplus) == (320_940, 321_745, 805)
    text = page(clerk).text
    assert "321,745" in text
    assert "This is an estimate: nothing" in text
    assert "draft: simulation only" not in text
    assert not Award.objects.exists()  # nothing is stored


def test_without_a_balance_value_nobody_knows(unit, process, clerk, page):
    story.submitted(unit, "2025-01", clerk)
    assert "No balance value is published yet" in page(clerk).text


def test_a_value_counts_from_the_day_of_its_publication(unit, process, clerk, publish, page):
    publish("1.6")
    story.submitted(unit, "2025-01", clerk)
    assert "No balance value is published yet" in page(clerk, as_of="2026-01-19").text
    assert "321,745" in page(clerk, as_of="2026-01-20").text


def test_a_year_without_its_own_uses_the_last_value_and_the_draft_and_says_so(unit, process, clerk, publish, page):
    publish("1.6")
    story.submitted(unit, "2025-01", clerk)
    story.submitted(unit, "2026-01", clerk, at("2026-02-20"))
    text = page(clerk, year=2026, as_of="2026-03-01").text
    assert "draft: simulation only" in text
    assert "None has been published for 2026; that of 2025 is used in its place." in text


def test_a_year_of_which_nothing_is_handed_in(unit, process, publish, clerk, page):
    publish("1.6")
    story.read(unit, "2025-01", clerk)
    assert "No month of this year is submitted yet" in page(clerk).text


def test_a_year_that_no_plan_covers(clerk, page):
    assert "No plan covers this year" in page(clerk, year=2031).text


@pytest.mark.parametrize(("year", "sector"), [(2025, "power"), (1, "steel")])
def test_what_there_is_not(clerk, page, year, sector):
    assert page(clerk, year=year, sector=sector).status_code == 404


def test_strangers_see_nothing(rival_clerk, verifier, page):
    assert page(rival_clerk).status_code == 404
    assert page(verifier).status_code == 403


def test_as_many_questions_for_a_year_as_for_a_month(unit, process, clerk, publish, django_assert_num_queries):
    publish("1.6")
    story.submitted(unit, "2025-01", clerk)
    with django_assert_num_queries(8):
        prospect(unit, story.ALUMINIUM, 2025, DAY)
    for period in story.MONTHS[1:6]:
        story.submitted(unit, period, clerk)
    with django_assert_num_queries(8):
        prospect(unit, story.ALUMINIUM, 2025, DAY)


def test_what_earlier_decisions_still_deduct_is_counted_in_the_surplus(
    unit, process, clerk, publish, page, officer, approver
):
    publish("1.6")
    story.submitted(unit, "2025-01", clerk)
    decision = Decision(unit.credit_code, "aluminium", "核减1号", dt.date(2026, 1, 5), 2024, 1_000, "not_surrendered")
    made = deductions.enter(decision, by=officer, at=at("2026-01-10"))
    deductions.approve([made], shown=deductions.seen([made]), by=approver, at=at("2026-01-11"))
    found = prospect(unit, story.ALUMINIUM, 2025, DAY)
    # 321,745 − 1,000 − 320,940
    assert (found.quota, found.deducted, found.surplus) == (321_745, 1_000, -195)
    assert "−195" in page(clerk).text
