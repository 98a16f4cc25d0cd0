"""More time for one unit's period: the form, with the days it moves between, and what was granted before."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from registry import access
from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.models import Unit
from registry.permissions import Act
from registry.values import figures
from registry.values.sectors import Sector
from registry.web.acting import done, form_here
from reporting.filing import deadlines
from reporting.models import DeadlineExtension
from reporting.periods import due_day
from reporting.web.forms.deadlines import ExtensionForm


@access.page(Act.EXTEND_DEADLINE)
def extend(request: SignedInRequest, pk: int, sector: str, period: str) -> HttpResponse:
    """Extend the deadline of a unit's period."""
    unit = access.get(request.user, Act.EXTEND_DEADLINE, Unit.objects.select_related("authority"), pk=pk)
    if sector not in Sector.values or not unit.memberships.filter(sector=sector).exists():
        raise Http404
    now = clock.now()
    lawful = due_day(period)  # refuses what is no period at all
    form = form_here(ExtensionForm, request)
    if request.method == "POST" and form.is_valid():
        made = deadlines.extend(unit, sector, period, **form.cleaned_data, by=request.user, at=now)
        said = _("Extended to %(day)s. The unit has been informed.") % {"day": figures.day(made.due)}
        return done(request, said, "reporting:package", pk=made.package_id)
    own = {"package__unit": unit, "package__sector": sector, "package__period": period}
    context = {
        "unit": unit,
        "sector": Sector(sector),
        "period": period,
        "lawful": lawful,
        "due": deadlines.dues([unit.pk], calendar.local_day(now)).of(unit.pk, sector, period),
        "latest": deadlines.latest_possible(period, now),
        "granted": DeadlineExtension.objects.filter(**own).select_related("by").order_by("-pk"),
        "form": form,
    }
    return render(request, "reporting/deadline_extend.html", context, status=422 if form.is_bound else 200)
