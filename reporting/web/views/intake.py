"""What is done to a package: opened, uploaded to, answered, submitted, accepted, sent back; and its files handed out."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from registry import access, files
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.sectors import Sector
from reporting import queries, review
from reporting.filing import blanks, intake
from reporting.filing import standing_still as write_still
from reporting.models import Package, Submission
from reporting.web.forms.common import AnswersForm, ReasonForm, UploadForm
from reporting.web.views.files import attachment
from reporting.web.views.packages import show


@access.page(Act.UPLOAD_PACKAGE)
@require_POST
def open_package(request: SignedInRequest, pk: int, sector: str, period: str) -> HttpResponse:
    """Open a period's package and go to it."""
    # Not through access.get: a mandate opens a unit's packages, and not the unit's own page.
    unit = get_object_or_404(access.scoped(request.user, Act.UPLOAD_PACKAGE, Unit.objects.all()), pk=pk)
    if sector not in Sector.values:
        raise Http404
    return redirect("reporting:package", pk=intake.open_package(unit, sector, period, clock.today()).pk)


@access.page(Act.VIEW_DRAFT)
@require_GET
def blank(request: SignedInRequest, pk: int) -> HttpResponse:
    """The workbook to be filled in; its opening stocks may be those of a draft."""
    package = access.get(request.user, Act.VIEW_DRAFT, queries.packages(), pk=pk)
    name = f"{package.sector}-{package.period}-{package.unit.credit_code}.xlsx"
    return attachment(blanks.blank_for(package, clock.now()), name)


@access.page(Act.UPLOAD_PACKAGE)
@require_POST
def upload(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a workbook in."""
    package = access.get(request.user, Act.UPLOAD_PACKAGE, queries.packages(), pk=pk)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, package, package.submission, upload_form=form, status=422)
    file = form.cleaned_data["workbook"]
    upload = intake.receive(package, file.read(), file.name or "", by=request.user, at=clock.now())
    if again := intake.again(upload):
        messages.warning(request, again)
    else:
        messages.success(request, _("Received and kept. The workbook is being read now."))
    return redirect("reporting:package", pk=package.pk)


@access.page(Act.UPLOAD_PACKAGE)
@require_POST
def standing_still(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take in the workbook of a period in which nothing ran."""
    package = access.get(request.user, Act.UPLOAD_PACKAGE, queries.packages(), pk=pk)
    write_still.take_in(package, by=request.user, at=clock.now())
    messages.success(request, _("A workbook that says that nothing ran was written and kept. It is being read now."))
    return redirect("reporting:package", pk=package.pk)


@access.page(Act.UPLOAD_PACKAGE)
@require_POST
def check_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Have the current workbook checked once more."""
    package = access.get(request.user, Act.UPLOAD_PACKAGE, queries.packages(), pk=pk)
    intake.read_again(package, by=request.user, at=clock.now())
    return redirect("reporting:package", pk=package.pk)


@access.page(Act.VIEW_PACKAGE)
@require_GET
def reading(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far the reading is, as a fragment that the page polls; once it is over the page reloads."""
    package = access.get(request.user, Act.VIEW_PACKAGE, queries.packages(), pk=pk)
    title = _("Reading the workbook")
    response = render(request, "partials/job.html", {"job": package.job, "title": title, "url": request.path})
    if package.job is None or package.job.is_over:
        response.headers["HX-Refresh"] = "true"
    return response


@access.page(Act.UPLOAD_PACKAGE)
@require_POST
def answers(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep the reasons written for warnings."""
    package = access.get(request.user, Act.UPLOAD_PACKAGE, queries.packages(), pk=pk)
    if package.submission is None:
        return redirect("reporting:package", pk=package.pk)
    form = AnswersForm(queries.findings_of(package.submission), request.POST)
    if form.is_overtaken():
        raise Refusal(
            _("A new version was read in the meantime: look whether your reasons still fit, and keep them again.")
        )
    if not form.is_valid():
        messages.error(request, _("Nothing was saved: correct the marked rows."))
        return show(request, package, package.submission, answers_form=form, status=422)
    given = [intake.answer(row, reason=reason, by=request.user, at=clock.now()) for row, reason in form.given()]
    if given:
        messages.success(request, _("The reasons are kept and will be shown to the officer."))
    return redirect(f"{reverse('reporting:package', args=[package.pk])}#findings")


@access.page(Act.SUBMIT_PACKAGE)
@require_POST
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submit a version."""
    submission = access.get(request.user, Act.SUBMIT_PACKAGE, Submission.objects.select_related("package"), pk=pk)
    package = intake.submit(submission, by=request.user, at=clock.now())
    if package.submission_id != submission.pk:
        messages.info(request, _("It was checked again against the months submitted before: its findings changed."))
    if package.late:
        messages.warning(request, _("Submitted, after the deadline: it is marked late."))
    else:
        messages.success(request, _("Submitted. The provincial officer reviews it now."))
    return redirect("reporting:package", pk=package.pk)


@access.page(Act.REVIEW_PACKAGE)
@require_POST
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept a version."""
    submission = _to_review(request, pk)
    package = review.accept(submission, by=request.user, at=clock.now())
    messages.success(request, _("Accepted."))
    # The way back into the queue that the officer came from stays in the address.
    kept = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse('reporting:package', args=[package.pk])}{kept}")


@access.page(Act.REVIEW_PACKAGE)
@require_POST
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send a version under review back with a reason."""
    return _returned(request, pk, review.send_back)


@access.page(Act.REVIEW_PACKAGE)
@require_POST
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send an accepted version back with a reason."""
    return _returned(request, pk, review.reopen)


def _to_review(request: SignedInRequest, pk: int) -> Submission:
    """A version that the officer may see: of a draft she learns nothing."""
    visible = queries.submissions(request.user).select_related("package")
    return access.get(request.user, Act.REVIEW_PACKAGE, visible, pk=pk)


def _returned(request: SignedInRequest, pk: int, act: Callable[..., Package]) -> HttpResponse:
    submission = _to_review(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        package = queries.packages().get(pk=submission.package_id)
        return show(request, package, submission, reason_form=form, status=422)
    package = act(submission, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
    messages.success(request, _("Sent back. The unit sees your reason."))
    return redirect("reporting:package", pk=package.pk)


@access.page(Act.VIEW_PACKAGE)
@require_GET
def original(request: SignedInRequest, pk: int) -> HttpResponse:
    """An uploaded file, byte for byte."""
    found = get_object_or_404(queries.uploads(request.user), pk=pk)
    return attachment(files.read(found.sha256), found.name)
