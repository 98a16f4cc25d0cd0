"""Mandates to file for another unit: list, offer, accept, end."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import FilingMandate
from registry.people import mandates
from registry.permissions import Act
from registry.web import consequences
from registry.web.acting import act_on, beside, done, form_here
from registry.web.buttons import begin
from registry.web.forms.mandates import MandateForm
from registry.web.listing import list_page, listed
from registry.web.tables.mandates import MandateTable

_ROWS = FilingMandate.objects.select_related("unit", "holder_unit")


@list_page(Act.VIEW_MANDATE)
def mandates_list(request: SignedInRequest) -> HttpResponseBase:
    """The mandates that the unit has given and holds, the latest first."""
    rows = access.scoped(request.user, Act.VIEW_MANDATE, FilingMandate.objects.select_related("unit", "holder_unit"))
    return listed(
        request,
        MandateTable(
            rows, unit=request.user.unit_id, may_act=access.may(request.user, Act.END_MANDATE), day=clock.today()
        ),
        title=_("Mandates to file"),
        lead=_(
            "A unit may let another one, such as its group's head office, upload and submit its monthly packages."
            " Nothing else is opened."
        ),
        context={"buttons": [begin(request.user, Act.OFFER_MANDATE, _("Offer a mandate"), "registry:mandate_offer")]},
    )


@access.page(Act.OFFER_MANDATE)
def offer(request: SignedInRequest) -> HttpResponse:
    """Offer another unit a mandate."""
    form = form_here(MandateForm, request, {"since": clock.today()})
    if request.method == "POST" and form.is_valid():
        with beside(form):
            mandates.offer(**form.cleaned_data, by=request.user, at=clock.now())
            said = _("Offered. It takes effect once the other unit's approver accepts it.")
            return done(request, said, "registry:mandates")
    return render(request, "registry/mandate_offer.html", {"form": form}, status=422 if form.is_bound else 200)


@act_on(Act.ACCEPT_MANDATE, _ROWS, asks=consequences.ACCEPTANCE)
def accept(request: SignedInRequest, mandate: FilingMandate) -> HttpResponse:
    """Take a mandate on."""
    mandates.accept(mandate, by=request.user, at=clock.now())
    return done(request, _("Accepted. Your clerks can now file for the other unit."), "registry:mandates")


@act_on(Act.END_MANDATE, _ROWS, asks=consequences.ENDING)
def end(request: SignedInRequest, mandate: FilingMandate) -> HttpResponse:
    """Revoke, decline or give up a mandate."""
    mandates.end(mandate, by=request.user, at=clock.now())
    return done(request, _("Ended. It has no effect from now on."), "registry:mandates")
