"""A checked month is handed to the unit's approver, who confirms it, and so submits it, or sends it back; until then the clerk may take
it back."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from registry import journal, two_people
from registry.access import acting
from registry.models import Person
from registry.people import mandates
from registry.permissions import Act
from registry.permissions.roles import Role
from registry.values.canonical import digest
from reporting import evidence, notifications
from reporting.evidence import Requirement
from reporting.filing import submitting
from reporting.models import HandingOver, Package, Submission

__all__ = ["confirm", "hand_over", "send_back", "take_back"]

State = HandingOver.State


@acting(Act.SUBMIT_PACKAGE)
def hand_over(submission: Submission, declared: str, by: Person, at: dt.datetime) -> Package:
    """Hand the current version over as it would be submitted; refused for what a submission is."""
    return _hand_over(submission, evidence.needed_by(submission), declared, by, at)


@transaction.atomic
def _hand_over(
    submission: Submission, needed: Sequence[Requirement], declared: str, by: Person, at: dt.datetime
) -> Package:
    package = submitting.locked(submission.package)
    submitting.refuse_with_approver(package)
    submitting.refuse_unready(package, submission, at)
    evidence.for_submission(package, needed)
    handed = HandingOver.objects.create(package=package, submission=submission, declared=declared, by=by, at=at)
    package.handing = handed
    package.save(update_fields=["handing"])
    under = mandates.facts(by, package.unit, at)
    journal.record(
        "package.handed_over",
        package,
        by=by,
        at=at,
        papers=[handed],
        version=submission.version,
        declared=declared,
        **under,
    )
    approvers = Q(unit=package.unit_id, role=Role.UNIT_APPROVER)
    notifications.of_package(package, approvers, "package.handed_over", handed.pk, at)
    return package


@acting(Act.CONFIRM_PACKAGE)
def confirm(handed: HandingOver, *, declared: str = "", by: Person, at: dt.datetime) -> Package:
    """Confirm what was handed over: it is submitted, with both persons in the journal, each under the wording that they declared."""
    return submitting.submit(handed.submission, declared, by, at, handed)


@acting(Act.CONFIRM_PACKAGE)
@transaction.atomic
def send_back(handed: HandingOver, *, reason: str, by: Person, at: dt.datetime) -> Package:
    """Give it back to the clerk, who is told why."""
    reason = two_people.reason_of(reason)
    package = submitting.locked(handed.package)
    submitting.end(package, handed, State.RETURNED, by, at, reason)
    # Provinces read the journal, and this is a draft: it holds what was said only as a digest.
    said = digest({"reason": reason})
    version = handed.submission.version
    journal.record("package.not_confirmed", package, by=by, at=at, papers=[handed], version=version, sha256=said)
    clerks = Q(unit=package.unit_id, role=Role.UNIT_CLERK) | Q(pk=handed.by_id)
    notifications.of_package(package, clerks, "package.not_confirmed", handed.pk, at)
    return package


@acting(Act.SUBMIT_PACKAGE)
@transaction.atomic
def take_back(handed: HandingOver, *, by: Person, at: dt.datetime) -> Package:
    """Take it back before the approver has decided: the month is the clerk's to work on again."""
    package = submitting.locked(handed.package)
    submitting.end(package, handed, State.TAKEN_BACK, by, at)
    under = mandates.facts(by, package.unit, at)
    version = handed.submission.version
    journal.record("package.taken_back", package, by=by, at=at, papers=[handed], version=version, **under)
    return package
