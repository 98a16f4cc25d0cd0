"""Every act of reporting is told to those whom the table names, or has a reason why it isn't."""

import pytest

from registry.models import JournalEntry, Notification
from reporting import notifications, review, verification
from reporting.filing import annual, deadlines, handing_over, way_of_submitting
from reporting.labels.journal import ACTS
from reporting.notifications.recipients import QUIET, TOLD
from reporting.review import assigning, questions
from reporting.submissions import control_plans
from tests.cast import at
from tests.reporting import plans, story

WHEN = at("2026-04-10 10:00")


def test_every_act_is_in_one_of_the_tables():
    assert set(ACTS) == {*TOLD, *QUIET}
    assert not set(TOLD) & set(QUIET)
    assert all(reason.strip() for reason in QUIET.values())


def test_every_kind_of_message_is_some_acts():
    of_acts = {kind for kinds in TOLD.values() for kind in kinds}
    assert of_acts == {kind for kind in notifications.KINDS if not kind.startswith("remind.")}


@pytest.fixture
def everything(unit, process, clerk, unit_approver, officer, approver, verifier, make_person):
    """A year in which every act that is told happens."""
    plan = plans.plan_for(story.content(unit, "2025-01"))
    planned = plans.submitted(unit, plan, clerk, unit_approver, at("2025-01-05"))
    version = planned.versions.get()
    key = next(iter(version.stated.entries)).key
    control_plans.send_back(version, reason="", remarks={key: "缺编号"}, by=officer, at=at("2025-01-06"))
    planned.refresh_from_db()
    control_plans.prepare(planned, by=clerk, at=at("2025-01-07"))
    again = control_plans.submit(planned, by=unit_approver, at=at("2025-01-07"))
    control_plans.accept(again, by=officer, at=at("2025-01-08"))
    story.list_unit(unit, 2025, officer)
    last = at("2025-10-31").date()
    deadlines.extend(unit, story.ALUMINIUM, "2025-07", due=last, reason="停电", by=officer, at=at("2025-08-20"))
    submission = story.submitted(unit, "2025-07", clerk)
    way_of_submitting.choose(unit, confirmed=True, by=unit_approver, at=at("2025-10-01"))
    draft = story.submitted(unit, "2025-08", clerk, at("2025-10-01"))
    handing_over.send_back(draft.package.handings.get(), reason="请核对", by=unit_approver, at=at("2025-10-01"))
    way_of_submitting.choose(unit, confirmed=False, by=unit_approver, at=at("2025-10-01"))
    asked = questions.ask(submission, text="台账？", by=officer, at=at("2025-10-02"))
    questions.reply(asked, text="见附件", by=clerk, at=at("2025-10-02"))
    other = make_person("provincial_officer", "又一经办人", authority=unit.authority)
    assigning.give(submission.package, to=other, seen=None, by=officer, at=at("2025-10-02"))
    assigning.give(submission.package, to=officer, seen=other.pk, by=approver, at=at("2025-10-02"))
    review.send_back(submission, reason="请更正", by=officer, at=at("2025-10-03"))
    for period in story.MONTHS:
        accepted = story.accepted(unit, period, clerk, officer, at("2026-01-20 10:00"), anode="8010")
    review.reopen(accepted, reason="复核", by=officer, at=at("2026-01-21"))
    story.accepted(unit, accepted.package.period, clerk, officer, at("2026-01-22"), anode="8011")
    annual.return_to_clerk(_prepared(unit, clerk), reason="核对", by=unit_approver, at=WHEN)
    report = annual.file(_prepared(unit, clerk), by=unit_approver, at=WHEN)
    given = verification.assign(report, verifier.body, by=officer, at=WHEN)
    colleague = make_person("provincial_officer", "另一经办人", authority=unit.authority)
    verification.withdraw(given, reason="派错", by=colleague, at=WHEN)
    given = verification.assign(report, verifier.body, by=officer, at=WHEN)
    verification.confirm_all(given, by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    verification.take_back(given, by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    verification.send_back(given, reason="补充", by=approver, at=WHEN)
    datum = report.data.first()
    verification.settle(given, datum, value=datum.value, reason="已补充", by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    verification.approve(given, by=approver, at=WHEN)


def _prepared(unit, clerk):
    return annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=WHEN)


# A term that reaches into a year whose holidays are unknown; the other message of the same act is told above.
ELSEWHERE = {"verification.told_undated"}


def test_each_message_goes_to_the_roles_of_the_table_and_to_no_other(everything):
    told: dict[str, set[str]] = {}
    for kind, role in Notification.objects.values_list("kind", "person__role"):
        told.setdefault(kind, set()).add(role)
    wanted = {kind: set(roles) for kinds in TOLD.values() for kind, roles in kinds.items() if kind not in ELSEWHERE}
    assert told == wanted


def test_every_act_that_is_told_happened(everything):
    assert set(TOLD) <= set(JournalEntry.objects.values_list("act", flat=True))


def test_nobody_of_another_unit_province_or_body_is_told(
    rival_clerk, stranger_verifier, stranger_officer, stranger_approver, everything
):
    strangers = [rival_clerk, stranger_verifier, stranger_officer, stranger_approver]
    assert not Notification.objects.filter(person__in=strangers).exists()
