"""What stays inside the authority: which of its officers reviews a package, and what its people note about it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.permissions import Act
from registry.permissions.roles import Role
from registry.refusal import Refusal
from registry.web import kept_input
from registry.web.acting import act_on, done, may
from reporting import queries
from reporting.models import Package
from reporting.review import assigning, notes
from reporting.web.forms.review import NoteForm, ReviewerForm

__all__ = ["choose_reviewer", "note", "of_package"]


def of_package(request: SignedInRequest, package: Package) -> dict[str, Any]:
    """What the package's page shows of it, to whoever sees the queue."""
    changes = package.state == Package.State.SUBMITTED and may(request.user, Act.ASSIGN_REVIEW, package)
    return {
        "inside": True,
        "reviewer": package.reviewer,
        "reviewer_form": ReviewerForm(package) if changes else None,
        "may_take": changes and request.user.role == Role.PROVINCIAL_OFFICER and package.reviewer_id != request.user.pk,
        "reads_notes": access.may(request.user, Act.VIEW_NOTE),
        "notes": notes.of_package(request.user, package),
        "note_form": _note_form(request, package) if may(request.user, Act.WRITE_NOTE, package) else None,
    }


def _note_form(request: SignedInRequest, package: Package) -> NoteForm:
    url = reverse("reporting:package_note", args=[package.pk])
    return NoteForm(initial=kept_input.given(request, clock.now(), url), auto_id="note-%s")


def _place(request: SignedInRequest, package: Package) -> str:
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return f"{reverse('reporting:package', args=[package.pk])}{query}#inside"


@act_on(Act.ASSIGN_REVIEW, queries.packages())
def choose_reviewer(request: SignedInRequest, package: Package) -> HttpResponse:
    """Take a package, give it to a colleague, or leave it to whoever comes first."""
    form = ReviewerForm(package, request.POST)
    if not form.is_valid():
        raise Refusal(_("Only an officer of your own authority can review it."))
    to, seen = form.cleaned_data["to"], form.cleaned_data["seen"]
    assigning.give(package, to=to, seen=seen, by=request.user, at=clock.now())
    said = _("%(person)s reviews it now.") % {"person": to} if to else _("Nobody in particular reviews it now.")
    return done(request, said, _place(request, package))


@act_on(Act.WRITE_NOTE, queries.packages())
def note(request: SignedInRequest, package: Package) -> HttpResponse:
    """Note something about a package, for the own authority."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Nothing was noted: write your note."))
    notes.write(package, text=form.cleaned_data["text"], by=request.user, at=clock.now())
    return done(request, _("Noted. Only your authority and the auditor read it."), _place(request, package))
