"""Hypothetical recomputations of a published balance value: have one computed, look at it, take away which lines changed."""

from decimal import Decimal
from fractions import Fraction

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from allocation import labels
from allocation.balance_values import recomputations
from allocation.models import BalanceValue, Recomputation
from allocation.web.export import Cell
from allocation.web.tables.recomputations import ChangedLine, ChangedLineTable, changed_lines
from allocation.web.views.balance_values.study import taken_away
from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.permissions import Act
from registry.web.paging import paged


@access.page(Act.COMPUTE_BALANCE_VALUE)
@require_POST
def recompute(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a published value to be computed once more with today's results."""
    found = access.get(request.user, Act.COMPUTE_BALANCE_VALUE, BalanceValue.objects.all(), pk=pk)
    asked = recomputations.request(found, by=request.user, at=clock.now())
    messages.success(request, _("Asked for. It is compared with the published value and changes nothing."))
    return redirect("allocation:recomputation", pk=asked.pk)


@access.page(Act.STUDY_BALANCE_VALUE)
@require_GET
def recomputation(request: SignedInRequest, pk: int) -> HttpResponse:
    """One recomputation beside the published value; `?format=csv` or `xlsx` for the lines whose results changed."""
    rows = Recomputation.objects.select_related("published", "asked_by", "job").defer("manifest")
    found = access.get(request.user, Act.STUDY_BALANCE_VALUE, rows, pk=pk)
    computed = found.state == Recomputation.State.COMPUTED
    lines = changed_lines(found) if computed else []
    if computed and (kind := request.GET.get("format", "")) in ("csv", "xlsx"):
        return taken_away(f"recomputation-{pk}", kind, _head(), [_cells(one) for one in lines], found.asked_at)
    context = {
        "row": found,
        "bv": found.published,
        "computed": computed,
        "tone": labels.RECOMPUTATION_TONES[Recomputation.State(found.state)],
    }
    if computed:
        before, after = found.compared["totals"]
        value, published = found.value or Decimal(), found.published.decimal
        context |= {
            "difference": value - published,
            "root_moves": Fraction(found.exact) - Fraction(found.published.exact),
            "before": before,
            "after": after,
            "total_difference": after["quota"] - before["quota"],
            "moved": found.compared["moved"],
            "changed": len(lines),
            "provinces": recomputations.provinces(found),
            "table": paged(request, ChangedLineTable(lines)),
        }
    return render(request, "allocation/recomputation.html", context)


@access.page(Act.STUDY_BALANCE_VALUE)
@require_GET
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The job's progress as a fragment that the page polls."""
    found = access.get(request.user, Act.STUDY_BALANCE_VALUE, Recomputation.objects.select_related("job"), pk=pk)
    context = {"job": found.job, "title": _("Computing the balance value again"), "url": request.path}
    response = render(request, "partials/job.html", context)
    if found.job is None or found.job.is_over:
        response.headers["HX-Refresh"] = "true"
    return response


def _head() -> list[str]:
    return [
        _("Unified social credit code"),
        _("Unit"),
        _("Line"),
        _("Emissions then (tCO₂e)"),
        _("Emissions now (tCO₂e)"),
        _("Intensity then"),
        _("Intensity now"),
        _("Quota then (t)"),
        _("Hypothetical quota (t)"),
    ]


def _cells(one: ChangedLine) -> list[Cell]:
    """A side that has no such line stays empty."""
    sides = (one.before, one.after)
    return [
        *(one.code, one.unit, one.line),
        *(side and side["emissions"] for side in sides),
        *(Decimal(side["intensity"]) if side and side["intensity"] else None for side in sides),
        *(side and side["quota"] for side in sides),
    ]
