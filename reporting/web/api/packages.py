"""The API's URLs. Each calls the service that the page of the same act calls."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router, Status

from registry import access
from registry.law import clock, declaration
from registry.models import ApiToken, Job, Person
from registry.permissions import Act
from registry.values.canonical import sha256
from registry.values.sectors import Sector
from reporting import queries
from reporting.filing import intake
from reporting.models import Package, Upload
from reporting.periods.expected import expected_periods
from reporting.web.api import problems, shapes
from reporting.web.api.bodies import XLSX, body, described, file_name
from reporting.web.api.problems import faults
from reporting.web.api.shapes import PackageOut, Period, SubmitIn, UploadOut
from reporting.web.api.token import person, unit_asked_about

Scope = ApiToken.Scope

router = Router(tags=["packages"])


@router.get("/packages", response={200: list[PackageOut], **faults(404)}, summary="The unit's packages")
def packages(request: HttpRequest, unit: str = "", year: int | None = None) -> list[PackageOut]:
    """Every period that was begun or that the directory asks for, latest first. `unit` is a credit code; by default your own."""
    asker = person(request, Scope.READ)
    whose = unit_asked_about(asker, Act.VIEW_PACKAGE, unit)
    rows = access.scoped(asker, Act.VIEW_PACKAGE, queries.packages()).filter(unit=whose)
    found = {(row.sector, row.period): shapes.package_out(row) for row in rows}
    for _pk, sector, period in expected_periods([whose.pk]):
        if (sector, period) not in found:
            found[sector, period] = shapes.unopened(whose, sector, period)
    wanted = [each for each in found.values() if year is None or each.period[:4] == str(year)]
    return sorted(wanted, key=lambda each: (each.period, each.sector), reverse=True)


@router.post(
    "/packages/{sector}/{period}/workbook",
    response={202: UploadOut, 200: UploadOut, **faults(404, 409, 413, 415, 422)},
    summary="Upload a workbook",
    openapi_extra=described(XLSX),
)
def upload(request: HttpRequest, response: HttpResponse, sector: Sector, period: Period, unit: str = "") -> Status[Any]:
    """The body is the .xlsx itself; its name may stand in `Content-Disposition`. 202 with `Location`: it is kept and will be read.

    The same bytes sent again are the same upload: 200 with the same id. Those of an earlier version make it the current one again: then
    `known_as` is its number.
    """
    asker = person(request, Scope.UPLOAD)
    whose = unit_asked_about(asker, Act.UPLOAD_PACKAGE, unit)
    data = body(request, [XLSX], settings.UPLOAD_LIMIT_BYTES)
    package = intake.open_package(whose, sector, period, by=asker, at=clock.now())
    known = package.uploads.filter(sha256=sha256(data)).select_related("package__unit", "package__submission").first()
    if known is not None and _asked_for_last(package, known):
        taken = known
    else:
        name = file_name(request, _("workbook") + ".xlsx")
        taken = intake.receive(package, data, name, by=asker, at=clock.now())
    response.headers["Location"] = reverse("api:upload", args=[taken.pk])
    kept = _upload(asker, taken.pk)
    kept.known_as = taken.known_as
    return Status(202 if known is None else 200, shapes.upload_out(kept, told=False))


@router.get(
    "/uploads/{int:id}",
    response={200: UploadOut, **faults(404)},
    summary="What became of an upload",
    url_name="upload",
)
def outcome(request: HttpRequest, id: int) -> UploadOut:
    """Ask every few seconds until `state` is `read` or `failed`. Findings and terms are in `outcome`."""
    return shapes.upload_out(_upload(person(request, Scope.READ), id))


@router.post(
    "/packages/{sector}/{period}/submit",
    response={200: PackageOut, **faults(404, 409, 422)},
    summary="Submit a version",
)
def submit(request: HttpRequest, sector: Sector, period: Period, given: SubmitIn, unit: str = "") -> PackageOut:
    """Answers its warnings and submits the version; all of it or nothing. The version must be the package's current one. Where the unit's
    approver confirms its months, it is handed over to them: `state` stays `read`, and `handed_over` is `true`."""
    asker = person(request, Scope.SUBMIT)
    whose = unit_asked_about(asker, Act.SUBMIT_PACKAGE, unit)
    rows = access.scoped(asker, Act.SUBMIT_PACKAGE, queries.packages())
    package = rows.filter(unit=whose, sector=sector, period=period).first()
    if package is None:
        raise problems.not_found()
    version = package.submissions.filter(version=given.version).first()
    if version is None:
        raise problems.not_found()
    findings = {row.number: row for row in version.findings.all()}
    at = clock.now()
    with transaction.atomic():
        for answer in given.answers:
            if answer.finding not in findings:
                raise problems.not_found()
            intake.answer(findings[answer.finding], reason=answer.reason, by=asker, at=at)
        intake.submit(version, declared=declaration.VERSION, by=asker, at=at)
    return shapes.package_out(queries.packages().get(pk=package.pk))


def _upload(asker: Person, pk: int) -> Upload:
    rows = access.scoped(asker, Act.VIEW_PACKAGE, Upload.objects.select_related("package__unit", "package__submission"))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise problems.not_found()
    return found


def _asked_for_last(package: Package, upload: Upload) -> bool:
    """Whether sending these bytes again would change nothing: they are what was asked to be read last, and nothing came of it since."""
    job = package.job
    if job is None or job.payload.get("upload") != upload.pk or package.state == Package.State.RETURNED:
        return False
    return job.state not in (Job.State.FAILED, Job.State.CANCELLED)
