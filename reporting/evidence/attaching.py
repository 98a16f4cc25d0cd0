"""Supporting files are attached and withdrawn while a package takes uploads; a submission freezes what it goes with."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from registry import journal
from registry.access import acting
from registry.labels.kept_sentences import gettext as _
from registry.law import calendar
from registry.models import Person, Unit
from registry.people import mandates
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import name_of
from reporting.content import Content
from reporting.evidence import fit, needs, standing
from reporting.evidence.fit import Given, others, refuse_faults
from reporting.evidence.needs import Requirement
from reporting.models import Evidence, EvidenceWithdrawal, Package, PackageEvent, SubmittedEvidence
from reporting.submissions import upload_limits

__all__ = ["attach", "for_submission", "freeze", "withdraw"]


@acting(Act.UPLOAD_PACKAGE)
def attach(
    package: Package,
    files: Sequence["File[bytes]"],
    *,
    covers: Iterable[str],
    reason: str = "",
    by: Person,
    at: dt.datetime,
) -> list[Evidence]:
    """Attach files, all or none; every fault is said at once.

    `covers` are codes of the guideline's evidence that all the files support; each file also supports the data for which the current
    workbook names it. `reason` says why a file that the unit used for another package serves here, too.
    """
    if not files:
        raise Refusal(_("No file was chosen: choose the supporting files."))
    _refuse_when_closed(package)  # as it was seen; looked at again, locked, once the files are on the disk
    known = {each.code for each in needs.requirements(package.sector, package.period)}
    ticked = [code for code in dict.fromkeys(covers) if code in known]
    upload_limits.refuse_too_early(package.period, calendar.local_day(at))
    given = fit.fit(files)
    upload_limits.refuse_too_much(package, sum(each.size for each in given), at)
    fit.keep(given)
    return _attach(package, given, ticked, reason.strip(), by, at)


@transaction.atomic
def _attach(
    package: Package, given: Sequence[Given], ticked: list[str], reason: str, by: Person, at: dt.datetime
) -> list[Evidence]:
    package = _locked(package)
    _refuse_when_closed(package)
    reused = _used_before(package, given, reason)
    stated = _stated(package)
    rows = [
        Evidence(
            package=package,
            sha256=each.sha256,
            size=each.size,
            name=each.name,
            media_type=each.media_type,
            covers=list(dict.fromkeys([*ticked, *(needs.supported_by(each.name, stated) if stated else ())])),
            reuse_reason=reason if each.sha256 in reused else "",
            by=by,
            at=at,
        )
        for each in given
    ]
    refuse_faults(
        _("%(name)s: tick what it supports, or enter its name in the workbook's column.") % {"name": row.name}
        for row in rows
        if not row.covers
    )
    rows = Evidence.objects.bulk_create(rows)
    told = [
        {"sha256": row.sha256, "size": row.size, "covers": row.covers, "reused": bool(row.reuse_reason)} for row in rows
    ]
    under = mandates.facts(by, package.unit, at)
    journal.record("package.evidence_attached", package, by=by, at=at, papers=rows, files=told, **under)
    return rows


@acting(Act.UPLOAD_PACKAGE)
@transaction.atomic
def withdraw(evidence: Evidence, *, by: Person, at: dt.datetime) -> None:
    """Take a file back, while the package takes uploads; the file is kept, and so is what was submitted with it."""
    package = _locked(evidence.package)
    _refuse_when_closed(package)
    withdrawal, made = EvidenceWithdrawal.objects.get_or_create(evidence=evidence, defaults={"by": by, "at": at})
    if not made:
        raise Refusal(_("This file has already been withdrawn; check the package again."))
    under = mandates.facts(by, package.unit, at)
    facts = {"sha256": evidence.sha256, **under}
    journal.record("package.evidence_withdrawn", package, by=by, at=at, papers=[withdrawal], **facts)


def for_submission(package: Package, needed: Iterable[Requirement]) -> list[Evidence]:
    """The files that a submission goes with. Refuses, naming all that is missing, without the needed kinds. Two queries."""
    files = list(standing.present(package))
    lacking = standing.uncovered(needed, files)
    if lacking:
        names = _("; ").join(name_of(each) for each in lacking)
        raise Refusal(
            _("Supporting files are missing (%(count)s): %(names)s. Attach them and submit again.")
            % {"count": len(lacking), "names": names}
        )
    # Two units that attach the same bytes at the same moment don't see each other; by now they do.
    rows = fit.elsewhere(package, [file.sha256 for file in files])
    strange = {row.sha256 for row in rows if row.package.unit_id != package.unit_id}
    refuse_faults(others(file.name) for file in files if file.sha256 in strange)
    return files


def freeze(event: PackageEvent, files: Iterable[Evidence]) -> None:
    """Write down which files went with a submission."""
    SubmittedEvidence.objects.bulk_create(SubmittedEvidence(event=event, evidence=file) for file in files)


def _used_before(package: Package, given: Sequence[Given], reason: str) -> set[str]:
    """Which of the files the unit used for another package; refuses what may not be used here."""
    digests = [each.sha256 for each in given]
    here = set(standing.present(package).values_list("sha256", flat=True))
    strange, used = fit.answered_by_others(package.unit_id, digests), dict[str, list[Evidence]]()
    for row in fit.elsewhere(package, digests):
        used.setdefault(row.sha256, []).append(row)
        if row.package.unit_id != package.unit_id:
            strange.add(row.sha256)
    faults: list[str] = []
    if len(here) + len(given) > settings.EVIDENCE_LIMIT_FILES:
        most = {"limit": settings.EVIDENCE_LIMIT_FILES}
        faults.append(_("A package accepts at most %(limit)s files: combine related documents into one.") % most)
    for each in given:
        rows = used.get(each.sha256, [])
        if each.sha256 in here:
            faults.append(
                _("%(name)s is already attached; withdraw it to change what it supports.") % {"name": each.name}
            )
        elif each.sha256 in strange:
            faults.append(others(each.name))
        elif rows and not reason:
            place = {
                "name": each.name,
                "period": rows[0].package.period,
                "sector": rows[0].package.get_sector_display(),
            }
            message = _(
                "%(name)s was already used for %(period)s (%(sector)s): explain why it also supports this package, "
                "or choose the right file."
            )
            faults.append(message % place)
    refuse_faults(faults)
    return set(used)


def _stated(package: Package) -> Content | None:
    """What the current workbook says, if it can be read."""
    submission = package.submission
    return Content.from_json(submission.stored_content()) if submission is not None and submission.is_readable else None


def _locked(package: Package) -> Package:
    """The package, locked; its unit first, so that the same file attached to two of its packages at once is noticed."""
    Unit.objects.select_for_update(no_key=True).values_list("pk").get(pk=package.unit_id)
    locked = Package.objects.select_for_update(of=("self",)).select_related("submission").get(pk=package.pk)
    locked.unit = package.unit  # never changes, and whoever asks has it at hand
    return locked


def _refuse_when_closed(package: Package) -> None:
    if package.handing_id is not None:
        raise Refusal(_("This month is with the enterprise's approver: take it back first, or wait for the decision."))
    if not package.takes_uploads:
        raise Refusal(
            _("Supporting files can only be changed before the package is submitted, or once it is sent back.")
        )
