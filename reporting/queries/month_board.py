"""The foot of the month board: of each period how much was submitted, over all units that the board is about and not only the page's."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from registry.models import Unit
from reporting.content import first_day
from reporting.filing.deadlines import dues
from reporting.models import Package
from reporting.periods import has_months, month_before, periods_of
from reporting.periods.expected import asked_in, asked_of
from reporting.queries.as_of import standings

__all__ = ["Column", "accepted_of_asked", "columns"]

State = Package.State


@dataclass(frozen=True, slots=True)
class Column:
    """One period over many units: how many it is asked of, and of those how many are accepted, under review, overdue."""

    period: str
    asked: int
    accepted: int
    submitted: int
    overdue: int


def columns(units: QuerySet[Unit], sector: str, year: int, day: dt.date, *, is_past: bool) -> list[Column]:
    """The periods of the year as they stood at the end of `day`. Four or five queries; more for a day that is past.

    A country has thousands of months. Of units that are asked for the whole year by the law's days they are only counted, by the
    database; of the others, and of all of them on a day that is past, each is looked at.
    """
    asked = asked_of(units.order_by().values("pk"), sector, year)
    known = dues(units.order_by().values("pk"), day)
    moved = {unit for unit, of, period in known.anew if of == sector and period[:4] == str(year)}
    periods = periods_of(year)
    plain = [] if is_past else [unit for unit, wanted in asked.items() if wanted == periods and unit not in moved]
    others = {unit: wanted for unit, wanted in asked.items() if is_past or wanted != periods or unit in moved}
    counts = _counted(plain, sector, year)
    overdue = {
        period: len(plain) - counts[period, State.ACCEPTED] - counts[period, State.SUBMITTED]
        for period in periods
        if plain and known.of(0, sector, period) < day
    }
    rows = Package.objects.filter(unit__in=others, sector=sector, year=year)
    states = {(unit, period): state for unit, period, state in _states(rows, day, is_past=is_past)} if others else {}
    late: Counter[str] = Counter(overdue)
    for unit, wanted in others.items():
        for period in wanted:
            state = states.get((unit, period))
            counts[period, state or ""] += 1
            if state not in (State.ACCEPTED, State.SUBMITTED) and known.of(unit, sector, period) < day:
                late[period] += 1
    asked_for = Counter(period for wanted in asked.values() for period in wanted)
    return [
        Column(period, asked_for[period], counts[period, State.ACCEPTED], counts[period, State.SUBMITTED], late[period])
        for period in periods
    ]


def _counted(units: list[int], sector: str, year: int) -> Counter[tuple[str, str]]:
    """By period and state how many packages of the year the units have. One query, none without units."""
    rows = Package.objects.filter(unit__in=units, sector=sector, year=year).order_by()
    found = rows.values_list("period", "state").annotate(Count("pk")) if units else ()
    return Counter({(period, state): number for period, state, number in found})


def accepted_of_asked(units: QuerySet[Unit], day: dt.date, last: int) -> list[tuple[str, int, int]]:
    """(month, accepted, asked) of the `last` months that ended before `day`, over all sectors, the latest first.

    Asked is what the directories ask of the units, whether a package was opened or not; months of which nothing is asked are left out.
    """
    months = _ended(day, last)
    # By their keys: through a question for them SQLite goes by the state instead, over the whole country's accepted months.
    keys = list(units.order_by().values_list("pk", flat=True))
    wanted = set(asked_in(keys, {first_day(month).year for month in months}))
    rows = Package.objects.filter(unit__in=keys, period__in=months, state=State.ACCEPTED)
    accepted = Counter(row[2] for row in rows.values_list("unit", "sector", "period") if row in wanted)
    asked = Counter(period for _unit, _sector, period in wanted)
    return [(month, accepted[month], asked[month]) for month in months if asked[month]]


def _ended(day: dt.date, last: int) -> list[str]:
    """The last months that were over before the day, the latest first, as far as monthly evidence was in force."""
    month = month_before(f"{day:%Y-%m}")
    found: list[str] = []
    while len(found) < last and has_months(first_day(month).year):
        found.append(month)
        month = month_before(month)
    return found


def _states(rows: QuerySet[Package], day: dt.date, *, is_past: bool) -> list[tuple[int, str, str]]:
    if is_past:
        return [(then.unit_id, then.period, then.state) for then in standings(rows, day)]
    return list(rows.values_list("unit", "period", "state"))
