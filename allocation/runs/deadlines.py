"""By when the calendar wants quota determined and issued (market.md §3). It gives no day for a re-determination."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from allocation.models import Letter, Run
from registry.law import calendar

__all__ = ["earliest_issue", "earliest_of", "to_determine", "to_issue"]


def to_determine(kind: str, year: int) -> dt.date | None:
    """The last day for the run itself; None where the calendar has none."""
    return calendar.yearly_deadline(kind, year)


def to_issue(kind: str, year: int) -> dt.date | None:
    """The last day for issuing what the run gives. Pre-allocation is one step, with one day for the run and its issue."""
    return calendar.yearly_deadline("pre_allocation" if kind == Run.Kind.PRE_ALLOCATION else "issue", year)


def earliest_issue(letters: QuerySet[Letter]) -> dt.date | None:
    """The nearest last day for issuing what the letters ask for. One query."""
    first_time = Run.objects.filter(letter=OuterRef("pk"), time=1)
    return earliest_of(letters.filter(Exists(first_time)).order_by().values_list("kind", "year").distinct())


def earliest_of(scopes: Iterable[tuple[str, int]]) -> dt.date | None:
    """The nearest last day for issuing among kinds and years of runs."""
    return min(filter(None, (to_issue(kind, year) for kind, year in scopes)), default=None)
