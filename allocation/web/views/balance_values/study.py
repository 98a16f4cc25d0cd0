"""What lies behind a balance value: which results are missing, what it was computed without, and all of it for programs."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from allocation.web.forms.balance_values import MissingForm, usual
from allocation.web.tables import missing_results
from allocation.web.views.balance_values.values import value_for
from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.permissions import Act
from registry.values.canonical import canonical
from registry.values.sectors import Sector
from registry.web import export
from registry.web.downloads import attachment
from registry.web.listing import list_page, listed
from registry.web.listing.in_memory import RowFilter, units_named


@list_page(Act.STUDY_BALANCE_VALUE)
@require_GET
def missing(request: SignedInRequest) -> HttpResponseBase:
    """The lines whose verified result a balance value still lacks (`?sector=&year=&province=`)."""
    now = clock.now()
    first = usual(request)
    form = MissingForm({**first, **request.GET.dict()})
    form.is_valid()
    asked = {name: form.cleaned_data.get(name, first[name]) for name in first}
    chosen = RowFilter(
        form,
        missing_results.of(**asked, at=now),
        same={"province": lambda row: row.line.unit.authority.code, "stage": lambda row: row.stage.value},
        such={"q": _of_units},
    )
    rows = chosen.rows
    context = {
        "sector": Sector(asked["sector"]),
        "year": asked["year"],
        "lines": len(rows),
        "units": len({row.line.unit_id for row in rows}),
        "tonnes": sum(row.before or 0 for row in rows),
        "unknown": sum(row.before is None for row in rows),
        "now": now,
    }
    province = form.cleaned_data.get("province")
    return listed(
        request,
        missing_results.MissingTable(rows),
        chosen,
        title=_("Missing verified results"),
        template="allocation/balance_missing.html",
        name="-".join(["missing", asked["sector"], str(asked["year"]), *([province] if province else [])]),
        context=context,
    )


def _of_units(typed: str) -> Callable[[missing_results.Row], bool]:
    found = units_named(typed)
    return lambda row: row.line.unit_id in found


@access.page(Act.STUDY_BALANCE_VALUE)
@require_GET
def left_out(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """All lines that a value was computed without, as it was stored then; a CSV, or with `?_export=xlsx` a workbook."""
    found = value_for(request, pk)
    report = found.found
    without = {
        _("no verified result"): report.get("missing", []),
        _("not in the year's directory"): report.get("strangers", []),
    }
    head = [_("Province"), _("Unit"), _("Line"), _("Name"), _("Reason")]
    cells: list[list[export.Cell]] = [
        [row["authority"], row["unit"], row["line"], row["name"], reason]
        for reason, rows in without.items()
        for row in rows
    ]
    of = [found.get_sector_display(), str(found.year)]
    title = export.headed(_("Lines left out of the balance value"), of, found.requested_at, request.user, len(cells))
    name = f"left-out-{found.sector}-{found.year}-{pk}"
    return export.taken_away(name, export.asked(request) or "csv", title, head, cells, found.requested_at)


@access.page(Act.VIEW_BALANCE_VALUE)
@require_GET
def as_json(request: SignedInRequest, pk: int) -> HttpResponse:
    """The value with its root in full, however long, and all that was found beside it; whose lines it was computed without is the
    ministry's to know, to others it says how many."""
    found = value_for(request, pk)
    report: dict[str, Any] = {**found.found}
    if not access.may(request.user, Act.STUDY_BALANCE_VALUE):
        report = report | {name: len(report[name]) for name in ("missing", "strangers") if name in report}
    content = {
        "sector": found.sector,
        "year": found.year,
        "plan": found.plan_id,
        "state": found.state,
        "value": f"{found.value:f}" if found.value else None,
        "root": found.exact or None,
        "interval": [found.low, found.high] if found.low else None,
        "report": report,
        "manifest_sha256": found.manifest_sha256,
    }
    return attachment(canonical(content).encode(), f"balance-value-{found.sector}-{found.year}-{pk}.json")
