"""A version is submitted: what it must be, what is written, what officers see of it; and how a handing over to the approver ends."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects

from registry import journal, two_people
from registry.access import acting
from registry.labels.kept_sentences import gettext as _
from registry.law import calendar
from registry.models import Person
from registry.people import mandates
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import figures
from registry.values.canonical import digest
from reporting import evidence
from reporting.evidence import Requirement
from reporting.models import FindingAnswer, HandingOver, Package, PackageEvent, Submission
from reporting.periods import ended, opens_on
from reporting.receipts import giving as receipting
from reporting.submissions import peers, reading, risk_facts

__all__ = ["end", "journal_reading", "locked", "refuse_unready", "refuse_with_approver", "submit"]

State = Package.State
# What a submission writes on its package's row.
SUBMITTING = (
    "state",
    "submission",
    "submitted_by",
    "submitted_at",
    "decided_by",
    "decided_at",
    "late",
    "warnings",
    "emissions",
)


@acting(Act.SUBMIT_PACKAGE, Act.CONFIRM_PACKAGE)
def submit(
    submission: Submission, declared: str, by: Person, at: dt.datetime, handed: HandingOver | None = None
) -> Package:
    """Submit the current version; of what was `handed` over, by the approver who confirms it.

    After the deadline it is marked late, never refused; findings that block refuse it. What is submitted may be a further version of the
    same bytes (_for_officers). `declared` is the wording under which it is handed in.
    """
    # A version never changes, so what belongs to it is fetched and worked out before anything is locked.
    prefetch_related_objects([submission], "upload", "package__unit")
    package = _submit(submission, evidence.needed_by(submission), declared, by, at, handed)
    # Its peers' month and its place in the queue are worked out when nothing is locked any more. Were the process to end here, the
    # night would do it.
    peers.ask(package, at)
    risk_facts.weigh([package], at)
    return package


@transaction.atomic
def _submit(
    submission: Submission,
    needed: Sequence[Requirement],
    declared: str,
    by: Person,
    at: dt.datetime,
    handed: HandingOver | None,
) -> Package:
    package = locked(submission.package)
    if handed is None:
        refuse_with_approver(package)
    else:
        end(package, handed, HandingOver.State.CONFIRMED, by, at)
    refuse_unready(package, submission, at)
    supporting = evidence.for_submission(package, needed)
    submission = package.submission = _for_officers(package, submission, at)
    late = package.is_late(at)
    first = package.submitted_at is None  # it stays when a package is sent back
    package.state, package.submitted_by, package.submitted_at = State.SUBMITTED, by, at
    package.decided_by, package.decided_at = None, None
    package.late = late if first else package.late
    package.warnings, package.emissions = submission.warnings, submission.emissions or 0
    package.save(update_fields=SUBMITTING)
    event = PackageEvent.objects.create(
        package=package, submission=submission, kind=PackageEvent.Kind.SUBMITTED, late=late, by=by, at=at
    )
    evidence.freeze(event, supporting)
    statement = receipting.statement_of(event, supporting)
    facts: dict[str, Any] = mandates.facts(by, package.unit, at)
    if handed is not None:
        facts |= {"handed_over_by": handed.by_id, "handed_over_declared": handed.declared}
    entry = journal.record(
        "package.submitted",
        package,
        by=by,
        at=at,
        papers=[event] if handed is None else [event, handed],
        version=submission.version,
        content=submission.content_sha256,
        late=late,
        receipt=digest(statement),
        declared=declared,
        **facts,
    )
    receipting.give(event, statement, entry)
    return package


def _for_officers(package: Package, submission: Submission, at: dt.datetime) -> Submission:
    """The version with its findings made anew against what officers may see.

    On the clerk's desk months are checked against their drafts of earlier ones: they correct contradictions before anybody sees them. But
    a finding quotes what it compares with, and an officer must not read there what a draft says, nor miss what a month that was submitted
    since says. So the same bytes are checked again, against submitted months only, unless it was just these that they were checked
    against. Mostly nothing changes; where findings do, they are a version of their own, with the reasons that were given.
    """
    if submission.compared_with == reading.compared_with(package, drafts=False):
        return submission
    outcome = reading.read(submission.upload, submission.read_at, drafts=False)
    if outcome.digest == submission.outcome:
        return submission
    if any(finding.blocks for finding in outcome.findings):
        raise Refusal(_("Months before this one have changed since it was checked: check this version again."))
    remade, _is_new = reading.store(package, reading.draft(submission.upload, outcome, at))
    carried = _carry_answers(submission, remade)
    journal_reading(package, remade, at, carried)
    return remade


def _carry_answers(before: Submission, after: Submission) -> list[FindingAnswer]:
    """The reasons given for a version's warnings, at the very same warnings of another version of the same bytes."""
    answers = FindingAnswer.objects.filter(finding__submission=before).select_related("finding").order_by("pk")
    latest = {digest(row.finding.finding.record()): row for row in answers}
    return FindingAnswer.objects.bulk_create(
        FindingAnswer(
            finding=finding,
            reason=given.reason,
            by_id=given.by_id,
            at=given.at,
            workbook_cell=given.workbook_cell,
        )
        for finding in after.findings.filter(answers__isnull=True)
        if (given := latest.get(digest(finding.finding.record())))
    )


