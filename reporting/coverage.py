"""The foot of the month board: of each period how much was handed in, over all units that the board is about and not only the page's."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from registry.models import Unit
from reporting.expected import asked_of
from reporting.models import Package
from reporting.periods import due_day, periods_of
from reporting.standing import standings

__all__ = ["Column", "columns"]

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
    """The periods of the year as they stood at the end of `day`. Two queries; more for a day that is past."""
    asked = asked_of(units.order_by().values("pk"), sector, year)
    rows = Package.objects.filter(unit__in=units.order_by().values("pk"), sector=sector, year=year)
    counts = Counter(
        (period, state) for unit, period, state in _states(rows, day, is_past=is_past) if period in asked.get(unit, ())
    )
    wanted = Counter(period for periods in asked.values() for period in periods)
    return [_column(period, wanted[period], counts, day) for period in periods_of(year)]


def _states(rows: QuerySet[Package], day: dt.date, *, is_past: bool) -> list[tuple[int, str, str]]:
    if is_past:
        return [(then.unit_id, then.period, then.state) for then in standings(rows, day)]
    return list(rows.values_list("unit", "period", "state"))


def _column(period: str, asked: int, counts: Counter[tuple[str, str]], day: dt.date) -> Column:
    accepted, submitted = counts[period, State.ACCEPTED], counts[period, State.SUBMITTED]
    overdue = asked - accepted - submitted if due_day(period) < day else 0
    return Column(period, asked, accepted, submitted, overdue)
