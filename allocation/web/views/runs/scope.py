"""Which lines are in a run and which not: before it is prepared, and after."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from allocation import plans
from allocation.models import Run
from allocation.queries import run_scope
from allocation.scope import left_directory
from allocation.web.forms.balance_values import usual
from allocation.web.forms.runs import RollForm, ScopeForm
from allocation.web.tables.run_scope import RollTable
from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Authority, DirectoryEntry
from registry.permissions import Act
from registry.web.acting import may
from registry.web.listing import list_page, listed
from registry.web.listing.in_memory import RowFilter, units_named


@list_page(Act.VIEW_RUN)
def of_run(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Every line that could belong to a run, and what the run did with it."""
    found = access.get(request.user, Act.VIEW_RUN, Run.objects.select_related("authority").defer("manifest"), pk=pk)
    if not found.manifest_sha256:
        raise Http404  # nothing was computed
    whole = run_scope.of_run(found)
    name = f"scope-{found.authority.code}-{found.sector}-{found.year}-{found.kind}-{found.pk}"
    context = {"run": found, "may_prepare": may(request.user, Act.PREPARE_RUN, found)}
    context |= _left(found.authority, found.sector, found.year)
    return _shown(request, whole, RollForm(request.GET), name, context, said=[found])


@list_page(Act.PREPARE_RUN)
def prospective(request: SignedInRequest) -> HttpResponseBase:
    """The same for the run that would be prepared now in the officer's own province."""
    form = ScopeForm({"kind": Run.Kind.DETERMINATION, **usual(request), **request.GET.dict()})
    whole, refusal, now = None, "", clock.now()
    asked = form.cleaned_data if form.is_valid() else {}
    if asked and request.user.authority is not None:
        try:
            whole = run_scope.prospective(request.user.authority, asked["sector"], asked["year"], asked["kind"], now)
        except plans.PlanError as error:
            refusal = str(error)
    context = {"filter": {"form": form}, "refusal": refusal, "asked": asked, "now": now}
    if asked and request.user.authority is not None:
        context |= _left(request.user.authority, asked["sector"], asked["year"])
    if whole is None:
        return render(request, "allocation/run_scope.html", context)
    return _shown(request, whole, form, f"scope-{asked['sector']}-{asked['year']}-{asked['kind']}", context)


def _left(authority: Authority, sector: str, year: int) -> dict[str, Any]:
    """The units of the scope that left the directory after their quota was determined."""
    entries = DirectoryEntry.objects.filter(unit__authority=authority, sector=sector, year=year)
    return {"open_ends": list(left_directory.open_ends(list(entries.filter(state=DirectoryEntry.State.LEFT))))}


def _shown(
    request: SignedInRequest,
    whole: run_scope.RunScope,
    form: RollForm,
    name: str,
    context: dict[str, Any],
    said: Sequence[object] = (),
) -> HttpResponseBase:
    chosen = RowFilter(
        form,
        whole.rows,
        same={"part": lambda row: row.part, "reason": lambda row: row.reason},
        such={"contested": lambda _ticked: lambda row: row.contested, "q": _of_units},
    )
    context |= {
        "parts": [(part, run_scope.Part(part).label, count) for part, count in whole.parts],
        "reasons": [
            (part, run_scope.Part(part).label, key, run_scope.REASONS.get(key, key), count)
            for part, key, count in whole.reasons
        ],
        "all": len(whole.rows),
        "contested": whole.contested,
        "shown": len(chosen.rows),
    }
    table, title = RollTable(chosen.rows), _("Scope")
    return listed(
        request,
        table,
        chosen,
        title=title,
        template="allocation/run_scope.html",
        name=name,
        said=said,
        context=context,
    )


def _of_units(typed: str) -> Callable[[run_scope.ScopeRow], bool]:
    found = units_named(typed)
    return lambda row: row.line.unit_id in found
