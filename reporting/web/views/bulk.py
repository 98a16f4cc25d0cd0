"""Bulk upload: send a zip of workbooks, see what became of each file, submit what has no findings."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from registry import access, files
from registry.access import SignedInRequest
from registry.labels import kept_sentences as said
from registry.law import clock
from registry.models import Job, Person
from registry.permissions import Act
from registry.values.sectors import Sector
from registry.web.acting import act_on, done
from registry.web.acting import progress as progress_of
from registry.web.confirming import declared
from registry.web.downloads import attachment
from registry.web.listing import list_page, listed
from registry.web.listing.in_memory import RowFilter, units_named
from reporting.filing import bulk
from reporting.findings import Finding
from reporting.models import BulkItem, BulkUpload, Package
from reporting.web.consequences import months as consequences
from reporting.web.filters import BulkUploadFilter
from reporting.web.forms.uploads import BulkFilterForm, BulkForm
from reporting.web.tables.bulk import BulkItemTable, BulkTable

_OWN = BulkUpload.objects.select_related("unit")

# Outcome by code: its words and its tone.
OUTCOMES: dict[str, tuple[Promise, str]] = {
    "waiting": (gettext_lazy("being read"), "info"),
    "errors": (gettext_lazy("has errors"), "danger"),
    "warnings": (gettext_lazy("has warnings"), "warn"),
    "clean": (gettext_lazy("no findings"), "ok"),
    "submitted": (gettext_lazy("submitted"), "ok"),
    "failed": (gettext_lazy("could not be read because of a system error"), "danger"),
    "replaced": (gettext_lazy("replaced by a later upload"), "neutral"),
    "hidden": (gettext_lazy("no longer accessible to you"), "neutral"),
    "refused": (gettext_lazy("not read"), "danger"),
    "skipped": (gettext_lazy("skipped: no workbook"), "neutral"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A file of the zip as the table shows it; `sector_code` and `unit_id` are what it can be looked for by."""

    number: int
    name: str
    unit: str
    sector: str
    sector_code: str
    unit_id: int | None
    period: str
    outcome: str
    findings: str
    why: str
    package: int | None

    @property
    def words(self) -> str:
        return str(OUTCOMES[self.outcome][0])

    @property
    def tone(self) -> str:
        return OUTCOMES[self.outcome][1]


@list_page(Act.BULK_UPLOAD)
def uploads(request: SignedInRequest) -> HttpResponseBase:
    """Send a zip; the zips sent before."""
    form = BulkForm(request.POST, request.FILES) if request.method == "POST" else BulkForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["archive"]
        sent = bulk.receive(file.read(), file.name or "", by=request.user, at=clock.now())
        said = _("Received and stored. Its workbooks are being processed.")
        return done(request, said, "reporting:bulk_upload", pk=sent.pk)
    rows = access.scoped(request.user, Act.VIEW_BULK_UPLOAD, BulkUpload.objects.select_related("by"))
    chosen = BulkUploadFilter(request.GET, queryset=rows, request=request)
    return listed(
        request,
        BulkTable(chosen.qs),
        chosen,
        title=_("Bulk upload"),
        lead=_(
            "One zip with many workbooks: of your own unit and of units that gave yours a mandate. Each workbook says itself which unit and"
            " month it is for."
        ),
        template="reporting/bulk.html",
        context={"form": form, "limit": settings.BULK_LIMIT_BYTES},
        status=422 if form.is_bound else 200,
    )


