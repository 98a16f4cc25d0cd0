"""Who is reminded of months, annual reports and reviews, and who isn't."""

import datetime as dt

import pytest

from registry.models import DirectoryEntry, Notification, Person
from registry.people import mandates
from registry.todo import reminders
from reporting import review, verification
from reporting.filing import annual, deadlines
from reporting.models import Package
from tests.cast import at
from tests.reporting import story

ALUMINIUM = story.ALUMINIUM


@pytest.fixture
def listed(unit, officer, make_line):
    story.electrolysis(unit, make_line)
    return story.list_unit(unit, 2025, officer)


def told(day: str, person=None):
    """What is told on the day: (who, kind, periods or sector) each."""
    found = reminders.reminders(dt.date.fromisoformat(day))
    return [
        (Person.objects.get(pk=one.person_id).username, one.kind, one.params.get("periods", one.params.get("sector")))
        for one in found
        if person is None or one.person_id == person.pk
    ]


SEPTEMBER = [["aluminium", "2025-09"]]


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2025-10-29", None),  # August was due on 10 October, September is due on 9 November: eleven days
        ("2025-10-30", "remind.packages"),
        ("2025-11-08", "remind.packages"),
        ("2025-11-09", "remind.packages"),
        ("2025-11-10", "remind.packages_missed"),
        ("2025-11-16", "remind.packages_missed"),
        ("2025-11-17", None),
    ],
)
def test_the_units_clerks_and_nobody_else_are_reminded_of_a_month(
    listed, clerk, unit_approver, rival_clerk, officer, day, kind
):
    for month in range(1, 7):  # else due on the back-filling day, 31 October
        story.submitted(listed.unit, f"2025-0{month}", clerk)
    expected = [("clerk", kind, SEPTEMBER)] if kind else []
    assert [one for one in told(day) if one[1].startswith("remind.packages")] == expected


def test_months_due_on_one_day_are_one_reminder(listed, clerk):
    (one,) = told("2025-10-28", clerk)  # the back-filling day, 31 October; July and August are long due
    assert one[1:] == ("remind.packages", [["aluminium", f"2025-0{month}"] for month in range(1, 7)])


@pytest.mark.parametrize("state", ["submitted", "accepted", "returned"])
def test_what_was_handed_in_is_let_rest(listed, unit, clerk, officer, state):
    submission = story.submitted(unit, "2025-09", clerk)
    if state == "accepted":
        review.accept(submission, by=officer, at=story.READ_AT)
    if state == "returned":
        review.send_back(submission, reason="r", by=officer, at=story.READ_AT)
    days = ["2025-11-10"] if state == "returned" else ["2025-11-08", "2025-11-10"]
    for day in days:
        assert SEPTEMBER not in [what for _who, _kind, what in told(day, clerk)]


def test_what_was_only_read_is_still_to_be_submitted(listed, unit, clerk):
    story.read(unit, "2025-09", clerk)
    assert ("clerk", "remind.packages", SEPTEMBER) in told("2025-11-08")


def test_an_extended_month_is_reminded_of_by_its_own_day(listed, unit, clerk, officer):
    given = {"due": dt.date(2025, 11, 30), "reason": "r", "by": officer, "at": at("2025-11-01")}
    deadlines.extend(unit, ALUMINIUM, "2025-09", **given)
    assert SEPTEMBER not in [what for *_who, what in told("2025-11-10", clerk)]
    assert told("2025-11-27", clerk) == [("clerk", "remind.packages", SEPTEMBER)]
    assert ("clerk", "remind.packages_missed", SEPTEMBER) in told("2025-12-01", clerk)


def test_a_reopened_month_is_reminded_of_by_its_own_day(listed, unit, clerk, officer):
    accepted = story.accepted(unit, "2025-09", clerk, officer)
    review.reopen(accepted, reason="r", by=officer, at=at("2026-01-15"))  # due on 25 January
    assert told("2026-01-24", clerk) == [("clerk", "remind.packages", SEPTEMBER)]
    assert told("2026-01-26", clerk) == [("clerk", "remind.packages_missed", SEPTEMBER)]


def test_a_unit_that_left_is_asked_for_nothing(listed, clerk):
    DirectoryEntry.objects.filter(pk=listed.pk).update(
        state="left", left_on=dt.date(2025, 9, 1), exit_ground="closed", exit_reason="r"
    )
    assert told("2025-11-08", clerk) == []


def test_a_month_that_was_extended_and_is_not_asked_for_any_more_is_no_reminder(listed, unit, clerk, officer):
    given = {"due": dt.date(2025, 11, 30), "reason": "r", "by": officer, "at": at("2025-11-01")}
    deadlines.extend(unit, ALUMINIUM, "2025-09", **given)
    DirectoryEntry.objects.filter(pk=listed.pk).update(
        state="left", left_on=dt.date(2025, 9, 1), exit_ground="closed", exit_reason="r"
    )
    assert told("2025-11-27", clerk) == []
    days = [each.day for each in deadlines.upcoming(unit.pk, dt.date(2025, 11, 27), dt.date(2025, 12, 31))]
    assert dt.date(2025, 11, 30) not in days


