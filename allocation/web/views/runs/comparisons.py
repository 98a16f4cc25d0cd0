"""Two runs beside each other: a page, and the same to take away."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from allocation import kept_shapes
from allocation.models import Run, Settlement
from allocation.runs.proof.comparison import CAUSES, Change, compare, totals
from allocation.runs.proof.issuing import ISSUE_CAUSES, IssueChange, compare_issued, issued_totals
from allocation.web.tables.comparisons import ComparisonTable, IssueTable
from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Unit
from registry.permissions import Act
from registry.web import export
from registry.web.listing import list_page
from registry.web.paging import paged

MOST_RUNS = 100


@list_page(Act.VIEW_RUN)
@require_GET
def comparison(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The run against another of its authority, sector and kind (`?with=`), by default the one before; `?_export=csv` or `xlsx`."""
    found = access.get(request.user, Act.VIEW_RUN, Run.objects.select_related("authority").defer("manifest"), pk=pk)
    others = list(_others(found))
    wanted = request.GET.get("with", "")
    other = next((run for run in others if str(run.pk) == wanted), None)
    if not wanted:
        other = next((run for run in others if run.pk < found.pk), None)
    compared = (
        _compared(other.pk, other.manifest_sha256, pk, found.manifest_sha256)
        if other and found.manifest_sha256
        else Compared((), {}, (), {})
    )
    if other and (kind := export.asked(request)):
        return _export(request, other, found, compared, kind)
    lines = paged(request, ComparisonTable(compared.lines, totals=compared.line_sums))
    units = paged(request, IssueTable(compared.units, totals=compared.unit_sums, prefix="units-"))
    lines.names = units.names = _names(lines, units)
    context = {
        "run": found,
        "other": other,
        "others": others,
        "table": lines,
        "totals": compared.line_sums,
        "units": units,
        "issued": compared.unit_sums,
    }
    return render(request, "allocation/comparison.html", context)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs line by line and unit by unit, with the sums of all."""

    lines: tuple[Change, ...]
    line_sums: dict[str, int]
    units: tuple[IssueChange, ...]
    unit_sums: dict[str, int]


def _names(*tables: Any) -> dict[str, str]:
    """The names of the units on the pages that are shown. One query."""
    codes = {row.record.unit for table in tables for row in table.paginated_rows}
    return dict(Unit.objects.filter(credit_code__in=codes).values_list("credit_code", "name"))


def _others(run: Run) -> list[Run]:
    """The latest computed runs that it can be compared with."""
    rows = Run.objects.filter(authority=run.authority_id, sector=run.sector, kind=run.kind).exclude(pk=run.pk)
    return list(
        rows.exclude(manifest_sha256="").select_related("authority").defer("manifest").order_by("-pk")[:MOST_RUNS]
    )


@functools.lru_cache(maxsize=4)
def _compared(earlier: int, _earlier_sha256: str, later: int, _later_sha256: str) -> Compared:
    """Kept for the pages of the list: runs that have a hash never change."""
    runs = Run.objects.in_bulk([earlier, later])
    lines = tuple(compare(runs[earlier].inputs, runs[later].inputs))
    units = tuple(compare_issued(_settlements(earlier), _settlements(later), runs[later].kind))
    return Compared(lines, totals(lines), units, issued_totals(units))


def _settlements(run: int) -> Iterator[kept_shapes.IssuedRow]:
    rows = Settlement.objects.filter(run=run).order_by()
    columns = ("unit__credit_code", "pre_allocated", "determined", "issued_before", "issued_now", "issued_total")
    for unit, pre_allocated, determined, issued_before, issued_now, issued_total in rows.values_list(*columns):
        yield {
            "unit": unit,
            "pre_allocated": pre_allocated,
            "determined": determined,
            "issued_before": issued_before,
            "issued_now": issued_now,
            "issued_total": issued_total,
        }


def _export(request: SignedInRequest, earlier: Run, later: Run, compared: Compared, kind: str) -> export.Taken:
    """The lines, or what is issued to the units."""
    of_units, now = request.GET.get("of") == "units", clock.now()
    names = ("before", "after", "difference", *(ISSUE_CAUSES if of_units else CAUSES))
    if of_units:
        head = ["unit", *names]
        body = [[row.unit, *(getattr(row, name) for name in names)] for row in compared.units]
    else:
        head = ["unit", "line", *names]
        body = [
            [row.unit, row.line.split("/", 1)[1], *(getattr(row, name) for name in names)] for row in compared.lines
        ]
    name = f"runs-{earlier.pk}-{later.pk}{'-units' if of_units else ''}"
    title = export.headed(_("Comparison"), [f"{earlier} – {later}"], now, request.user, len(body))
    return export.taken_away(name, kind, title, head, body, now)
