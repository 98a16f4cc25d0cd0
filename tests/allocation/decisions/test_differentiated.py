"""Differentiated units: who is marked on which ground, where the quota goes, what it settles first, and what is released.

甲 (`unit`) is determined 991,176 t and owes 1,000,000 t; 乙 (`rival_unit`) 1,008,823 t and owes 1,000,000 t (conftest).
"""

import datetime as dt
import json
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from allocation import letters, plans, queries, runs
from allocation.compliance import notices, surrender
from allocation.ledger import accounts
from allocation.letters import issuance, official_tables
from allocation.models import Account, Certificate, Differentiation, Entry, Holding, Release, Run, Settlement
from allocation.queries import quota_years, todo
from allocation.runs import outcome
from allocation.scope import movements
from allocation.withholding import designations, releases
from quota_site.home import desks
from registry.models import DirectoryEntry, JournalEntry, Notification
from registry.permissions.roles import Role
from registry.refusal import Refusal
from tests import worlds
from tests.allocation.conftest import ISSUED, LETTER, NOTICED, approve
from tests.cast import at
from tests.confirming import confirm

MARKED = at("2026-08-20 09:00")
ASKED = at("2026-11-01 09:00")
RELEASED = at("2026-11-10 09:00")
PRE, DET = Run.Kind.PRE_ALLOCATION, Run.Kind.DETERMINATION
Mark, Freed = Differentiation.State, Release.State


@pytest.fixture(autouse=True)
def _listed(request, unit, list_in_directory):
    """The unit stands in the directories of both years, also where no results of theirs are needed."""
    if "steel" not in request.fixturenames:
        for year in (2024, 2025):
            list_in_directory(unit, year)


@pytest.fixture
def mark(officer, approver):
    """`mark(unit)`: the unit's steel quota of 2025 is withheld."""

    def act(of, sector="steel", year=2025, ground="clear_risk"):
        made = designations.propose(of, sector, year, ground=ground, facts="连续亏损", by=officer, at=MARKED)
        return designations.approve(made, shown=designations.seen(made), by=approver, at=MARKED)

    return act


@pytest.fixture
@worlds.part
def rival_approver(make_person, rival_unit):
    return make_person(Role.UNIT_APPROVER, "乙企业审批人", username="rival-approver", unit=rival_unit)


@pytest.fixture
def surrendered(approver, registrar_operator):
    """`surrendered(unit, 400_000, clerk, approver)`: requested and executed."""

    def act(of, tonnes, clerk, second):
        request = surrender.request(of, 2025, {2025: tonnes}, by=clerk, at=ASKED)
        surrender.confirm(request, by=second, at=ASKED)
        surrender.approve(request, by=approver, at=ASKED)
        return surrender.execute(request, by=registrar_operator, at=ASKED)

    return act


@pytest.fixture
def withheld_year(steel, publish, issued, mark, officer, hebei):
    """`withheld_year(unit)`: the unit is marked, its quota withheld, and it has its notice."""

    def act(of, *, in_advance=False):
        mark(of)
        if in_advance:
            issued(PRE)
        publish()
        letter = issued(DET)
        notices.send(hebei, 2025, by=officer, at=NOTICED)
        return letter

    return act


def own(of):
    row = Holding.objects.filter(account__unit=of, vintage=2025).first()
    return (row.amount, row.reserved) if row else (0, 0)


def apart(of):
    row = Holding.objects.filter(account__held_for=of, vintage=2025).first()
    return (row.amount, row.reserved) if row else (0, 0)


# --- Marking


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


# --- What is withheld


def test_what_is_determined_goes_to_the_province_for_the_unit(withheld_year, unit, rival_unit, hebei):
    letter = withheld_year(unit)
    assert (own(unit), apart(unit)) == ((0, 0), (991_176, 0))
    assert own(rival_unit) == (1_008_823, 0)
    place = Account.objects.get(held_for=unit)
    assert (place.kind, place.authority, place.unit) == ("withheld", hebei, None)
    entries = Entry.objects.filter(transaction__letter=letter)
    assert sum(entries.values_list("amount", flat=True)) == 0
    assert list(entries.filter(account=place).values_list("transaction__kind", "amount")) == [("withholding", 991_176)]
    assert letter.total == 991_176 + 1_008_823
    assert accounts.disagreements() == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(kind="withheld", authority=hebei, held_for=None, opened_at=ISSUED)


