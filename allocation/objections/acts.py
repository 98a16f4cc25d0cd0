"""Objections to quota 异议: the clerk drafts, the unit's approver files or sends back; an officer proposes, an approver decides.

The terms are the calendar's (`term.review_asked`, `term.review_decided`) and counted in working days: for filing from the day on which the
run was approved (a unit is told that day), for deciding from the day of filing. What comes later is marked as late and decided all
the same. A granted objection changes no tonne by itself: the province re-determines.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from allocation import notifications
from allocation.models import Award, Objection, Run, Settlement
from allocation.objections import overtaken
from allocation.scope import runs_in_force
from allocation.scope.after_objection import to_be_followed
from registry import journal, law, two_people
from registry.access import acting
from registry.database import locking
from registry.law import calendar
from registry.law.calendar import local_day
from registry.models import Person
from registry.permissions import Act
from registry.permissions.roles import Role
from registry.refusal import Refusal
from registry.values.canonical import digest

__all__ = [
    "Contest",
    "can_be_contested",
    "contestable",
    "contests",
    "decide",
    "draft",
    "file",
    "last_day",
    "obstacle",
    "propose",
    "redraft",
    "return_to_clerk",
    "seen",
    "send_back",
    "to_be_followed",
    "under_objection",
    "withdraw",
]

State = Objection.State


@dataclass(frozen=True, slots=True)
class Contest:
    """What a run gave a unit, until when the unit may object to it, and its last objection."""

    settlement: Settlement
    due: dt.date | None
    objection: Objection | None
    can_be: bool = True  # whether it is what counts now: neither replaced nor settled by a determination

    @property
    def is_open(self) -> bool:
        return self.objection is not None and self.objection.state in Objection.OPEN

    @property
    def is_offered(self) -> bool:
        """Whether the unit can object: to what is in force, and to none that it objects to already or objected to with success."""
        return self.can_be and not self.is_open and not self.is_granted

    @property
    def is_granted(self) -> bool:
        """Whether all of it is to be determined again already; that takes its place."""
        last = self.objection
        return last is not None and last.state == Objection.State.GRANTED and last.award_id is None


def last_day(run: Run) -> dt.date | None:
    """Until when a unit may object to what the run gave it; None for a run that isn't approved."""
    return _term("review_asked", run.approved_at) if run.approved_at else None


def contests(
    settlements: Iterable[Settlement], last: Mapping[int, Objection], standing: Collection[int]
) -> list[Contest]:
    """Each settlement with its term; `last` are the unit's last objections by the settlement's id, `standing` the runs in force."""
    rows = list(settlements)
    can_be = contestable(rows, standing)
    return [Contest(row, last_day(row.run), last.get(row.pk), row.run_id in can_be) for row in rows]


def contestable(settlements: Iterable[Settlement], standing: Collection[int]) -> set[int]:
    """The keys of the runs that a unit can object to: those in force (`standing`), in advance only until its year is determined.

    `settlements` are all that approved runs gave the unit in the sectors and years asked about.
    """
    rows = [row for row in settlements if row.run_id in standing]
    determined = {(row.run.sector, row.run.year) for row in rows if row.run.kind == Run.Kind.DETERMINATION}
    over = {
        row.run_id
        for row in rows
        if row.run.kind == Run.Kind.PRE_ALLOCATION and (row.run.sector, row.run.year) in determined
    }
    return {row.run_id for row in rows} - over


def can_be_contested(settlement: Settlement) -> bool:
    """Whether the unit can object to what this run gave it. Two queries."""
    run = settlement.run
    of = {"run__sector": run.sector, "run__year": run.year, "run__state": Run.State.APPROVED}
    rows = Settlement.objects.filter(unit=settlement.unit_id, **of).select_related("run").defer("run__manifest")
    standing = runs_in_force.runs().filter(settlements__unit=settlement.unit_id, sector=run.sector, year=run.year)
    return run.pk in contestable(rows, set(standing.values_list("pk", flat=True)))


@acting(Act.DRAFT_OBJECTION)
@transaction.atomic
def draft(settlement: Settlement, award: Award | None, *, grounds: str, by: Person, at: dt.datetime) -> Objection:
    """The unit's clerk writes down what is wrong with an award, or with all that a run gave the unit. One open objection per settlement."""
    if settlement.run.state != Run.State.APPROVED:
        raise Refusal(_("Only quota that the province has approved can be objected to."))
    if not can_be_contested(settlement):
        raise Refusal(_("This quota has since been replaced: object to the one in force."))
    if award is not None and (award.run_id, award.unit_id) != (settlement.run_id, settlement.unit_id):
        raise Refusal(_("The line is not among those for which the run determined the unit's quota."), field="award")
    if _is_granted(settlement, award):
        raise Refusal(_("An objection to this quota has already been granted: the province will re-determine it."))
    with locking.only_once(_("An objection to this quota is already open.")):
        made = Objection.objects.create(
            settlement=settlement,
            award=award,
            unit=settlement.unit,
            grounds=_said(grounds),
            due=last_day(settlement.run),
            drafted_by=by,
            drafted_at=at,
        )
    journal.record("objection.drafted", made, by=by, at=at, **_scope(made), grounds=digest(made.grounds))
    return made


