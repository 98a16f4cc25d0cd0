"""Versions of a control plan side by side."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from registry import access
from registry.access import SignedInRequest
from registry.permissions import Act
from registry.values import figures
from reporting.control_plan import Plan, differences
from reporting.models import ControlPlan, ControlPlanVersion
from reporting.queries import plan_sheets
from reporting.web.views.control_plans.asked import PLANS, in_force


@access.page(Act.VIEW_CONTROL_PLAN)
def compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Two versions side by side, the last two unless others are asked for; for its unit a draft beside the version in force."""
    plan = access.get(request.user, Act.VIEW_CONTROL_PLAN, PLANS, pk=pk)
    versions = list(plan.versions.select_related("decision").order_by("number"))
    sides = [_version_side(version) for version in versions]
    accepted = {str(version.number) for version in in_force(versions)}
    stands = next((side for side in reversed(sides) if side.key in accepted), None)
    if plan.takes_edits and access.may(request.user, Act.VIEW_DRAFT):
        sides.append(_draft_side(plan))
    by_key = {side.key: side for side in sides}
    earlier, later = sides[-2:] if len(sides) > 1 else (None, None)
    if later is not None and later.key == DRAFT and stands:
        earlier = stands
    before = by_key.get(request.GET.get("a", "")) or earlier
    after = by_key.get(request.GET.get("b", "")) or later
    rows = _differences(before.says, after.says) if before and after else []
    context = {"plan": plan, "sides": sides, "before": before, "after": after, "rows": rows}
    return render(request, "reporting/control_plan_compare.html", context)


DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Side:
    """A version, or the draft, as one of two that are compared: its key in the address, its name, its heading, and what it says."""

    key: str
    name: str
    heading: str
    says: Plan


def _version_side(version: ControlPlanVersion) -> Side:
    said = {"number": version.number, "day": figures.day(version.valid_from)}
    heading = _("Version %(number)s, valid from %(day)s") % said
    return Side(str(version.number), str(version.number), heading, version.stated)


def _draft_side(plan: ControlPlan) -> Side:
    heading = _("Draft, to be valid from %(day)s") % {"day": figures.day(plan.valid_from)}
    return Side(DRAFT, _("draft"), heading, plan.plan)


def _differences(before: Plan, after: Plan) -> list[tuple[str, str, str, str]]:
    """(parameter, what, before, after) in words."""
    names = {**plan_sheets.labels(before), **plan_sheets.labels(after)}
    asked = {each.place: each for plan in (before, after) for each in plan_sheets.parameters(plan)}
    return [
        (
            names.get(change.place, change.place.key),
            str(plan_sheets.LABELS[change.field]),
            plan_sheets.shown(asked.get(change.place), change.field, change.before),
            plan_sheets.shown(asked.get(change.place), change.field, change.after),
        )
        for change in differences(before, after)
    ]
