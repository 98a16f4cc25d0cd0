"""Units: list and page."""

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from registry import access, directory
from registry.access import SignedInRequest, journal_entries
from registry.directory import standing
from registry.models import JournalEntry, Line, Unit
from registry.permissions import Act
from registry.web.buttons import begin
from registry.web.filters import UnitFilter
from registry.web.listing import list_page, listed
from registry.web.tables.units import LineTable, UnitTable

LATEST = 8
# Asked for the units that are shown, not for all that there are before them.
_OF_UNIT = Line.objects.filter(unit=OuterRef("pk")).order_by().values("unit").annotate(count=Count("pk"))
LINES = Coalesce(Subquery(_OF_UNIT.values("count"), output_field=IntegerField()), 0)


@list_page(Act.VIEW_UNIT)
def units(request: SignedInRequest) -> HttpResponseBase:
    """The units that the person may see."""
    rows = Unit.objects.select_related("authority").prefetch_related("memberships")
    counted = access.scoped(request.user, Act.VIEW_UNIT, rows).annotate(line_count=LINES)
    chosen = UnitFilter(request.GET, queryset=counted, request=request)
    buttons = [
        begin(request.user, Act.ENTER_UNITS, _("Enter one unit"), "registry:unit_one", tone="outline-secondary"),
        begin(request.user, Act.ENTER_UNITS, _("Enter units from a table"), "registry:units_upload"),
    ]
    return listed(
        request,
        UnitTable(chosen.qs),
        chosen,
        title=_("Key emission units"),
        lead=_("All units within your remit, with their sectors and lines."),
        context={"buttons": buttons},
    )


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
