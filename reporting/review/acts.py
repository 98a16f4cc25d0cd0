"""Review: a provincial officer accepts a submitted package, sends it back, or reopens an accepted one."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from registry import journal, two_people
from registry.access import acting
from registry.database import locking
from registry.database.locking import OvertakenError
from registry.models import Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.canonical import digest
from reporting import checks, notifications
from reporting.content import Content
from reporting.content.places import Spot
from reporting.filing import deadlines
from reporting.findings import Finding
from reporting.models import (
    AnnualReport,
    DeadlineExtension,
    FindingAnswer,
    Package,
    PackageEvent,
    RefusedAnswer,
    Remark,
    ReportSource,
    Submission,
)
from reporting.periods import month_after, month_before, periods_of
from reporting.receipts import giving as receipting

__all__ = [
    "Noted",
    "Refused",
    "accept",
    "contradictions",
    "locked",
    "refuse_own",
    "reopen",
    "send_back",
    "stands_in_filed_report",
]

State = Package.State


@dataclass(frozen=True, slots=True)
class Noted:
    """A datum of the version, or a row of it, that is a reason to send it back."""

    spot: Spot
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer to a warning that is not taken, and why."""

    answer: FindingAnswer
    reason: str


@acting(Act.REVIEW_PACKAGE)
def accept(submission: Submission, *, by: Person, at: dt.datetime) -> Package:
    """Accept the submitted version; not while it contradicts a month that is accepted."""
    # What never changes is fetched before anything is locked.
    prefetch_related_objects([submission], "upload", "package__unit")
    return _accept(submission, by, at)


@transaction.atomic
def _accept(submission: Submission, by: Person, at: dt.datetime) -> Package:
    # One month of a unit after the other: of two that contradict each other only the first is accepted.
    locking.hold(Unit, pk=submission.package.unit_id)
    package = submission.package = locked(submission, State.SUBMITTED)
    refuse_own(package, by)
    if submission.questions.filter(reply__isnull=True).exists():
        raise Refusal(_("A question about it is open: wait for the unit's answer, or send it back."))
    if faults := contradictions(submission):
        raise Refusal(
            _("It contradicts months that are accepted. Send it back, or reopen the month that is wrong: %(faults)s")
            % {"faults": " ".join(f"{period}: {finding.message}" for period, finding in faults)}
        )
    return _decide(package, submission, PackageEvent.Kind.ACCEPTED, "", by=by, at=at)


def contradictions(submission: Submission) -> list[tuple[str, Finding]]:
    """What a month and the accepted months of its unit say against each other, with the period in which it stands.

    Months come in any order, so each was checked only against those known then. It looks at the year, in which the choice of measuring
    holds, and at the two months next to it, whose stocks it continues: what an annual report would be refused for, and its two ends.
    Earlier versions that it was checked against (`Submission.compared_with`) need no second look: what it contradicts isn't submitted.
    One query.
    """
    package = submission.package
    if package.is_year or not submission.is_readable:
        return []
    around = {*periods_of(package.year), month_before(package.period), month_after(package.period)} - {package.period}
    accepted = Package.objects.filter(unit=package.unit_id, sector=package.sector, state=State.ACCEPTED)
    others = accepted.filter(period__in=around)
    others = others.exclude(period__lt=package.period, submission__in=submission.compared_with or [])
    contents = [
        Content.from_json(json.loads(stored))
        for stored in others.order_by().values_list("submission__content", flat=True)
        if stored
    ]
    return checks.beside(Content.from_json(submission.stored_content()), contents) if contents else []


@acting(Act.REVIEW_PACKAGE)
@transaction.atomic
def send_back(
    submission: Submission,
    *,
    reason: str,
    by: Person,
    at: dt.datetime,
    notes: Sequence[Noted] = (),
    refused: Sequence[Refused] = (),
) -> Package:
    """Send a submitted version back with a reason, and with others at single data and at answers to warnings."""
    reason = two_people.reason_of(reason)
    for said in (*(note.reason for note in notes), *(answer.reason for answer in refused)):
        two_people.reason_of(said)
    package = locked(submission, State.SUBMITTED)
    refuse_own(package, by)
    _refuse_overtaken(submission, refused)
    return _decide(package, submission, PackageEvent.Kind.RETURNED, reason, by=by, at=at, notes=notes, refused=refused)