def test_what_was_issued_in_advance_stays_the_units(withheld_year, unit):
    withheld_year(unit, in_advance=True)
    # 700,000 in advance; 991,176 − 700,000 at determination
    assert (own(unit), apart(unit)) == ((700_000, 0), (291_176, 0))


@pytest.fixture
def at_both_steps(monkeypatch):
    """The 2025 plan as the 2026 plan has it: differentiated at pre-allocation too."""
    written = plans.load_plan("2024-2025-final").canonical()
    at = "issue.differentiated_at"
    written["parameters"] = {**written["parameters"], at: plans.load_plan("2026-draft").canonical()["parameters"][at]}
    for row in written["parameters"]["issue.differentiated_at"]["values"]:
        row["since"] = "2024-01-01"
    plan = plans.Plan.from_canonical(written)
    monkeypatch.setattr("allocation.plans.in_force", lambda sector, year: plan)


def test_from_the_2026_plan_on_what_is_allocated_in_advance_is_withheld_too(
    at_both_steps, withheld_year, unit, rival_unit
):
    withheld_year(unit, in_advance=True)
    assert (own(unit), apart(unit)) == ((0, 0), (991_176, 0))
    assert own(rival_unit) == (1_008_823, 0)
    assert [row.withholding.tonnes for row in Settlement.objects.filter(unit=unit).order_by("pk")] == [700_000, 291_176]
    assert designations.steps("steel", 2025) == ("pre_allocation", "determination")


def test_table_1_5_says_so_then(at_both_steps, steel, approved, mark, unit, hebei):
    mark(unit)
    sheet = official_tables.sheets_of(hebei, 2025, PRE, [approved(PRE)])[-1]
    place = [column.zh for column in sheet.columns].index("是否属于差异化情形暂不发放（是/否）")
    said = {row[1]: (row[place], row[place + 1]) for row in sheet.rows}
    assert sheet.name == "1-5"
    assert said.pop(unit.credit_code)[0] == "是"
    assert list(said.values()) == [("否", "")]


def test_a_mark_of_a_pre_allocation_that_is_approved_is_not_lifted(
    at_both_steps, steel, approved, mark, unit, officer, approver
):
    made = mark(unit)
    approved(PRE)
    assert designations.is_used(made)
    with pytest.raises(Refusal):
        designations.ask_lift(made, reason="法院解除冻结", by=officer, at=ASKED)


def test_until_then_a_pre_allocation_withholds_nothing(steel, approved, mark, unit):
    mark(unit)
    run = approved(PRE)
    assert not any(hasattr(row, "withholding") for row in run.settlements.all())
    assert designations.steps("steel", 2026) == ()  # no final plan: nothing is issued


def test_a_marked_unit_returns_its_quota_itself(steel, verify, publish, issued, mark, unit):
    mark(unit)
    issued(PRE)
    verify(steel[0], 2025, 500_000, "450000", "500000")
    publish()
    letter = issued(DET)
    # determined 493,996 (tests/allocation/decisions/test_deductions.py), 206,004 of the 700,000 go back
    assert (own(unit), apart(unit)) == ((493_996, 0), (0, 0))
    assert Settlement.objects.get(run__letter=letter, unit=unit).withholding.tonnes == 0


def test_what_is_determined_less_again_is_taken_from_what_is_withheld(
    steel, withheld_year, verify, unit, officer, determined_again, registrar_operator, registrar_approver, hebei
):
    withheld_year(unit)
    when = at("2026-10-19 09:00")
    # 900,000 × (1 − 0.15 × 0.05/0.85) = 892,058.82… → 892,058: 991,176 − 892,058 = 99,118 go back
    verify(steel[0], 2025, 900_000, "810000", "900000", when=at("2026-10-12"))
    determined_again(when)
    letter = letters.write(hebei, 2025, DET, number="更正1号", by=officer, at=when)
    letter = issuance.prepare(letters.send(letter, by=officer, at=when), by=registrar_operator, at=when)
    issuance.execute(letter, by=registrar_approver, at=when)
    assert (own(unit), apart(unit)) == ((0, 0), (892_058, 0))
    assert issuance.owed(letter) == {}
    (year,) = [one for one in quota_years.of_unit(unit, when.date()) if one.year == 2025]
    assert (year.owed_back, year.returned_withheld) == (0, 99_118)
    assert accounts.disagreements() == []
    assert releases.missing(unit, 2025, when) == 900_000


