"""Verification: an officer assigns a filed report to a body, the body settles every datum, an approver makes it the result."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _

from registry import journal, two_people
from registry.access import acting
from registry.database import locking
from registry.database.locking import OvertakenError
from registry.models import Person, VerifierBody
from registry.permissions import Act
from registry.permissions.roles import Role
from registry.refusal import Refusal
from reporting import notifications
from reporting.models import AnnualReport, ReportedDatum, Verification, VerificationEvent, VerifiedDatum, VerifiedResult
from reporting.models.verification import AT_WORK, OPEN
from reporting.verification import results
from reporting.verification import table as settling

__all__ = [
    "Decision",
    "approve",
    "assign",
    "assign_again",
    "conclude",
    "confirm_all",
    "reassign",
    "refuse_unless_at_work",
    "refuse_unseen",
    "send_back",
    "settle",
    "settle_all",
    "standing",
    "stop",
    "take_back",
    "unassigned",
    "withdraw",
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


@acting(Act.ASSIGN_VERIFICATION)
@transaction.atomic
def assign(report: AnnualReport, body: VerifierBody, *, by: Person, at: dt.datetime) -> Verification:
    """Give a filed report to a technical service body, whose conclusion becomes the year's result."""
    report = _free(report)
    if standing(report):
        raise Refusal(_("A result is already in force: state the ground and the reason for re-verification."))
    return _assign(report, body, by, at)


@acting(Act.ASSIGN_VERIFICATION)
@transaction.atomic
def assign_again(
    report: AnnualReport, body: VerifierBody, *, ground: str, reason: str, by: Person, at: dt.datetime
) -> Verification:
    """Have a report verified again whose result stands (re-check, court, fraud, the unit's wish); for as long as nothing is approved
    the result stays, then a new version takes its place. No term ends this: a court may speak years later (assumed)."""
    report = _free(report)
    if not standing(report):
        raise Refusal(_("No result is in force yet: this is the first verification."))
    if ground not in Verification.Ground or not reason.strip():
        raise Refusal(
            _("Re-verification needs a ground and a reason: the finding, decision or request, with its number.")
        )
    return _assign(report, body, by, at, ground, reason.strip())


def unassigned(reports: QuerySet[AnnualReport]) -> QuerySet[AnnualReport]:
    """Those filed that no body verifies or has verified; one that was withdrawn from a body counts as given to none."""
    given = Verification.objects.filter(report=OuterRef("pk")).exclude(state=State.WITHDRAWN)
    return reports.filter(~Exists(given), state=AnnualReport.State.FILED)


def standing(report: AnnualReport) -> bool:
    """Whether a verification of the report's unit, sector and year is approved, be it of an earlier report."""
    return _of_year(report).filter(state=State.APPROVED).exists()


def _of_year(report: AnnualReport) -> QuerySet[Verification]:
    return Verification.objects.filter(unit=report.unit_id, sector=report.sector, year=report.year)


def _free(report: AnnualReport) -> AnnualReport:
    """The report, locked, if it is filed and nobody is verifying it."""
    report = AnnualReport.objects.select_for_update(of=("self",)).select_related("unit").get(pk=report.pk)
    if report.state != AnnualReport.State.FILED:
        raise Refusal(_("Only a filed report can be verified."))
    if report.verifications.filter(state__in=OPEN).exists():
        raise Refusal(_("The report is already under verification."))
    return report


def _assign(
    report: AnnualReport, body: VerifierBody, by: Person, at: dt.datetime, ground: str = "", reason: str = ""
) -> Verification:
    if not Person.objects.filter(body=body, role=Role.VERIFIER, is_active=True).exists():
        raise Refusal(
            _(
                "%(body)s has no verifier who can sign in: choose another body, or have the ministry add its verifiers first."
            )
            % {"body": body}
        )
    verification = Verification.objects.create(
        report=report,
        unit=report.unit,
        sector=report.sector,
        year=report.year,
        version=(_of_year(report).aggregate(latest=Max("version"))["latest"] or 0) + 1,
        ground=ground,
        reason=reason,
        body=body,
        assigned_by=by,
        assigned_at=at,
    )
    facts: dict[str, Any] = {"body": body.code, "version": verification.version}
    if ground:
        facts["ground"] = ground
    _note(verification, Kind.ASSIGNED, reason, by, at, tell=notifications.verification_assigned, **facts)
    return verification


