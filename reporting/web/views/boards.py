"""Boards: the months of all units side by side, and one unit's year."""

import datetime as dt

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from registry import access, directory
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Person, Unit
from registry.permissions import Act
from registry.values import figures
from registry.values.sectors import Sector
from registry.web import as_of as asof
from registry.web import export
from registry.web.acting import may
from registry.web.buttons import Button, link
from registry.web.listing import list_page, narrowed
from registry.web.paging import page_of
from reporting import queries
from reporting.models import Package
from reporting.periods import YEARS, year_at_hand
from reporting.queries import month_board
from reporting.queries.unit_year import course
from reporting.web.filters import BoardFilter


@list_page(Act.VIEW_PACKAGE)
def board(request: SignedInRequest) -> HttpResponseBase:
    """Who has submitted which month: the units of a year's directory side by side."""
    day = asof.as_of(request)
    listed = directory.ever_listed().order_by().values_list("year", flat=True)
    years = sorted(set(listed), reverse=True) or [day.year]
    year = _chosen(request.GET.get("year", ""), [str(known) for known in years], str(year_at_hand(years, day)))
    sector = _chosen(request.GET.get("sector", ""), Sector.values, Sector.values[0])
    chosen = BoardFilter(request.GET, queryset=queries.units_of_year(request.user, sector, int(year)), request=request)
    if kind := export.asked(request):
        return _board_taken(request, chosen, sector, int(year), day, kind)
    page = page_of(request, chosen.qs)
    columns = month_board.columns(chosen.qs, sector, int(year), day, is_past=day < clock.today())
    context = {
        "filter": chosen,
        "columns": columns,
        "rows": [
            (unit, cards, sum(card.overdue for card in cards))
            for unit, cards in queries.months_of(page.object_list, sector, int(year), day)
        ],
        "overdue": sum(column.overdue for column in columns),
        "late": queries.late_of(request.user, sector, int(year), day),
        "page": page,
        "year": int(year),
        "years": years,
        "sector": sector,
        "sectors": Sector.choices,
        "may_open": access.may(request.user, Act.UPLOAD_PACKAGE),
        "may_extend": bool(page.object_list) and access.may(request.user, Act.EXTEND_DEADLINE),
        "as_of": day,
    }
    return render(request, "reporting/board.html", context)


def _board_taken(
    request: SignedInRequest, chosen: BoardFilter, sector: str, year: int, day: dt.date, kind: str
) -> export.Taken:
    """The board of all its units, each month by its state in words."""
    rows = queries.months_of(chosen.qs, sector, year, day)
    periods = [
        column.period for column in month_board.columns(chosen.qs, sector, year, day, is_past=day < clock.today())
    ]
    head = [_("Unit"), _("Credit code"), *periods, _("Overdue now")]
    cells: list[list[export.Cell]] = [
        [unit.name, unit.credit_code, *(_in_words(card) for card in cards), sum(card.overdue for card in cards)]
        for unit, cards in rows
    ]
    now, said = clock.now(), [Sector(sector).label, year, *narrowed.in_words(chosen)]
    title = export.headed(_("Month board"), said, now, request.user, len(cells), day)
    return export.taken_away(f"month-board-{sector}-{year}", kind, title, head, cells, now)


def _in_words(card: queries.Card) -> str:
    """A month of the board as its sign says it."""
    if card.package is not None:
        said = [str(card.package.get_state_display), *([_("overdue")] if card.overdue else [])]
        return " · ".join(said)
    return _("overdue") if card.overdue else _("not due yet") if card.asked else figures.DASH


@access.page(Act.VIEW_PACKAGE)
def unit_year(request: SignedInRequest, pk: int, year: int) -> HttpResponse:
    """A unit's year: its periods, its annual report, its verification, in each of its sectors."""
    if year not in YEARS:
        raise Http404
    day = asof.as_of(request)
    unit = access.get(request.user, Act.VIEW_UNIT, Unit.objects.select_related("authority"), pk=pk)
    opens = may(request.user, Act.UPLOAD_PACKAGE, unit)
    sectors = queries.sectors_of(request.user, unit, year)
    seen = access.scoped(request.user, Act.VIEW_PACKAGE, Package.objects.all())
    boards = [
        (queries.sector_year(unit, sector, year, day), course(seen, unit, sector, year, day)) for sector in sectors
    ]
    context = {
        "unit": unit,
        "year": year,
        "years": queries.years_of(unit),
        "buttons": _ways(request, unit, opens=opens),
        "sections": [
            (board, [(card, found.of_month(card.period)) for card in board.cards], found) for board, found in boards
        ],
        "drafts": access.may(request.user, Act.VIEW_DRAFT),
        "may_open": opens,
        "may_extend": may(request.user, Act.EXTEND_DEADLINE, unit),
        "may_prepare": may(request.user, Act.PREPARE_ANNUAL_REPORT, unit),
        "may_review": access.may(request.user, Act.REVIEW_PACKAGE),
        "may_see_quota": may(request.user, Act.VIEW_AWARD, unit),
        "as_of": day,
    }
    return render(request, "reporting/unit_year.html", context)


def _ways(request: SignedInRequest, unit: Unit, *, opens: bool) -> list[Button | None]:
    others = _files_for_others(request.user)
    sees_way = may(request.user, Act.VIEW_WAY_OF_SUBMITTING, unit)
    months = _("Months of the units you file for"), "reporting:package_board"
    return [
        link(_("Bulk upload"), "reporting:bulk", tone="outline-primary") if opens else None,
        link(*months, query=f"sector={others}", tone="outline-primary") if others else None,
        link(_("How months are submitted"), "reporting:way_of_submitting", unit.pk) if sees_way else None,
    ]


def _files_for_others(person: Person) -> str:
    """A sector of a unit that has given the person's own a mandate, for the board to open with; "" where none has."""
    if person.unit_id is None or not access.may(person, Act.UPLOAD_PACKAGE):
        return ""
    others = access.scoped(person, Act.UPLOAD_PACKAGE, Unit.objects.exclude(pk=person.unit_id))
    return others.order_by("memberships__sector").values_list("memberships__sector", flat=True).first() or ""


def _chosen(asked: str, known: list[str], usual: str) -> str:
    return asked if asked in known else usual
