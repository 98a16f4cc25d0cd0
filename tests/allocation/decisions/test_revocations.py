"""A decision that deducts is revoked: four eyes, and after the next determination everything stands as if it had never been.

甲: pre-allocated 700,000; determined 991,176 (conftest), again with other results 892,058 (test_determined_again).
"""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import deductions, letters, runs
from allocation.deductions import Decision, after_revocation, balances, revocations
from allocation.letters import issuance
from allocation.method import settlement
from allocation.method.settlement import Balance
from allocation.models import Deduction, DeductionMovement, Revocation, Run, Settlement
from allocation.queries import todo
from allocation.runs import outcome
from allocation.runs.proof import bundle, verifying
from registry.journal.seals import signing
from registry.models import DirectoryEntry, JournalEntry, Notification
from registry.refusal import Refusal
from tests.allocation.decisions.conftest import ENTERED, row_of
from tests.cast import at
from tests.confirming import confirm

AGAIN, ISSUED_AGAIN = at("2026-10-19 09:00"), at("2026-10-26 09:00")
PRE, DET = Run.Kind.PRE_ALLOCATION, Run.Kind.DETERMINATION
State = Revocation.State


@pytest.fixture
def enter(officer):
    def act(decision, when=AGAIN, **changed):
        usual = {"number": "撤核减1号", "decided_on": dt.date(2026, 3, 4), "reason": "复议撤销"}
        return revocations.enter(decision, **{**usual, **changed}, by=officer, at=when)

    return act


@pytest.fixture
def revoke(enter, approver):
    def act(decision, when=AGAIN):
        return revocations.approve(enter(decision, when), by=approver, at=when)

    return act


@pytest.fixture
def again(determined_again):
    """Determined again because a deduction was revoked."""

    def act(when=AGAIN):
        return determined_again(when, Run.Ground.REVOCATION, "撤核减1号")

    return act


@pytest.fixture
def settle(officer, registrar_operator, registrar_approver, hebei):
    """What was re-determined is issued, and returned."""

    def act(when=ISSUED_AGAIN):
        letter = letters.write(hebei, 2025, DET, number="再函1号", by=officer, at=when)
        letter = letters.send(letter, by=officer, at=when)
        return issuance.execute(
            issuance.prepare(letter, by=registrar_operator, at=when), by=registrar_approver, at=when
        )

    return act


def left(row):
    return balances.with_left(Deduction.objects.filter(pk=row.pk)).get().left


# --- As if it had never been

DECIDED = {"旧": (500_000, "2026-01-05"), "新": (300_000, "2026-02-05")}


def without(name, pre_allocated, determined):
    """(issued in total, left of the others) where the decision had never been."""
    kept = [Balance(other, tonnes) for other, (tonnes, _on) in DECIDED.items() if other != name]
    before = settlement.pre_stage(pre_allocated, kept)
    found = settlement.determination_stage(determined, before)
    return found.issued_total, {balance.decision: balance.tonnes for balance in found.balances}


@pytest.mark.parametrize("name", DECIDED)
@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_it_stands_as_if_the_decision_had_never_been(
    steel, publish, approved, issued, decide, revoke, again, settle, unit, rival_unit, name, moment
):
    made = {number: decide(number, *of) for number, of in DECIDED.items()}
    if moment == "before":
        revoke(made[name], at("2026-03-05"))
    issued(PRE)
    if moment == "between":
        revoke(made[name], at("2026-08-20"))
    publish()
    issued(DET)
    if moment == "after":
        revoke(made[name])
        again()
        settle()
    last = Settlement.objects.filter(unit=unit, run__kind=DET).order_by("run__time").last()
    total, kept = without(name, 700_000, 991_176)
    assert last.issued_total == total
    assert {number: left(made[number]) for number in kept} == kept
    assert left(made[name]) == 0
    assert not revocations.to_be_returned(unit.authority)
    # ⑤ = ① − ③ + ②, ⑥ = ④ + ⑤, and nobody else is touched
    assert last.issued_now == last.top_up - last.deducted + last.deduction_returned
    assert last.issued_total == last.issued_before + last.issued_now
    assert row_of(last.run, rival_unit).deducted == 0
    assert json.loads(last.run.manifest)["outstanding"] is not None
    assert outcome.result_of(last.run.inputs) == runs.stored_result(last.run)


def test_what_an_earlier_year_took_comes_back_with_the_next_determination(steel, publish, issued, decide, revoke, unit):
    """旧 and 新 were taken from the quota of 2024 (1,000,001 t); 新 would have been without 旧, too."""
    old, new = (decide(number, *of) for number, of in DECIDED.items())
    issued(DET, 2024)
    issued(PRE)
    assert (left(old), left(new)) == (0, 0)
    revoke(old, at("2026-08-20"))
    publish()
    issued(DET)
    last = Settlement.objects.get(unit=unit, run__kind=DET, run__year=2025)
    # ① 991,176 − 700,000; ② 500,000, as quota of 2025; ⑤ the two; ⑥ with the 700,000 in advance
    assert (last.top_up, last.deduction_returned, last.deducted) == (291_176, 500_000, 0)
    assert (last.issued_now, last.issued_total) == (791_176, 1_491_176)
    assert (left(old), left(new)) == (0, 0)


