"""A computed balance value taken apart: who gains and who loses, on which lines it hangs, what another year of one line would bring."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from allocation import labels
from allocation.balance_values import study as balance_study
from allocation.method.balance import NoBalanceValueError
from allocation.method.determination import Determination
from allocation.method.distribution import Group, Supposed
from allocation.method.line_facts import UnusableLinesError
from allocation.method.report import totals
from allocation.models import BalanceValue
from allocation.web.forms.balance_values import LineWhatIfForm, WhatIfForm
from allocation.web.views.balance_values.values import value_for
from registry import access
from registry.access import SignedInRequest
from registry.permissions import Act
from registry.values import figures
from reporting.accounting import items

# Of the lines that a text may mean so many are listed, and how many there are is said.
MOST_CHOICES = 20


@access.page(Act.STUDY_BALANCE_VALUE)
@require_GET
def distribution(request: SignedInRequest, pk: int) -> HttpResponse:
    """The surplus at a computed value, by province and by size of the unit."""
    found = computed_for(request, pk)
    study = balance_study.of(found)
    bounds = balance_study.size_bounds(study)
    steps = [int(bound) for bound in cast("tuple[int, ...]", bounds.value)]
    provinces = [(str(one), group) for one, group in balance_study.by_province(study)]
    sizes = [(_class_name(group.key, steps), group) for group in balance_study.by_size(study, steps)]
    context = {
        "bv": found,
        "provinces": provinces,
        "province_bars": _bars(provinces),
        "sizes": sizes,
        "size_bars": _bars(sizes),
        "bounds": " / ".join(figures.tonnes(step) for step in steps),
        "assumed": bounds.assumed,
        "totals": totals(study.determinations),
    }
    return render(request, "allocation/balance_distribution.html", context)


def _bars(rows: Sequence[tuple[str, Group[int]]]) -> list[tuple[str, Fraction | None]]:
    return [(label, None if group.rate is None else group.rate * 100) for label, group in rows]


def _class_name(place: int, bounds: Sequence[int]) -> str:
    """A size class as its bounds in tonnes."""
    if place == 0:
        return _("below %(bound)s") % {"bound": figures.tonnes(bounds[0])}
    if place == len(bounds):
        return _("%(bound)s and more") % {"bound": figures.tonnes(bounds[-1])}
    return f"{figures.tonnes(bounds[place - 1])} – {figures.tonnes(bounds[place])}"


@access.page(Act.STUDY_BALANCE_VALUE)
@require_GET
def sensitivity(request: SignedInRequest, pk: int) -> HttpResponse:
    """The lines that a value hangs on, and what it would be if one line (`?line=`) had had another year."""
    found = computed_for(request, pk)
    study = balance_study.of(found)
    asked = request.GET.get("line", "").strip()[:100]
    matching = balance_study.matching(study, asked) if asked else []
    influences = balance_study.influences(found)
    units = balance_study.names([*(one.line for one in influences), *matching[:MOST_CHOICES]])
    context: dict[str, Any] = {
        "bv": found,
        "asked": asked,
        "found": len(matching),
        "choices": [(line, units[line.unit]) for line in matching[:MOST_CHOICES]],
        "influences": [(units[one.line.unit], one.line.line.split("/", 1)[1], one) for one in influences],
    }
    if len(matching) == 1 and (chosen := study.line(matching[0].line)):
        context |= {"chosen": chosen, "unit": units[chosen.line.unit], "case": labels.CASES[chosen.case]}
        context |= _supposed(request, found, study, chosen)
    return render(request, "allocation/balance_sensitivity.html", context)


def _supposed(
    request: SignedInRequest, bv: BalanceValue, study: balance_study.Study, chosen: Determination
) -> dict[str, Any]:
    """The form with the line's figures, and what the changed ones would bring."""
    line = chosen.line
    usual = {"emissions": line.emissions, "main_emissions": line.main_emissions, "output": line.output}
    of_processes = any(item.code == items.MAIN_EMISSIONS for item in items.of(bv.sector))
    kind = WhatIfForm if of_processes else LineWhatIfForm
    if "main_emissions" not in request.GET:
        return {"form": kind(initial=usual)}
    form = kind(request.GET)
    if not form.is_valid():
        return {"form": form}
    data = form.cleaned_data
    try:
        supposed = balance_study.what_if(
            study, line.line, emissions=data["emissions"], main=data["main_emissions"], output=data["output"]
        )
    except (UnusableLinesError, NoBalanceValueError) as fault:
        return {"form": form, "fault": str(fault)}
    return {"form": form, "supposed": supposed, "compared": _compared(bv, study, chosen, supposed)}


def _compared(
    bv: BalanceValue, study: balance_study.Study, chosen: Determination, supposed: Supposed
) -> list[tuple[str, str, str, str]]:
    """What differs, as rows of a table: name, as computed, supposed, difference."""
    before, after, root = totals(study.determinations), supposed.totals, Fraction(bv.exact)
    ratios = [
        (_("Root"), root, supposed.solution.root, 8),
        (_("Balance value, rounded"), Fraction(bv.decimal), Fraction(supposed.solution.value), 4),
    ]
    tonnes = [
        (_("Emissions of the sector"), before.total_emissions, after.total_emissions),
        (_("Quota of the sector"), before.total_quota, after.total_quota),
        (_("Residue (quota − emissions)"), before.residue, after.residue),
        (_("Emissions of the line"), chosen.due, supposed.own.due),
        (_("Quota of the line"), chosen.quota, supposed.own.quota),
        (_("Surplus of the line"), chosen.quota - chosen.due, supposed.own.quota - supposed.own.due),
    ]
    rows = [
        (label, figures.quantity(one, places), figures.quantity(two, places), figures.quantity(two - one, places))
        for label, one, two, places in ratios
    ]
    rows += [(label, figures.tonnes(one), figures.tonnes(two), figures.change(two - one)) for label, one, two in tonnes]
    rows.append((_("Case of the line"), str(labels.CASES[chosen.case]), str(labels.CASES[supposed.own.case]), ""))
    return rows


def computed_for(request: SignedInRequest, pk: int) -> BalanceValue:
    """The value, if it was computed and the person may look at it."""
    found = value_for(request, pk)
    if found.value is None:
        raise Http404  # nothing was computed
    return found
