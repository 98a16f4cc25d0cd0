"""Who is marked for differentiated issuance, on which ground, by whom; and who lifts it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from allocation import queries
from allocation.models import Differentiation, Run
from allocation.withholding import designations
from registry.models import DirectoryEntry, Notification
from registry.permissions.roles import Role
from registry.refusal import Refusal
from tests.allocation.conftest import approve
from tests.allocation.withholding.conftest import DET, MARKED, Mark


@pytest.mark.parametrize(
    ("sector", "year", "ground", "lawful"),
    [
        ("steel", 2025, "clear_risk", True),
        ("steel", 2025, "judicial_freeze", True),
        ("steel", 2024, "judicial_freeze", True),
        ("steel", 2025, "closed_before_determination", False),  # the draft of 2026 has it, the final plan not
        ("steel", 2025, "", False),
        ("steel", 2026, "clear_risk", False),  # no final plan is in force for 2026
        ("power", 2025, "clear_risk", False),
    ],
)
def test_the_grounds_are_those_of_the_years_plan(unit, officer, sector, year, ground, lawful):
    def act():
        return designations.propose(unit, sector, year, ground=ground, facts="停产", by=officer, at=MARKED)

    if lawful:
        assert act().plan_id == "2024-2025-final"
    else:
        with pytest.raises(Refusal):
            act()


def test_a_mark_says_what_has_happened_and_is_the_own_authoritys(unit, officer, stranger_officer):
    with pytest.raises(Refusal):
        designations.propose(unit, "steel", 2025, ground="clear_risk", facts=" ", by=officer, at=MARKED)
    with pytest.raises(PermissionDenied):
        designations.propose(unit, "steel", 2025, ground="clear_risk", facts="停产", by=stranger_officer, at=MARKED)


@pytest.fixture
def moves(officer, approver):
    return {
        "approve": lambda one: designations.approve(one, shown=designations.seen(one), by=approver, at=MARKED),
        "refuse": lambda one: designations.refuse(one, reason="理由不足", by=approver, at=MARKED),
        "ask_lift": lambda one: designations.ask_lift(one, reason="风险已消除", by=officer, at=MARKED),
        "lift": lambda one: designations.lift(one, by=approver, at=MARKED),
    }


LAWFUL = {
    ("proposed", "approve"): Mark.APPROVED,
    ("proposed", "refuse"): Mark.REFUSED,
    ("approved", "ask_lift"): Mark.APPROVED,
    ("asked", "lift"): Mark.LIFTED,
}


@pytest.mark.parametrize("state", ["proposed", "approved", "asked", "refused", "lifted"])
@pytest.mark.parametrize("move", ["approve", "refuse", "ask_lift", "lift"])
def test_every_act_in_every_state_of_a_mark(unit, officer, moves, state, move):
    ways = {
        "proposed": (),
        "approved": ("approve",),
        "asked": ("approve", "ask_lift"),
        "refused": ("refuse",),
        "lifted": ("approve", "ask_lift", "lift"),
    }
    found = designations.propose(unit, "steel", 2025, ground="clear_risk", facts="停产", by=officer, at=MARKED)
    for name in ways[state]:
        found = moves[name](found)
    if (state, move) in LAWFUL:
        assert moves[move](found).state == LAWFUL[state, move]
    else:
        with pytest.raises(Refusal):
            moves[move](found)


def test_two_people_mark_and_exactly_what_was_seen(unit, officer, approver, reseated):
    made = designations.propose(unit, "steel", 2025, ground="clear_risk", facts="停产", by=officer, at=MARKED)
    with pytest.raises(Refusal):
        designations.approve(made, shown=designations.seen(made), by=reseated(officer, approver), at=MARKED)
    with pytest.raises(Refusal):
        designations.approve(made, shown="", by=approver, at=MARKED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Differentiation.objects.filter(pk=made.pk).update(state="approved", approved_by=officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Differentiation.objects.filter(pk=made.pk).update(facts="另一事由")
    with pytest.raises(Refusal):
        designations.propose(unit, "steel", 2025, ground="clear_risk", facts="再次", by=officer, at=MARKED)


def test_a_mark_comes_before_the_determination_and_is_not_lifted_after_it(
    steel, publish, approved, mark, unit, rival_unit, officer, approver
):
    marked = mark(unit)
    publish()
    approved(DET)
    with pytest.raises(Refusal):
        designations.propose(rival_unit, "steel", 2025, ground="clear_risk", facts="停产", by=officer, at=MARKED)
    with pytest.raises(Refusal):
        designations.ask_lift(marked, reason="风险已消除", by=officer, at=MARKED)


@pytest.mark.anew
def test_whoever_asked_that_a_mark_be_lifted_is_told_that_it_was(unit, mark, officer, approver):
    asked = designations.ask_lift(mark(unit), reason="风险已消除", by=officer, at=MARKED)
    designations.lift(asked, by=approver, at=MARKED + dt.timedelta(days=1))
    told = Notification.objects.get(person=officer, params__act="differentiation.lift_asked")
    assert told.kind == "proposal.approved"


def test_a_mark_makes_a_run_that_is_prepared_stale(steel, publish, prepared, mark, unit, approver, moves):
    publish()
    run = prepared(DET)
    marked = mark(unit)
    with pytest.raises(Refusal):
        approve(run, approver)
    moves["lift"](moves["ask_lift"](marked))
    assert approve(run, approver).state == Run.State.APPROVED


def test_what_is_only_proposed_is_the_provinces(unit, officer, clerk, registrar_operator, analyst):
    designations.propose(unit, "steel", 2025, ground="clear_risk", facts="停产", by=officer, at=MARKED)
    seen = [queries.differentiations(person).count() for person in (officer, analyst, clerk, registrar_operator)]
    assert seen == [1, 1, 0, 0]


def test_a_mark_and_a_request_to_lift_one_are_withdrawn_by_who_made_them(unit, officer, second_officer, approver, mark):
    proposed = designations.propose(unit, "steel", 2025, ground="clear_risk", facts="连续亏损", by=officer, at=MARKED)
    with pytest.raises(Refusal):
        designations.withdraw(proposed, reason="x", by=second_officer, at=MARKED)
    taken = designations.withdraw(proposed, reason="单位有误", by=officer, at=MARKED)
    assert (taken.state, taken.is_withdrawn) == (Mark.REFUSED, True)
    standing = mark(unit)
    asked = designations.ask_lift(standing, reason="已解冻", by=officer, at=MARKED)
    kept = designations.withdraw(asked, reason="尚未解冻", by=officer, at=MARKED)
    assert (kept.state, kept.lift_asked_by, kept.is_withdrawn) == (Mark.APPROVED, None, False)
    with pytest.raises(Refusal):
        designations.lift(kept, by=approver, at=MARKED)


def test_a_freeze_that_ends_early_has_its_sentence(steel, publish, issued, mark, unit, officer, client_for):
    marked = mark(unit)
    publish()
    issued()
    page = client_for(officer).get(reverse("allocation:differentiation", args=[marked.pk])).content.decode()
    assert "认定也不再解除" in page
    assert "991,176" in page


def test_a_unit_that_the_directory_does_not_name_with_quota_is_not_marked(unit, officer, approver, mark):
    entries = DirectoryEntry.objects.filter(unit=unit, year=2025)
    asked = {"ground": "clear_risk", "facts": "连续亏损", "by": officer, "at": MARKED}
    made = designations.propose(unit, "steel", 2025, **asked)
    entries.update(entry_ground=DirectoryEntry.EntryGround.REPORTS_ONLY)
    with pytest.raises(Refusal, match="名录"):  # it may have changed since it was proposed
        designations.approve(made, shown=designations.seen(made), by=approver, at=MARKED)
    designations.withdraw(made, reason="未列入", by=officer, at=MARKED)
    with pytest.raises(Refusal, match="名录"):
        designations.propose(unit, "steel", 2025, **asked)
    entries.delete()
    with pytest.raises(Refusal, match="名录"):
        designations.propose(unit, "steel", 2025, **asked)


def test_lifting_is_requested_once(unit, officer, mark, make_person):
    asked = designations.ask_lift(mark(unit), reason="已解冻", by=officer, at=MARKED)
    other = make_person(Role.PROVINCIAL_OFFICER, "又一经办人", authority=unit.authority)
    with pytest.raises(Refusal):
        designations.ask_lift(asked, reason="另有理由", by=other, at=MARKED)
    asked.refresh_from_db()
    assert (asked.lift_asked_by, asked.lift_reason) == (officer, "已解冻")