def _is_granted(settlement: Settlement, award: Award | None) -> bool:
    """Whether an objection to the same, or to all that the run gave the unit, was granted; the next run takes the settlement's place."""
    granted = Objection.objects.filter(settlement=settlement, state=State.GRANTED)
    return granted.filter(Q(award=None) | Q(award=award)).exists()


@acting(Act.DRAFT_OBJECTION)
@transaction.atomic
def redraft(objection: Objection, award: Award | None, *, grounds: str, by: Person, at: dt.datetime) -> Objection:
    """The clerk writes it anew before it is filed, also after the approver has sent it back."""
    objection = _locked(objection, *Objection.BEFORE_UNIT)
    if award is not None and (award.run_id, award.unit_id) != (objection.settlement.run_id, objection.unit_id):
        raise Refusal(_("The line is not among those for which the run determined the unit's quota."), field="award")
    objection.grounds, objection.award, objection.drafted_by, objection.drafted_at = _said(grounds), award, by, at
    objection.state, objection.sent_back_for = State.DRAFTED, ""
    objection.save(update_fields=["state", "grounds", "award", "drafted_by", "drafted_at", "sent_back_for"])
    journal.record("objection.drafted", objection, by=by, at=at, **_scope(objection), grounds=digest(objection.grounds))
    return objection


@acting(Act.FILE_OBJECTION)
@transaction.atomic
def file(objection: Objection, *, seen: str, by: Person, at: dt.datetime) -> Objection:
    """A second person of the unit files exactly what they have `seen`; also after the term, then it is marked as late."""
    objection = _locked(objection, State.DRAFTED)
    two_people.refuse_same(by, objection.drafted_by_id)
    _refuse_unseen(objection, seen)
    if not can_be_contested(objection.settlement):
        raise Refusal(_("This quota has since been replaced: object to the one in force."))
    objection.state, objection.filed_by, objection.filed_at = State.FILED, by, at
    objection.decide_by = _term("review_decided", at)
    objection.save(update_fields=["state", "filed_by", "filed_at", "decide_by"])
    notifications.objection_filed(objection, at)
    journal.record("objection.filed", objection, by=by, at=at, **_scope(objection), late=objection.is_late)
    return objection


@acting(Act.FILE_OBJECTION)
@transaction.atomic
def return_to_clerk(objection: Objection, *, reason: str, by: Person, at: dt.datetime) -> Objection:
    """The unit's approver doesn't file it as it is: whoever wrote it writes it anew. The term for filing runs on."""
    objection = _locked(objection, State.DRAFTED)
    two_people.refuse_same(by, objection.drafted_by_id)
    reason = two_people.reason_of(reason)
    objection.state, objection.sent_back_for = State.RETURNED, reason
    objection.save(update_fields=["state", "sent_back_for"])
    notifications.objection_returned(objection, at)
    journal.record("objection.returned", objection, by=by, at=at, **_scope(objection), reason=reason)
    return objection


@acting(Act.WITHDRAW_OBJECTION)
@transaction.atomic
def withdraw(objection: Objection, *, by: Person, at: dt.datetime) -> Objection:
    """The unit takes it back, as long as it isn't decided."""
    objection = _locked(objection, *Objection.OPEN)
    if by.unit_id != objection.unit_id:
        raise Refusal(_("Only the unit can withdraw its objection."))
    objection.state, objection.withdrawn_by, objection.withdrawn_at = State.WITHDRAWN, by, at
    objection.save(update_fields=["state", "withdrawn_by", "withdrawn_at"])
    notifications.objection_withdrawn(objection, at)
    journal.record("objection.withdrawn", objection, by=by, at=at, **_scope(objection))
    return objection


@acting(Act.ANSWER_OBJECTION)
@transaction.atomic
def propose(objection: Objection, outcome: str, *, reasons: str, by: Person, at: dt.datetime) -> Objection:
    """An officer says what is to be decided, and why; they may say it anew until it is decided."""
    objection = _locked(objection, *Objection.BEFORE_PROVINCE)
    if outcome not in Objection.Outcome.values:
        raise Refusal(_("An objection is either granted or refused."))
    if not reasons.strip():
        raise Refusal(_("A decision needs reasons: they are shown to the unit."))
    _refuse_overtaken(objection, outcome)
    objection.state, objection.outcome, objection.reasons = State.PROPOSED, outcome, reasons.strip()
    objection.proposed_by, objection.proposed_at, objection.sent_back_for = by, at, ""
    objection.save(update_fields=["state", "outcome", "reasons", "proposed_by", "proposed_at", "sent_back_for"])
    said: dict[str, Any] = {"outcome": outcome, "reasons": digest(objection.reasons)}
    journal.record("objection.proposed", objection, by=by, at=at, **_scope(objection), **said)
    return objection


