"""Allocation plans: the versions there are, and each as the law reads."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from allocation import labels, plans
from registry import access
from registry.access import Act
from registry.law import DatedValue, Parameter


@access.page(Act.VIEW_PLAN)
def plans_list(request: HttpRequest) -> HttpResponse:
    """Every plan: the final ones govern, drafts can be simulated."""
    listed = sorted(plans.all_plans(), key=lambda plan: (not plan.governs, plan.id))
    return render(request, "allocation/plans.html", {"plans": listed})


@access.page(Act.VIEW_PLAN)
def plan(request: HttpRequest, plan_id: str) -> HttpResponse:
    """One plan, the values of one emission year, section by section."""
    try:
        found = plans.load_plan(plan_id)
    except plans.UnknownPlanError as error:
        raise Http404 from error
    year = _year(request, found)
    context = {
        "plan": found,
        "year": year,
        "tabs": [{"label": str(one), "url": f"?year={one}", "current": one == year} for one in found.years],
        "sections": _sections(found.for_year(year)),
    }
    return render(request, "allocation/plan.html", context)


def _year(request: HttpRequest, found: plans.Plan) -> int:
    asked = request.GET.get("year", "")
    years = {str(year): year for year in found.years}
    return years.get(asked, max(found.years))


def _sections(terms: plans.PlanYear) -> list[tuple[object, list[tuple[Parameter, DatedValue]]]]:
    """(title, its parameters with the value of the year), in the plan's order; what the plan doesn't say for the year is left out."""
    known = [(parameter, terms.find(name)) for name, parameter in terms.plan.parameters.items()]
    in_force = [(parameter, value) for parameter, value in known if value is not None]
    grouped = groupby(in_force, key=lambda pair: pair[0].id.split(".")[0])
    return [(labels.SECTIONS.get(section, section), list(rows)) for section, rows in grouped]
