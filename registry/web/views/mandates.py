"""Mandates to file for another unit: list, offer, accept, end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import FilingMandate
from registry.people import mandates
from registry.permissions import Act
from registry.web import kept_input
from registry.web.forms import MandateForm
from registry.web.paging import paged
from registry.web.tables import MandateTable


@access.page(Act.VIEW_MANDATE)
def mandates_list(request: SignedInRequest) -> HttpResponse:
    """The mandates that the unit has given and holds, the latest first."""
    rows = access.scoped(request.user, Act.VIEW_MANDATE, FilingMandate.objects.select_related("unit", "holder_unit"))
    table = MandateTable(rows, unit=request.user.unit_id, may_act=access.may(request.user, Act.END_MANDATE))
    paged(request, table)
    may_offer = access.may(request.user, Act.OFFER_MANDATE)
    return render(request, "registry/mandates.html", {"table": table, "may_offer": may_offer})


@access.page(Act.OFFER_MANDATE)
def offer(request: SignedInRequest) -> HttpResponse:
    """Offer another unit a mandate."""
    form = MandateForm(
        request.POST or None, initial={"since": clock.today()} | kept_input.given(request, clock.now(), request.path)
    )
    if request.method == "POST" and form.is_valid():
        mandates.offer(**form.cleaned_data, by=request.user, at=clock.now())
        messages.success(request, _("Offered. It opens nothing before the other unit's approver accepts it."))
        return redirect("registry:mandates")
    return render(request, "registry/mandate_offer.html", {"form": form}, status=422 if form.is_bound else 200)


@access.page(Act.ACCEPT_MANDATE)
@require_POST
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a mandate on."""
    mandate = access.get(request.user, Act.ACCEPT_MANDATE, FilingMandate.objects.all(), pk=pk)
    mandates.accept(mandate, by=request.user, at=clock.now())
    messages.success(request, _("Accepted. Your clerks can file for the other unit now."))
    return redirect("registry:mandates")


@access.page(Act.END_MANDATE)
@require_POST
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Revoke, decline or give up a mandate."""
    mandate = access.get(request.user, Act.END_MANDATE, FilingMandate.objects.all(), pk=pk)
    mandates.end(mandate, by=request.user, at=clock.now())
    messages.success(request, _("Ended. From now on it opens nothing."))
    return redirect("registry:mandates")