@acting(Act.REVIEW_PACKAGE)
@transaction.atomic
def reopen(submission: Submission, *, reason: str, by: Person, at: dt.datetime) -> Package:
    """Send an accepted version back after all, to be submitted again by a day of its own; not once a filed annual report stands on it.

    An act of its own, so that an officer who sends back what a colleague has just accepted is told instead of undoing it.
    """
    reason = two_people.reason_of(reason)
    # No report is prepared or filed meanwhile: annual.prepare and annual.file take the same lock first.
    locking.hold(Unit, packages=submission.package_id)
    package = locked(submission, State.ACCEPTED)
    refuse_own(package, by)
    if stands_in_filed_report(submission):
        raise Refusal(
            _(
                "The annual report was filed with this version, so it stays closed. Send the report back first, or "
                "have its data corrected in its verification; if that has been approved, assign the report for "
                "re-verification."
            )
        )
    anew = deadlines.set_anew(package, reason=reason, by=by, at=at)
    return _decide(package, submission, PackageEvent.Kind.RETURNED, reason, by=by, at=at, anew=anew)


def stands_in_filed_report(submission: Submission | None) -> bool:
    """Whether the annual report that is filed was made from this version."""
    filed = ReportSource.objects.filter(submission=submission, report__state=AnnualReport.State.FILED)
    return submission is not None and filed.exists()


def _decide(
    package: Package,
    submission: Submission,
    kind: PackageEvent.Kind,
    reason: str,
    *,
    by: Person,
    at: dt.datetime,
    notes: Sequence[Noted] = (),
    refused: Sequence[Refused] = (),
    anew: DeadlineExtension | None = None,
) -> Package:
    """Write down what was decided, and tell the clerks; `anew` is the new day of a package that is reopened."""
    package.state, package.decided_by, package.decided_at = kind.value, by, at
    package.sent_back = package.sent_back or kind == PackageEvent.Kind.RETURNED
    package.save(update_fields=["state", "decided_by", "decided_at", "sent_back"])
    event = PackageEvent.objects.create(package=package, submission=submission, kind=kind, reason=reason, by=by, at=at)
    facts = _said(event, notes, refused)
    statement = receipting.statement_of(event) if kind == PackageEvent.Kind.ACCEPTED else None
    told = "package.reopened" if anew else f"package.{kind.value}"
    new_day: dict[str, Any] = {"due": anew.due.isoformat()} if anew else {}
    notifications.of_package(package, notifications.clerks_of(package), told, event.pk, at, **new_day)
    given: dict[str, Any] = {"receipt": digest(statement)} if statement else {}
    entry = journal.record(
        f"package.{kind.value}",
        package,
        by=by,
        at=at,
        papers=[event, *([anew] if anew else [])],
        version=submission.version,
        content=submission.content_sha256,
        reason=reason,
        **facts,
        **new_day,
        **given,
    )
    if statement:
        receipting.give(event, statement, entry)
    return package


def _said(event: PackageEvent, notes: Sequence[Noted], refused: Sequence[Refused]) -> dict[str, Any]:
    """Write what was said at single data and answers; as the journal's facts, the whole of it by its digest."""
    Remark.objects.bulk_create(Remark(event=event, reason=note.reason.strip(), **note.spot.columns()) for note in notes)
    RefusedAnswer.objects.bulk_create(
        RefusedAnswer(event=event, answer=each.answer, reason=each.reason.strip()) for each in refused
    )
    if not notes and not refused:
        return {}
    said = {
        "data": [{**note.spot.columns(), "reason": note.reason.strip()} for note in notes],
        "answers": [{"answer": each.answer.pk, "reason": each.reason.strip()} for each in refused],
    }
    return {"data": len(notes), "answers": len(refused), "said": digest(said)}


def _refuse_overtaken(submission: Submission, refused: Sequence[Refused]) -> None:
    """Only an answer that counts, given for a warning of this version, can be refused."""
    for each in refused:
        finding = each.answer.finding
        latest = finding.answers.order_by("-pk").values_list("pk", flat=True).first()
        if finding.submission_id != submission.pk or latest != each.answer.pk:
            raise Refusal(_("This answer is not one of the version under review: look at the package again."))


def refuse_own(package: Package, by: Person) -> None:
    two_people.refuse_same(by, package.submitted_by_id)


def locked(submission: Submission, *states: str) -> Package:
    """The package, locked, if this version is the one under consideration; else somebody was faster."""
    package = Package.objects.select_for_update().get(pk=submission.package_id)
    package.unit = submission.package.unit  # never changes
    if package.state not in states or package.submission_id != submission.pk:
        raise OvertakenError
    return package