@list_page(Act.VIEW_BULK_UPLOAD)
@require_GET
def upload(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """One zip: what became of each file."""
    found = access.get(request.user, Act.VIEW_BULK_UPLOAD, BulkUpload.objects.select_related("by"), pk=pk)
    items = _items(found)
    visible = _reached(found, request.user, Act.VIEW_PACKAGE)
    rows = [_row(item, visible) for item in items]
    chosen = RowFilter(
        BulkFilterForm(request.GET, outcomes=[(code, words) for code, (words, _t) in OUTCOMES.items()]),
        rows,
        same={"outcome": lambda row: row.outcome, "sector": lambda row: row.sector_code},
        such={"q": _looked_for, "period": lambda typed: lambda row: row.period.startswith(typed)},
    )
    context = {
        "bulk": found,
        "job": bulk.job_of(found),
        "submitting": bulk.submitting_of(found),
        "choices": bulk.to_choose(items) if access.may(request.user, Act.BULK_UPLOAD) else [],
        "files": len(rows),
        "counts": [(words, sum(row.outcome == code for row in rows), tone) for code, (words, tone) in OUTCOMES.items()],
        "clean": _submittable(items, _reached(found, request.user, Act.SUBMIT_PACKAGE)),
    }
    return listed(
        request,
        BulkItemTable(chosen.rows),
        chosen,
        title=_("Files of the archive"),
        template="reporting/bulk_upload.html",
        said=[found.name],
        context=context,
    )


def _looked_for(typed: str) -> Callable[[Row], bool]:
    """By the file's name, or by whose it is."""
    found = units_named(typed)
    return lambda row: row.unit_id in found or typed.lower() in row.name.lower()


@access.page(Act.VIEW_BULK_UPLOAD)
@require_GET
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far the taking in, or the submitting, is: a fragment that the page polls."""
    found = access.get(request.user, Act.VIEW_BULK_UPLOAD, BulkUpload.objects.all(), pk=pk)
    job = _running(found)
    title = _("Processing the workbooks") if job.kind == "reporting.bulk" else _("Submitting")
    return progress_of(request, job, title)


@act_on(Act.BULK_UPLOAD, _OWN, to="reporting:bulk_upload", asks=consequences.BULK)
def submit(request: SignedInRequest, found: BulkUpload) -> str:
    """Submit what has no findings."""
    bulk.submit_clean(found, declared=declared(request), by=request.user, at=clock.now())
    return _("Requested. Packages without findings are being submitted.")


@act_on(Act.BULK_UPLOAD, _OWN)
def choose(request: SignedInRequest, found: BulkUpload, number: int) -> HttpResponse:
    """Have one of several workbooks for one month read."""
    taken = bulk.choose(found, number, by=request.user, at=clock.now())
    said = _("“%(name)s” was chosen. The workbook is being read.") % {"name": taken.name}
    return done(request, said, "reporting:package", pk=taken.package_id)


@access.page(Act.VIEW_BULK_UPLOAD)
@require_GET
def original(request: SignedInRequest, pk: int) -> HttpResponse:
    """The zip, byte for byte."""
    found = access.get(request.user, Act.VIEW_BULK_UPLOAD, BulkUpload.objects.all(), pk=pk)
    return attachment(files.read(found.sha256), found.name)


def _running(found: BulkUpload) -> Job:
    job = bulk.job_of(found)
    return (bulk.submitting_of(found) or job) if job.is_over else job


def _items(found: BulkUpload) -> list[BulkItem]:
    """The zip's files with what their packages are now. One query."""
    related = ("unit", "upload__package__submission", "upload__package__job")
    return list(found.items.select_related(*related).order_by("number"))


def _reached(found: BulkUpload, person: Person, act: Act) -> set[int]:
    """The keys of the zip's packages over which the person may do the act. One query."""
    packages = Package.objects.filter(uploads__bulk_items__bulk=found)
    return set(access.scoped(person, act, packages).values_list("pk", flat=True))


def _row(item: BulkItem, visible: set[int]) -> Row:
    package = item.upload.package if item.upload else None
    outcome = _outcome(item, package, visible)
    shown = outcome in ("errors", "warnings", "clean", "submitted")
    current = package.submission if package and shown else None
    return Row(
        number=item.number,
        name=item.name,
        unit=item.unit.name if item.unit else "",
        sector=str(Sector(item.sector).label) if item.sector else "",
        sector_code=item.sector,
        unit_id=item.unit_id,
        period=item.period,
        outcome=outcome,
        findings=f"{current.errors} / {current.warnings}" if current else "",
        why=Finding.from_record(item.finding).message if item.finding else said.read(item.message),
        package=package.pk if package and outcome != "hidden" else None,
    )


def _outcome(item: BulkItem, package: Package | None, visible: set[int]) -> str:
    if package is None:
        return item.kind
    if package.pk not in visible:
        return "hidden"
    current = package.submission
    if current is None or current.upload_id != item.upload_id:
        job = package.job
        if job is None or job.payload.get("upload") != item.upload_id:
            return "replaced"
        return "failed" if job.is_over else "waiting"
    if package.state in (Package.State.SUBMITTED, Package.State.ACCEPTED):
        return "submitted"
    return "errors" if current.errors else "warnings" if current.warnings else "clean"


def _submittable(items: list[BulkItem], mine: set[int]) -> int:
    """How many packages can be submitted without a look at findings; `mine` are those that the person may submit."""
    return sum(
        item.upload is not None and item.upload.package_id in mine and bulk.is_clean(item.upload.package, item)
        for item in items
    )
