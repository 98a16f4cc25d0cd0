"""Two runs beside each other: a page, and the same to take away."""

import functools

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from allocation import export
from allocation.comparison_tables import ComparisonTable
from allocation.models import Run
from allocation.proof.comparison import CAUSES, Change, compare, totals
from registry import access, clock
from registry.access import Act, SignedInRequest
from registry.models import Unit
from registry.paging import paged
from reporting.views.files import attachment

MOST_RUNS = 100


@access.page(Act.VIEW_RUN)
@require_GET
def comparison(request: SignedInRequest, pk: int) -> HttpResponse:
    """The run against another of its authority, sector and kind (`?with=`), by default the one before; `?format=csv` or `xlsx`."""
    found = access.get(request.user, Act.VIEW_RUN, Run.objects.select_related("authority").defer("manifest"), pk=pk)
    others = list(_others(found))
    wanted = request.GET.get("with", "")
    other = next((run for run in others if str(run.pk) == wanted), None)
    if not wanted:
        other = next((run for run in others if run.pk < found.pk), None)
    changes = (
        _changes(other.pk, other.manifest_sha256, pk, found.manifest_sha256) if other and found.manifest_sha256 else ()
    )
    if other and (kind := request.GET.get("format", "")) in ("csv", "xlsx"):
        return _export(other, found, changes, kind)
    sums = totals(changes)
    table = paged(request, ComparisonTable(changes, totals=sums))
    codes = {row.record.unit for row in table.paginated_rows}
    table.names = dict(Unit.objects.filter(credit_code__in=codes).values_list("credit_code", "name"))
    context = {"run": found, "other": other, "others": others, "table": table, "totals": sums}
    return render(request, "allocation/comparison.html", context)


def _others(run: Run) -> list[Run]:
    """The latest computed runs that it can be compared with."""
    rows = Run.objects.filter(authority=run.authority_id, sector=run.sector, kind=run.kind).exclude(pk=run.pk)
    return list(
        rows.exclude(manifest_sha256="").select_related("authority").defer("manifest").order_by("-pk")[:MOST_RUNS]
    )


@functools.lru_cache(maxsize=4)
def _changes(earlier: int, _earlier_sha256: str, later: int, _later_sha256: str) -> tuple[Change, ...]:
    """Kept for the pages of the list: manifests that have a hash never change."""
    manifests = Run.objects.in_bulk([earlier, later])
    return tuple(compare(manifests[earlier].inputs, manifests[later].inputs))


def _export(earlier: Run, later: Run, changes: tuple[Change, ...], kind: str) -> HttpResponse:
    names = ("before", "after", "difference", *CAUSES)
    head = ["unit", "line", *names]
    body = [[row.unit, row.line.split("/", 1)[1], *(getattr(row, name) for name in names)] for row in changes]
    data = export.as_csv(head, body) if kind == "csv" else export.as_xlsx(_("Comparison"), head, body, clock.now())
    return attachment(data, f"runs-{earlier.pk}-{later.pk}.{kind}")