def test_who_files_under_a_mandate_is_reminded_too(listed, unit, rival_unit, rival_clerk, unit_approver, make_person):
    days = {"since": dt.date(2025, 1, 1), "until": dt.date(2099, 12, 31)}
    holder = make_person("unit_approver", "乙企业审批人", unit=rival_unit)
    offered = mandates.offer(rival_unit, may_submit=True, **days, by=unit_approver, at=at("2025-01-01"))
    assert told("2025-11-08", rival_clerk) == []
    mandates.accept(offered, by=holder, at=at("2025-01-02"))
    assert told("2025-11-08", rival_clerk) == [("rival-clerk", "remind.packages", SEPTEMBER)]


def test_who_has_left_is_not_reminded(listed, clerk):
    Person.objects.filter(pk=clerk.pk).update(is_active=False)
    assert told("2025-11-08") == []


def test_the_approver_is_reminded_of_the_annual_report(listed, unit, clerk, unit_approver, officer):
    expected = [("unit-approver", "remind.report", "aluminium")]
    assert told("2026-03-21", unit_approver) == expected  # due on 31 March 2026: ten days before
    assert told("2026-03-20", unit_approver) == []
    assert told("2026-04-01", unit_approver) == [("unit-approver", "remind.report_missed", "aluminium")]
    story.accepted_year(unit, clerk, officer)
    report = annual.prepare(unit, ALUMINIUM, 2025, by=clerk, at=at("2026-02-20 10:00"))
    assert told("2026-03-30", unit_approver) == expected
    annual.file(report, by=unit_approver, at=at("2026-03-29 10:00"))
    assert told("2026-03-30", unit_approver) == []
    assert [what for *_, what in told("2026-03-30", clerk)] == []


def test_officers_are_reminded_of_packages_that_wait_once_a_week(listed, unit, clerk, officer, stranger_officer):
    story.submitted(unit, "2025-09", clerk, at("2025-10-08 09:00"))
    assert told("2025-10-17", officer) == []
    assert told("2025-10-18", officer) == [("officer", "remind.reviews", None)]  # ten days
    for day in (18, 19, 20, 21):  # a Saturday to the Tuesday after
        reminders.remind(dt.date(2025, 10, day), at(f"2025-10-{day} 02:00"))
    waits = Notification.objects.filter(kind="remind.reviews")
    assert [(row.person, row.params["count"]) for row in waits] == [(officer, 1), (officer, 1)]
    review.accept(Package.objects.get().submission, by=officer, at=at("2025-10-22"))
    assert told("2025-10-27", officer) == []


def test_it_asks_the_same_number_of_questions_for_many_units(
    listed, clerk, make_unit, officer, make_person, django_assert_max_num_queries
):
    def questions():
        return list(reminders.reminders(dt.date(2025, 11, 8)))

    for _ in range(10):
        other = make_unit(ALUMINIUM)
        story.list_unit(other, 2025, officer)
        make_person("unit_clerk", "经办人", unit=other)
    # steps; extensions, lines, directory, states, names, clerks, mandates; entries with a later last day; reviews; notices
    with django_assert_max_num_queries(11):
        assert len(questions()) == 11


def test_what_becomes_of_a_package_is_told_to_its_clerks(listed, unit, clerk, officer, rival_clerk):
    submission = story.submitted(unit, "2025-09", clerk)
    review.send_back(submission, reason="缺化验单", by=officer, at=at("2025-10-03"))
    story.accepted(unit, "2025-09", clerk, officer, at("2025-10-05 09:00"), anode="8001")
    rows = Notification.objects.order_by("pk").values_list("person", "kind")
    assert list(rows) == [(clerk.pk, "package.returned"), (clerk.pk, "package.accepted")]


def test_a_refused_act_tells_nobody(listed, unit, clerk, officer):
    submission = story.accepted(unit, "2025-09", clerk, officer)
    count = Notification.objects.count()
    with pytest.raises(Exception, match=r".+"):
        review.accept(submission, by=officer, at=at("2025-10-05"))
    assert Notification.objects.count() == count


def test_a_verification_is_told_to_approvers_and_then_to_the_unit(
    listed, unit, clerk, unit_approver, officer, approver, verifier, stranger_approver
):
    report = story.filed(unit, clerk, unit_approver, officer)
    when = at("2026-05-01")
    given = verification.assign(report, verifier.body, by=officer, at=when)
    verification.confirm_all(given, by=verifier, at=when)
    verification.conclude(given, by=verifier, at=when)
    rows = Notification.objects.filter(kind__startswith="verification.").order_by("pk")
    assert [(row.person, row.kind) for row in rows] == [
        (verifier, "verification.assigned"),
        (approver, "verification.concluded"),
    ]
    verification.approve(given, by=approver, at=when)
    told_now = {(row.person, row.kind) for row in rows.all()[2:]}
    approved = {(verifier, "verification.approved"), (officer, "verification.approved")}
    assert told_now == {(clerk, "verification.told"), (unit_approver, "verification.told")} | approved
