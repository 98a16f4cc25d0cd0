"""Months that the unit's approver confirms: how the unit submits, what was handed over, and what becomes of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Unit
from registry.permissions import Act
from registry.web.acting import act_on, done, may, signed
from registry.web.buttons import press
from registry.web.confirming import declared
from registry.web.reasons import ToCorrectForm
from reporting import queries
from reporting.filing import handing_over, way_of_submitting
from reporting.models import HandingOver, WayOfSubmitting
from reporting.web.consequences import months as consequences
from reporting.web.views.packages import show

_ROWS = HandingOver.objects.select_related("package__unit", "submission__upload", "by")


@access.page(Act.VIEW_WAY_OF_SUBMITTING)
@require_GET
def way(request: SignedInRequest, pk: int) -> HttpResponse:
    """How the unit's months are submitted, who chose it when, and for its approver the other way."""
    unit = access.get(request.user, Act.VIEW_WAY_OF_SUBMITTING, Unit.objects.all(), pk=pk)
    confirmed = way_of_submitting.is_confirmed(unit.pk)
    chosen = WayOfSubmitting.objects.filter(unit=unit).select_related("by")
    other = _("Let the clerk submit alone") if confirmed else _("Confirm each month before it is submitted")
    choosing = press(other, "reporting:way_of_submitting_choose", unit.pk, confirmed="" if confirmed else "on")
    context = {
        "unit": unit,
        "confirmed": confirmed,
        "with_approver": HandingOver.objects.filter(package__unit=unit, state=HandingOver.State.OPEN).count(),
        "steps": signed((row.at, str(row), row.by, "", "") for row in chosen),
        "buttons": [choosing if may(request.user, Act.CHOOSE_WAY_OF_SUBMITTING, unit) else None],
    }
    return render(request, "reporting/way_of_submitting.html", context)


@act_on(Act.CHOOSE_WAY_OF_SUBMITTING, Unit, to="reporting:way_of_submitting")
def choose(request: SignedInRequest, unit: Unit) -> str:
    """Choose how the months are submitted from now on."""
    confirmed = bool(request.POST.get("confirmed"))
    way_of_submitting.choose(unit, confirmed=confirmed, by=request.user, at=clock.now())
    return _("Chosen. It holds for every month that is submitted from now on.")


@act_on(Act.CONFIRM_PACKAGE, _ROWS, asks=consequences.CONFIRMATION)
def confirm(request: SignedInRequest, handed: HandingOver) -> HttpResponse:
    """Confirm a month, and so submit it."""
    package = handing_over.confirm(handed, declared=declared(request), by=request.user, at=clock.now())
    if package.submission_id != handed.submission_id:
        messages.info(
            request, _("It was checked again against previously submitted months: its findings have changed.")
        )
    return redirect("reporting:package", pk=package.pk)


@act_on(Act.CONFIRM_PACKAGE, _ROWS)
def send_back(request: SignedInRequest, handed: HandingOver) -> HttpResponse:
    """Give a month back to the clerk, with a reason."""
    form = ToCorrectForm(request.POST)
    if not form.is_valid():
        package = queries.packages().get(pk=handed.package_id)
        return show(request, package, handed.submission, handing_form=form, status=422)
    package = handing_over.send_back(handed, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
    return done(request, _("Sent back. The clerk sees your reason."), "reporting:package", pk=package.pk)


@act_on(Act.SUBMIT_PACKAGE, _ROWS)
def take_back(request: SignedInRequest, handed: HandingOver) -> HttpResponse:
    """Take a month back from the approver before they have decided."""
    package = handing_over.take_back(handed, by=request.user, at=clock.now())
    return done(request, _("Taken back. You can work on it again."), "reporting:package", pk=package.pk)