@acting(Act.ASSIGN_VERIFICATION)
@transaction.atomic
def withdraw(verification: Verification, *, reason: str, by: Person, at: dt.datetime) -> Verification:
    """Take a report back from a body that it was assigned to by mistake, before the body has settled anything."""
    reason = two_people.reason_of(reason)
    verification = _locked(verification, State.ASSIGNED)
    if verification.data.exists():
        raise Refusal(_("The body has begun to verify: the report can't be taken from it any more."))
    return stop(verification, reason=reason, by=by, at=at)


@acting(Act.ASSIGN_VERIFICATION)
@transaction.atomic
def reassign(
    verification: Verification, body: VerifierBody, *, reason: str, by: Person, at: dt.datetime
) -> Verification:
    """Give the report to another body instead; both are told, and the withdrawn verification stays on record."""
    if body.pk == verification.body_id:
        raise Refusal(_("It is assigned to this body already: choose another one."))
    withdrawn = withdraw(verification, reason=reason, by=by, at=at)
    report = _free(withdrawn.report)
    return _assign(report, body, by, at, withdrawn.ground, withdrawn.reason)


@acting(Act.ASSIGN_VERIFICATION)
def stop(verification: Verification, *, reason: str, by: Person, at: dt.datetime) -> Verification:
    """End a verification without a result and tell its body; within the caller's transaction, which holds the row."""
    verification.state = State.WITHDRAWN
    verification.save(update_fields=["state"])
    _note(
        verification,
        Kind.WITHDRAWN,
        reason,
        by,
        at,
        tell=notifications.verification_withdrawn,
        body=verification.body.code,
    )
    return verification


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
    _note(verification, Kind.CONCLUDED, "", by, at, tell=notifications.verification_concluded)
    return verification


@acting(Act.APPROVE_VERIFICATION)
@transaction.atomic
def approve(verification: Verification, *, by: Person, at: dt.datetime, seen: str | None = None) -> Verification:
    """Make the conclusion the verified result of every line, and tell the unit; by another person than assigned it.

    `seen` is the seal of the table that was looked at (settling.seal); another table than that is refused.
    """
    verification = _locked(verification, State.CONCLUDED)
    refuse_unseen(verification, seen)
    two_people.refuse_same(by, verification.assigned_by_id, verification.concluded_by_id)
    _refuse_faults(verification)
    verification.state, verification.approved_by = State.APPROVED, by
    verification.approved_at = verification.told_at = at
    verification.save(update_fields=["state", "approved_by", "approved_at", "told_at"])
    written = results.write(verification, by=by, at=at)
    _note(
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
    verification = _locked(verification, State.CONCLUDED)
    two_people.refuse_same(by, verification.assigned_by_id, verification.concluded_by_id)
    _reopened(verification, State.RETURNED)
    _note(verification, Kind.RETURNED, reason, by, at, tell=notifications.verification_returned)
    return verification


@acting(Act.VERIFY)
@transaction.atomic
def take_back(verification: Verification, *, reason: str = "", by: Person, at: dt.datetime) -> Verification:
    """The body takes its own conclusion back before the province has decided; what was settled stays until it is settled anew."""
    verification = _locked(verification, State.CONCLUDED)
    _refuse_other_body(verification, by)
    _reopened(verification, State.ASSIGNED)
    _note(verification, Kind.TAKEN_BACK, reason.strip(), by, at, tell=notifications.verification_taken_back)
    return verification


def _reopened(verification: Verification, state: State) -> None:
    verification.state, verification.concluded_by, verification.concluded_at = state, None, None
    verification.save(update_fields=["state", "concluded_by", "concluded_at"])


def _being_settled(verification: Verification, by: Person) -> Verification:
    """The verification, locked, if the person's body is at work on it."""
    verification = _locked(verification, *AT_WORK)
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


def _note(
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


def _locked(verification: Verification, *states: str) -> Verification:
    """The verification, locked, if it is in one of the states; else somebody was faster."""
    return locking.in_state(Verification.objects.select_related("unit", "body", "report"), verification, *states)


def refuse_unless_at_work(verification: Verification) -> None:
    """Refuse what is typed into a table that the body has no longer before it, whatever may be wrong with it besides."""
    if not verification.at_work:
        raise OvertakenError
