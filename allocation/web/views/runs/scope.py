"""Which lines are in a run and which not: before it is prepared, and after."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from allocation import plans
from allocation.models import Run
from allocation.queries import run_scope
from allocation.scope import left_directory
from allocation.web.forms.runs import ScopeForm
from allocation.web.tables.run_scope import RollTable
from registry import access
from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.models import Authority, DirectoryEntry
from registry.permissions import Act
from registry.values.sectors import Sector, with_quota
from registry.web.acting import may
from registry.web.as_of import year_asked
from registry.web.listing import list_page, listed


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
    return _shown(request, whole, name, str(found), context)


@list_page(Act.PREPARE_RUN)
def prospective(request: SignedInRequest) -> HttpResponseBase:
    """The same for the run that would be prepared now in the officer's own province."""
    usual = {
        "kind": Run.Kind.DETERMINATION,
        "year": year_asked(request, calendar.compliance_year(clock.today())),
        "sector": with_quota()[0].value,
    }
    form = ScopeForm({**usual, **request.GET.dict()})
    whole, refusal, now = None, "", clock.now()
    asked = form.cleaned_data if form.is_valid() else {}
    if asked and request.user.authority is not None:
        try:
            whole = run_scope.prospective(request.user.authority, asked["sector"], asked["year"], asked["kind"], now)
        except plans.PlanError as error:
            refusal = str(error)
    context = {"form": form, "refusal": refusal, "asked": asked, "now": now}
    if asked and request.user.authority is not None:
        context |= _left(request.user.authority, asked["sector"], asked["year"])
    if whole is None:
        return render(request, "allocation/run_scope.html", context)
    words = f"{Run.Kind(asked['kind']).label} {asked['year']} {Sector(asked['sector']).label}"
    return _shown(request, whole, f"scope-{asked['sector']}-{asked['year']}-{asked['kind']}", words, context)


def _left(authority: Authority, sector: str, year: int) -> dict[str, Any]:
    """The units of the scope that left the directory after their quota was determined."""
    entries = DirectoryEntry.objects.filter(unit__authority=authority, sector=sector, year=year)
    return {"open_ends": list(left_directory.open_ends(list(entries.filter(state=DirectoryEntry.State.LEFT))))}


def _shown(
    request: SignedInRequest, whole: run_scope.RunScope, name: str, of: str, context: dict[str, Any]
) -> HttpResponseBase:
    part, reason = request.GET.get("part", ""), request.GET.get("reason", "")
    contested = request.GET.get("contested") == "1"
    rows = whole.narrowed(part, reason, contested)
    table = RollTable(rows)
    said = [of, *([str(run_scope.Part(part).label)] if part in run_scope.Part else [])]
    said += [str(run_scope.REASONS.get(reason, reason))] if reason else []
    said += [_("under objection")] if contested else []
    context |= {
        "parts": [(part, run_scope.Part(part).label, count) for part, count in whole.parts],
        "reasons": [
            (part, run_scope.Part(part).label, key, run_scope.REASONS.get(key, key), count)
            for part, key, count in whole.reasons
        ],
        "all": len(whole.rows),
        "contested": whole.contested,
        "shown": len(rows),
        "narrowed": bool(part or reason or contested),
    }
    return listed(
        request, table, title=_("Scope"), template="allocation/run_scope.html", name=name, said=said, context=context
    )
