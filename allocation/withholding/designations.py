"""Differentiated units 差异化: marked by two people of the province on a ground of the plan: what is determined for them is withheld.

A mark counts for the runs that are prepared while it stands: the determination, and from the 2026 plan on the pre-allocation too (the
plan's data says at which steps). It is lifted by two people, and no longer once a run with it is approved: from then on only surrender
and release move what is withheld.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from allocation import kept_shapes, notifications, plans
from allocation.models import Differentiation, Run
from allocation.scope import runs_in_force
from registry import directory, journal, two_people
from registry.access import acting
from registry.database import locking
from registry.law.calendar import local_day
from registry.models import Authority, Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.canonical import digest

__all__ = [
    "approve",
    "ask_lift",
    "grounds",
    "is_used",
    "lift",
    "of_run",
    "propose",
    "refuse",
    "seen",
    "steps",
    "withdraw",
]

State = Differentiation.State


def grounds(sector: str, year: int) -> tuple[str, ...]:
    """The grounds that the plan in force names for the year; raises plans.PlanError where no final plan is in force for it."""
    value = plans.in_force(sector, year).for_year(year).find("issue.differentiated")
    if value is None:
        return ()
    items = value.value if isinstance(value.value, tuple) else (value.value,)
    return tuple(str(item) for item in items)


def steps(sector: str, year: int) -> tuple[str, ...]:
    """At which steps (kinds of run) the plan in force withholds a differentiated unit's quota; none without a final plan."""
    try:
        value = plans.in_force(sector, year).for_year(year).find("issue.differentiated_at")
    except plans.PlanError:
        return ()
    if value is None:
        return ()
    return tuple(map(str, value.value)) if isinstance(value.value, tuple) else (str(value.value),)


def of_run(authority: Authority, sector: str, year: int) -> dict[str, kept_shapes.Mark]:
    """The marks that stand, by credit code: what the manifest of a run says of them at whose step the plan withholds. One query."""
    rows = Differentiation.objects.filter(state=State.APPROVED, unit__authority=authority, sector=sector, year=year)
    return {
        row.unit.credit_code: {"mark": row.pk, "ground": row.ground, "facts": row.facts}
        for row in rows.select_related("unit").order_by("unit__credit_code")
    }


@acting(Act.MARK_DIFFERENTIATION)
@transaction.atomic
def propose(
    unit: Unit, sector: str, year: int, *, ground: str, facts: str, by: Person, at: dt.datetime
) -> Differentiation:
    """An officer puts the mark before a second person; refused for a ground that the plan doesn't name."""
    if unit.authority_id != by.authority_id:
        raise Refusal(_("Only the unit's own authority designates it."), field="unit")
    if not unit.memberships.filter(sector=sector).exists():
        raise Refusal(_("The unit is not of this sector."), field="sector")
    _refuse_unlisted(unit, sector, year, local_day(at))
    try:
        plan, known = plans.in_force(sector, year), grounds(sector, year)
    except plans.PlanError as error:
        raise Refusal(str(error)) from error
    if ground not in known:
        raise Refusal(
            _("Plan %(plan)s does not provide for this ground in %(year)s.") % {"plan": plan.id, "year": year},
            field="ground",
        )
    if not facts.strip():
        raise Refusal(_("State the circumstances: the official table has a column for them."), field="facts")
    if runs_in_force.is_determined(unit.authority, sector, year):
        raise Refusal(_("Quota for this year has already been determined; nothing more can be withheld."), field="year")
    with locking.only_once(_("The unit is already designated for this sector and year.")):
        made = Differentiation.objects.create(
            unit=unit,
            sector=sector,
            year=year,
            plan_id=plan.id,
            ground=ground,
            facts=facts.strip(),
            proposed_by=by,
            proposed_at=at,
        )
    journal.record("differentiation.proposed", made, by=by, at=at, **_said(made))
    return made


@acting(Act.APPROVE_DIFFERENTIATION)
@transaction.atomic
def approve(mark: Differentiation, *, shown: str, by: Person, at: dt.datetime) -> Differentiation:
    """A second person approves exactly what they have seen; runs that are being prepared have to be prepared again."""
    mark = _locked(mark, State.PROPOSED)
    two_people.refuse_same(by, mark.proposed_by_id)
    if shown != seen(mark):
        raise Refusal(_("The designation has changed since you viewed it; review it again."))
    _refuse_unlisted(mark.unit, mark.sector, mark.year, local_day(at))
    if runs_in_force.is_determined(mark.unit.authority, mark.sector, mark.year):
        raise Refusal(_("Quota for this year has already been determined; nothing more can be withheld."))
    mark.mark_approved(by, at)
    notifications.differentiation_changed(mark, at)
    notifications.decided(mark, mark.proposed_by, "differentiation.proposed", at, approved=True)
    journal.record("differentiation.approved", mark, by=by, at=at, **_said(mark))
    return mark


