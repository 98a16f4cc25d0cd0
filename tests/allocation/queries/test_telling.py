"""What units are told of their quota and their duty, and whom of them a surrender is brought to mind."""

import datetime as dt

import pytest
from django.utils import translation

from allocation import runs
from allocation.compliance import surrender
from registry import notifications
from registry.models import Notification, Person
from registry.todo import reminders
from tests.cast import at

# Told is whoever has a seat by then.
pytestmark = pytest.mark.anew

ASKED = at("2026-11-01 09:00")


def kinds(person):
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def told(day: str):
    """(who, kind, tonnes) of what is told on the day about surrender."""
    return [
        (Person.objects.get(pk=one.person_id).username, one.kind, one.params["tonnes"])
        for one in reminders.reminders(dt.date.fromisoformat(day))
        if "tonnes" in one.params
    ]


def test_quota_and_notice_are_told_to_both_seats_of_every_unit(
    clerk, unit_approver, rival_clerk, officer, registrar_operator, far_unit, make_person, noticed
):
    for person in (clerk, unit_approver, rival_clerk):
        assert kinds(person) == ["quota.approved", "quota.credited", "notice.sent"]
    assert kinds(officer) == ["proposal.approved", "letter.executed"]  # its own run, its own letter
    assert kinds(registrar_operator) == ["letter.executed"]  # whose issue it had prepared


@pytest.fixture
def requested(clerk, unit_approver, noticed, unit):
    return surrender.request(unit, 2025, {2025: 600_000}, by=clerk, at=ASKED)


def test_what_was_decided_of_a_surrender_is_told(
    requested, clerk, unit_approver, approver, registrar_operator, rival_clerk
):
    surrender.confirm(requested, by=unit_approver, at=ASKED)
    assert kinds(clerk)[3:] == []
    surrender.approve(requested, by=approver, at=ASKED)
    surrender.execute(requested, by=registrar_operator, at=ASKED)
    assert kinds(clerk)[3:] == kinds(unit_approver)[3:] == ["surrender.approved", "surrender.executed"]
    assert kinds(rival_clerk)[3:] == []
    assert Notification.objects.filter(kind="surrender.executed").first().params == {
        "year": "2025",
        "tonnes": "600,000",
    }


def test_whoever_prepared_it_is_told_that_a_colleague_took_it_back(requested, clerk, unit_approver):
    surrender.withdraw(requested, seen="requested", by=unit_approver, at=ASKED)
    assert kinds(clerk)[3:] == ["proposal.withdrawn"]


def test_whoever_prepared_a_run_is_told_that_a_colleague_cancelled_it(
    steel, publish, prepared, officer, second_officer, in_english
):
    publish()
    for by in (second_officer, officer):
        runs.cancel(prepared(), by=by, at=ASKED)
    told = Notification.objects.get(kind="proposal.withdrawn")
    assert told.person == officer
    assert notifications.text(told).startswith(f"{second_officer} has withdrawn what you had prepared: run: prepared")


def test_a_refusal_is_told_and_a_withdrawal_is_not(requested, clerk, unit_approver, unit):
    surrender.withdraw(requested, seen="requested", by=clerk, at=ASKED)
    assert kinds(clerk)[3:] == []
    again = surrender.request(unit, 2025, {2025: 1}, by=clerk, at=ASKED)
    surrender.refuse(again, seen="requested", reason="数量有误", by=unit_approver, at=ASKED)
    assert kinds(clerk)[3:] == ["surrender.refused"]


def test_who_approved_a_surrender_is_told_that_the_registrar_refused_it(
    requested, unit, unit_approver, approver, registrar_operator
):
    surrender.confirm(requested, by=unit_approver, at=ASKED)
    surrender.approve(requested, by=approver, at=ASKED)
    before = kinds(approver)
    surrender.refuse(requested, seen="approved", reason="账户冻结", by=registrar_operator, at=ASKED)
    assert kinds(approver) == [*before, "surrender.refused_after"]
    assert Notification.objects.get(kind="surrender.refused_after").params["unit"] == str(unit)


def test_clerks_are_reminded_of_what_nobody_has_requested_and_approvers_of_what_waits(
    requested, unit_approver, approver, registrar_operator
):
    # Due 1,000,000 t by 31 December 2026, 600,000 requested: 400,000 are left.
    assert told("2026-12-20") == []  # eleven days before
    expected = [("clerk", "remind.surrender", "400,000"), ("unit-approver", "remind.confirm", "600,000")]
    assert told("2026-12-21") == expected
    surrender.confirm(requested, by=unit_approver, at=ASKED)
    assert told("2026-12-30") == expected[:1]
    surrender.approve(requested, by=approver, at=ASKED)
    surrender.execute(requested, by=registrar_operator, at=ASKED)
    assert told("2027-01-01") == [("clerk", "remind.surrender_missed", "400,000")]
    assert told("2027-01-08") == []  # eight days after: let rest


def test_a_duty_that_is_met_is_let_rest(noticed, unit, clerk, rival_clerk, unit_approver):
    assert [who for who, *_ in told("2026-12-30")] == ["clerk", "rival-clerk"]
    Person.objects.filter(pk=rival_clerk.pk).update(is_active=False)
    assert [who for who, *_ in told("2026-12-30")] == ["clerk"]


@pytest.mark.parametrize(
    ("language", "run", "value"),
    [("zh-hans", "核定 2025 · 钢铁", "钢铁 2025"), ("en", "Determination 2025 · Steel", "Steel 2025")],
)
def test_what_was_approved_is_named_in_the_readers_language(noticed, officer, analyst, language, run, value):
    mine = Notification.objects.filter(kind="proposal.approved")
    with translation.override(language):
        assert run in notifications.text(mine.get(person=officer))
        assert value in notifications.text(mine.get(person=analyst))
