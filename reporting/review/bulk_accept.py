"""Clean packages accepted in one go: an officer ticks versions that they saw, one job accepts each by itself."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry import jobs, journal
from registry.access import acting
from registry.models import Job, Person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.canonical import digest
from reporting.filing.bulk import one_by_one
from reporting.models import Package, Submission
from reporting.review import acts as review
from reporting.review import queue as desk

__all__ = ["KIND", "MOST", "ask", "fit"]

KIND = "reporting.bulk_accept"
MOST = 1000


@acting(Act.REVIEW_PACKAGE)
def fit(versions: Collection[int], *, by: Person, at: dt.datetime) -> QuerySet[Package]:
    """The packages of these versions, if all of them may be accepted in bulk at this moment; refused otherwise."""
    if not versions:
        raise Refusal(_("Nothing is ticked: tick the packages to be accepted."))
    if len(versions) > MOST:
        raise Refusal(_("At most %(count)s packages are accepted at once.") % {"count": MOST})
    rows = desk.clean(by, at).filter(submission__in=versions)
    if missing := len(set(versions)) - rows.count():
        raise Refusal(
            _(
                "%(count)s of the packages ticked can't be accepted in bulk any more: look at the list again. Nothing was accepted."
            )
            % {"count": missing}
        )
    return rows


@acting(Act.REVIEW_PACKAGE)
@transaction.atomic
def ask(versions: Collection[int], *, by: Person, at: dt.datetime, unseen: int = 0, queue: str = "") -> Job:
    """Ask for the job that accepts these versions; only what may be accepted in bulk at this moment is taken.

    `unseen` of them were chosen as all that a filter finds, and never listed to them: the journal says so.
    `queue` is by what their queue was narrowed, for the way back to it.
    """
    ids = sorted(fit(versions, by=by, at=at).values_list("submission", flat=True))
    prefix = f"{KIND}:{by.pk}:{digest(ids)[:20]}:"
    before = Job.objects.filter(key__startswith=prefix).exclude(state__in=[Job.State.WAITING, Job.State.RUNNING])
    payload = {"submissions": ids, "language": get_language(), "queue": queue}
    job = jobs.enqueue(KIND, key=f"{prefix}{before.count() + 1}", by=by, at=at, payload=payload)
    if by.authority is not None and job.asked_at == at:
        journal.record("package.bulk_acceptance_asked", by.authority, by=by, at=at, submissions=ids, unseen=unseen)
    return job


@jobs.handler(KIND)
def accept_all(lease: jobs.Lease) -> None:
    """Accept the versions that the job names."""
    one_by_one(lease, "accepted", _accept, lambda of: f"{of.unit.name} {of.get_sector_display()} {of.period}")


def _accept(lease: jobs.Lease, submission: Submission) -> str:
    """Accept a version; why not, or nothing. One that this job accepted before its worker was killed counts as done."""
    by, at = lease.job.asked_by, lease.job.asked_at
    if by is None or not by.is_active:
        return _("You may no longer review packages of this unit.")
    if submission.events.filter(kind="accepted", by=by, at=at).exists():
        return ""
    if not desk.clean(by, at).filter(submission=submission.pk).exists():
        return _why_not(submission)
    try:
        review.accept(submission, by=by, at=at)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _why_not(submission: Submission) -> str:
    """Who acted since the job was asked for."""
    last = submission.package.events.select_related("by").order_by("-pk").first()
    if last is not None and last.kind != "submitted":
        return _("%(person)s has dealt with it in the meantime: %(act)s.") % {
            "person": last.by,
            "act": last.get_kind_display(),
        }
    return _("It can no longer be accepted in bulk: look at it by itself.")
