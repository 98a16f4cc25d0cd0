"""What is done to a package: opened, uploaded to, answered, submitted, accepted, sent back; and its files handed out."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from registry import access, files
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.sectors import Sector
from registry.web.acting import act_on, done
from registry.web.acting import progress as progress_of
from registry.web.confirming import declared
from registry.web.downloads import attachment
from registry.web.reasons import ToCorrectForm
from reporting import queries, review
from reporting.filing import blanks, intake
from reporting.filing import standing_still as write_still
from reporting.models import Package, Submission
from reporting.web.consequences import months as consequences
from reporting.web.forms.answers import AnswersForm
from reporting.web.forms.uploads import UploadForm
from reporting.web.views.packages import show
from reporting.web.views.review import in_queue

_PACKAGES = queries.packages()


def _to_review(person: Person) -> QuerySet[Submission]:
    """The versions that an officer may see: of a draft they learn nothing."""
    return queries.submissions(person).select_related("package__unit")


@access.page(Act.UPLOAD_PACKAGE)
@require_POST
def open_package(request: SignedInRequest, pk: int, sector: str, period: str) -> HttpResponse:
    """Open a period's package and go to it."""
    # Not through access.get: a mandate opens a unit's packages, and not the unit's own page.
    unit = get_object_or_404(access.scoped(request.user, Act.UPLOAD_PACKAGE, Unit.objects.all()), pk=pk)
    if sector not in Sector.values:
        raise Http404
    return redirect(
        "reporting:package", pk=intake.open_package(unit, sector, period, by=request.user, at=clock.now()).pk
    )


@access.page(Act.VIEW_DRAFT)
@require_GET
def blank(request: SignedInRequest, pk: int) -> HttpResponse:
    """The workbook to be filled in; its opening stocks may be those of a draft."""
    package = access.get(request.user, Act.VIEW_DRAFT, queries.packages(), pk=pk)
    name = f"{package.sector}-{package.period}-{package.unit.credit_code}.xlsx"
    return attachment(blanks.blank_for(package, clock.now()), name)


@access.page(Act.VIEW_DRAFT)
@require_GET
def to_explain(request: SignedInRequest, pk: int) -> HttpResponse:
    """The current version's data in a workbook that lists its warnings, to be answered there."""
    package = access.get(request.user, Act.VIEW_DRAFT, queries.packages(), pk=pk)
    if package.submission is None or not blanks.wants_reasons(package.submission):
        raise Refusal(_("There are no warnings to be answered in a workbook: correct the errors first."))
    name = f"{package.sector}-{package.period}-{package.unit.credit_code}-v{package.submission.version}.xlsx"
    return attachment(blanks.to_explain(package.submission), name)


@act_on(Act.UPLOAD_PACKAGE, _PACKAGES, to="reporting:package")
def upload(request: SignedInRequest, package: Package) -> str | HttpResponse:
    """Take a workbook in."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, package, package.submission, upload_form=form, status=422)
    file = form.cleaned_data["workbook"]
    upload = intake.receive(package, file.read(), file.name or "", by=request.user, at=clock.now())
    if again := intake.again(upload):
        messages.warning(request, again)
        return ""
    return _("Received and stored. The workbook is being read.")


@act_on(Act.UPLOAD_PACKAGE, _PACKAGES, to="reporting:package")
def standing_still(request: SignedInRequest, package: Package) -> str:
    """Take in the workbook of a period in which nothing ran."""
    write_still.take_in(package, by=request.user, at=clock.now())
    return _("A workbook stating that nothing operated has been created and stored. It is being read.")


@act_on(Act.UPLOAD_PACKAGE, _PACKAGES, to="reporting:package")
def check_again(request: SignedInRequest, package: Package) -> str:
    """Have the current workbook checked again."""
    intake.read_again(package, by=request.user, at=clock.now())
    return ""


@access.page(Act.VIEW_PACKAGE)
@require_GET
def reading(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far the reading is, as a fragment that the page polls; once it is over the page reloads."""
    package = access.get(request.user, Act.VIEW_PACKAGE, queries.packages(), pk=pk)
    return progress_of(request, package.job, _("Reading the workbook"))


@act_on(Act.UPLOAD_PACKAGE, _PACKAGES, to="reporting:package")
def answers(request: SignedInRequest, package: Package) -> str | HttpResponse:
    """Keep the reasons written for warnings."""
    if package.submission is None:
        return ""
    form = AnswersForm(queries.findings_of(package.submission), request.POST)
    if form.is_overtaken():
        raise Refusal(
            _("A new version was read in the meantime: check whether your reasons still apply, and save them again.")
        )
    if not form.is_valid():
        messages.error(request, _("Nothing was saved: correct the marked rows."))
        return show(request, package, package.submission, answers_form=form, status=422)
    given = [intake.answer(row, reason=reason, by=request.user, at=clock.now()) for row, reason in form.given()]
    said = _("The reasons are saved and will be shown to the officer.") if given else ""
    return done(request, said, f"{reverse('reporting:package', args=[package.pk])}#next")


@act_on(Act.SUBMIT_PACKAGE, Submission.objects.select_related("package__unit", "upload"), asks=consequences.SUBMISSION)
def submit(request: SignedInRequest, submission: Submission) -> HttpResponse:
    """Submit a version."""
    package = intake.submit(submission, declared=declared(request), by=request.user, at=clock.now())
    if package.submission_id != submission.pk:
        messages.info(
            request, _("It was checked again against previously submitted months: its findings have changed.")
        )
    return redirect("reporting:package", pk=package.pk)


@act_on(Act.REVIEW_PACKAGE, _to_review)
def accept(request: SignedInRequest, submission: Submission) -> HttpResponse:
    """Accept a version."""
    package = review.accept(submission, by=request.user, at=clock.now())
    return in_queue.go_on(request, package, _("Accepted."), reverse("reporting:package", args=[package.pk]))


@act_on(Act.REVIEW_PACKAGE, _to_review)
def send_back(request: SignedInRequest, submission: Submission) -> HttpResponse:
    """Send a version under review back with a reason."""
    return _returned(request, submission, review.send_back)


@act_on(Act.REVIEW_PACKAGE, _to_review, asks=consequences.REOPENING)
def reopen(request: SignedInRequest, submission: Submission) -> HttpResponse:
    """Send an accepted version back with a reason."""
    return _returned(request, submission, review.reopen)


def _returned(request: SignedInRequest, submission: Submission, act: Callable[..., Package]) -> HttpResponse:
    form = ToCorrectForm(request.POST)
    if not form.is_valid():
        package = queries.packages().get(pk=submission.package_id)
        return show(request, package, submission, reason_form=form, status=422)
    package = act(submission, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
    said = _("Sent back. The unit sees your reason.")
    return in_queue.go_on(request, package, said, reverse("reporting:package", args=[package.pk]))


@access.page(Act.VIEW_PACKAGE)
@require_GET
def original(request: SignedInRequest, pk: int) -> HttpResponse:
    """An uploaded file, byte for byte."""
    found = get_object_or_404(queries.uploads(request.user), pk=pk)
    return attachment(files.read(found.sha256), found.name)
