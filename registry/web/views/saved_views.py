"""A person's own views of lists: save, rename, delete. Each leads back to the list."""

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from registry import access
from registry.access import SignedInRequest
from registry.models import SavedView
from registry.people import saved_views
from registry.permissions import Act
from registry.refusal import Refusal
from registry.web.acting import act_on, done
from registry.web.listing import views


class ViewForm(forms.Form):
    """A view's name, and the address of the list that it is a view of."""

    name = forms.CharField(max_length=40, label=gettext_lazy("Name of the view"))
    address = forms.CharField(max_length=1500)


@access.page(Act.KEEP_VIEW)
@require_POST
def save(request: SignedInRequest) -> HttpResponse:
    """Keep the list as it was shown."""
    name, address = _given(request)
    page, query = _list_of(address)
    saved_views.save(page, name, query, by=request.user)
    return done(request, _("Saved. The view is above the list."), address)


@act_on(Act.KEEP_VIEW, SavedView)
def rename(request: SignedInRequest, view: SavedView) -> HttpResponse:
    """Call a view otherwise."""
    name, address = _given(request)
    _list_of(address)
    saved_views.rename(view, name, by=request.user)
    return done(request, _("Renamed."), address)


@act_on(Act.KEEP_VIEW, SavedView)
def delete(request: SignedInRequest, view: SavedView) -> HttpResponse:
    """Throw a view away."""
    address = request.POST.get("address", "")
    _list_of(address)
    saved_views.delete(view, by=request.user)
    return done(request, _("Deleted."), address)


def _given(request: SignedInRequest) -> tuple[str, str]:
    form = ViewForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Give the view a name of at most %(count)s characters.") % {"count": 40})
    return form.cleaned_data["name"], form.cleaned_data["address"]


def _list_of(address: str) -> tuple[str, str]:
    """The list at an address of ours; nobody is led anywhere else."""
    found = views.address_of(address)
    if found is None:
        raise BadRequest(_("There is no list at this address."))
    return found
