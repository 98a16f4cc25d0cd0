"""Balance values: list, have one computed, look at it, publish it."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allocation import balance_values, labels
from allocation.balance_values import completeness, outliers
from allocation.method import balance, shown
from allocation.method.plan_rules import IntensityTerms, rules_of
from allocation.models import BalanceValue
from allocation.plans import load_plan
from allocation.plans.assumed import FOR_BALANCE_VALUE, assumed
from allocation.web.consequences import balance_values as consequences
from allocation.web.forms.balance_values import BalanceValueForm, asked_in, usual
from allocation.web.tables.balance_values import BalanceValueTable
from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.sectors import with_quota
from registry.web import kept_input
from registry.web.acting import act_on, done
from registry.web.acting import progress as progress_of
from registry.web.buttons import Button, link, press, with_reason
from registry.web.listing import list_page, listed
from registry.web.reasons import reason_of
from reporting.models import Verification
from reporting.models.verification import OPEN

# So many of the lines that a value was computed without stand on its page; all of them can be taken away.
LISTED = 50
# So many of its hypothetical recomputations are named there, the latest ones.
RECOMPUTED = 10


@list_page(Act.VIEW_BALANCE_VALUE)
def balance_values_list(request: SignedInRequest) -> HttpResponseBase:
    """Every computation, and for the ministry how complete the results are and the form that asks for a value."""
    rows = BalanceValue.objects.select_related("computed_by")
    unpublished = _sees_unpublished(request)
    if not unpublished:
        rows = rows.filter(state=BalanceValue.State.PUBLISHED)
    form = None
    if access.may(request.user, Act.COMPUTE_BALANCE_VALUE):
        given = kept_input.given(request, clock.now(), reverse("allocation:balance_value_compute"))
        form = BalanceValueForm(initial=usual(request) | request.GET.dict() | given)
    table = BalanceValueTable(rows, stale=_overtaken() if unpublished else frozenset())
    if not unpublished:
        table.empty_text = _("No balance value has been published yet.")
    context: dict[str, Any] = {"form": form}
    if form or access.may(request.user, Act.PUBLISH_BALANCE_VALUE):
        of = asked_in(request)
        context |= {
            "completeness": completeness.of(**of, at=clock.now()),
            "of": of,
            "sectors": _sector_tabs(of),
            "missing_url": f"{reverse('allocation:balance_value_missing')}?sector={of['sector']}&year={of['year']}",
            "outliers_url": f"{reverse('allocation:balance_outliers')}?sector={of['sector']}&year={of['year']}",
        }
    return listed(request, table, title=_("Balance values"), template="allocation/balance_values.html", context=context)


def _overtaken() -> frozenset[int]:
    """The keys of computed values that can't be published any more."""
    computed = BalanceValue.objects.filter(state=BalanceValue.State.COMPUTED).defer("report")
    return frozenset(value.pk for value in computed if balance_values.stale(value, clock.now()))


def _sector_tabs(of: dict[str, Any]) -> list[dict[str, object]]:
    page = reverse("allocation:balance_values")
    return [
        {"label": one.label, "url": f"{page}?sector={one.value}&year={of['year']}", "current": one == of["sector"]}
        for one in with_quota()
    ]


@access.page(Act.COMPUTE_BALANCE_VALUE)
@require_POST
def compute(request: SignedInRequest) -> HttpResponse:
    """Ask for a value to be computed."""
    form = BalanceValueForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Choose the sector and the year whose balance value is to be computed."))
    asked = balance_values.request(**form.cleaned_data, by=request.user, at=clock.now())
    said = _("Requested. The page shows the value once it is computed.")
    return done(request, said, "allocation:balance_value", pk=asked.pk)


@access.page(Act.VIEW_BALANCE_VALUE)
def balance_value(request: SignedInRequest, pk: int) -> HttpResponse:
    """One value: what it is, what it brings about, from what, and what was missing."""
    found = value_for(request, pk)
    rules = rules_of(load_plan(found.plan_id), found.sector, found.year)
    may_study = access.may(request.user, Act.STUDY_BALANCE_VALUE)
    stale = balance_values.stale(found, clock.now())
    own = found.computed_by_id == request.user.pk
    computed = found.state == BalanceValue.State.COMPUTED
    context = {
        "bv": found,
        "tone": labels.BALANCE_VALUE_TONES[BalanceValue.State(found.state)],
        "report": found.found if found.value else None,
        "exact": _exactly(found),
        "places": _places(found),
        "bounds": _bounds(found, rules.terms),
        "assumed": assumed(rules.plan_year, FOR_BALANCE_VALUE),
        "cut": f":{LISTED}",
        "listed": LISTED,
        "may_study": may_study,
        "confirmed": outliers.behind(found) if may_study and found.value else [],
        "deciles": _deciles(found),
        "recomputations": found.recomputations.defer("manifest", "comparison")[:RECOMPUTED] if may_study else [],
        "stale": stale,
        "under_way": _under_way(found) if computed else 0,
        "may_compute_again": stale and access.may(request.user, Act.COMPUTE_BALANCE_VALUE),
        "may_publish": computed and not stale and not own and access.may(request.user, Act.PUBLISH_BALANCE_VALUE),
        "asked": [with_reason(request, _("Withdraw the value"), _("Withdraw"), "allocation:balance_value_withdraw", pk)]
        if computed and own
        else [],
        "may_see_job": found.job and access.may(request.user, Act.COMPUTE_BALANCE_VALUE),
    }
    context["buttons"] = _offered(request, found, may_publish=bool(context["may_publish"]))
    return render(request, "allocation/balance_value.html", context)