def journal_reading(
    package: Package, submission: Submission, at: dt.datetime, answers: Sequence[FindingAnswer] = ()
) -> None:
    """Write into the journal that a version was read, by nobody."""
    journal.record(
        "package.read",
        package,
        by=None,
        at=at,
        papers=[submission, *answers],
        version=submission.version,
        sha256=submission.upload.sha256,
        outcome=submission.outcome,  # no counts: provinces read the journal, and this may be a draft
    )


def refuse_unready(package: Package, submission: Submission, at: dt.datetime) -> None:
    """Raise unless the version is the package's current one, whole, and of a period that has ended. The package must be locked."""
    if package.state != State.READ or package.submission_id != submission.pk:
        raise Refusal(_("This version can't be submitted, or can no longer be: check the package again."))
    if package.job is not None and not package.job.is_over:
        raise Refusal(_("A workbook is currently being read: wait until it is done."))
    _refuse_before_it_ended(package.period, calendar.local_day(at))
    if submission.errors or not submission.is_readable:
        raise Refusal(
            _("%(count)s findings block this version: correct the workbook and upload it again.")
            % {"count": submission.errors}
        )


def refuse_with_approver(package: Package) -> None:
    """Raise while the month is with the unit's approver: nothing of it changes under their eyes."""
    if package.handing_id is not None:
        raise Refusal(_("This month is with the enterprise's approver: take it back first, or wait for the decision."))


@acting(Act.SUBMIT_PACKAGE, Act.CONFIRM_PACKAGE)
def end(
    package: Package, handed: HandingOver, state: HandingOver.State, by: Person, at: dt.datetime, reason: str = ""
) -> None:
    """End a handing over, whose package must be locked; raises where it has ended, or its submitter decides on it themselves."""
    handed.refresh_from_db()
    if package.handing_id != handed.pk or handed.state != HandingOver.State.OPEN:
        raise Refusal(_("This handing over has ended: look at the month again."))
    if state != HandingOver.State.TAKEN_BACK:
        two_people.refuse_same(by, handed.by_id)
    handed.state, handed.ended_by, handed.ended_at, handed.reason = state, by, at, reason
    handed.save(update_fields=["state", "ended_by", "ended_at", "reason"])
    package.handing = None
    package.save(update_fields=["handing"])


def locked(package: Package) -> Package:
    """The package, locked. Without its relations: joined rows would be those from before the wait for the lock."""
    found = Package.objects.select_for_update().get(pk=package.pk)
    found.unit = package.unit  # never changes, and whoever asks has it at hand
    return found


def _refuse_before_it_ended(period: str, day: dt.date) -> None:
    """What a period comes to isn't known before it is over. Its workbook may be uploaded and checked, as often as one likes."""
    if not ended(period, day):
        opens = figures.day(opens_on(period))
        raise Refusal(_("%(period)s has not ended: submit it from %(day)s.") % {"period": period, "day": opens})
