"""Supporting files: attached, withdrawn, handed out."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from registry import access, files
from registry.access import SignedInRequest
from registry.law import clock
from registry.permissions import Act
from registry.refusal import Refusal
from registry.web.acting import act_on, done
from registry.web.downloads import attachment
from reporting import evidence, queries
from reporting.evidence.forms import EvidenceForm
from reporting.models import Evidence, Package
from reporting.web.views.packages import show


@act_on(Act.UPLOAD_PACKAGE, queries.packages())
def attach(request: SignedInRequest, package: Package) -> HttpResponse:
    """Attach several files at once, all or none; a refusal stands at the field, and nothing that was typed is lost."""
    checklist = evidence.checklist(package, package.submission, [])
    form = EvidenceForm(checklist, request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            attached = evidence.attach(
                package,
                given["supporting"],
                covers=given["covers"],
                reason=given["reuse_reason"],
                by=request.user,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error("supporting", str(refusal))
        else:
            count = len(attached)
            said = ngettext("%(n)s file attached.", "%(n)s files attached.", count) % {"n": count}
            return done(request, said, _place(package))
    return show(request, package, package.submission, evidence_form=form, status=422)


@act_on(Act.UPLOAD_PACKAGE, Evidence.objects.select_related("package"))
def withdraw(request: SignedInRequest, found: Evidence) -> HttpResponse:
    """Take a file back."""
    evidence.withdraw(found, by=request.user, at=clock.now())
    said = _("Withdrawn. Earlier submissions that contained it are unchanged.")
    return done(request, said, _place(found.package))


@access.page(Act.VIEW_PACKAGE)
@require_GET
def download(request: SignedInRequest, pk: int) -> HttpResponse:
    """A supporting file, byte for byte."""
    found = get_object_or_404(queries.supporting_files(request.user), pk=pk)
    return attachment(files.read(found.sha256), found.name, found.media_type)


def _place(package: Package) -> str:
    return f"{reverse('reporting:package', args=[package.pk])}#evidence"
