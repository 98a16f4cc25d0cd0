"""Bulk upload: a zip of many units' and months' workbooks is kept, and each file goes the way of a single upload.

The reading of each workbook is its own job, the same one that a single upload asks for: so a file that breaks its reader harms no other,
several workers share a zip, and a worker that is killed loses one file's reading and not the zip's.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, override

from registry import access, files, jobs, journal
from registry.access import acting
from registry.labels import kept_sentences as said
from registry.labels.kept_sentences import gettext as _
from registry.models import Job, JobItem, Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import figures
from registry.values.canonical import sha256
from reporting import workbook
from reporting.filing import intake, zip_archive
from reporting.filing.zip_archive import ArchiveLimits, Entry, UnusableArchiveError
from reporting.findings import Finding
from reporting.models import BulkItem, BulkUpload, HandingOver, Package, PackageEvent, Submission, Upload
from reporting.submissions.reading import clean_name

__all__ = [
    "choose",
    "is_clean",
    "job_of",
    "one_by_one",
    "receive",
    "submit_clean",
    "submitting_of",
    "to_choose",
    "to_submit",
]

Kind = BulkItem.Kind


@acting(Act.BULK_UPLOAD)
def receive(data: bytes, filename: str, *, by: Person, at: dt.datetime) -> BulkUpload:
    """Keep a zip and ask for the job that takes its workbooks in; refused as a whole only where it can't be looked into."""
    if by.unit is None:
        raise Refusal(_("Only an enterprise's clerk uploads workbooks."))
    if len(data) > settings.BULK_LIMIT_BYTES:
        limits = {"size": figures.tonnes(len(data)), "limit": figures.tonnes(settings.BULK_LIMIT_BYTES)}
        raise Refusal(_("The archive has %(size)s bytes; at most %(limit)s are accepted. Send it in parts.") % limits)
    _refuse_unusable(data)
    return _receive(files.keep(data), len(data), clean_name(filename), by, by.unit, at)


@transaction.atomic
def _receive(sha256: str, size: int, name: str, by: Person, unit: Unit, at: dt.datetime) -> BulkUpload:
    bulk = BulkUpload.objects.create(unit=unit, sha256=sha256, size=size, name=name, by=by, at=at)
    # For what is no kept sentence (registry.labels): file names and findings' words, say, in the language in which the person asked.
    payload = {"bulk": bulk.pk, "language": get_language()}
    jobs.enqueue("reporting.bulk", key=f"reporting.bulk:{bulk.pk}", by=by, at=at, payload=payload, unit=unit)
    journal.record("bulk.uploaded", bulk, by=by, at=at, sha256=sha256, size=size, name=name)
    return bulk


def _refuse_unusable(data: bytes) -> None:
    limits = _limits()
    reasons = {
        "damaged": _("This is not a zip archive, or it is damaged: pack the workbooks again."),
        "empty": _("The archive holds no file: pack the workbooks again."),
        "many": _("The archive holds more than %(count)s files: send it in parts.") % {"count": limits.entries},
        "large": _("The archive unpacks to more than is accepted: send it in parts."),
    }
    try:
        with zip_archive.opened(data) as opened:
            zip_archive.entries(opened, limits)
    except UnusableArchiveError as error:
        raise Refusal(reasons[error.reason]) from error


def _limits() -> ArchiveLimits:
    return ArchiveLimits(file_bytes=settings.UPLOAD_LIMIT_BYTES)


@jobs.handler("reporting.bulk")
def take_in(lease: jobs.Lease) -> None:
    """Take in every file of a zip that has not been dealt with yet: a killed worker's successor goes on where it stopped."""
    bulk = BulkUpload.objects.select_related("by__unit").get(pk=lease.job.payload["bulk"])
    with override(lease.job.payload.get("language")):
        found = members(bulk)
        rivals = _rivals(lease, found)
        done = set(bulk.items.values_list("number", flat=True))
        for member in found:
            lease.progress(member.number - 1, len(found))
            if member.number not in done:
                _deal_with(bulk, member, rivals.get(member.number, []), lease.job.asked_at)
    with lease.finishing({"bulk": bulk.pk, "files": len(found)}):
        pass


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a zip; `read` unpacks it: its bytes, why it isn't unpacked, or None for what an operating system put there."""

    number: int
    name: str
    read: Callable[[], bytes | Finding | None]


def members(bulk: BulkUpload) -> list[Member]:
    """The zip's files, from 1; of a zip that is itself a workbook that one."""
    data, limits = files.read(bulk.sha256), _limits()
    with zip_archive.opened(data) as opened:
        if zip_archive.is_document(opened):
            return [Member(1, f"{bulk.name.removesuffix('.zip').removesuffix('.xlsx')}.xlsx", lambda: data)]
        return [
            Member(entry.number, entry.name, partial(_unpacked, data, entry))
            for entry in zip_archive.entries(opened, limits)
        ]


def _unpacked(data: bytes, entry: Entry) -> bytes | Finding | None:
    if entry.junk:
        return None
    with zip_archive.opened(data) as opened:
        return zip_archive.unpacked(opened, entry, _limits())


