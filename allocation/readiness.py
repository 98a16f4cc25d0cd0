"""What an authority can have computed now: the years of its sectors whose results are complete and of which there is no run."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from allocation import runs, scope
from allocation.models import Run
from registry import calendar, directory
from registry.models import Authority
from reporting.models import VerifiedResult

__all__ = ["Ready", "ready"]

Kind = Run.Kind
_STEP = {Kind.PRE_ALLOCATION: "pre_allocation", Kind.DETERMINATION: "determination"}


@dataclass(frozen=True, slots=True)
class Ready:
    """A run that nothing stands against; `due` is the day by which the calendar wants it."""

    kind: Run.Kind
    sector: str
    year: int

    @property
    def due(self) -> dt.date | None:
        return calendar.yearly_deadline(_STEP[self.kind], self.year)


def ready(authority: Authority, at: dt.datetime) -> list[Ready]:
    """The runs that can be prepared, the earliest year first. A few queries per sector and year that has results and no run."""
    begun = Run.objects.filter(authority=authority, state__in=[*Run.OPEN, Run.State.APPROVED])
    known = set(begun.values_list("kind", "sector", "year"))
    return [
        each
        for each in sorted(_from_results(authority, at), key=lambda each: (each.year, each.kind, each.sector))
        if (each.kind, each.sector, each.year) not in known and _is_complete(each, authority, at)
    ]


def _from_results(authority: Authority, at: dt.datetime) -> Iterator[Ready]:
    """A verified year can be determined, and the year after it allocated in advance as long as it isn't verified itself."""
    results = VerifiedResult.objects.filter(unit__authority=authority, approved_at__lte=at)
    verified = set(results.order_by().values_list("sector", "year").distinct())
    for sector, year in verified:
        yield Ready(Kind.DETERMINATION, sector, year)
        if (sector, year + 1) not in verified:
            yield Ready(Kind.PRE_ALLOCATION, sector, year + 1)


def _is_complete(each: Ready, authority: Authority, at: dt.datetime) -> bool:
    """Whether units are listed, every line has its result, and nothing else stands against the run."""
    listed = directory.listed(each.year, each.sector, calendar.local_day(at)).filter(unit__authority=authority)
    verified = each.year - (each.kind == Kind.PRE_ALLOCATION)
    missing = scope.missing_lines(each.sector, verified, at).filter(unit__authority=authority)
    may_begin = runs.may_begin(authority, each.sector, each.year, each.kind)
    return may_begin and listed.exists() and not missing.exists()
