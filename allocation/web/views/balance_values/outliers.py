"""Outliers among verified figures before a balance value: the list, and the ministry's word that one may stand."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from allocation import plans
from allocation.balance_values import outliers
from allocation.web.forms.balance_values import BalanceValueForm, asked_in
from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import printed
from registry.values.exact import half_up
from registry.values.sectors import Sector
from registry.web import export
from registry.web.acting import done
from registry.web.export import Cell, headed, taken_away
from registry.web.listing import list_page
from registry.web.paging import page_of
from registry.web.reasons import reason_of


class ConfirmForm(BalanceValueForm):
    """Which result of which sector and year may stand."""

    result = printed.IntegerField(min_value=1, max_value=2**63 - 1)


@list_page(Act.STUDY_BALANCE_VALUE)
@require_GET
def listed(request: SignedInRequest) -> HttpResponseBase:
    """What stands in the way of a value (`?sector=&year=`), unsettled ones first; `?_export=csv` or `xlsx`."""
    now = clock.now()
    asked = asked_in(request)
    refusal, found = "", []
    try:
        found = outliers.of(**asked, at=now)
    except plans.PlanError as error:
        refusal = str(error)
    found.sort(key=lambda one: (not one.blocks, not one.waits, one.noted))
    if kind := export.asked(request):
        title = headed(
            _("Outliers"), [Sector(asked["sector"]).label, str(asked["year"])], now, request.user, len(found)
        )
        return taken_away(f"outliers-{asked['sector']}-{asked['year']}", kind, title, _head(), map(_cells, found), now)
    context = {
        "page": page_of(request, found),
        "refusal": refusal,
        "sector": Sector(asked["sector"]),
        "year": asked["year"],
        "blocking": sum(one.blocks for one in found),
        "waiting": sum(one.waits for one in found),
        "confirmed": sum(one.confirmed is not None for one in found),
        "factor": outliers.factor(asked["year"]),
        "may_confirm": access.may(request.user, Act.COMPUTE_BALANCE_VALUE),
    }
    return render(request, "allocation/balance_outliers.html", context)


@access.page(Act.COMPUTE_BALANCE_VALUE)
@require_POST
def confirm(request: SignedInRequest) -> HttpResponse:
    """Let an outlier stand."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        raise Refusal(
            _("This result is not an outlier, or has been superseded by a later version; review the list again.")
        )
    asked = form.cleaned_data
    outliers.confirm(**asked, reason=reason_of(request), by=request.user, at=clock.now())
    said = _("Confirmed. The reason is shown beside the value.")
    return done(
        request, said, f"{reverse('allocation:balance_outliers')}?sector={asked['sector']}&year={asked['year']}"
    )


def _head() -> list[str]:
    return [
        _("Province"),
        _("Unified social credit code"),
        _("Unit"),
        _("Line"),
        _("Outlier"),
        _("Verified emissions (tCO₂e)"),
        _("Emissions in the intensity (tCO₂e)"),
        _("Output (t)"),
        _("Intensity"),
        _("Sector's median"),
        _("Confirmed"),
        _("Reason"),
    ]


def _cells(one: outliers.Found) -> list[Cell]:
    result, odd, said = one.result, one.outlier, one.confirmed
    return [
        str(result.unit.authority),
        result.unit.credit_code,
        result.unit.name,
        result.line.code,
        one.what,
        result.emissions,
        result.main_emissions,
        result.output,
        None if odd.intensity is None else half_up(odd.intensity, 4),
        None if odd.median is None else half_up(odd.median, 4),
        str(said.confirmed_by) if said else "",
        said.reason if said else "",
    ]