@acting(Act.DECIDE_OBJECTION)
@transaction.atomic
def send_back(objection: Objection, *, reason: str, by: Person, at: dt.datetime) -> Objection:
    """The approver doesn't decide as proposed; the officer proposes anew. The term runs on."""
    objection = _locked(objection, State.PROPOSED)
    if why := obstacle(objection, by):
        raise Refusal(why)
    reason = two_people.reason_of(reason)
    objection.state, objection.sent_back_for = State.FILED, reason
    objection.save(update_fields=["state", "sent_back_for"])
    notifications.objection_sent_back(objection, at)
    journal.record("objection.sent_back", objection, by=by, at=at, **_scope(objection), reason=reason)
    return objection


@acting(Act.DECIDE_OBJECTION)
@transaction.atomic
def decide(objection: Objection, *, seen: str, by: Person, at: dt.datetime) -> Objection:
    """The approver decides exactly what they have `seen` proposed; the unit is told, with the reasons."""
    objection = _locked(objection, State.PROPOSED)
    if why := obstacle(objection, by):
        raise Refusal(why)
    _refuse_unseen(objection, seen)
    _refuse_overtaken(objection, objection.outcome)
    objection.state, objection.decided_by, objection.decided_at = State(objection.outcome), by, at
    objection.save(update_fields=["state", "decided_by", "decided_at"])
    notifications.objection_decided(objection, at)
    late = objection.is_decided_late
    journal.record(f"objection.{objection.state}", objection, by=by, at=at, **_scope(objection), late=late)
    return objection


def obstacle(objection: Objection, person: Person) -> str:
    """Why the person can't decide on the objection; "" where they can.

    Whoever approved the contested quota decides only where their authority has no other approver: else it could never be decided.
    """
    run = objection.settlement.run
    if person.pk in (objection.proposed_by_id, run.prepared_by_id):
        return _("The person who proposed the decision or prepared the quota can't decide: another person must.")
    others = Person.objects.filter(role=Role.PROVINCIAL_APPROVER, authority=run.authority_id, is_active=True)
    if person.pk == run.approved_by_id and others.exclude(pk=person.pk).exists():
        return _("You approved this quota: another approver of your authority decides on the objection.")
    return ""


def seen(objection: Objection) -> str:
    """What a page shows of the objection, as a hash: whoever signs names it, so that nothing else is signed."""
    return digest([objection.award_id, objection.grounds, objection.outcome, objection.reasons])


def under_objection(authority: int, sector: str, year: int) -> QuerySet[Objection]:
    """The objections before a province that contest its quota of the sector and year."""
    of_run = {"settlement__run__authority": authority, "settlement__run__sector": sector, "settlement__run__year": year}
    return Objection.objects.filter(state__in=Objection.BEFORE_PROVINCE, **of_run)


def _term(name: str, since: dt.datetime) -> dt.date | None:
    """The last day of a term; where the holidays that count are not announced the latest that it can be; None before there was one."""
    day = local_day(since)
    try:
        days = int(calendar.rules()[f"term.{name}"].number(day))
    except law.NotInForceError:
        return None
    return calendar.term_end(day, days)


def _said(grounds: str) -> str:
    if not grounds.strip():
        raise Refusal(_("An objection must state what is contested, and why."), field="grounds")
    return grounds.strip()


def _scope(objection: Objection) -> dict[str, Any]:
    run = objection.settlement.run
    line = objection.award.line.code if objection.award else ""
    return {"year": run.year, "sector": run.sector, "run": run.pk, "line": line}


def _refuse_overtaken(objection: Objection, outcome: str) -> None:
    """Nothing is granted that no determination could carry out any more."""
    if outcome == Objection.Outcome.GRANTED and (why := overtaken.why(objection)):
        raise Refusal(why)


def _refuse_unseen(objection: Objection, shown: str) -> None:
    if shown != seen(objection):
        raise Refusal(_("The objection has changed since you viewed it; review it again."))


def _locked(objection: Objection, *states: State) -> Objection:
    """The objection, locked, if it is in one of the states; else somebody was faster."""
    rows = Objection.objects.select_related("settlement__run__authority", "unit", "award__line")
    return locking.in_state(rows.defer("settlement__run__manifest"), objection, *states)
