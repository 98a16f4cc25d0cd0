"""By which day an authority itself wants to have reviewed a month: what was set, and setting it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from registry import access
from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.models import Authority
from registry.permissions import Act
from registry.refusal import Refusal
from registry.web import confirming, kept_input
from registry.web.acting import done
from registry.web.listing import list_page, listed
from reporting.models import OwnReviewDay
from reporting.review import own_days as days
from reporting.web.forms.own_days import OwnDayForm
from reporting.web.own_day_set import OWN_DAY, in_words
from reporting.web.tables.own_days import OwnDayTable


@list_page(Act.VIEW_OWN_DAY)
@require_GET
def own_days(request: SignedInRequest) -> HttpResponseBase:
    """Every day that was set, the latest first, and for the approver the form that sets another."""
    day, authority = clock.today(), request.user.authority
    rows = access.scoped(request.user, Act.VIEW_OWN_DAY, OwnReviewDay.objects.select_related("authority", "by"))
    now = days.in_force(authority, day) if authority else None
    typed = kept_input.given(request, clock.now(), reverse("reporting:own_day_set"))
    sets = access.may(request.user, Act.SET_OWN_DAY)
    return listed(
        request,
        OwnDayTable(rows),
        title=_("Own day for review"),
        lead=_(
            "The law's %(days)s days after a month's end include the province's review; an authority may set its people an earlier day."
        )
        % {"days": calendar.monthly_days(day)},
        template="reporting/own_days.html",
        context={
            "authority": authority,
            "now": in_words(now),
            "form": OwnDayForm(initial={"days": now, "since": day} | typed, day=day) if sets else None,
        },
    )


@confirming.shown_first(OWN_DAY)
@access.page(Act.SET_OWN_DAY)
@require_POST
def choose(request: SignedInRequest) -> HttpResponse:
    """Set the own authority's day, once the page before it was seen."""
    authority = request.user.authority
    if authority is None:
        raise PermissionDenied

    def do(own: Authority) -> str:
        form = OwnDayForm(request.POST, day=clock.today())
        if not form.is_valid():
            raise Refusal(_("Type the number of days and the day from which it counts."))
        days.choose(own, **form.cleaned_data, by=request.user, at=clock.now())
        return _("Set.")

    return confirming.confirm(
        request, OWN_DAY, find=lambda: authority, do=do, done=lambda said: done(request, said, "reporting:own_days")
    )