def test_the_result_follows_from_the_manifest_alone_and_its_hash_covers_it(steel, publish, approved, mark, unit):
    marked = mark(unit)
    publish()
    run = approved(DET)
    again = outcome.result_of(json.loads(run.manifest))
    assert again == runs.stored_result(run)
    assert [row.get("withheld") for row in again["settlements"]] == [{"mark": marked.pk, "tonnes": 991_176}, None]
    with pytest.raises(DatabaseError), transaction.atomic():
        marked.withholdings.update(tonnes=0)
    other = Settlement.objects.get(run=run, withholding__isnull=True)
    marked.withholdings.create(settlement=other, tonnes=1)
    assert runs.tampered(run)


def test_table_2_5_says_so(steel, publish, approved, mark, unit, hebei, officer):
    mark(unit, ground="judicial_freeze")
    publish()
    approved(DET)
    letter = letters.write(hebei, 2025, DET, number="函1号", by=officer, at=LETTER)
    sheet = openpyxl.load_workbook(BytesIO(letters.tables(letter)))["2-5"]
    head = [cell.value for cell in sheet[2]]
    places = [head.index("是否属于差异化情形暂不发放（是/否）"), head.index("差异化具体情况")]
    rows = [[row[place].value for place in places] for row in sheet.iter_rows(min_row=3, max_row=4)]
    assert rows == [["是", "司法冻结：连续亏损"], ["否", None]]


# --- Surrender draws on it first


def test_surrender_draws_on_what_is_withheld(withheld_year, unit, clerk, unit_approver, surrendered):
    withheld_year(unit)
    request = surrender.request(unit, 2025, {2025: 400_000}, by=clerk, at=ASKED)
    assert (own(unit), apart(unit)) == ((0, 0), (991_176, 400_000))
    assert accounts.disagreements() == []
    surrender.withdraw(request, seen="requested", by=clerk, at=ASKED)
    assert apart(unit) == (991_176, 0)
    surrendered(unit, 991_176, clerk, unit_approver)
    assert apart(unit) == (0, 0)
    assert Holding.objects.get(account__kind="retired").amount == 991_176
    assert accounts.disagreements() == []


def test_the_units_own_tonnes_come_after_what_is_withheld(withheld_year, unit, clerk, unit_approver, surrendered):
    withheld_year(unit, in_advance=True)
    request = surrender.request(unit, 2025, {2025: 500_000}, by=clerk, at=ASKED)
    # 291,176 withheld, 500,000 − 291,176 = 208,824 of its own
    assert (own(unit), apart(unit)) == ((700_000, 208_824), (291_176, 291_176))
    assert accounts.disagreements() == []
    assert accounts.disagreements([Account.objects.get(unit=unit).pk]) == []
    assert accounts.disagreements([Account.objects.get(held_for=unit).pk]) == []
    surrender.withdraw(request, seen="requested", by=clerk, at=ASKED)
    assert (own(unit), apart(unit)) == ((700_000, 0), (291_176, 0))
    surrendered(unit, 500_000, clerk, unit_approver)
    assert (own(unit), apart(unit)) == ((491_176, 0), (0, 0))
    assert accounts.disagreements() == []


def test_more_than_both_hold_is_refused(withheld_year, unit, clerk):
    withheld_year(unit)
    with pytest.raises(Refusal):
        surrender.request(unit, 2025, {2025: 991_177}, by=clerk, at=ASKED)
    assert apart(unit) == (991_176, 0)


def test_a_frozen_account_of_the_unit_does_not_hinder_it(
    withheld_year, unit, clerk, unit_approver, surrendered, registrar_approver
):
    withheld_year(unit)
    accounts.freeze(accounts.of_unit(unit, ISSUED), reason="司法冻结", by=registrar_approver, at=ISSUED)
    assert surrendered(unit, 991_176, clerk, unit_approver).state == "executed"


# --- Release


@pytest.fixture
@worlds.world
def complete(withheld_year, rival_unit, rival_clerk, rival_approver, surrendered):
    """乙's duty of 1,000,000 t is met from the 1,008,823 t withheld: 8,823 remain."""
    withheld_year(rival_unit)
    surrendered(rival_unit, 1_000_000, rival_clerk, rival_approver)
    assert Certificate.objects.filter(unit=rival_unit).exists()
    return rival_unit


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


# --- Pages, work, messages


