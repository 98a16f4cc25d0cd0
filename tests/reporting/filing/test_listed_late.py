"""A unit that is listed late has its terms from then on: nothing is overdue by a day before it was listed."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from registry import directory
from registry.models import DirectoryEntry
from registry.todo import reminders
from reporting.filing import deadlines, intake
from reporting.models import ControlPlan, DeadlineExtension, Package
from reporting.queries import plan_coverage, todo
from tests.cast import at
from tests.reporting import story

# 5 December 2025 + 40 days. By the law the months to October were due before it: November by 9 January 2026 (30 November + 40).
APPROVED, DUE = at("2025-12-05"), dt.date(2026, 1, 14)


@pytest.fixture
def entry(unit, process, officer, approver):
    proposed = directory.propose_entry(
        unit, 2025, story.ALUMINIUM, on=dt.date(2025, 1, 1), ground=DirectoryEntry.EntryGround.EXPECTED, reason="补列",
        by=officer, at=at("2025-12-01"),
    )  # fmt: skip
    return directory.decide(proposed, approve=True, by=approver, at=APPROVED)


def titles(person, when):
    with translation.override("en"):
        return {each.title: each for each in todo.todos(person, at(when))}


def test_nothing_is_overdue_by_terms_from_before_it_was_listed(entry, unit, clerk, officer, client_for):
    known = deadlines.dues([unit.pk], APPROVED.date())
    days = {period: known.of(unit.pk, story.ALUMINIUM, period) for period in story.MONTHS}
    assert days == {
        **dict.fromkeys(story.MONTHS[:11], DUE),
        "2025-12": dt.date(2026, 2, 9),  # 31 December + 40: later than the day from its listing
    }
    for when in ("2025-12-06", "2026-01-14"):
        found = titles(clerk, when)
        assert "Packages overdue: submit" not in found
        assert found["Packages to submit"].due == DUE
        assert "Packages of your units overdue" not in titles(officer, when)
    assert titles(clerk, "2026-01-15")["Packages overdue: submit"].count == 11
    board = reverse("reporting:package_board")
    asked = {"sector": story.ALUMINIUM, "year": 2025, "as_of": "2025-11-30"}
    [(_shown, cards, _late)] = client_for(officer).get(board, asked).context["rows"]
    assert not any(card.overdue for card in cards)


def test_the_packages_say_why_and_can_be_extended_from_there(entry, unit, officer, clerk, client_for):
    package = Package.objects.get(unit=unit, period="2025-01")
    assert (package.due, package.state) == (DUE, "open")
    page = client_for(clerk, "en").get(reverse("reporting:package", args=[package.pk])).text
    assert "The unit&#x27;s entry in the directory was approved on 2025-12-05." in page
    # 60 days at most, from the day that it got: the law's own and 60 days are long past.
    last = DUE + dt.timedelta(days=60)
    made = deadlines.extend(unit, story.ALUMINIUM, "2025-01", due=last, reason="停电", by=officer, at=at("2026-01-10"))
    assert made.due == last


def test_what_the_law_asks_later_is_left_alone(unit, process, officer, approver):
    proposed = directory.propose_entry(
        unit, 2025, story.ALUMINIUM, on=dt.date(2025, 1, 1), ground=DirectoryEntry.EntryGround.EXPECTED, reason="新建",
        by=officer, at=at("2025-05-06"),
    )  # fmt: skip
    entry = directory.decide(proposed, approve=True, by=approver, at=at("2025-05-08"))
    assert entry.listed_on == dt.date(2025, 5, 8)
    assert not Package.objects.exists()
    assert not DeadlineExtension.objects.exists()


def test_a_month_handed_in_before_it_was_listed_is_let_be(unit, process, officer, approver, clerk):
    story.submitted(unit, "2025-01", clerk)
    before = Package.objects.get().due
    proposed = directory.propose_entry(
        unit, 2025, story.ALUMINIUM, on=dt.date(2025, 1, 1), ground=DirectoryEntry.EntryGround.EXPECTED, reason="补列",
        by=officer, at=at("2025-12-01"),
    )  # fmt: skip
    directory.decide(proposed, approve=True, by=approver, at=APPROVED)
    assert Package.objects.get(period="2025-01").due == before
    assert Package.objects.get(period="2025-02").due == DUE


def test_the_control_plan_is_due_from_the_listing_on(entry, unit, clerk):
    # By the law it was due on 2025-06-30.
    assert plan_coverage.due(2025, entry.listed_on) == DUE
    assert ControlPlan(unit=unit, sector=story.ALUMINIUM, year=2025).due == DUE
    assert titles(clerk, "2025-12-06")["Control plans to submit"].due == DUE


def test_the_annual_report_is_due_from_the_listing_on(unit, process, officer, approver, unit_approver):
    proposed = directory.propose_entry(
        unit, 2025, story.ALUMINIUM, on=dt.date(2025, 1, 1), ground=DirectoryEntry.EntryGround.EXPECTED, reason="补列",
        by=officer, at=at("2026-03-20"),
    )  # fmt: skip
    entry = directory.decide(proposed, approve=True, by=approver, at=at("2026-03-20"))
    due = dt.date(2026, 4, 29)  # 20 March + 40 days; by the law 31 March
    told = {
        day: [one.params["due"] for one in reminders.reminders(day) if one.person_id == unit_approver.pk]
        for day in (dt.date(2026, 3, 31), dt.date(2026, 4, 28))
    }
    assert told == {dt.date(2026, 3, 31): [], dt.date(2026, 4, 28): [due.isoformat()]}
    assert directory.listed_on(unit.pk, story.ALUMINIUM, 2025) == entry.listed_on


def test_the_day_stays_when_it_leaves_again(entry, officer, approver):
    leaving = directory.propose_exit(
        entry, on=dt.date(2025, 12, 20), ground=DirectoryEntry.ExitGround.RESTRUCTURED, reason="并入", by=officer,
        at=at("2025-12-10"),
    )  # fmt: skip
    directory.decide(leaving, approve=True, by=approver, at=at("2025-12-12"))
    leaving.refresh_from_db()
    assert leaving.listed_on == APPROVED.date()


def test_what_was_set_is_append_only(entry):
    for change in (lambda rows: rows.update(due=DUE), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(DeadlineExtension.objects.all())


def test_a_package_begun_later_is_not_moved(entry, unit):
    package = intake.package_of(unit, story.ALUMINIUM, "2025-12")
    assert package.due == dt.date(2026, 2, 9)
