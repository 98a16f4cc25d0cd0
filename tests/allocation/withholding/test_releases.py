"""What remains of withheld quota once the duty is met is released, by three people."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from allocation.compliance import notices
from allocation.ledger import accounts
from allocation.models import Differentiation, Release
from allocation.queries import todo
from allocation.withholding import designations, releases
from registry.models import JournalEntry, Notification
from registry.refusal import Refusal
from tests.allocation.conftest import NOTICED
from tests.allocation.withholding.conftest import DET, RELEASED, Freed, apart, own
from tests.confirming import confirm


def test_only_what_remains_is_released(complete, officer, approver, registrar_operator):
    made = releases.propose(complete, 2025, number="冀环放1号", by=officer, at=RELEASED)
    assert made.tonnes == 8_823
    releases.approve(made, by=approver, at=RELEASED)
    done = releases.execute(made, by=registrar_operator, at=RELEASED)
    assert (done.state, own(complete), apart(complete)) == (Freed.EXECUTED, (8_823, 0), (0, 0))
    assert accounts.disagreements() == []
    with pytest.raises(Refusal):
        releases.propose(complete, 2025, number="冀环放2号", by=officer, at=RELEASED)


def test_what_is_missing_is_still_owed_and_nothing_released(
    withheld_year, unit, clerk, unit_approver, surrendered, officer
):
    withheld_year(unit)
    for tonnes in (0, 500_000, 491_176):
        if tonnes:
            surrendered(unit, tonnes, clerk, unit_approver)
        with pytest.raises(Refusal):
            releases.propose(unit, 2025, number="冀环放1号", by=officer, at=RELEASED)
    assert releases.missing(unit, 2025, NOTICED) == 8_824


def test_before_the_notice_the_duty_is_what_was_determined(steel, publish, issued, mark, unit, officer):
    mark(unit)
    publish()
    issued(DET)
    assert releases.missing(unit, 2025, NOTICED) == 1_000_000
    with pytest.raises(Refusal):
        releases.propose(unit, 2025, number="冀环放1号", by=officer, at=RELEASED)


RELEASE_LAWFUL = {
    ("proposed", "approve"): Freed.APPROVED,
    ("proposed", "refuse"): Freed.REFUSED,
    ("approved", "execute"): Freed.EXECUTED,
    ("approved", "refuse"): Freed.REFUSED,
}


@pytest.mark.parametrize("state", Freed.values)
@pytest.mark.parametrize("move", ["approve", "execute", "refuse"])
def test_every_act_in_every_state_of_a_release(complete, officer, approver, registrar_operator, state, move):
    acts = {
        "approve": lambda one: releases.approve(one, by=approver, at=RELEASED),
        "execute": lambda one: releases.execute(one, by=registrar_operator, at=RELEASED),
        "refuse": lambda one: releases.refuse(one, reason="文号有误", by=approver, at=RELEASED),
    }
    ways = {"proposed": (), "approved": ("approve",), "executed": ("approve", "execute"), "refused": ("refuse",)}
    found = releases.propose(complete, 2025, number="冀环放1号", by=officer, at=RELEASED)
    for name in ways[state]:
        found = acts[name](found)
    if (state, move) in RELEASE_LAWFUL:
        assert acts[move](found).state == RELEASE_LAWFUL[state, move]
    else:
        with pytest.raises(Refusal):
            acts[move](found)


def test_three_different_people_release(complete, officer, approver, registrar_operator, reseated):
    made = releases.propose(complete, 2025, number="冀环放1号", by=officer, at=RELEASED)
    with pytest.raises(Refusal):
        releases.approve(made, by=reseated(officer, approver), at=RELEASED)
    releases.approve(made, by=approver, at=RELEASED)
    with pytest.raises(Refusal):
        releases.execute(made, by=reseated(approver, registrar_operator), at=RELEASED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=made.pk).update(state="executed", executed_by=approver)
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.filter(pk=made.pk).update(tonnes=1)


def test_one_release_at_a_time_with_its_number(complete, officer, stranger_officer):
    with pytest.raises(Refusal):
        releases.propose(complete, 2025, number=" ", by=officer, at=RELEASED)
    with pytest.raises(PermissionDenied):
        releases.propose(complete, 2025, number="冀环放1号", by=stranger_officer, at=RELEASED)
    releases.propose(complete, 2025, number="冀环放1号", by=officer, at=RELEASED)
    with pytest.raises(Refusal):
        releases.propose(complete, 2025, number="冀环放2号", by=officer, at=RELEASED)


def test_what_is_refused_of_a_designations_year_is_told_beside_it(
    steel, publish, issued, rival_unit, officer, client_for
):
    publish()
    issued(DET)
    form = {"unit": rival_unit.pk, "sector": "steel", "year": 2025, "ground": "clear_risk", "facts": "停产"}
    shown = client_for(officer).post(reverse("allocation:differentiation_mark"), form)
    assert shown.status_code == 422
    assert list(shown.context["form"].errors) == ["year"]
    assert shown.context["form"]["facts"].value() == "停产"


def test_marked_and_released_in_the_browser(
    steel, publish, issued, hebei, rival_unit, rival_clerk, rival_approver, officer, approver,
    registrar_operator, surrendered, client_for,
):  # fmt: skip
    form = {"unit": rival_unit.pk, "sector": "steel", "year": 2025, "ground": "clear_risk", "facts": "停产"}
    client_for(officer).post(reverse("allocation:differentiation_mark"), form)
    mark = Differentiation.objects.get()
    page = reverse("allocation:differentiation", args=[mark.pk])
    shown = client_for(approver).get(page).context["shown"]
    confirm(client_for(approver), reverse("allocation:differentiation_approve", args=[mark.pk]), {"shown": shown})
    publish()
    issued(DET)
    notices.send(hebei, 2025, by=officer, at=NOTICED)
    surrendered(rival_unit, 1_000_000, rival_clerk, rival_approver)
    assert client_for(officer).get(page).context["release_form"] is not None
    client_for(officer).post(reverse("allocation:release_propose", args=[mark.pk]), {"number": "冀环放1号"})
    made = Release.objects.get()
    confirm(client_for(approver), reverse("allocation:release_approve", args=[made.pk]))
    confirm(client_for(registrar_operator), reverse("allocation:release_execute", args=[made.pk]))
    made.refresh_from_db()
    assert (made.state, own(rival_unit)) == (Freed.EXECUTED, (8_823, 0))


def test_each_role_is_told_what_waits_for_it(complete, officer, approver, registrar_operator, unit, list_in_directory):
    list_in_directory(unit, 2025, "cement")

    def titles(person):
        return {each.title for each in todo.todos(person, RELEASED)}

    assert "待发放的差异化发放余量" in titles(officer)
    made = releases.propose(complete, 2025, number="冀环放1号", by=officer, at=RELEASED)
    assert "待发放的差异化发放余量" not in titles(officer)
    assert "待批准的余量发放" in titles(approver)
    releases.approve(made, by=approver, at=RELEASED)
    assert "待执行的余量发放" in titles(registrar_operator)
    designations.propose(unit, "cement", 2025, ground="clear_risk", facts="停产", by=officer, at=RELEASED)
    assert "待决定的差异化发放单位认定" in titles(approver)


def test_the_unit_is_told_and_the_journal_says_so(complete, rival_clerk, officer, approver, registrar_operator):
    made = releases.propose(complete, 2025, number="冀环放1号", by=officer, at=RELEASED)
    releases.approve(made, by=approver, at=RELEASED)
    releases.execute(made, by=registrar_operator, at=RELEASED)
    kinds = Notification.objects.filter(person=rival_clerk).values_list("kind", flat=True)
    assert "quota.released" in kinds
    acts = set(JournalEntry.objects.values_list("act", flat=True))
    assert {"differentiation.proposed", "differentiation.approved", "release.executed"} <= acts
