"""Supporting files: attached, withdrawn, handed out."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from registry import access, files
from registry.access import SignedInRequest
from registry.law import clock
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.canonical import sha256
from registry.web.acting import act_on, done
from registry.web.downloads import attachment
from reporting import evidence, queries
from reporting.evidence.forms import EvidenceForm
from reporting.models import Evidence, Package
from reporting.web.views.packages import show


@act_on(Act.UPLOAD_PACKAGE, queries.packages())
def attach(request: SignedInRequest, package: Package) -> HttpResponse:
    """Attach files, each by itself: what can't be taken is told at its zone, and what could be is attached all the same."""
    form = EvidenceForm(evidence.checklist(package, package.submission, []), request.POST, request.FILES)
    attached: list[str] = []
    if form.is_valid():
        for zone, covers, file in _each_once(form):
            try:
                evidence.attach(
                    package,
                    [file],
                    covers=covers,
                    reason=form.cleaned_data["reuse_reason"],
                    by=request.user,
                    at=clock.now(),
                )
            except Refusal as refusal:
                form.add_error(zone, str(refusal))
            else:
                attached.append(file.name or "")
    if attached:
        count = len(attached)
        said = ngettext("%(n)s file attached: %(names)s", "%(n)s files attached: %(names)s", count)
        messages.success(request, said % {"n": count, "names": ", ".join(attached)})
    if not form.errors:
        return redirect(_next(package))
    return show(request, package, package.submission, evidence_form=form, status=422)


def _each_once(form: EvidenceForm) -> list[tuple[str, list[str], "UploadedFile[bytes]"]]:
    """The files that were given, each once: the same bytes in two zones support what both ask for; twice in one zone is told."""
    found: dict[str, tuple[str, list[str], UploadedFile[bytes]]] = {}
    for zone, covers, file in list(form.given()):
        key = sha256(file.read())
        file.seek(0)
        known = found.get(key)
        if known is None:
            found[key] = (zone, list(covers), file)
        elif known[0] == zone:
            names = {"name": file.name, "first": known[2].name}
            form.add_error(zone, _("%(name)s is the same file as %(first)s and was left out.") % names)
        else:
            known[1].extend(covers)
    return list(found.values())


@act_on(Act.UPLOAD_PACKAGE, Evidence.objects.select_related("package"))
def withdraw(request: SignedInRequest, found: Evidence) -> HttpResponse:
    """Take a file back."""
    evidence.withdraw(found, by=request.user, at=clock.now())
    said = _("Withdrawn. Earlier submissions that contained it are unchanged.")
    return done(request, said, _next(found.package))


@access.page(Act.VIEW_PACKAGE)
@require_GET
def download(request: SignedInRequest, pk: int) -> HttpResponse:
    """A supporting file, byte for byte."""
    found = get_object_or_404(queries.supporting_files(request.user), pk=pk)
    return attachment(files.read(found.sha256), found.name, found.media_type)


def _next(package: Package) -> str:
    """The page of the month, where its next step stands."""
    return f"{reverse('reporting:package', args=[package.pk])}#next"
