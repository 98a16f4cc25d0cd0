"""Hypothetical recomputations of a published balance value: have one computed, look at it, take away which lines changed."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from allocation import labels
from allocation.balance_values import recomputations
from allocation.models import BalanceValue, Recomputation
from allocation.web.forms.balance_values import ChangedForm
from allocation.web.tables.recomputations import ChangedLine, ChangedLineTable, changed_lines
from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.permissions import Act
from registry.web.acting import act_on, done
from registry.web.acting import progress as progress_of
from registry.web.listing import list_page, listed
from registry.web.listing.in_memory import RowFilter, codes_like


@act_on(Act.COMPUTE_BALANCE_VALUE, BalanceValue)
def recompute(request: SignedInRequest, found: BalanceValue) -> HttpResponse:
    """Ask for a published value to be recomputed with today's results."""
    asked = recomputations.request(found, by=request.user, at=clock.now())
    said = _("Requested. The result is compared with the published value and changes nothing.")
    return done(request, said, "allocation:recomputation", pk=asked.pk)


@list_page(Act.STUDY_BALANCE_VALUE)
@require_GET
def recomputation(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """One recomputation beside the published value, with the lines whose results changed."""
    rows = Recomputation.objects.select_related("published", "asked_by", "job").defer("manifest")
    found = access.get(request.user, Act.STUDY_BALANCE_VALUE, rows, pk=pk)
    computed = found.state == Recomputation.State.COMPUTED
    lines = changed_lines(found) if computed else []
    context = {
        "row": found,
        "bv": found.published,
        "computed": computed,
        "tone": labels.RECOMPUTATION_TONES[Recomputation.State(found.state)],
    }
    if not computed:
        return render(request, "allocation/recomputation.html", context)
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
    }
    chosen = RowFilter(
        ChangedForm(request.GET),
        lines,
        same={"province": lambda line: line.province, "change": lambda line: line.change.value},
        such={"q": _of_units},
    )
    return listed(
        request,
        ChangedLineTable(chosen.rows),
        chosen,
        title=_("Lines with changed results"),
        template="allocation/recomputation.html",
        name=f"recomputation-{pk}",
        said=[str(found.published)],
        context=context,
    )


def _of_units(typed: str) -> Callable[[ChangedLine], bool]:
    found = codes_like(typed)
    return lambda line: line.code in found


@access.page(Act.STUDY_BALANCE_VALUE)
@require_GET
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The job's progress as a fragment that the page polls."""
    found = access.get(request.user, Act.STUDY_BALANCE_VALUE, Recomputation.objects.select_related("job"), pk=pk)
    return progress_of(request, found.job, _("Recomputing the balance value"))