def _rivals(lease: jobs.Lease, found: Sequence[Member]) -> dict[int, list[str]]:
    """By number the names of all files that say something else for the same unit, sector and period: none of them is read before
    somebody says which. The same bytes twice are no contradiction."""
    said: dict[tuple[str, str, str], list[tuple[Member, str]]] = {}
    for member in found:
        if member.number % 50 == 0:  # to keep the lease
            lease.progress(0, len(found))
        data = member.read()
        if isinstance(data, bytes):
            stated = workbook.identify(data, member.name, workbook.Limits(file_bytes=settings.UPLOAD_LIMIT_BYTES))
            if stated.sector and stated.period and stated.unit:
                said.setdefault((stated.unit, stated.sector, stated.period), []).append((member, sha256(data)))
    return {
        member.number: [other.name for other, _digest in group]
        for group in said.values()
        if len({digest for _member, digest in group}) > 1
        for member, _digest in group
    }


def _deal_with(bulk: BulkUpload, member: Member, rivals: list[str], at: dt.datetime) -> None:
    """Take one file in, or write down why not. Done again after a kill in between, it finds the same upload."""
    item = BulkItem(bulk=bulk, number=member.number, name=member.name, kind=Kind.REFUSED)
    data = member.read()
    if data is None:
        item.kind = Kind.SKIPPED
    elif isinstance(data, Finding):
        item.finding = data.record()
    else:
        try:
            _take(item, data, rivals, at)
        except Refusal as refusal:
            item.message = said.kept(refusal.message)
    item.save(force_insert=True)


def _take(item: BulkItem, data: bytes, rivals: list[str], at: dt.datetime) -> None:
    """Give the workbook to the package that it names; raises Refusal, as for a single upload."""
    by = item.bulk.by
    stated = workbook.identify(data, item.name, workbook.Limits(file_bytes=settings.UPLOAD_LIMIT_BYTES))
    if not (stated.sector and stated.period and stated.unit):
        item.finding = next(finding for finding in stated.findings if finding.blocks).record()
        return
    item.sector, item.period = stated.sector, stated.period
    item.unit = access.scoped(by, Act.UPLOAD_PACKAGE, Unit.objects.all()).filter(credit_code=stated.unit).first()
    if item.unit is None or not by.is_active:
        raise Refusal(_("The workbook is of %(unit)s, for which you don't file.") % {"unit": stated.unit})
    if rivals:
        raise Refusal(
            _("%(count)s workbooks of the archive are for this month: %(names)s. None was read: choose the right one.")
            % {"count": len(rivals), "names": _("; ").join(rivals)}
        )
    same = {"unit": item.unit, "sector": item.sector, "period": item.period}
    first = BulkItem.objects.filter(bulk=item.bulk, kind=Kind.TAKEN, **same).first()
    if first is not None:
        raise Refusal(_("The archive has another workbook of the same period: %(name)s.") % {"name": first.name})
    package = intake.open_package(item.unit, item.sector, item.period, by=by, at=at)
    item.upload = intake.receive(package, data, item.name, by=by, at=at)
    item.kind, item.message = Kind.TAKEN, said.kept(intake.again(item.upload))


def to_choose(items: Sequence[BulkItem]) -> list[list[BulkItem]]:
    """The zip's files of which somebody has to choose: those of one unit, sector and period of which none was taken."""
    groups: dict[tuple[int | None, str, str], list[BulkItem]] = {}
    for item in items:
        if item.unit_id is not None:
            groups.setdefault((item.unit_id, item.sector, item.period), []).append(item)
    return [group for group in groups.values() if len(group) > 1 and all(item.kind == Kind.REFUSED for item in group)]


@acting(Act.BULK_UPLOAD)
def choose(bulk: BulkUpload, number: int, *, by: Person, at: dt.datetime) -> Upload:
    """Have the right one of several workbooks for one month read, as if it had been uploaded by itself."""
    offered = {item.number: item for group in to_choose(list(bulk.items.all())) for item in group}
    item = offered.get(number)
    if item is None or item.unit_id is None:
        raise Refusal(
            _("There is nothing to choose: this file is the only one for its month, or one has already been accepted.")
        )
    unit = access.scoped(by, Act.UPLOAD_PACKAGE, Unit.objects.all()).filter(pk=item.unit_id).first()
    if unit is None:
        raise Refusal(_("You may no longer submit for this unit."))
    data = next(member for member in members(bulk) if member.number == number).read()
    if not isinstance(data, bytes):  # it was read once, to learn for whom and when it is
        raise Refusal(_("This file can no longer be read: upload it separately."))
    package = intake.open_package(unit, item.sector, item.period, by=by, at=at)
    return intake.receive(package, data, item.name, by=by, at=at)


def job_of(bulk: BulkUpload) -> Job:
    """The job that takes the zip in."""
    return Job.objects.get(key=f"reporting.bulk:{bulk.pk}")


def submitting_of(bulk: BulkUpload) -> Job | None:
    """The job that submits, or last submitted, what has no findings."""
    return Job.objects.filter(key__startswith=f"reporting.bulk_submit:{bulk.pk}:").order_by("-pk").first()


