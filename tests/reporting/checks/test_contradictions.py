"""Accepting a month looks at the accepted months beside it: of two that contradict each other only the first is accepted."""

import pytest
from django.urls import reverse
from django.utils import translation

from registry.refusal import Refusal
from reporting import review
from reporting.models import Package
from tests.cast import at
from tests.reporting import story

WHEN = at("2026-02-20")


def refused(submission, officer) -> str:
    with translation.override("en"), pytest.raises(Refusal) as refusal:
        review.accept(submission, by=officer, at=WHEN)
    assert Package.objects.get(pk=submission.package_id).state == Package.State.SUBMITTED
    return str(refusal.value)


@pytest.fixture
def july(unit, process, clerk, officer):
    """Accepted before June came in; opens with 500 t."""
    return story.accepted(unit, "2025-07", clerk, officer)


@pytest.fixture
def june(july, unit, clerk, with_stock):
    """Submitted after July; closes with 600 t, so that July opens with less than June left."""
    with_stock(500, 600)
    return story.submitted(unit, "2025-06", clerk)


def test_the_later_month_is_accepted_already(june, officer):
    said = refused(june, officer)
    assert "2025-07: " in said
    assert "500.00" in said
    assert "600.00" in said
    assert [period for period, _finding in review.contradictions(june)] == ["2025-07"]


def test_the_earlier_month_is_accepted_already(unit, process, clerk, officer, with_stock):
    """Read while June lay with the province, submitted again after June was corrected: July follows the June that was sent back."""
    july = story.submitted(unit, "2025-07", clerk)
    with_stock(500, 600)
    story.accepted(unit, "2025-06", clerk, officer)
    assert "2025-07: " in refused(july, officer)


def test_the_month_that_is_wrong_is_reopened_and_corrected(june, july, unit, clerk, officer, with_stock):
    review.reopen(july, reason="期初库存有误", by=officer, at=WHEN)
    review.accept(june, by=officer, at=WHEN)
    with_stock(600, 600)
    corrected = review.accept(story.submitted(unit, "2025-07", clerk, WHEN), by=officer, at=WHEN)
    assert corrected.state == Package.State.ACCEPTED
    assert Package.objects.get(period="2025-06").state == Package.State.ACCEPTED


def test_the_month_before_the_years_first_is_looked_at(unit, process, clerk, officer, with_stock):
    january = story.submitted(unit, "2026-01", clerk, WHEN)
    with_stock(500, 600)
    story.accepted(unit, "2025-12", clerk, officer, WHEN)
    assert "2026-01: " in refused(january, officer)


def test_only_accepted_months_of_this_unit_count(unit, process, clerk, officer, with_stock):
    july = story.submitted(unit, "2025-07", clerk)
    with_stock(500, 600)
    story.submitted(unit, "2025-06", clerk)
    assert review.accept(july, by=officer, at=WHEN).state == Package.State.ACCEPTED


def test_a_gap_between_months_hides_no_choice_but_has_no_stock(unit, process, clerk, officer, with_stock):
    story.accepted(unit, "2025-07", clerk, officer)
    with_stock(700, 700)
    story.accepted(unit, "2025-09", clerk, officer)  # August, which goes from 500 to 700 t, isn't there yet
    with_stock(500, 700)
    story.accepted(unit, "2025-08", clerk, officer)
    assert Package.objects.filter(state=Package.State.ACCEPTED).count() == 3


def test_the_officer_sees_it_before_they_decide(june, officer, client_for):
    page = client_for(officer, "en").get(reverse("reporting:package", args=[june.package_id]))
    assert "contradicts months that are accepted" in page.text
    assert "2025-07" in page.text
    assert reverse("reporting:submission_accept", args=[june.pk]) not in page.text
    assert reverse("reporting:submission_send_back", args=[june.pk]) in page.text
    tried = client_for(officer, "en").post(reverse("reporting:submission_accept", args=[june.pk]), follow=True)
    assert "It contradicts months that are accepted." in tried.text


def test_its_clerk_is_not_told_before_the_province_is(june, clerk, client_for):
    page = client_for(clerk, "en").get(reverse("reporting:package", args=[june.package_id]))
    assert "contradicts months that are accepted" not in page.text


def test_one_question_however_many_months(unit, process, clerk, officer, django_assert_num_queries):
    submission = story.submitted(unit, "2025-12", clerk, WHEN)
    for period in story.MONTHS[:11]:
        story.accepted(unit, period, clerk, officer, WHEN)
    with django_assert_num_queries(1):
        assert review.contradictions(submission) == []