def test_an_earlier_year_determined_again_does_not_return_what_a_later_year_took(
    steel, issued, decide, revoke, hebei, unit
):
    old = decide("旧", *DECIDED["旧"])
    issued(PRE)  # of 2025
    revoke(old, at("2026-08-20"))
    assert balances.courses(hebei, "steel", 2024) == {}
    assert [list(balances.courses(hebei, "steel", year)) for year in (2025, 2026)] == [[unit.credit_code]] * 2


def test_its_bundle_stands_by_the_program_that_knows_deductions(steel, publish, issued, approved, decide, revoke):
    old = decide("旧", *DECIDED["旧"])
    issued(PRE)
    revoke(old, at("2026-08-20"))
    publish()
    data = bundle.bundle(approved(DET))
    assert [check.code for check in verifying.verify(data, signing.public_keys()) if not check.stands] == []


def test_determined_again_after_the_return_changes_nothing(
    steel, publish, issued, decide, revoke, again, settle, unit, client_for, officer
):
    old = decide("旧", *DECIDED["旧"])
    issued(PRE)
    publish()
    issued(DET)
    assert left(old) == 0
    revoke(old)
    first = row_of(again(), unit)
    assert (first.top_up, first.deduction_returned, first.issued_now, first.issued_total) == (
        0,
        500_000,
        500_000,
        991_176,
    )
    # Neither quota nor tonnes due change, and still the panel of changes names what comes back.
    page = client_for(officer, "en").get(reverse("allocation:run", args=[first.run_id])).content.decode()
    assert "Deductions returned" in page
    assert "+500,000" in page
    settle()
    second = row_of(again(at("2026-11-02 09:00")), unit)
    assert (second.top_up, second.deduction_returned, second.issued_now) == (0, 0, 0)
    assert DeductionMovement.objects.filter(settlement=second).count() == 0


def test_a_year_later_is_gone_through_again_with_what_was_in_force_then():
    """旧 took 60 of 100 in advance in 2025 and all that 新 could have had; without it 新 would have been done before 晚 came."""
    decisions = [
        after_revocation.Decision("旧", 100, 100, 0, revoked=True),
        after_revocation.Decision("新", 80, 50, 0, revoked=False),
        after_revocation.Decision("晚", 40, 0, 0, revoked=False),
    ]
    stages = [
        after_revocation.Stage(2025, 100, None, ("旧", "新")),
        after_revocation.Stage(2026, 50, None, ("旧", "新", "晚")),
    ]
    # 2025: 新 takes 80 of 100; 2026: 晚 takes 40 of 50. Really: 旧 100 in 2025, 新 50 in 2026.
    assert after_revocation.as_if_never(decisions, stages) == {"旧": 0, "新": 80, "晚": 40}
    assert after_revocation.as_if_never(decisions, stages[:1]) == {"旧": 0, "新": 80, "晚": 0}


NAMES = ("旧", "新", "晚")
STAGES = st.lists(
    st.builds(
        after_revocation.Stage,
        year=st.just(2025),
        pre_allocated=st.integers(0, 100),
        determined=st.one_of(st.none(), st.integers(0, 150)),
        decisions=st.sampled_from([NAMES[:count] for count in range(4)]),
    ),
    max_size=4,
)


@settings(max_examples=40)
@given(tonnes=st.tuples(*[st.integers(1, 120)] * 3), gone=st.sampled_from(NAMES), stages=STAGES)
def test_the_others_stand_as_where_it_was_not_even_in_the_register(tonnes, gone, stages):
    years = [replace(stage, year=2024 + place) for place, stage in enumerate(stages)]
    listed = [after_revocation.Decision(name, t, 0, 0, name == gone) for name, t in zip(NAMES, tonnes, strict=True)]
    found = after_revocation.as_if_never(listed, years)
    assert found.pop(gone) == 0
    bare = [replace(stage, decisions=tuple(name for name in stage.decisions if name != gone)) for stage in years]
    assert found == after_revocation.as_if_never([each for each in listed if not each.revoked], bare)
    assert all(0 <= found[each.decision] <= each.tonnes for each in listed if each.decision in found)
    given = sum(stage.determined if stage.determined is not None else stage.pre_allocated for stage in years)
    assert sum(found.values()) <= given


def test_the_return_stands_in_the_manifest_and_only_there_where_something_was_revoked(
    steel, publish, issued, approved, decide, revoke, unit
):
    old = decide("旧", *DECIDED["旧"])
    issued(PRE)
    revoke(old, at("2026-08-20"))
    publish()
    run = approved(DET)
    assert list(run.inputs["courses"]) == [unit.credit_code]
    assert run.inputs["outstanding"] == {}
    assert not runs.tampered(run)
    assert "courses" not in Run.objects.get(kind=PRE).inputs


