"""Extending the deadlines of many months: which are chosen, the page before it, and what was done."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.access import SignedInRequest
from registry.law import clock
from registry.models import JournalEntry, Unit
from registry.refusal import Refusal
from registry.values import figures
from registry.values.sectors import Sector
from registry.web.buttons import link
from registry.web.confirming import After, Change, Consequence, Consequential
from reporting import queries
from reporting.filing.extending_many import Month, looked_at, refuse_number
from reporting.models import DeadlineExtension
from reporting.periods import periods_of
from reporting.queries import Card
from reporting.submissions import upload_limits
from reporting.web.filters import BoardFilter
from reporting.web.forms.deadlines import ExtensionForm

__all__ = ["EXTENSIONS", "chosen", "is_open", "units_here", "year_and_sector"]


def year_and_sector(request: HttpRequest, year: int) -> tuple[int, str]:
    """What the address asks for; `year` where it names none."""
    asked, sector = request.GET.get("year", ""), request.GET.get("sector", "")
    known = asked.isascii() and asked.isdecimal() and len(asked) == 4
    return int(asked) if known else year, sector if sector in Sector.values else Sector.values[0]


def units_here(request: SignedInRequest, sector: str, year: int) -> BoardFilter:
    """The units of the year's directory that the address's filter leaves."""
    return BoardFilter(request.GET, queryset=queries.units_of_year(request.user, sector, year), request=request)


def is_open(card: Card, day: dt.date) -> bool:
    """Whether the period is outstanding, and near enough for its deadline to be extended."""
    try:
        upload_limits.refuse_too_early(card.period, day)
    except Refusal:
        return False
    return card.is_waited_for


def chosen(request: SignedInRequest) -> list[Month]:
    """The months that were ticked, or all outstanding ones of a period that the filter leaves."""
    day = clock.today()
    year, sector = year_and_sector(request, day.year)
    units = units_here(request, sector, year).qs
    if period := request.POST.get("all", ""):
        return _outstanding(units, sector, year, period, day)
    return _ticked(request.POST.getlist("month"), units, sector, year)


def _outstanding(units: QuerySet[Unit], sector: str, year: int, period: str, day: dt.date) -> list[Month]:
    return [
        Month(unit, sector, period)
        for unit, cards in queries.months_of(units, sector, year, day)
        for card in cards
        if card.period == period and is_open(card, day)
    ]


def _ticked(values: Iterable[str], units: QuerySet[Unit], sector: str, year: int) -> list[Month]:
    """The months whose boxes were ticked, each once; whose unit the person doesn't see on the board is none."""
    pairs = sorted({(unit, period) for value in values for unit, _colon, period in [value.partition(":")]})
    keys = {unit for unit, _period in pairs if unit.isascii() and unit.isdecimal() and len(unit) < 19}
    known = {str(unit.pk): unit for unit in units.filter(pk__in=keys)}
    periods = periods_of(year)
    found = [Month(known[unit], sector, period) for unit, period in pairs if unit in known and period in periods]
    return sorted(found, key=lambda month: (month.unit.pinyin, month.unit.pk, month.period))


def _extending(request: SignedInRequest, _row: None) -> Consequence:
    months = chosen(request)
    refuse_number(months)
    form = ExtensionForm(request.POST)
    title = ngettext(
        "You are about to extend the deadline of %(count)s month",
        "You are about to extend the deadlines of %(count)s months",
        len(months),
    )
    facts: list[tuple[str, object]] = [(_("Sector"), Sector(months[0].sector).label)]
    typed: list[tuple[str, object]] = []
    changes: list[Change] = []
    if form.is_valid():
        due = form.cleaned_data["due"]
        days = looked_at(months, due, request.user, clock.now())
        changes = [Change(str(month), figures.day(before), figures.day(due)) for month, before in days]
        typed = [(_("New last day"), figures.day(due)), (_("Reason"), form.cleaned_data["reason"])]
    units = len({month.unit.pk for month in months})
    told = ngettext("%(count)s unit is told of each month", "%(count)s units are told of each month", units)
    return Consequence(
        title % {"count": len(months)},
        _("Extend the deadlines"),
        facts=facts,
        typed=typed,
        changes=changes,
        touches=[told % {"count": units}],
        final=_("An extension stays on record; a deadline can be extended again, and not be brought forward."),
        form=None if typed else form,
    )


def _extended(_request: SignedInRequest, entry: JournalEntry, _row: Any) -> After:
    rows = DeadlineExtension.objects.filter(by=entry.actor_id, at=entry.at, kind=DeadlineExtension.Kind.EXTENDED)
    order = ("package__unit__pinyin", "package__unit_id", "package__period", "pk")
    made = list(rows.select_related("package__unit").order_by(*order))
    title = ngettext(
        "The deadline of %(count)s month was extended", "The deadlines of %(count)s months were extended", len(made)
    )
    facts: list[tuple[str, object]] = [
        (f"{each.package.unit} · {each.package.period}", f"{figures.day(each.before)} → {figures.day(each.due)}")
        for each in made
    ]
    reason = [(_("Reason"), made[0].reason)] if made else []
    board = f"?year={made[0].package.year}&sector={made[0].package.sector}" if made else ""
    return After(
        title % {"count": len(made)},
        facts=[*facts, *reason],
        then=_("The units are told and submit by the new day."),
        by=made[0].due if made else None,
        links=[link(_("Month board"), "reporting:package_board", query=board.removeprefix("?"))],
    )


EXTENSIONS = Consequential(
    _extending,
    ["deadline.extended_many"],
    after=_extended,
    page=lambda _row: reverse("reporting:package_board"),
    then=gettext_lazy("The units are told and submit by the new day."),
)
