"""Allocation plans: the versions there are, and each as the law reads."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from allocation import labels, plans
from allocation.labels import plan_in_words
from allocation.plans import comparison
from allocation.templatetags.allocation_law import law_value
from registry import access
from registry.law import DatedValue, Parameter
from registry.permissions import Act
from registry.values.bilingual import in_language
from registry.values.sectors import Sector
from registry.web.export import Cell
from registry.web.listing import list_page, rows_taken


@list_page(Act.VIEW_PLAN)
def plans_list(request: HttpRequest) -> HttpResponseBase:
    """Every plan: the final ones are in force, drafts can be simulated."""
    listed = sorted(plans.all_plans(), key=lambda plan: (not plan.in_force, plan.id))
    head = [_("Plan"), _("Document"), _("Years"), _("Version"), _("State")]
    if taken := rows_taken(request, "plans", _("Allocation plans"), head, map(_cells, listed)):
        return taken
    return render(request, "allocation/plans.html", {"plans": listed})


def _cells(plan: plans.Plan) -> list[Cell]:
    state = _("currently in force") if plan.in_force else _("draft: simulation only")
    years = "; ".join(map(str, plan.years))
    return [in_language(plan.zh, plan.en), law_value(plan.document), years, law_value(plan.version), state]


@access.page(Act.VIEW_PLAN)
def plan(request: HttpRequest, plan_id: str) -> HttpResponse:
    """One plan as it reads for one emission year, section by section: in sentences, and value by value."""
    try:
        found = plans.load_plan(plan_id)
    except plans.UnknownPlanError as error:
        raise Http404 from error
    year = _year(request, found)
    read = dict(plan_in_words.clauses(found.for_year(year)))
    read.setdefault("surrender", []).extend(plan_in_words.later(found.for_year(year)))
    context = {
        "others": [one for one in plans.all_plans() if one.id != found.id],
        "plan": found,
        "year": year,
        "tabs": [{"label": str(one), "url": f"?year={one}", "current": one == year} for one in found.years],
        "of_sectors": plan_in_words.of_sectors(found.for_year(year)),
        "sectors": [Sector(sector).label for sector in found.sectors],
        "sections": [
            (labels.SECTIONS.get(section, section), read[section], rows)
            for section, rows in _sections(found.for_year(year))
        ],
    }
    return render(request, "allocation/plan.html", context)


@access.page(Act.VIEW_PLAN)
def beside(request: HttpRequest, plan_id: str, other_id: str) -> HttpResponse:
    """Two plans side by side, rule by rule: what differs, in the years that are chosen."""
    try:
        pair = [plans.load_plan(plan_id), plans.load_plan(other_id)]
    except plans.UnknownPlanError as error:
        raise Http404 from error
    years = [_year(request, pair[0]), _year(request, pair[1], "other_year")]
    rows = comparison.beside(pair[0].for_year(years[0]), pair[1].for_year(years[1]))
    everything = request.GET.get("all") == "1"
    shown = [row for row in rows if everything or row.differs]
    sections = groupby(shown, key=lambda row: row.parameter.id.split(".")[0])
    context = {
        "sides": list(zip(pair, years, strict=True)),
        "choices": [_choices(request, "year", pair[0], years[0]), _choices(request, "other_year", pair[1], years[1])],
        "sections": [(labels.SECTIONS.get(section, section), list(of)) for section, of in sections],
        "different": sum(row.differs for row in rows),
        "same": sum(not row.differs for row in rows),
        "everything": everything,
        "toggle": _with(request, "all", "0" if everything else "1"),
    }
    return render(request, "allocation/plans_beside.html", context)


def _choices(request: HttpRequest, name: str, of: plans.Plan, chosen: int) -> list[dict[str, object]]:
    """The years of one side as tabs; the other side stays as it is."""
    return [{"label": str(one), "url": _with(request, name, str(one)), "current": one == chosen} for one in of.years]


def _with(request: HttpRequest, name: str, value: str) -> str:
    query = request.GET.copy()
    query[name] = value
    return f"?{query.urlencode()}"


def _year(request: HttpRequest, found: plans.Plan, name: str = "year") -> int:
    asked = request.GET.get(name, "")
    years = {str(year): year for year in found.years}
    return years.get(asked, max(found.years))


def _sections(terms: plans.PlanYear) -> list[tuple[str, list[tuple[Parameter, DatedValue]]]]:
    """(code, its parameters with the value of the year), in the plan's order; what the plan doesn't say for the year is left out."""
    known = [(parameter, terms.find(name)) for name, parameter in terms.plan.parameters.items()]
    in_force = [(parameter, value) for parameter, value in known if value is not None]
    grouped = groupby(in_force, key=lambda pair: pair[0].id.split(".")[0])
    return [(section, list(rows)) for section, rows in grouped]