def is_clean(package: Package, item: BulkItem) -> bool:
    """Whether the package's current version is this file's and has no findings at all, and can be submitted."""
    current = package.submission
    return (
        package.state == Package.State.READ
        and package.handing_id is None
        and current is not None
        and current.upload_id == item.upload_id
        and current.is_readable
        and not current.errors
        and not current.warnings
        and (package.job is None or package.job.is_over)
    )


@acting(Act.SUBMIT_PACKAGE)
@transaction.atomic
def to_submit(bulk: BulkUpload, by: Person) -> list[Package]:
    """The zip's packages whose version has no findings, of those that the person may submit, in the order in which they are submitted."""
    mine = access.scoped(by, Act.SUBMIT_PACKAGE, Package.objects.all())
    items = bulk.items.filter(kind=Kind.TAKEN, upload__package__in=mine)
    rows = items.select_related("upload__package__submission", "upload__package__job", "upload__package__unit")
    # The earlier month first: the later one is checked against it when it is submitted.
    rows = rows.order_by("upload__package__unit", "upload__package__sector", "upload__package__period")
    return [item.upload.package for item in rows if item.upload and is_clean(item.upload.package, item)]


@acting(Act.SUBMIT_PACKAGE)
@transaction.atomic
def submit_clean(bulk: BulkUpload, *, declared: str = "", by: Person, at: dt.datetime) -> Job:
    """Ask for the job that submits every package of the zip whose version has no findings; exactly the versions of this moment.

    `declared` is the wording under which they are handed over.
    """
    BulkUpload.objects.select_for_update(no_key=True).get(pk=bulk.pk)
    running = submitting_of(bulk)
    if running is not None and not running.is_over:
        return running
    versions = [package.submission_id for package in to_submit(bulk, by)]
    if not versions:
        raise Refusal(_("Nothing in this archive can be submitted before its findings are reviewed."))
    count = Job.objects.filter(key__startswith=f"reporting.bulk_submit:{bulk.pk}:").count()
    payload: dict[str, Any] = {
        "bulk": bulk.pk,
        "submissions": versions,
        "language": get_language(),
        "declared": declared,
    }
    key = f"reporting.bulk_submit:{bulk.pk}:{count + 1}"
    job = jobs.enqueue("reporting.bulk_submit", key=key, by=by, at=at, payload=payload, unit=bulk.unit)
    journal.record("bulk.submission_asked", bulk, by=by, at=at, submissions=versions, declared=declared)
    return job


@jobs.handler("reporting.bulk_submit")
def submit_all(lease: jobs.Lease) -> None:
    """Submit the versions that the job names."""
    one_by_one(lease, "submitted", _submit, _label)


def one_by_one(
    lease: jobs.Lease, done: str, act: Callable[[jobs.Lease, Submission], str], label: Callable[[Package], str]
) -> None:
    """Do the act to the versions that the job names, each in its own transaction; one refusal (what `act` says) stops none of the others.

    The outcome counts those `done` and those refused.
    """
    ids = lease.job.payload["submissions"]
    rows = Submission.objects.select_related("package__unit").in_bulk(ids)
    outcomes: list[JobItem] = []
    with override(lease.job.payload.get("language")):
        for number, pk in enumerate(ids):
            lease.progress(number, len(ids))
            message = act(lease, rows[pk])
            outcomes.append(lease.item(label(rows[pk].package), not message, message))
    succeeded = sum(item.succeeded for item in outcomes)
    with lease.finishing({done: succeeded, "refused": len(outcomes) - succeeded}, outcomes):
        pass


def _submit(lease: jobs.Lease, submission: Submission) -> str:
    """Submit a version; why not, or nothing. One that this job submitted before its worker was killed counts as done."""
    by, at = lease.job.asked_by, lease.job.asked_at
    if by is None or not access.scoped(by, Act.SUBMIT_PACKAGE, Submission.objects.filter(pk=submission.pk)).exists():
        return said.kept(_("You may no longer submit for this unit."))
    # Of the package, not of the version: what was submitted may be a further version of the same bytes.
    done = PackageEvent.objects.filter(package=submission.package_id, kind=PackageEvent.Kind.SUBMITTED, by=by, at=at)
    handed = HandingOver.objects.filter(package=submission.package_id, by=by, at=at)
    if done.exists() or handed.exists():
        return ""
    try:
        _submit_unless_found(submission, lease.job.payload.get("declared", ""), by, at)
    except Refusal as refusal:
        return said.kept(refusal.message)
    return ""


@transaction.atomic
def _submit_unless_found(submission: Submission, declared: str, by: Person, at: dt.datetime) -> None:
    """Submit a version; submitting checks it again, and what is found only then somebody must look at first."""
    package = intake.submit(submission, declared=declared, by=by, at=at)
    if package.submission is not None and package.submission.warnings:
        raise Refusal(_("Checked against previously submitted months, it has findings: review them first."))


def _label(package: Package) -> str:
    return f"{package.unit.credit_code} {package.sector} {package.period}"
