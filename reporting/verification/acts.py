"""What is found: the body settles every datum and concludes, an approver makes it the result or sends it back."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from registry import journal, two_people
from registry.access import acting
from registry.database import locking
from registry.database.locking import OvertakenError
from registry.models import Person
from registry.permissions import Act
from registry.refusal import Refusal
from reporting import notifications
from reporting.models import ReportedDatum, Verification, VerificationEvent, VerifiedDatum, VerifiedResult
from reporting.models.verification import AT_WORK
from reporting.verification import results
from reporting.verification import table as settling

__all__ = [
    "Decision",
    "approve",
    "conclude",
    "confirm_all",
    "locked",
    "note",
    "refuse_unless_at_work",
    "refuse_unseen",
    "send_back",
    "settle",
    "settle_all",
    "take_back",
]

State = Verification.State
Kind = VerificationEvent.Kind


@dataclass(frozen=True, slots=True)
class Decision:
    """What the verifier found one datum to be; equal to what was reported, or corrected for a reason.

    `seen` is the key of the VerifiedDatum that stood when it was decided, 0 for none; None is not compared.
    """

    datum: ReportedDatum
    value: Decimal
    reason: str = ""
    seen: int | None = None


@acting(Act.VERIFY)
@transaction.atomic
def settle(
    verification: Verification, datum: ReportedDatum, *, value: Decimal, reason: str, by: Person, at: dt.datetime
) -> VerifiedDatum:
    """Confirm a datum (the reported value) or correct it (another value, with a reason). Settling it again replaces it."""
    return settle_all(verification, [Decision(datum, value, reason)], by=by, at=at)[0]


@acting(Act.VERIFY)
@transaction.atomic
def settle_all(
    verification: Verification, decisions: Sequence[Decision], *, by: Person, at: dt.datetime
) -> list[VerifiedDatum]:
    """Settle several data at once, or none of them: the refusal names every fault."""
    return _settle(_being_settled(verification, by), decisions, by, at)


@acting(Act.VERIFY)
@transaction.atomic
def confirm_all(
    verification: Verification, decisions: Sequence[Decision] = (), *, by: Person, at: dt.datetime
) -> list[VerifiedDatum]:
    """Settle the decisions, and confirm every other datum that is not settled yet: as reported, or as the last result has it."""
    verification = _being_settled(verification, by)
    decided = {decision.datum.pk for decision in decisions}
    others = [
        Decision(row.datum, row.offered, row.offered_reason)
        for row in settling.table(verification)
        if row.settled is None and row.datum.pk not in decided
    ]
    return _settle(verification, [*decisions, *others], by, at)


@acting(Act.VERIFY)
@transaction.atomic
def conclude(verification: Verification, *, by: Person, at: dt.datetime, seen: str | None = None) -> Verification:
    """End the verification: every datum is settled and components add up; the refusal names every fault.

    `seen` is the seal of the table that was looked at (settling.seal); another table than that is refused.
    """
    verification = _being_settled(verification, by)
    refuse_unseen(verification, seen)
    _refuse_untouched(verification)
    _refuse_faults(verification)
    verification.state, verification.concluded_by, verification.concluded_at = State.CONCLUDED, by, at
    verification.save(update_fields=["state", "concluded_by", "concluded_at"])
    note(verification, Kind.CONCLUDED, "", by, at, tell=notifications.verification_concluded)
    return verification


@acting(Act.APPROVE_VERIFICATION)
@transaction.atomic
def approve(verification: Verification, *, by: Person, at: dt.datetime, seen: str | None = None) -> Verification:
    """Make the conclusion the verified result of every line, and tell the unit; by another person than assigned it.

    `seen` is the seal of the table that was looked at (settling.seal); another table than that is refused.
    """
    verification = locked(verification, State.CONCLUDED)
    refuse_unseen(verification, seen)
    two_people.refuse_same(by, verification.assigned_by_id, verification.concluded_by_id)
    _refuse_faults(verification)
    verification.state, verification.approved_by = State.APPROVED, by
    verification.approved_at = verification.told_at = at
    verification.save(update_fields=["state", "approved_by", "approved_at", "told_at"])
    written = results.write(verification, by=by, at=at)
    note(
        verification,
        Kind.APPROVED,
        "",
        by,
        at,
        tell=notifications.verification_approved,
        papers=written,
        results=[results.record(result) for result in written],
    )
    return verification


@acting(Act.APPROVE_VERIFICATION)
@transaction.atomic
def send_back(verification: Verification, *, reason: str, by: Person, at: dt.datetime) -> Verification:
    """Send a conclusion back to the verifier with a reason; what was settled stays until it is settled anew."""
    reason = two_people.reason_of(reason)
    verification = locked(verification, State.CONCLUDED)
    two_people.refuse_same(by, verification.assigned_by_id, verification.concluded_by_id)
    _reopened(verification, State.RETURNED)
    note(verification, Kind.RETURNED, reason, by, at, tell=notifications.verification_returned)
    return verification


@acting(Act.VERIFY)
@transaction.atomic
def take_back(verification: Verification, *, reason: str = "", by: Person, at: dt.datetime) -> Verification:
    """The body takes its own conclusion back before the province has decided; what was settled stays until it is settled anew."""
    verification = locked(verification, State.CONCLUDED)
    _refuse_other_body(verification, by)
    _reopened(verification, State.ASSIGNED)
    note(verification, Kind.TAKEN_BACK, reason.strip(), by, at, tell=notifications.verification_taken_back)
    return verification


def _reopened(verification: Verification, state: State) -> None:
    verification.state, verification.concluded_by, verification.concluded_at = state, None, None
    verification.save(update_fields=["state", "concluded_by", "concluded_at"])


def _being_settled(verification: Verification, by: Person) -> Verification:
    """The verification, locked, if the person's body is at work on it."""
    verification = locked(verification, *AT_WORK)
    _refuse_other_body(verification, by)
    return verification


