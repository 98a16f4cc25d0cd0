"""The foot of the month board: of each period how much was submitted, over all units that the board is about and not only the page's."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

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
    """The periods of the year as they stood at the end of `day`. Four queries; more for a day that is past."""
    asked = asked_of(units.order_by().values("pk"), sector, year)
    rows = Package.objects.filter(unit__in=units.order_by().values("pk"), sector=sector, year=year)
    states = {
        (unit, period): state
        for unit, period, state in _states(rows, day, is_past=is_past)
        if period in asked.get(unit, ())
    }
    counts = Counter((period, state) for (_unit, period), state in states.items())
    wanted = [(unit, period) for unit, periods in asked.items() for period in periods]
    known = dues(units.order_by().values("pk"), day)
    overdue = Counter(
        period
        for unit, period in wanted
        if known.of(unit, sector, period) < day and states.get((unit, period)) not in (State.ACCEPTED, State.SUBMITTED)
    )
    asked_for = Counter(period for _unit, period in wanted)
    return [
        Column(
            period,
            asked_for[period],
            counts[period, State.ACCEPTED],
            counts[period, State.SUBMITTED],
            overdue[period],
        )
        for period in periods_of(year)
    ]


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