def test_unit_and_province_see_what_is_withheld(withheld_year, unit, clerk, officer, rival_clerk, client_for):
    withheld_year(unit)
    place = Account.objects.get(held_for=unit)
    for person in (clerk, officer):
        page = client_for(person).get(reverse("allocation:quota_of", args=[unit.pk])).content.decode()
        assert "2025年度配额991,176吨" in page
        assert client_for(person).get(reverse("allocation:account", args=[place.pk])).status_code == 200
        mark = Differentiation.objects.get()
        shown = client_for(person).get(reverse("allocation:differentiation", args=[mark.pk]))
        assert (shown.context["held"], shown.context["missing"]) == (991_176, 1_000_000)
    (year,) = [one for one in quota_years.of_unit(unit, ASKED.date()) if one.year == 2025]
    assert (year.withheld, year.created, year.held) == (991_176, 0, 0)
    run = client_for(officer).get(reverse("allocation:run", args=[Run.objects.get().pk]))
    assert [row.withholding.tonnes for row in run.context["withheld"]] == [991_176]
    assert client_for(rival_clerk).get(reverse("allocation:account", args=[place.pk])).status_code == 404
    ask = client_for(clerk).get(reverse("allocation:surrender_ask", args=[2025]))
    assert (ask.context["withheld"], ask.context["lacking"]) == (991_176, 8_824)


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


def test_what_is_only_proposed_is_the_provinces(unit, officer, clerk, registrar_operator, analyst):
    designations.propose(unit, "steel", 2025, ground="clear_risk", facts="停产", by=officer, at=MARKED)
    seen = [queries.differentiations(person).count() for person in (officer, analyst, clerk, registrar_operator)]
    assert seen == [1, 1, 0, 0]


def test_issuing_asks_the_same_however_many_are_marked(steel, publish, approved, sent, mark, unit, rival_unit,
    registrar_operator, registrar_approver, django_assert_max_num_queries):  # fmt: skip
    mark(unit)
    mark(rival_unit)
    publish()
    approved(DET)
    letter = issuance.prepare(sent(DET), by=registrar_operator, at=ISSUED)
    with django_assert_max_num_queries(90):
        issuance.execute(letter, by=registrar_approver, at=ISSUED)
    assert (apart(unit)[0], apart(rival_unit)[0]) == (991_176, 1_008_823)


# --- Taking back what nobody has decided on


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


# --- Where each tonne went


@pytest.fixture
def _november(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2026-11-20 09:00"))


@pytest.mark.usefixtures("_november")
def test_the_issue_says_where_each_tonne_went_and_each_unit_its_own(
    steel,
    publish,
    approved,
    sent,
    mark,
    unit,
    rival_unit,
    clerk,
    rival_clerk,
    registrar_operator,
    registrar_approver,
    client_for,
):
    mark(unit)
    publish()
    approved(DET)
    letter = issuance.prepare(sent(DET), by=registrar_operator, at=ISSUED)
    whole = movements.Moved(credited=1_008_823, credited_units=1, withheld=991_176, withheld_units=1)
    assert movements.planned(letter) == whole
    browser = client_for(registrar_approver)
    done = confirm(browser, reverse("allocation:issue_execute", args=[letter.pk]), follow=True)
    assert "1,008,823" in done.text
    assert "991,176" in done.text
    assert movements.moved(letter) == whole
    told = {
        row.person: (row.kind, row.params["tonnes"]) for row in Notification.objects.filter(kind__contains="quota.w")
    }
    assert told == {clerk: ("quota.withheld", "991,176")}
    assert Notification.objects.get(person=rival_clerk, kind="quota.credited").params["tonnes"] == "1,008,823"


@pytest.mark.usefixtures("_november")
def test_the_way_on_the_units_home_says_what_of_its_quota_is_withheld(withheld_year, unit, clerk, client_for):
    withheld_year(unit)
    way = dict(client_for(clerk).get("/").context["ways"])
    notes = {step.label: step.note for steps in way.values() for step in steps}
    assert notes["配额发放"] == "其中991,176吨暂不发放"


def test_a_withheld_account_is_named_in_the_pages_signs(unit):
    account = Account(kind=Account.Kind.WITHHELD, authority=unit.authority, held_for=unit)
    with translation.override("zh-hans"):
        assert str(account) == f"{unit.authority}（{unit}）"
    with translation.override("en"):
        assert str(account) == f"{unit.authority} ({unit})"


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


def test_the_registrars_home_says_of_every_tonne_of_a_vintage_where_it_lies(
    withheld_year, surrendered, unit, clerk, unit_approver
):
    withheld_year(unit)
    surrendered(unit, 100_000, clerk, unit_approver)
    (row,) = desks._vintages()
    assert (row["withheld"], row["retired"]) == (891_176, 100_000)
    assert row["created"] == row["provinces"] + row["withheld"] + row["units"] + row["retired"] == 1_999_999