@acting(Act.APPROVE_DIFFERENTIATION)
@transaction.atomic
def refuse(mark: Differentiation, *, reason: str, by: Person, at: dt.datetime) -> Differentiation:
    """The second person doesn't approve the mark, and why."""
    mark = _locked(mark, State.PROPOSED)
    mark.mark_refused(two_people.reason_of(reason), by, at)
    notifications.decided(mark, mark.proposed_by, "differentiation.proposed", at, approved=False)
    journal.record("differentiation.refused", mark, by=by, at=at, **_said(mark), reason=mark.refusal_reason)
    return mark


@acting(Act.MARK_DIFFERENTIATION)
@transaction.atomic
def withdraw(mark: Differentiation, *, reason: str, by: Person, at: dt.datetime) -> Differentiation:
    """Whoever proposed a mark, or asked that one be lifted, takes that back before it is decided on."""
    mark = _locked(mark, State.PROPOSED, State.APPROVED)
    two_people.refuse_other(by, mark.proposed_by_id if mark.state == State.PROPOSED else mark.lift_asked_by_id)
    reason = two_people.reason_of(reason)
    if mark.state == State.PROPOSED:
        act = "differentiation.withdrawn"
        mark.mark_refused(reason, by, at)
    else:
        act = "differentiation.lift_withdrawn"
        mark.lift_asked_by, mark.lift_asked_at, mark.lift_reason = None, None, ""
        mark.save(update_fields=["lift_asked_by", "lift_asked_at", "lift_reason"])
    journal.record(act, mark, by=by, at=at, **_said(mark), reason=reason)
    return mark


@acting(Act.MARK_DIFFERENTIATION)
@transaction.atomic
def ask_lift(mark: Differentiation, *, reason: str, by: Person, at: dt.datetime) -> Differentiation:
    """An officer asks that the mark be lifted before anything is determined with it."""
    mark = _locked(mark, State.APPROVED)
    reason = two_people.reason_of(reason)
    if mark.lift_asked_by_id is not None:
        raise Refusal(_("That it be lifted has already been requested; another person decides on that."))
    if is_used(mark):
        raise Refusal(
            _("A run with this designation is approved: the withheld quota can now only be surrendered or released.")
        )
    mark.lift_asked_by, mark.lift_asked_at, mark.lift_reason = by, at, reason
    mark.save(update_fields=["lift_asked_by", "lift_asked_at", "lift_reason"])
    journal.record("differentiation.lift_asked", mark, by=by, at=at, **_said(mark), reason=mark.lift_reason)
    return mark


@acting(Act.APPROVE_DIFFERENTIATION)
@transaction.atomic
def lift(mark: Differentiation, *, by: Person, at: dt.datetime) -> Differentiation:
    """A second person lifts the mark; nothing is withheld by it any more."""
    mark = _locked(mark, State.APPROVED)
    if mark.lift_asked_by_id is None:
        raise Refusal(_("An officer requests it, and another person lifts the designation."))
    two_people.refuse_same(by, mark.lift_asked_by_id)
    if is_used(mark):
        raise Refusal(
            _("A run with this designation is approved: the withheld quota can now only be surrendered or released.")
        )
    mark.state, mark.lifted_by, mark.lifted_at = State.LIFTED, by, at
    mark.save(update_fields=["state", "lifted_by", "lifted_at"])
    notifications.differentiation_changed(mark, at)
    notifications.decided(mark, mark.lift_asked_by, "differentiation.lift_asked", at, approved=True)
    journal.record("differentiation.lifted", mark, by=by, at=at, **_said(mark))
    return mark


def is_used(mark: Differentiation) -> bool:
    """Whether an approved determination withholds by this mark."""
    return mark.withholdings.filter(settlement__run__state=Run.State.APPROVED).exists()


def _refuse_unlisted(unit: Unit, sector: str, year: int, day: dt.date) -> None:
    """Nothing is determined for a unit that the directory doesn't name, so nothing could be withheld."""
    if not directory.allocated(year, sector, day).filter(unit=unit).exists():
        raise Refusal(
            _(
                "The directory of %(year)s doesn't name the unit with quota in this sector: there is nothing to withhold."
            )
            % {"year": year}
        )


def seen(mark: Differentiation) -> str:
    """What a page shows of the mark, as a hash: whoever approves names it."""
    return digest([mark.unit_id, mark.sector, mark.year, mark.ground, mark.facts])


def _said(mark: Differentiation) -> dict[str, Any]:
    return {"year": mark.year, "sector": mark.sector, "ground": mark.ground}


def _locked(mark: Differentiation, *states: State) -> Differentiation:
    """The mark, locked, if it is in one of the states; else somebody was faster."""
    return locking.in_state(Differentiation.objects.select_related("unit__authority"), mark, *states)
