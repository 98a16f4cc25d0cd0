"""What a forecast year would bring in quota."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from allocation.plans.assumed import FOR_BALANCE_VALUE, assumed
from allocation.queries.prospect import prospect
from registry import access
from registry.access import SignedInRequest
from registry.models import Unit
from registry.permissions import Act
from registry.values.sectors import Sector, with_quota
from registry.web.as_of import as_of
from reporting.periods import YEARS


@access.page(Act.VIEW_AWARD)
def quota_forecast(request: SignedInRequest, pk: int, year: int, sector: str) -> HttpResponse:
    """A unit's forecast year, determined by the plan at the balance value of the day."""
    unit = access.get(request.user, Act.VIEW_AWARD, Unit.objects.select_related("authority"), pk=pk)
    if year not in YEARS or sector not in with_quota():
        raise Http404
    day = as_of(request)
    found = prospect(unit, sector, year, day)
    context = {
        "unit": unit,
        "year": year,
        "sector": Sector(sector),
        "as_of": day,
        "found": found,
        "assumed": assumed(found.plan.for_year(year), FOR_BALANCE_VALUE) if found.plan else [],
        "may_see_value": access.may(request.user, Act.VIEW_BALANCE_VALUE),
    }
    return render(request, "allocation/quota_forecast.html", context)