# --- Who, and what is refused


def test_four_eyes_and_the_journal(decide, enter, officer, approver, unit, clerk, reseated):
    old = decide("旧", *DECIDED["旧"])
    made = enter(old)
    address = reverse("allocation:deduction", args=[old.pk])
    assert [each.count for each in todo.todos(approver, AGAIN) if each.url == address] == [1]
    [mine] = [each for each in todo.todos(officer, AGAIN) if each.url == address]
    assert (mine.count, mine.tone) == (1, "info")
    assert left(old) == 500_000
    with pytest.raises(Refusal):
        revocations.approve(made, by=reseated(officer, approver), at=AGAIN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revocation.objects.filter(pk=made.pk).update(state="approved", approved_by=officer, approved_at=AGAIN)
    revocations.approve(made, by=approver, at=AGAIN)
    assert left(old) == 0
    acts = list(JournalEntry.objects.filter(act__startswith="revocation").order_by("pk").values_list("act", flat=True))
    assert acts == ["revocation.entered", "revocation.approved"]
    assert Notification.objects.filter(kind="deduction.revoked", person=clerk).count() == 1
    for change in ({"number": "另"}, {"state": "proposed"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Revocation.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(Refusal):
        revocations.refuse(made, reason="迟", by=approver, at=AGAIN)


@pytest.mark.parametrize(
    "changed",
    [
        {"number": ""},
        {"number": "=1+1"},
        {"number": "长" * 61},
        {"decided_on": dt.date(2026, 1, 4)},
        {"decided_on": dt.date(2026, 10, 20)},
        {"reason": " "},
        {"reason": "长" * 301},
    ],
)
def test_what_is_wrong_is_refused(decide, enter, changed):
    old = decide("旧", *DECIDED["旧"])
    with pytest.raises(Refusal):
        enter(old, **changed)
    assert not Revocation.objects.exists()


def test_once_and_only_of_a_decision_in_force(decide, enter, approver, unit, officer):
    old = decide("旧", *DECIDED["旧"])
    first = enter(old)
    with pytest.raises(Refusal):
        enter(old)
    revocations.refuse(first, reason="文号有误", by=approver, at=AGAIN)
    assert enter(old).state == State.PROPOSED
    decision = Decision(unit.credit_code, "steel", "未批", dt.date(2026, 1, 5), 2024, 1, "not_surrendered")
    with pytest.raises(Refusal):
        enter(deductions.enter(decision, by=officer, at=ENTERED))


def test_refused_where_nothing_is_to_come_that_could_return_it(steel, approved, decide, enter, unit):
    old = decide("旧", *DECIDED["旧"])
    decide("末", 900_000, "2026-03-01")
    untouched = decide("净", 1, "2026-03-02")
    approved(PRE)
    DirectoryEntry.objects.filter(unit=unit).delete()
    with pytest.raises(Refusal, match="500,000"):
        enter(old)
    assert enter(untouched).state == State.PROPOSED  # nothing was taken: nothing is to be returned


def test_a_revocation_makes_the_prepared_run_stale(steel, publish, prepared, decide, revoke, approver):
    old = decide("旧", *DECIDED["旧"])
    publish()
    run = prepared(DET)
    revoke(old, at("2026-09-01 10:00"))
    assert runs.stale(run, at("2026-09-02"))


# --- Pages


def test_on_the_page_from_entry_to_return(steel, issued, decide, client_for, officer, approver, clerk):
    old = decide("旧", *DECIDED["旧"])
    issued(PRE)
    page = reverse("allocation:deduction", args=[old.pk])
    form = {"number": "撤核减1号", "decided_on": "2026-03-04", "reason": "复议撤销"}
    assert client_for(officer, "en").get(page).content.decode().count("Enter the revocation") == 1
    client_for(officer).post(reverse("allocation:deduction_revoke", args=[old.pk]), form)
    assert "Approve the revocation" not in client_for(officer, "en").get(page).content.decode()
    assert "复议撤销" not in client_for(clerk).get(page).content.decode()
    assert "Approve the revocation" in client_for(approver, "en").get(page).content.decode()
    confirm(client_for(approver), reverse("allocation:revocation_approve", args=[old.pk]))
    text = client_for(clerk, "en").get(page).content.decode()
    assert "Still to be returned" in text
    assert "500,000" in text
    assert "复议撤销" in text
    assert client_for(approver).post(
        reverse("allocation:revocation_refuse", args=[old.pk]), {"reason": "迟"}
    ).status_code in (302, 409, 422)
    assert Revocation.objects.get().state == State.APPROVED


def test_an_officer_takes_it_back(decide, enter, client_for, officer):
    old = decide("旧", *DECIDED["旧"])
    enter(old)
    client_for(officer).post(reverse("allocation:revocation_take_back", args=[old.pk]), {"reason": "录入有误"})
    assert Revocation.objects.get().state == State.REFUSED
