"""The API's URLs for supporting files: what a package needs, one file attached, one withdrawn."""

from typing import Annotated, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from pydantic import StringConstraints

from registry import access
from registry.law import clock
from registry.models import ApiToken, Unit
from registry.permissions import Act
from registry.values.canonical import sha256
from registry.values.sectors import Sector
from reporting import evidence, queries
from reporting.filing import intake
from reporting.models import Evidence, Package
from reporting.web.api import problems, shapes
from reporting.web.api.bodies import body, described, file_name
from reporting.web.api.problems import faults
from reporting.web.api.shapes import ChecklistOut, EvidenceOut, Period
from reporting.web.api.token import person, unit_asked_about

Scope = ApiToken.Scope
Reason = Annotated[str, StringConstraints(max_length=2000, pattern=shapes.WITHOUT_NULL)]

# What may be declared, and the suffix of a file that comes without a name.
SUFFIXES = {kind.media_type: kind.suffixes[0] for kind in evidence.KINDS}

router = Router(tags=["supporting files"])


@router.get(
    "/packages/{sector}/{period}/evidence",
    response={200: ChecklistOut, **faults(404, 409, 422)},
    summary="The supporting files that a package needs and has",
)
def checklist(request: HttpRequest, sector: Sector, period: Period, unit: str = "") -> ChecklistOut:
    """Every kind of supporting file of the period, with the files that stand now; after the submission, those that went with it."""
    asker = person(request, Scope.READ)
    whose = unit_asked_about(asker, Act.VIEW_PACKAGE, unit)
    package = queries.packages().filter(unit=whose, sector=sector, period=period).first()
    if package is None:
        return _of_unopened(whose, sector, period)
    live = package.is_with_unit and access.may(asker, Act.VIEW_DRAFT)
    files = queries.supporting_files_of(package, package.submission, live=live)
    return shapes.checklist_out(shapes.package_out(package), evidence.checklist(package, package.submission, files))


@router.post(
    "/packages/{sector}/{period}/evidence",
    response={201: EvidenceOut, 200: EvidenceOut, **faults(404, 409, 413, 415, 422)},
    summary="Attach a supporting file",
    openapi_extra=described(*SUFFIXES),
)
def attach(
    request: HttpRequest,
    sector: Sector,
    period: Period,
    covers: Annotated[list[str], Query()] = [],  # noqa: B006 (ninja copies it)
    reason: Reason = "",
    unit: str = "",
) -> Status[Any]:
    """The body is the file itself; its name stands in `Content-Disposition`. `covers`, repeated, are codes of the checklist; a file that
    the workbook names needs none. `reason`: why a file of another package of the unit serves here, too.

    The same bytes sent again are the same file: 200 with the same id, unless they are to support more than they do.
    """
    asker = person(request, Scope.UPLOAD)
    whose = unit_asked_about(asker, Act.UPLOAD_PACKAGE, unit)
    data = body(request, list(SUFFIXES), settings.EVIDENCE_LIMIT_BYTES)
    if unknown := sorted(set(covers) - {each.code for each in evidence.requirements(sector, period)}):
        raise problems.unknown_requirements(unknown)
    package = intake.open_package(whose, sector, period, by=asker, at=clock.now())
    known = evidence.present(package).filter(sha256=sha256(data)).first()
    if known is not None and set(covers) <= set(known.covers):
        return Status(200, shapes.evidence_out(known))
    name = file_name(request, _("supporting file") + SUFFIXES[request.content_type or ""])
    made = evidence.attach(package, [ContentFile(data, name)], covers=covers, reason=reason, by=asker, at=clock.now())
    return Status(201, shapes.evidence_out(made[0]))


@router.delete(
    "/packages/{sector}/{period}/evidence/{int:id}",
    response={204: None, **faults(404, 409, 422)},
    summary="Withdraw a supporting file",
)
def withdraw(request: HttpRequest, sector: Sector, period: Period, id: int, unit: str = "") -> Status[Any]:
    """While the package takes files. What was submitted with it keeps it."""
    asker = person(request, Scope.UPLOAD)
    whose = unit_asked_about(asker, Act.UPLOAD_PACKAGE, unit)
    rows = access.scoped(asker, Act.UPLOAD_PACKAGE, Evidence.objects.select_related("package__unit"))
    found = rows.filter(package__unit=whose, package__sector=sector, package__period=period, pk=id).first()
    if found is None:
        raise problems.not_found()
    evidence.withdraw(found, by=asker, at=clock.now())
    return Status(204, None)


def _of_unopened(unit: Unit, sector: Sector, period: Period) -> ChecklistOut:
    """What the guideline knows of, for a period that nobody has begun."""
    if not unit.memberships.filter(sector=sector).exists():
        raise problems.not_found()
    said = shapes.unopened(unit, sector, period)  # refuses a period that nothing is asked for
    return shapes.checklist_out(said, evidence.checklist(Package(sector=sector, period=period), None, []))
