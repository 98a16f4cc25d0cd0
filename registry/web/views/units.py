"""Units: list and page."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from registry import access, directory
from registry.access import SignedInRequest, journal_entries
from registry.directory import standing
from registry.models import JournalEntry, Unit
from registry.permissions import Act
from registry.web.buttons import begin
from registry.web.filters import UnitFilter
from registry.web.paging import paged
from registry.web.tables.units import LineTable, UnitTable

LATEST = 8


@access.page(Act.VIEW_UNIT)
def units(request: SignedInRequest) -> HttpResponse:
    """The units that the person may see."""
    rows = Unit.objects.select_related("authority").prefetch_related("memberships")
    counted = access.scoped(request.user, Act.VIEW_UNIT, rows).annotate(line_count=Count("lines", distinct=True))
    chosen = UnitFilter(request.GET, queryset=counted)
    table = UnitTable(chosen.qs)
    paged(request, table)
    buttons = [
        begin(request.user, Act.ENTER_UNITS, _("Enter one unit"), "registry:unit_one", tone="outline-secondary"),
        begin(request.user, Act.ENTER_UNITS, _("Enter units from a table"), "registry:units_upload"),
    ]
    return render(request, "registry/units.html", {"table": table, "filter": chosen, "buttons": buttons})


@access.page(Act.VIEW_UNIT)
def unit(request: SignedInRequest, pk: int) -> HttpResponse:
    """One unit: what it is, its lines, its places in the directories, what was last done."""
    found = access.get(request.user, Act.VIEW_UNIT, Unit.objects.select_related("authority"), pk=pk)
    journal = JournalEntry.objects.none()
    if access.may(request.user, Act.VIEW_JOURNAL):
        journal = journal_entries.readable(request.user).filter(unit=found)
    entries = list(directory.visible(request.user).filter(unit=found).order_by("-year", "sector"))
    context = {
        "unit": found,
        "lines": LineTable(found.lines.all()),
        "entries": entries,
        "open_ends": standing.open_ends([entry for entry in entries if getattr(entry, "is_told", False)]),
        "journal": journal.select_related("actor")[:LATEST],
    }
    return render(request, "registry/unit.html", context)
