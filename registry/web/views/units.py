"""Units and their lines: the list, a unit's page, a line's."""

from collections.abc import Iterator

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from registry import access, directory
from registry.access import SignedInRequest, journal_entries
from registry.directory import dossier, standing
from registry.models import JournalEntry, Line, Unit
from registry.permissions import Act
from registry.values import figures
from registry.web import as_of as asof
from registry.web.buttons import begin
from registry.web.filters import UnitFilter
from registry.web.listing import list_page, listed
from registry.web.tables.units import LineTable, UnitTable, capacity_of

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
def my_year(request: SignedInRequest) -> HttpResponseBase:
    """A unit's people see their own unit's page; everybody else chooses a unit first."""
    if request.user.unit_id is None:
        return asof.redirect_kept(request, "registry:units")
    return _unit_page(request, request.user.unit_id)


@access.page(Act.VIEW_UNIT)
def unit(request: SignedInRequest, pk: int) -> HttpResponse:
    """One unit: how it stands with its duties, the ways to all that is kept of it, its lines, its places in the directories."""
    return _unit_page(request, pk)


def _unit_page(request: SignedInRequest, pk: int) -> HttpResponse:
    found = access.get(request.user, Act.VIEW_UNIT, Unit.objects.select_related("authority"), pk=pk)
    day = asof.as_of(request)
    asked = dossier.Asked(found, request.user, day)
    kept = dossier.of_unit(asked)
    entries = list(directory.visible(request.user).filter(unit=found).order_by("-year", "sector"))
    journal: list[JournalEntry] = []
    if sees_journal := asked.may(Act.VIEW_JOURNAL):
        recorded = journal_entries.readable(request.user).filter(unit=found, at__lte=asked.end)
        journal = list(recorded.select_related("actor")[:LATEST])
    context = {
        "unit": found,
        "is_own": request.user.unit_id == found.pk,
        "as_of": day,
        "past": asked.is_past,
        "kept": kept,
        "sections": [*kept.sections, *_own_sections(asked, journal if sees_journal else None)],
        "lines": LineTable(found.lines.select_related("unit"), orderable=False),
        "entries": entries,
        "open_ends": standing.open_ends([entry for entry in entries if getattr(entry, "is_told", False)]),
        "journal": journal,
    }
    return render(request, "registry/unit.html", context)


def _own_sections(asked: dossier.Asked, journal: list[JournalEntry] | None) -> Iterator[dossier.Section]:
    """The ways to what the registry itself keeps: the unit's people and its journal."""
    if asked.may(Act.VIEW_PERSON):
        count = asked.unit.people.filter(is_active=True).count()
        url = f"{reverse('registry:people')}?{urlencode({'q': asked.unit.credit_code})}"
        yield dossier.Section(_("People"), url, "" if asked.is_past else str(count))
    if journal is not None:
        url = f"{reverse('registry:journal')}?{urlencode({'unit': asked.unit.credit_code})}"
        last = _("last on %(day)s") % {"day": figures.day(journal[0].at)} if journal else _("none yet")
        yield dossier.Section(_("Journal"), url, last)


@access.page(Act.VIEW_UNIT)
def line(request: SignedInRequest, pk: int) -> HttpResponse:
    """One line: what it is, since when and until when, its months, its verified results, its quota year by year."""
    rows = Line.objects.select_related("unit__authority")
    found = access.get(request.user, Act.VIEW_UNIT, rows, pk=pk)
    day = asof.as_of(request)
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == len("2025") else None
    context = {
        "line": found,
        "facts": _facts(found),
        "as_of": day,
        "parts": list(dossier.of_line(dossier.OfLine(found, request.user, day, year))),
    }
    return render(request, "registry/line.html", context)


def _facts(line: Line) -> list[tuple[str, object]]:
    """The line as it is registered; nothing of what it hasn't got."""
    said = [
        (_("Unit"), line.unit),
        (_("Sector"), line.get_sector_display()),
        (_("Kind"), line.get_kind_display()),
        (_("Variety"), line.variety),
        (_("Approved capacity"), capacity_of(line)),
        (_("Commissioned"), figures.day(line.commissioned)),
        (_("Closed"), figures.day(line.closed) if line.closed else ""),
    ]
    return [(name, value) for name, value in said if value]
