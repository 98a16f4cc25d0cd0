"""Who verifies: an officer assigns a filed report to a body, again where its result stands, and takes it back from a wrong one."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _

from registry import two_people
from registry.access import acting
from registry.models import Person, VerifierBody
from registry.permissions import Act
from registry.permissions.roles import Role
from registry.refusal import Refusal
from reporting import notifications
from reporting.models import AnnualReport, Verification, VerificationEvent
from reporting.models.verification import OPEN
from reporting.verification.acts import locked, note

__all__ = ["assign", "assign_again", "reassign", "standing", "stop", "unassigned", "withdraw"]

State = Verification.State
Kind = VerificationEvent.Kind


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
    note(verification, Kind.ASSIGNED, reason, by, at, tell=notifications.verification_assigned, **facts)
    return verification


@acting(Act.ASSIGN_VERIFICATION)
@transaction.atomic
def withdraw(verification: Verification, *, reason: str, by: Person, at: dt.datetime) -> Verification:
    """Take a report back from a body that it was assigned to by mistake, before the body has settled anything."""
    reason = two_people.reason_of(reason)
    verification = locked(verification, State.ASSIGNED)
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
    note(
        verification,
        Kind.WITHDRAWN,
        reason,
        by,
        at,
        tell=notifications.verification_withdrawn,
        body=verification.body.code,
    )
    return verification
