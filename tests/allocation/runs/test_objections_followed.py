"""Objections that were granted: the run that follows one, and what is not objected to or granted any more."""

import datetime as dt

import pytest
from django.urls import reverse

from allocation import objections, runs
from allocation.models import Award, Settlement
from allocation.scope import after_objection
from registry.models import Notification
from registry.refusal import Refusal
from tests.allocation.conftest import approve
from tests.allocation.runs.conftest import AGAIN, LOWER, Ground, Kind
from tests.cast import at


@pytest.fixture
def granted(noticed, unit, clerk, unit_approver, officer, approver):
    """甲's objection to its first determination (991,176 t), or to its line, granted."""
    settlement = Settlement.objects.get(unit=unit, run__kind=Kind.DETERMINATION)

    def act(award=None):
        made = objections.draft(settlement, award, grounds="产量有误", by=clerk, at=at("2026-09-16"))
        made = objections.file(made, seen=objections.seen(made), by=unit_approver, at=at("2026-09-17"))
        made = objections.propose(made, "granted", reasons="属实", by=officer, at=at("2026-09-18"))
        return objections.decide(made, seen=objections.seen(made), by=approver, at=at("2026-09-19"))

    return act


@pytest.mark.parametrize("of_the_line", [True, False])
def test_a_granted_objection_is_followed_by_a_determination_that_changes_what_it_contests(
    granted, unit, clerk, officer, hebei, change, again, client, of_the_line
):
    award = Award.objects.get(unit=unit, run__kind=Kind.DETERMINATION)
    made = granted(award if of_the_line else None)
    assert after_objection.outcome(made) is None
    change(LOWER)
    run = again(ground=Ground.OBJECTION)
    assert not objections.to_be_followed(hebei.pk).exists()
    found = after_objection.outcome(made)
    assert (found.run, found.quota_before, found.due_before) == (run, 991_176, 1_000_000)
    assert (found.quota_after, found.due_after, found.adjustment.unit) == (892_058, 900_000, unit)
    told = Notification.objects.get(person=clerk, kind="objection.followed")
    assert (told.params["before"], told.params["after"]) == ("991,176", "892,058")
    client.force_login(clerk)
    page = client.get(reverse("allocation:objection", args=[made.pk])).content.decode()
    assert "892,058" in page
    assert found.adjustment.number in page


def test_a_determination_that_changes_nothing_of_it_follows_no_objection(
    granted, unit, rival_unit, officer, approver, hebei, steel, verify, again, client
):
    made = granted()
    run = again(ground=Ground.OBJECTION, approve=False)
    client.force_login(approver)
    page = client.get(reverse("allocation:run", args=[run.pk]))
    assert page.context["approval"] is None
    assert page.context["unmoved"] == [made]
    with pytest.raises(Refusal, match=str(unit)):
        approve(run, approver, AGAIN)
    runs.cancel(run, by=officer, at=AGAIN)
    # Another unit's result changes: the run for that is approved, and the objection stays to be followed.
    verify(steel[1], 2025, 900_000, "720000", "900000", when=AGAIN - dt.timedelta(days=1))
    again()
    assert list(objections.to_be_followed(hebei.pk)) == [made]
    assert after_objection.outcome(made) is None


def test_only_what_is_in_force_is_objected_to_and_the_replaced_run_says_by_what(
    noticed, unit, clerk, officer, change, again, client
):
    old = Settlement.objects.get(unit=unit, run__kind=Kind.DETERMINATION)
    change(LOWER)
    run = again()
    with pytest.raises(Refusal):
        objections.draft(old, None, grounds="产量有误", by=clerk, at=AGAIN)
    new = run.settlements.get(unit=unit)
    client.force_login(clerk)
    page = client.get(reverse("allocation:quota_of", args=[unit.pk])).content.decode()
    addresses = {row.pk: reverse("allocation:objection_draft", args=[row.pk]) in page for row in (old, new)}
    assert addresses == {old.pk: False, new.pk: True}
    assert client.get(reverse("allocation:award", args=[old.run.awards.get(unit=unit).pk])).context["objection"] == ""
    client.force_login(officer)
    assert client.get(reverse("allocation:run", args=[old.run_id])).context["replaced_by"] == run
    assert client.get(reverse("allocation:run", args=[run.pk])).context["replaced_by"] is None


@pytest.fixture
def filed(unit, clerk, unit_approver):
    """`filed(kind)`: 甲's objection to what the run of the kind gave it, filed with the province."""

    def act(kind=Kind.DETERMINATION):
        when = at("2026-09-17")
        settlement = Settlement.objects.get(unit=unit, run__kind=kind)
        made = objections.draft(settlement, None, grounds="产量有误", by=clerk, at=when)
        return objections.file(made, seen=objections.seen(made), by=unit_approver, at=when)

    return act


def test_nothing_is_filed_against_a_quota_that_was_replaced_since_it_was_drafted(
    noticed, unit, clerk, unit_approver, change, again
):
    settlement = Settlement.objects.get(unit=unit, run__kind=Kind.DETERMINATION)
    made = objections.draft(settlement, None, grounds="产量有误", by=clerk, at=at("2026-09-17"))
    change(LOWER)
    again()
    with pytest.raises(Refusal):
        objections.file(made, seen=objections.seen(made), by=unit_approver, at=AGAIN)
    assert objections.withdraw(made, by=clerk, at=AGAIN).state == "withdrawn"


def test_what_has_been_determined_otherwise_since_is_not_granted(noticed, filed, officer, approver, change, again):
    made = objections.propose(filed(), "granted", reasons="属实", by=officer, at=at("2026-09-18"))
    change(LOWER)
    again()
    with pytest.raises(Refusal, match=r"991,176.+892,058.+1,000,000.+900,000"):
        objections.decide(made, seen=objections.seen(made), by=approver, at=AGAIN)
    with pytest.raises(Refusal, match="892,058"):
        objections.propose(made, "granted", reasons="属实", by=officer, at=AGAIN)
    made = objections.propose(made, "refused", reasons="已重新核定", by=officer, at=AGAIN)
    assert objections.decide(made, seen=objections.seen(made), by=approver, at=AGAIN).state == "refused"


def test_what_another_run_left_as_it_was_can_still_be_granted(noticed, filed, officer, approver, hebei, again):
    made = filed()
    again()
    made = objections.propose(made, "granted", reasons="属实", by=officer, at=AGAIN)
    made = objections.decide(made, seen=objections.seen(made), by=approver, at=AGAIN)
    assert list(objections.to_be_followed(hebei.pk)) == [made]


def test_an_advance_is_not_granted_once_the_year_is_determined(steel, issued, publish, approved, filed, officer):
    issued(Kind.PRE_ALLOCATION)
    made = filed(Kind.PRE_ALLOCATION)
    publish()
    approved()
    with pytest.raises(Refusal, match="2025"):
        objections.propose(made, "granted", reasons="属实", by=officer, at=AGAIN)
