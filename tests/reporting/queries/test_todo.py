"""What waits for whom, on a given day, with few questions."""

import pytest
from django.urls import reverse
from django.utils import translation

from registry.todo import Todo
from reporting import review, verification
from reporting.filing import annual
from reporting.queries import todo
from reporting.review import questions
from tests.cast import at
from tests.reporting import story


def titles(person, when: str, language: str = "en") -> dict[str, Todo]:
    with translation.override(language):
        return {entry.title: entry for entry in todo.todos(person, at(when))}


@pytest.fixture
def listed(unit, process, officer):
    return story.list_unit(unit, 2025, officer)


def test_the_clerks_months_come_with_their_nearest_deadline(listed, clerk):
    found = titles(clerk, "2025-09-01 10:00")
    # January to August have ended; the six back-filled months are due on 10-31, July on 09-09, August on 10-10
    assert found["Packages to submit"].count == 8
    assert found["Packages to submit"].due.isoformat() == "2025-09-09"
    assert found["Packages to submit"].tone == "warn"
    assert "Packages overdue: submit" not in found


def test_what_is_overdue_is_named_first(listed, unit, clerk):
    story.submitted(unit, "2025-08", clerk)
    found = titles(clerk, "2025-11-01 00:00")
    # Jan–Jun (10-31) and July (09-09) are overdue; August is submitted; September (11-09) and October (12-10) are ahead
    assert found["Packages overdue: submit"].count == 7
    assert found["Packages overdue: submit"].due.isoformat() == "2025-09-09"
    assert found["Packages to submit"].count == 2
    assert next(iter(found.values())).tone == "danger"


def test_the_province_counts_the_months_that_nobody_began(listed, unit, clerk, officer, stranger_officer):
    story.submitted(unit, "2025-08", clerk)
    # As above: January to July are overdue, of which the unit has not opened one.
    entry = titles(officer, "2025-11-01 00:00")["Packages of your units overdue"]
    assert (entry.count, entry.due.isoformat()) == (7, "2025-09-09")
    assert "Packages of your units overdue" not in titles(stranger_officer, "2025-11-01 00:00")


def test_the_approver_is_told_what_the_units_clerk_is_late_with(listed, unit, clerk, unit_approver, officer):
    submission = story.submitted(unit, "2025-08", clerk)
    entry = titles(unit_approver, "2025-11-01 00:00")["Packages of your unit overdue"]
    assert (entry.count, entry.due.isoformat(), entry.tone) == (7, "2025-09-09", "danger")
    assert entry.url == reverse("reporting:unit_year", args=[unit.pk, 2025])
    review.send_back(submission, reason="台账缺页", by=officer, at=story.READ_AT)
    assert titles(unit_approver, "2025-11-01 00:00")["Packages of your unit overdue"].count == 8
    assert "Packages of your unit overdue" not in titles(unit_approver, "2025-09-09 23:59")


def test_a_package_sent_back_leads_to_its_page(listed, unit, clerk, officer):
    submission = story.submitted(unit, "2025-07", clerk)
    review.send_back(submission, reason="台账缺页", by=officer, at=story.READ_AT)
    entry = titles(clerk, "2025-10-02")["Packages sent back: correct"]
    assert (entry.count, entry.url) == (1, reverse("reporting:package", args=[submission.package_id]))


def test_a_year_walks_through_everyones_list(
    listed, planned, unit, clerk, unit_approver, officer, approver, verifier, second_officer
):
    story.submitted(unit, "2025-01", clerk)
    assert titles(officer, "2025-10-02")["Packages to review"].count == 1
    assert titles(second_officer, "2025-10-02")["Packages to review"].count == 1
    review.accept(unit.packages.get().submission, by=officer, at=story.READ_AT)
    for period in story.MONTHS[1:]:
        story.accepted(unit, period, clerk, officer, at("2026-01-20"))
    assert titles(clerk, "2026-02-01")["Annual reports to prepare"].due.isoformat() == "2026-03-31"
    report = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    assert titles(clerk, "2026-02-21") == {}
    filing = titles(unit_approver, "2026-03-25")["Annual reports to file"]
    assert (filing.count, filing.tone) == (1, "warn")  # six days before 2026-03-31
    annual.file(report, by=unit_approver, at=at("2026-03-26"))
    assert titles(unit_approver, "2026-03-27") == {}
    assert titles(officer, "2026-04-01")["Annual reports to assign to a verifier"].due.isoformat() == "2026-07-31"
    given = verification.assign(report, verifier.body, by=officer, at=at("2026-04-10"))
    assert titles(officer, "2026-04-11") == {}
    assert titles(verifier, "2026-08-01")["Verifications to carry out"].tone == "danger"
    verification.confirm_all(given, by=verifier, at=at("2026-04-12"))
    verification.conclude(given, by=verifier, at=at("2026-04-12"))
    assert titles(verifier, "2026-04-13") == {}
    entry = titles(approver, "2026-04-13")["Verifications to approve"]
    assert entry.url == reverse("reporting:verification", args=[given.pk])
    verification.approve(given, by=approver, at=at("2026-04-14"))
    assert titles(approver, "2026-04-15") == {}


def test_the_review_comes_with_its_term(listed, unit, clerk, officer):
    story.submitted(unit, "2025-07", clerk, at("2025-10-10 09:00"))
    later = story.submitted(unit, "2025-08", clerk, at("2025-10-13 09:00"))
    # Ten working days after 10 October (11 October is a make-up Saturday): 11, 13 to 17, 20 to 23 October.
    entry = titles(officer, "2025-10-24")["Packages to review"]
    assert (entry.count, entry.due.isoformat(), entry.tone) == (2, "2025-10-23", "danger")
    asked = questions.ask(
        unit.packages.get(period="2025-07").submission, text="?", by=officer, at=at("2025-10-13 10:00")
    )
    # That one stands still; the later one ends on 27 October: 14 to 17, 20 to 24, 27.
    assert titles(officer, "2025-10-24")["Packages to review"].due.isoformat() == "2025-10-27"
    questions.reply(asked, text="是", by=clerk, at=at("2025-10-20 10:00"))
    # 11 October and then 20 to 24, 27 to 30 October: the days at whose end the question stood open don't count.
    entry = titles(officer, "2025-10-24")["Packages whose questions were answered: decide"]
    assert entry.due.isoformat() == "2025-10-30"
    assert titles(officer, "2025-10-24")["Packages to review"].due.isoformat() == "2025-10-27"
    review.accept(later, by=officer, at=at("2025-10-24 10:00"))
    assert titles(officer, "2025-10-24")["Packages to review"].due.isoformat() == "2025-10-30"


def test_what_was_sent_back_keeps_its_day(listed, unit, clerk, officer):
    submission = story.submitted(unit, "2025-07", clerk)
    review.send_back(submission, reason="台账缺页", by=officer, at=story.READ_AT)
    entry = titles(clerk, "2025-09-05")["Packages sent back: correct"]
    assert entry.due == submission.package.due


def test_strangers_and_national_seats_have_nothing_here(
    listed, unit, clerk, stranger_officer, stranger_verifier, rival_clerk, analyst, registrar_operator, auditor
):
    story.submitted(unit, "2025-07", clerk)
    for person in (stranger_officer, stranger_verifier, rival_clerk, analyst, registrar_operator, auditor):
        assert titles(person, "2025-10-02") == {}


def test_few_questions(report, listed, clerk, officer, approver, verifier, django_assert_max_num_queries):
    for person in (clerk, officer, approver, verifier):
        with django_assert_max_num_queries(20):
            todo.todos(person, at("2026-04-01"))
