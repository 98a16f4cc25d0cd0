"""Instants in the office hours of Shanghai."""

import datetime as dt

from quota_site.demo.invented.random_values import Chance
from registry.law.calendar import SHANGHAI

_SATURDAY = 5


def moment(chance: Chance, first: dt.date, days: int, *name: object) -> dt.datetime:
    """An instant in the working week, on one of the `days` days from `first` on (or on the Monday after them)."""
    day = first + dt.timedelta(days=chance.whole(0, days - 1, "day", first, *name))
    if day.weekday() >= _SATURDAY:
        day += dt.timedelta(days=7 - day.weekday())
    second = chance.whole(0, 8 * 3600 - 1, "second", first, *name)
    return dt.datetime.combine(day, dt.time(9), SHANGHAI) + dt.timedelta(seconds=second)