def _settle(
    verification: Verification, decisions: Sequence[Decision], by: Person, at: dt.datetime
) -> list[VerifiedDatum]:
    """Write the decisions down; the verification must be locked."""
    if not decisions:
        return []
    if any(decision.seen is not None for decision in decisions):
        _refuse_overtaken(verification, decisions)
    faults = [
        fault
        for decision in decisions
        if (fault := settling.fault_of(verification, decision.datum, decision.value, decision.reason))
    ]
    if faults:
        raise Refusal(" ".join(faults))
    settled = VerifiedDatum.objects.bulk_create(
        VerifiedDatum(
            verification=verification,
            datum=decision.datum,
            value=decision.value,
            reason=decision.reason.strip(),
            by=by,
            at=at,
        )
        for decision in decisions
    )
    corrected = [row for row in settled if row.value != row.datum.value]
    journal.record(
        "verification.settled",
        verification,
        by=by,
        at=at,
        count=len(settled),
        corrected=[
            {"datum": row.datum_id, "from": str(row.datum.value), "to": str(row.value), "reason": row.reason}
            for row in corrected
        ],
    )
    return settled


def _refuse_overtaken(verification: Verification, decisions: Sequence[Decision]) -> None:
    """Nobody writes over what a colleague settled after the table was shown."""
    latest = {row.datum.pk: row.settled.pk if row.settled else 0 for row in settling.table(verification)}
    if any(decision.seen not in (None, latest.get(decision.datum.pk, 0)) for decision in decisions):
        raise OvertakenError


def refuse_unseen(verification: Verification, seen: str | None) -> None:
    """Raise where the table isn't any more what somebody looked at; None is not compared."""
    if seen is not None and seen != settling.seal(settling.table(verification)):
        raise Refusal(_("The table has changed since you looked at it; look at it again."))


def _refuse_untouched(verification: Verification) -> None:
    """What was sent back isn't concluded again as it was."""
    if verification.state != State.RETURNED:
        return
    back = verification.events.filter(kind=Kind.RETURNED).latest("pk")
    if not verification.data.filter(at__gte=back.at).exists():
        raise Refusal(
            _(
                "It was sent back, and nothing has been settled since: correct what the reason names, or write beside the datum why it"
                " stands. %(reason)s"
            )
            % {"reason": back.reason}
        )


def _refuse_faults(verification: Verification) -> None:
    faults = settling.faults(verification)
    if faults:
        raise Refusal(" ".join(faults))


def note(
    verification: Verification,
    kind: VerificationEvent.Kind,
    reason: str,
    by: Person,
    at: dt.datetime,
    *,
    tell: Callable[[Verification, int, dt.datetime], None] | None = None,
    papers: Sequence[VerifiedResult] = (),
    **facts: Any,
) -> None:
    """Write down what happened, in the history and the journal; `tell` gets the key of the history's row, before the journal is locked."""
    event = VerificationEvent.objects.create(verification=verification, kind=kind, reason=reason, by=by, at=at)
    if tell is not None:
        tell(verification, event.pk, at)
    if reason:
        facts["reason"] = reason
    journal.record(f"verification.{kind.value}", verification, by=by, at=at, papers=papers, **facts)


def _refuse_other_body(verification: Verification, by: Person) -> None:
    if by.body_id != verification.body_id:
        raise Refusal(_("The verification was assigned to another body."))


def locked(verification: Verification, *states: str) -> Verification:
    """The verification, locked, if it is in one of the states; else somebody was faster."""
    return locking.in_state(Verification.objects.select_related("unit", "body", "report"), verification, *states)


def refuse_unless_at_work(verification: Verification) -> None:
    """Refuse what is typed into a table that the body has no longer before it, whatever may be wrong with it besides."""
    if not verification.at_work:
        raise OvertakenError
