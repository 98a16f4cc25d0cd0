"""A plan's way through three pairs of hands, and which plan a month is read against."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from registry.models import JournalEntry
from registry.refusal import Refusal
from reporting.control_plan import Plan
from reporting.models import ControlPlan, ControlPlanDecision, ControlPlanVersion, FindingRow
from reporting.submissions import control_plans
from tests.cast import at
from tests.reporting import plans, story
from tests.reporting.control_plan.test_control_plan import of

State = ControlPlan.State
WHEN = at("2025-06-01 09:00")
ANODE = "electrolysis/P1//anode"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def content(unit, process) -> Plan:
    return plans.plan_for(story.content(unit, "2025-01"))


@pytest.fixture
def draft(unit, content, clerk) -> ControlPlan:
    plan = control_plans.open_plan(unit, story.ALUMINIUM, 2025, by=clerk)
    return control_plans.save(plan, content, revision=plan.revision, by=clerk)


@pytest.fixture
def bring(unit, content, draft, clerk, unit_approver, officer):
    """`bring(state)`: the plan in that state."""

    def to(state: str) -> ControlPlan:
        if state != State.DRAFT:
            control_plans.prepare(draft, by=clerk, at=WHEN)
        if state in (State.SUBMITTED, State.ACCEPTED, State.RETURNED):
            version = control_plans.submit(draft, by=unit_approver, at=WHEN)
        if state == State.ACCEPTED:
            control_plans.accept(version, by=officer, at=WHEN)
        if state == State.RETURNED:
            control_plans.send_back(version, reason="", remarks={ANODE: "缺证书"}, by=officer, at=WHEN)
        draft.refresh_from_db()
        assert draft.state == state
        return draft

    return to


ACTS = {
    "save": lambda plan, who: control_plans.save(plan, plan.plan, revision=plan.revision, by=who["clerk"]),
    "prepare": lambda plan, who: control_plans.prepare(plan, by=who["clerk"], at=WHEN),
    "submit": lambda plan, who: control_plans.submit(plan, by=who["unit_approver"], at=WHEN),
    "accept": lambda plan, who: control_plans.accept(plan.versions.latest("number"), by=who["officer"], at=WHEN),
    "send_back": lambda plan, who: control_plans.send_back(
        plan.versions.latest("number"), reason="不全", remarks={}, by=who["officer"], at=WHEN
    ),
    "revise": lambda plan, who: control_plans.revise(
        plan, valid_from=dt.date(2025, 9, 1), reason="换表", by=who["clerk"], at=WHEN
    ),
}
MAY = {
    State.DRAFT: {"save", "prepare"},
    State.PREPARED: {"save", "submit"},
    State.SUBMITTED: {"accept", "send_back"},
    State.ACCEPTED: {"revise"},
    State.RETURNED: {"save", "prepare"},
}
AFTER = {"prepare": "prepared", "submit": "submitted", "accept": "accepted", "send_back": "returned", "revise": "draft"}


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_in_every_state(bring, state, act, clerk, unit_approver, officer):
    plan, who = bring(state), {"clerk": clerk, "unit_approver": unit_approver, "officer": officer}
    if act in ("accept", "send_back") and not plan.versions.exists():
        return  # there is nothing that could be decided on
    if act in MAY[state]:
        ACTS[act](plan, who)
        plan.refresh_from_db()
        if act == "save":  # what was sent back stays marked so until it is prepared anew
            assert plan.state == (State.RETURNED if state == State.RETURNED else State.DRAFT)
        else:
            assert plan.state == AFTER[act]
    else:
        with pytest.raises(Refusal):
            ACTS[act](plan, who)
        plan.refresh_from_db()
        assert plan.state == state


def test_whoever_prepared_it_hands_nothing_in(bring, clerk, unit_approver, reseated):
    with pytest.raises(Refusal, match="second person"):
        control_plans.submit(bring(State.PREPARED), by=reseated(clerk, unit_approver), at=WHEN)


def test_the_database_wants_four_eyes_and_a_reason_itself(bring, unit_approver):
    plan = bring(State.SUBMITTED)
    version = plan.versions.get()
    same = {"submitted_by": version.prepared_by, "number": 2, "reason": "x"}
    for change in (same, {"number": 2, "reason": ""}):
        row = ControlPlanVersion.objects.get(pk=version.pk)
        row.pk = None
        for name, value in change.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ControlPlanDecision.objects.create(version=version, accepted=False, by=unit_approver, at=WHEN)


def test_whoever_handed_it_in_decides_nothing(bring, unit_approver, clerk, officer, reseated):
    version = bring(State.SUBMITTED).versions.get()
    for person in (unit_approver, clerk):
        with pytest.raises(Refusal):
            control_plans.accept(version, by=reseated(person, officer), at=WHEN)


def test_a_plan_with_faults_is_kept_and_not_prepared(draft, content, clerk):
    says = of(content, ANODE, how="measured", number="", calibrated="bald")
    kept = control_plans.save(draft, says, revision=draft.revision, by=clerk)
    assert plans.entry_of(kept.plan, ANODE).calibrated == "bald"
    with pytest.raises(Refusal, match="2 values"):
        control_plans.prepare(kept, by=clerk, at=WHEN)


def test_a_plan_that_forgets_a_line_is_not_prepared(draft, unit, make_line, clerk):
    story.electrolysis(unit, make_line, "P2")
    with pytest.raises(Refusal, match=r"P1.+P1, P2"):
        control_plans.prepare(draft, by=clerk, at=WHEN)


def test_a_line_entered_meanwhile_keeps_the_plan_from_the_province_and_from_being_accepted(
    bring, unit, make_line, unit_approver, officer
):
    plan = bring(State.PREPARED)
    other = story.electrolysis(unit, make_line, "P2")
    with pytest.raises(Refusal, match=r"P1.+P1, P2"):
        control_plans.submit(plan, by=unit_approver, at=WHEN)
    other.delete()
    version = control_plans.submit(plan, by=unit_approver, at=WHEN)
    story.electrolysis(unit, make_line, "P2")
    with pytest.raises(Refusal, match=r"P1.+P1, P2"):
        control_plans.accept(version, by=officer, at=WHEN)
    assert not control_plans.send_back(version, reason="缺P2", remarks={}, by=officer, at=WHEN).accepted


def test_two_who_write_at_once_do_not_undo_each_other(draft, content, clerk):
    control_plans.save(draft, content, revision=draft.revision, by=clerk)
    with pytest.raises(Refusal, match="Somebody else"):
        control_plans.save(draft, content, revision=draft.revision, by=clerk)


def test_a_plan_is_begun_and_saved_by_a_clerk_of_its_unit_alone(
    draft, content, unit, unit_approver, rival_clerk, officer
):
    for person in (unit_approver, rival_clerk, officer):
        with pytest.raises(PermissionDenied):
            control_plans.save(draft, content, revision=draft.revision, by=person)
        with pytest.raises(PermissionDenied):
            control_plans.open_plan(unit, story.ALUMINIUM, 2026, by=person)


def test_sending_back_wants_a_reason_and_known_values(bring, officer):
    version = bring(State.SUBMITTED).versions.get()
    for remarks in ({}, {ANODE: "  "}, {"electrolysis/P9//anode": "?"}):
        with pytest.raises(Refusal):
            control_plans.send_back(version, reason=" ", remarks=remarks, by=officer, at=WHEN)
    decision = control_plans.send_back(version, reason="", remarks={ANODE: " 缺证书 "}, by=officer, at=WHEN)
    assert decision.remarks == {ANODE: "缺证书"}
    assert decision.reason


def test_what_was_sent_back_comes_in_again_as_the_next_version(bring, clerk, unit_approver, officer):
    plan = bring(State.RETURNED)
    control_plans.prepare(plan, by=clerk, at=WHEN)
    version = control_plans.submit(plan, by=unit_approver, at=WHEN)
    assert (version.number, version.valid_from) == (2, dt.date(2025, 1, 1))
    control_plans.accept(version, by=officer, at=WHEN)
    acts = JournalEntry.objects.filter(subject_type="reporting.controlplan").order_by("sequence")
    assert [entry.act.removeprefix("control_plan.") for entry in acts] == [
        *("prepared", "submitted", "returned"),
        *("prepared", "submitted", "accepted"),
    ]


@pytest.mark.parametrize(("when", "late"), [("2025-06-30 23:59", False), ("2025-07-01 00:00", True)])
def test_after_the_years_day_it_is_marked_late(unit, content, clerk, unit_approver, when, late):
    plan = plans.submitted(unit, content, clerk, unit_approver, at(when))
    assert plan.versions.get().late is late


@pytest.mark.parametrize("year", [2024, 2027])
def test_a_year_without_a_day_asks_for_no_plan(unit, process, year, clerk):
    with pytest.raises(Refusal):
        control_plans.open_plan(unit, story.ALUMINIUM, year, by=clerk)


def test_a_sector_that_is_not_the_units_has_no_plan(make_unit, make_person):
    works = make_unit("cement")
    with pytest.raises(Refusal):
        control_plans.open_plan(works, story.ALUMINIUM, 2025, by=make_person("unit_clerk", "经办", unit=works))


def changed(plan: ControlPlan, day: str, number: str, clerk, unit_approver, officer, when: str) -> None:
    plan.refresh_from_db()
    control_plans.revise(plan, valid_from=dt.date.fromisoformat(day), reason="更换计量器具", by=clerk, at=at(when))
    plan.refresh_from_db()
    content = of(plan.plan, ANODE, number=number)
    said: dict[str, Any] = {"valid_from": dt.date.fromisoformat(day), "reason": "更换计量器具"}
    control_plans.save(plan, content, revision=plan.revision, by=clerk, **said)
    control_plans.prepare(plan, by=clerk, at=at(when))
    version = control_plans.submit(plan, by=unit_approver, at=at(when))
    assert not version.late  # a change has no term
    control_plans.accept(version, by=officer, at=at(when))


def numbers(unit, first: str, last: str, when: str) -> list[str]:
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    found = control_plans.in_force(unit.pk, story.ALUMINIUM, *days, at(when))
    return [plans.entry_of(plan, ANODE).number for plan in found]


def test_a_change_is_in_force_from_its_day_on(bring, unit, clerk, unit_approver, officer):
    changed(bring(State.ACCEPTED), "2025-09-16", "M2", clerk, unit_approver, officer, "2025-10-08 09:00")
    assert numbers(unit, "2025-08-01", "2025-08-31", "2025-11-01") == ["M1"]
    assert numbers(unit, "2025-09-01", "2025-09-30", "2025-11-01") == ["M1", "M2"]
    assert numbers(unit, "2025-09-16", "2025-09-30", "2025-11-01") == ["M2"]
    assert numbers(unit, "2025-10-01", "2025-10-31", "2025-11-01") == ["M2"]
    # before the province had accepted the change, and before it had accepted anything
    assert numbers(unit, "2025-10-01", "2025-10-31", "2025-10-08 08:59") == ["M1"]
    assert numbers(unit, "2025-10-01", "2025-10-31", "2025-05-31") == []
    assert numbers(unit, "2026-01-01", "2026-01-31", "2026-02-01") == []


def test_a_later_version_takes_the_place_of_those_that_begin_after_it(bring, unit, clerk, unit_approver, officer):
    plan = bring(State.ACCEPTED)
    changed(plan, "2025-10-01", "M2", clerk, unit_approver, officer, "2025-09-01 09:00")
    changed(plan, "2025-09-01", "M3", clerk, unit_approver, officer, "2025-09-02 09:00")
    assert numbers(unit, "2025-08-01", "2025-12-31", "2025-11-01") == ["M1", "M3"]


def test_a_change_needs_a_reason_and_a_day_of_the_year(bring, clerk):
    plan = bring(State.ACCEPTED)
    for day, reason in ((dt.date(2026, 1, 1), "换表"), (dt.date(2025, 9, 1), " ")):
        with pytest.raises(Refusal):
            control_plans.revise(plan, valid_from=day, reason=reason, by=clerk, at=WHEN)


def test_last_years_plan_is_copied(bring, unit, clerk):
    bring(State.ACCEPTED)
    new = control_plans.open_plan(unit, story.ALUMINIUM, 2026, by=clerk)
    copied = control_plans.copy_last_year(new)
    assert copied.year == 2026
    assert plans.entry_of(copied, ANODE).number == "M1"


def test_without_an_accepted_plan_there_is_nothing_to_copy(draft, unit, clerk):
    with pytest.raises(Refusal):
        control_plans.copy_last_year(control_plans.open_plan(unit, story.ALUMINIUM, 2026, by=clerk))


def test_a_blank_plan_is_filled_from_what_the_months_say(unit, process, clerk):
    story.read(unit, "2025-09", clerk)
    made = control_plans.open_plan(unit, story.ALUMINIUM, 2025, by=clerk)
    assert plans.entry_of(made.plan, ANODE).how == "calculated"
    assert control_plans.open_plan(unit, story.ALUMINIUM, 2025, by=clerk) == made


def codes() -> list[str]:
    rows = FindingRow.objects.filter(code__startswith="plan.").order_by("submission__package__period")
    return list(rows.values_list("code", flat=True))


def test_a_month_without_a_plan_is_told_so_once(unit, process, clerk):
    story.read(unit, "2025-09", clerk)
    assert codes() == ["plan.none"]


def test_a_month_with_its_plan_is_told_nothing(planned, unit, clerk):
    story.read(unit, "2025-09", clerk)
    assert codes() == []


def test_a_month_that_is_not_as_planned_is_told_where(unit, content, clerk, unit_approver, officer):
    plans.accepted(unit, of(content, ANODE, how="measured"), clerk, unit_approver, officer, WHEN)
    story.read(unit, "2025-09", clerk)
    finding = FindingRow.objects.get(code__startswith="plan.")
    assert finding.code == "plan.how"
    assert finding.cell