def _offered(request: SignedInRequest, found: BalanceValue, *, may_publish: bool) -> list[Button | None]:
    published = found.state == BalanceValue.State.PUBLISHED
    recomputes = published and access.may(request.user, Act.COMPUTE_BALANCE_VALUE)
    studies = bool(found.value) and access.may(request.user, Act.STUDY_BALANCE_VALUE)
    again = _("Compute hypothetically with today's results")
    return [
        press(again, "allocation:balance_recompute", found.pk, tone="outline-secondary") if recomputes else None,
        link(_("Surplus by province and size"), "allocation:balance_distribution", found.pk) if studies else None,
        link(_("Sensitivity"), "allocation:balance_sensitivity", found.pk) if studies else None,
        link(_("Publish"), "allocation:balance_value_publish", found.pk, tone="primary") if may_publish else None,
    ]


def _under_way(found: BalanceValue) -> int:
    """Verifications of the sector and year that are not approved yet: their results would make the value stale."""
    return Verification.objects.filter(sector=found.sector, year=found.year, state__in=OPEN).count()


@act_on(Act.COMPUTE_BALANCE_VALUE, BalanceValue, to="allocation:balance_value")
def withdraw(request: SignedInRequest, found: BalanceValue) -> str:
    """Take back a value that isn't published."""
    balance_values.withdraw(found, reason=reason_of(request), by=request.user, at=clock.now())
    return _("Withdrawn.")


@act_on(Act.PUBLISH_BALANCE_VALUE, BalanceValue, to="allocation:balance_value", asks=consequences.PUBLICATION)
def publish(request: SignedInRequest, found: BalanceValue) -> str:
    """Publish a value."""
    balance_values.publish(found, by=request.user, at=clock.now())
    return _("Published. The provinces determine quota with it from now on.")


@access.page(Act.VIEW_BALANCE_VALUE)
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The job's progress as a fragment that the page polls."""
    found = access.get(request.user, Act.VIEW_BALANCE_VALUE, BalanceValue.objects.select_related("job"), pk=pk)
    return progress_of(request, found.job, _("Computing the balance value"))


def value_for(request: SignedInRequest, pk: int) -> BalanceValue:
    """The value, if the person may look at it; else raises as `access.get` does."""
    rows = BalanceValue.objects.select_related("computed_by", "published_by", "job")
    if not _sees_unpublished(request):
        rows = rows.filter(state=BalanceValue.State.PUBLISHED)
    return access.get(request.user, Act.VIEW_BALANCE_VALUE, rows, pk=pk)


def _sees_unpublished(request: SignedInRequest) -> bool:
    """A value that isn't published is the ministry's own affair (and the auditor's), as what lies behind it."""
    return access.may(request.user, Act.STUDY_BALANCE_VALUE)


def _exactly(found: BalanceValue) -> dict[str, Any]:
    """The root and, where a whole interval balances, its ends, each as a page can bear it."""
    if not found.value:
        return {}
    ends = [shown.bounded(Fraction(end)) for end in (found.low, found.high) if end]
    cut = not ends and found.found["within"] > balance.EXACT_UP_TO
    return {"root": shown.bounded(Fraction(found.exact), cut=cut), "ends": ends}


def _bounds(found: BalanceValue, terms: IntensityTerms) -> dict[str, Any]:
    """The intensities at which the coefficient reaches its caps at this value, and the terms that say so."""
    if not found.value:
        return {}
    value = Fraction(found.value)
    return {
        "limit": terms.limit,
        "cap": terms.cap,
        "best": shown.exact(value * (1 - terms.limit)),
        "worst": shown.exact(value * (1 + terms.limit)),
    }


def _places(found: BalanceValue) -> list[tuple[str, int, str]]:
    """How the lines lie about the value, as parts of a whole."""
    if not found.value:
        return []
    report = found.found
    return [
        (_("at the upper cap"), report["clipped_above"], "ok"),
        (_("by intensity"), report["within"], "info"),
        (_("at the lower cap"), report["clipped_below"], "warn"),
        (_("quota equals emissions"), report["equal_lines"], "neutral"),
        (_("outside"), report["outside_lines"], "neutral"),
    ]


def _deciles(found: BalanceValue) -> list[tuple[str, Decimal]]:
    """The surplus rates in percent, from the lowest to the highest."""
    rates = found.found.get("surplus_deciles", []) if found.value else []
    last = len(rates) - 1
    named = {0: _("lowest"), last: _("highest")}
    return [(named.get(place, f"{place * 10} %"), Decimal(rate) * 100) for place, rate in enumerate(rates)]
