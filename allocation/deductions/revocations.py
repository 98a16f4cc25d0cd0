"""Revoking a decision that deducts 核减: an officer enters the document, a second person approves; then it deducts as if it had never been.

The decision stays in the register with its course. What was taken from it is returned by the unit's next determination in the sector, by
the rule of balances (`revoked.py`).
"""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from allocation import notifications
from allocation.deductions import balances
from allocation.deductions.acts import document_faults
from allocation.models import Deduction, Revocation, Run
from registry import journal, two_people
from registry.access import acting
from registry.database import locking
from registry.law.calendar import local_day
from registry.models import Authority, DirectoryEntry, Person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import figures

__all__ = ["approve", "enter", "impossible", "of", "refuse", "to_be_returned", "waiting"]

State = Revocation.State
LONGEST_REASON = 300


@acting(Act.ENTER_DEDUCTION)
@transaction.atomic
def enter(
    deduction: Deduction, *, number: str, decided_on: dt.date, reason: str, by: Person, at: dt.datetime
) -> Revocation:
    """Put a revocation before a second person. Everything that is wrong with it is named at once."""
    number, reason = number.strip(), reason.strip()
    if faults := list(_faults(deduction, number, decided_on, reason, local_day(at))):
        raise Refusal(" ".join(faults))
    # somebody entered one at this moment
    with locking.only_once(_("A revocation of this decision has already been entered.")):
        made = Revocation.objects.create(
            deduction=deduction, number=number, decided_on=decided_on, reason=reason, proposed_by=by, proposed_at=at
        )
    journal.record("revocation.entered", made, by=by, at=at, number=number, decision=deduction.number, reason=reason)
    return made


@acting(Act.APPROVE_DEDUCTION)
@transaction.atomic
def approve(row: Revocation, *, by: Person, at: dt.datetime) -> Revocation:
    """A second person brings the revocation into force. Refused where what was taken could not be returned any more."""
    row = _locked(row)
    deduction = row.deduction
    two_people.refuse_same(by, row.proposed_by_id)
    balances.lock(deduction.unit.authority, deduction.sector)
    if why := impossible(deduction):
        raise Refusal(why)
    row.mark_approved(by, at)
    to_return = balances.with_left(Deduction.objects.filter(pk=deduction.pk)).get().to_return
    journal.record(
        "revocation.approved", row, by=by, at=at, number=row.number, decision=deduction.number, to_return=to_return
    )
    notifications.deduction_revoked(row, to_return, at)
    notifications.decided(row, row.proposed_by, "revocation.entered", at, approved=True)
    return row


@acting(Act.APPROVE_DEDUCTION, Act.ENTER_DEDUCTION)
@transaction.atomic
def refuse(row: Revocation, *, reason: str, by: Person, at: dt.datetime) -> Revocation:
    """The decision stays in force; its revocation can be entered again. Also whoever entered it may take it back so."""
    row = _locked(row)
    row.mark_refused(two_people.reason_of(reason), by, at)
    if by.pk != row.proposed_by_id:
        notifications.decided(row, row.proposed_by, "revocation.entered", at, approved=False)
    journal.record("revocation.refused", row, by=by, at=at, number=row.number, reason=row.refusal_reason)
    return row


def of(deduction: Deduction) -> Revocation | None:
    """The one that waits or is in force."""
    rows = deduction.revocations.exclude(state=State.REFUSED)
    return rows.select_related("proposed_by", "approved_by", "deduction__unit__authority").first()


def waiting(authority: Authority | int | None, person: Person) -> list[Revocation]:
    """What waits for the person as the second one."""
    rows = Revocation.objects.filter(state=State.PROPOSED, deduction__unit__authority=authority)
    return list(rows.exclude(proposed_by=person).select_related("deduction"))


def to_be_returned(authority: Authority) -> list[Deduction]:
    """The revoked decisions of which a determination still has to return something."""
    rows = balances.with_left(Deduction.objects.filter(unit__authority=authority, state=Deduction.State.APPROVED))
    return list(rows.filter(revoked=True).exclude(to_return=0).order_by("pk"))


def impossible(deduction: Deduction) -> str:
    """Why a revocation could not be carried out: no determination is to come that could return what was taken. "" if it can."""
    found = balances.with_left(Deduction.objects.filter(pk=deduction.pk)).get()
    taken = found.taken - found.given_back
    if not taken:
        return ""
    last = _last_year(deduction)
    listed = DirectoryEntry.objects.filter(
        unit=deduction.unit_id, sector=deduction.sector, state=DirectoryEntry.State.LISTED, year__gte=last
    )
    if listed.exists():
        return ""
    said = {"tonnes": figures.tonnes(taken), "year": last}
    return (
        _(
            "%(tonnes)s t have already been deducted under this decision, and the unit is in no directory of the "
            "sector for %(year)s or later: no further determination could return them. Return them by another kind "
            "of decision."
        )
        % said
    )


def _last_year(deduction: Deduction) -> int:
    """The latest year in which something was taken from the decision."""
    rows = deduction.movements.filter(settlement__run__state=Run.State.APPROVED)
    return max(rows.values_list("settlement__run__year", flat=True))


def _faults(deduction: Deduction, number: str, decided_on: dt.date, reason: str, today: dt.date) -> Iterator[str]:
    if deduction.state != Deduction.State.APPROVED:
        yield _("Only a decision in force can be revoked.")
    elif deduction.revocations.exclude(state=State.REFUSED).exists():
        yield _("A revocation of this decision has already been entered.")
    elif why := impossible(deduction):
        yield why
    yield from document_faults(number, decided_on, today)
    if decided_on < deduction.decided_on:
        yield _("The decision is dated %(day)s: it can't be revoked before that date.") % {
            "day": deduction.decided_on.isoformat()
        }
    if not reason:
        yield _("A revocation needs a reason.")
    if len(reason) > LONGEST_REASON:
        yield _("The reason exceeds %(limit)d characters.") % {"limit": LONGEST_REASON}


def _locked(row: Revocation) -> Revocation:
    """The revocation, locked, if it waits; else somebody was faster."""
    rows = Revocation.objects.select_related("deduction__unit__authority", "proposed_by")
    return locking.in_state(rows, row, State.PROPOSED)
