"""Intake: a package is opened, a workbook comes in and is kept, a job reads it, a person submits it."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from registry import files, jobs, journal
from registry.access import acting
from registry.labels.kept_sentences import gettext as _
from registry.law import calendar
from registry.models import Job, Person, Unit
from registry.people import mandates
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import figures
from registry.values.canonical import digest
from registry.values.sectors import Sector
from reporting import evidence
from reporting.filing import carrying, handing_over, submitting, way_of_submitting
from reporting.models import FindingAnswer, FindingRow, Package, Submission, Upload
from reporting.periods import due_day
from reporting.submissions import reading, upload_limits

__all__ = ["again", "answer", "open_package", "package_of", "read_again", "receive", "submit"]

State = Package.State


@acting(Act.UPLOAD_PACKAGE)
def open_package(unit: Unit, sector: str, period: str, *, by: Person, at: dt.datetime) -> Package:  # noqa: ARG001 (acting asks)
    """The package of a unit, sector and period, for whoever files it."""
    return package_of(unit, sector, period, calendar.local_day(at))


def package_of(unit: Unit, sector: str, period: str, day: dt.date | None = None) -> Package:
    """The same within an act that has asked whether its person may; made when it is first asked for, on a day on which the period has
    begun or is near."""
    due = due_day(period)
    if day is not None:
        upload_limits.refuse_too_early(period, day)
    if not unit.memberships.filter(sector=sector).exists():
        raise Refusal(_("%(unit)s has no lines in this sector.") % {"unit": unit})
    package, _created = Package.objects.get_or_create(
        unit=unit, sector=sector, period=period, defaults={"year": int(period[:4]), "due": due}
    )
    return package


@acting(Act.UPLOAD_PACKAGE)
def receive(package: Package, data: bytes, filename: str, *, by: Person, at: dt.datetime, way: str = "file") -> Upload:
    """Take a workbook in: keep it whole, and ask for the job that reads it. The same bytes again are the same upload; what they are
    already then stands in its `known_as`, and in `again` as words.

    `way` goes into the journal: "page" for a workbook that was written from what was typed on the page.
    """
    if not data:
        raise Refusal(_("The file is empty: choose the saved workbook and upload it again."))
    if len(data) > settings.UPLOAD_LIMIT_BYTES:
        limits = {"size": figures.tonnes(len(data)), "limit": figures.tonnes(settings.UPLOAD_LIMIT_BYTES)}
        raise Refusal(
            _("The file has %(size)s bytes; at most %(limit)s are accepted. Remove pictures and sheets you have added.")
            % limits
        )
    if not package.takes_uploads:  # as it was seen: once it is locked, it is looked at again
        _refuse_when_closed(Package.objects.get(pk=package.pk))
    upload_limits.refuse_too_early(package.period, calendar.local_day(at))
    upload_limits.refuse_too_much(package, len(data), at, is_workbook=True)
    # On the disk before the row that names it: a row never points at nothing.
    sha256 = files.keep(data)
    return _receive(package, sha256, len(data), reading.clean_name(filename), way, by, at)


@transaction.atomic
def _receive(package: Package, sha256: str, size: int, name: str, way: str, by: Person, at: dt.datetime) -> Upload:
    package = submitting.locked(package)
    _refuse_when_closed(package)
    known = _known_here(package, sha256)
    if known is not None:
        _refuse_when_sent_back_so(package, known)
    upload = known or Upload.objects.create(package=package, sha256=sha256, size=size, name=name, by=by, at=at)
    asked = _ask_to_read(package, upload, by, at, is_new=known is None)
    facts: dict[str, Any] = {"sha256": sha256, "size": size, "name": name, "way": way}
    if known is None:
        facts |= mandates.facts(by, package.unit, at)
        journal.record("package.uploaded", package, by=by, at=at, papers=[upload], **facts)
    elif asked:
        upload.known_as = upload.submissions.order_by("-version").values_list("version", flat=True).first()
        facts |= {"version": upload.known_as} if upload.known_as else {}
        journal.record("package.uploaded_again", package, by=by, at=at, **facts, **mandates.facts(by, package.unit, at))
    return upload


def again(upload: Upload) -> str:
    """What is to be said of a workbook whose bytes were a version already; "" for any other."""
    if upload.known_as is None:
        return ""
    current = upload.package.submission
    if current is not None and current.upload_id == upload.pk:
        return _("This file is already version %(version)s, the current one: it is being checked again.") % {
            "version": current.version
        }
    return _(
        "This file was received before, as version %(version)s: it is being checked again and then becomes the "
        "current version again."
    ) % {"version": upload.known_as}


@acting(Act.UPLOAD_PACKAGE)
@transaction.atomic
def read_again(package: Package, *, by: Person, at: dt.datetime) -> Upload:
    """Have the current workbook checked again, because what it is checked against (an earlier month) has changed; or the one whose
    reading failed by a fault of ours read after all."""
    package = submitting.locked(package)
    _refuse_when_closed(package)
    if package.job is not None and package.job.state == Job.State.FAILED:
        upload = Upload.objects.get(pk=package.job.payload["upload"], package=package)
        _ask_to_read(package, upload, by, at)
        return upload
    if package.submission is None or package.state == State.RETURNED:
        raise Refusal(_("There is no workbook to check again: upload one."))
    _ask_to_read(package, package.submission.upload, by, at)
    return package.submission.upload


def _ask_to_read(package: Package, upload: Upload, by: Person, at: dt.datetime, *, is_new: bool = False) -> bool:
    """One reading at a time of the same bytes; a later one of the same bytes is a new job. The package must be locked.

    False where these bytes are being read anyway.
    """
    running = package.job
    if running is not None and not running.is_over and running.payload.get("upload") == upload.pk:
        return False
    prefix = f"reporting.read:{upload.pk}:"
    before = 0 if is_new else Job.objects.filter(key__startswith=prefix).count()
    key = f"{prefix}{before + 1}"
    payload = {"upload": upload.pk}
    package.job = jobs.enqueue(
        "reporting.read", key=key, by=by, at=at, payload=payload, unit=package.unit, is_first=is_new
    )
    package.save(update_fields=["job"])
    return True


@jobs.handler("reporting.read")
def read_upload(lease: jobs.Lease) -> None:
    """Read, check and account an upload; store the outcome as a version, or find that the same outcome is stored already."""
    at = lease.job.asked_at
    upload = Upload.objects.select_related("package__unit").get(pk=lease.job.payload["upload"])
    draft = reading.draft(upload, reading.read(upload, at), at)
    with lease.finishing({"upload": upload.pk}) as job:
        package = submitting.locked(upload.package)
        submission, is_new = reading.store(package, draft)
        before = package.submission_id
        _make_current(package, submission, job)
        if is_new:
            submitting.journal_reading(package, submission, at)
            carrying.carry_over(package, submission, at)
            carrying.take_written(package, submission, draft.reasons, at)
        elif package.submission_id != before:
            facts: dict[str, Any] = {
                "version": submission.version,
                "sha256": upload.sha256,
                "outcome": submission.outcome,
            }
            journal.record("package.made_current", package, by=None, at=at, **facts)


def _make_current(package: Package, submission: Submission, job: Job) -> None:
    """The version counts if it was asked for last; an upload overtaken by a later one stays in the history only."""
    if package.takes_uploads and package.job_id == job.pk:
        package.submission, package.state = submission, State.READ
        package.save(update_fields=["submission", "state"])


@acting(Act.UPLOAD_PACKAGE)
@transaction.atomic
def answer(finding: FindingRow, *, reason: str, by: Person, at: dt.datetime) -> FindingAnswer:
    """Give a written reason for a warning; it is kept and shown to the officer."""
    package = submitting.locked(finding.submission.package)
    if finding.blocks:
        raise Refusal(_("An error can't be explained away: correct the workbook and upload it again."))
    if not reason.strip():
        raise Refusal(_("The reason is empty: explain why the value is correct."))
    submitting.refuse_with_approver(package)
    if not package.takes_uploads or package.submission_id != finding.submission_id:
        raise Refusal(_("Reasons are given for the current version, before it is submitted."))
    given = FindingAnswer.objects.create(finding=finding, reason=reason.strip(), by=by, at=at)
    # Provinces read the journal, and this is a draft: it holds what was said only as a digest.
    said = digest({"code": finding.code, "params": finding.params, "reason": given.reason})
    under = mandates.facts(by, package.unit, at)
    facts: dict[str, Any] = {"finding": finding.pk, "sha256": said, **under}
    journal.record("package.warning_answered", package, by=by, at=at, papers=[given], **facts)
    return given


@acting(Act.SUBMIT_PACKAGE)
def submit(submission: Submission, *, declared: str = "", by: Person, at: dt.datetime) -> Package:
    """Submit the current version, or, where the unit's approver has chosen to confirm, hand it over to them.

    After the deadline it is marked late, never refused; findings that block refuse it. `declared` is the wording under which it is
    handed in.
    """
    if way_of_submitting.is_confirmed(submission.package.unit_id):
        return handing_over.hand_over(submission, declared, by, at)
    return submitting.submit(submission, declared, by, at)


def _refuse_when_closed(package: Package) -> None:
    submitting.refuse_with_approver(package)
    if package.state == State.SUBMITTED:
        raise Refusal(_("The package is under review: a new version can be uploaded only once it is sent back."))
    if package.state == State.ACCEPTED:
        raise Refusal(_("The package has been accepted: a new version can be uploaded only once it is sent back."))


def _refuse_when_sent_back_so(package: Package, upload: Upload) -> None:
    """A workbook that was sent back doesn't come again, unless it was the supporting files that had to be corrected."""
    returned = package.events.filter(submission__upload=upload, kind=State.RETURNED).order_by("-pk").first()
    if returned is not None and not evidence.changed_since(package, returned.at):
        raise Refusal(
            _(
                "This file has already been sent back: upload a corrected workbook, or correct the supporting files "
                "first."
            )
        )


def _known_here(package: Package, sha256: str) -> Upload | None:
    """The package's upload of these bytes, if there is one.

    Evidence serves once: bytes that were read without an error for another package can't stand for this one.
    """
    same = Upload.objects.filter(sha256=sha256)
    if not same.exists():  # mostly; the rest of the question is expensive
        return None
    sound = Exists(Submission.objects.filter(upload=OuterRef("pk"), errors=0))
    uploads = list(same.filter(Q(package=package) | sound).select_related("package").order_by("pk"))
    elsewhere = next((upload for upload in uploads if upload.package_id != package.pk), None)
    if elsewhere is None:
        for upload in uploads:
            upload.package = package  # the locked one
        return next(iter(uploads), None)
    if elsewhere.package.unit_id == package.unit_id:
        raise Refusal(
            _("This file was already used for %(period)s (%(sector)s): choose the right workbook.")
            % {"period": elsewhere.package.period, "sector": Sector(elsewhere.package.sector)}
        )
    raise Refusal(_("This file was already used for another unit: choose the right workbook."))
