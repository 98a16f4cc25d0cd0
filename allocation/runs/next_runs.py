"""What can be computed now: an authority's runs, and the ministry's balance values, whose verified results have come in."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from allocation import plans, runs, scope
from allocation.method.plan_rules import rules_of
from allocation.models import BalanceValue, Run
from allocation.runs import deadlines
from registry import directory
from registry.law import calendar
from registry.models import Authority
from registry.values.sectors import with_quota
from reporting.models import VerifiedResult

__all__ = ["Ready", "WantedValue", "ready", "wanted_values"]

Kind = Run.Kind


@dataclass(frozen=True, slots=True)
class Ready:
    """A run that nothing stands against; `due` is the day by which the calendar wants it."""

    kind: Run.Kind
    sector: str
    year: int

    @property
    def due(self) -> dt.date | None:
        return deadlines.to_determine(self.kind, self.year)


def ready(authority: Authority, at: dt.datetime) -> list[Ready]:
    """The runs that can be prepared, the earliest year first. A few queries per sector and year that has results and no run."""
    begun = Run.objects.filter(authority=authority, state__in=[*Run.OPEN, Run.State.APPROVED])
    known = set(begun.values_list("kind", "sector", "year"))
    return [
        each
        for each in sorted(_from_results(authority, at), key=lambda each: (each.year, each.kind, each.sector))
        if (each.kind, each.sector, each.year) not in known and _is_complete(each, authority, at)
    ]


@dataclass(frozen=True, slots=True)
class WantedValue:
    """A balance value that nobody has had computed yet; `missing` lines of the country have no verified result."""

    sector: str
    year: int
    missing: int


def wanted_values(at: dt.datetime) -> list[WantedValue]:
    """The balance values that a plan asks for, of the sectors and years that have results, the earliest year first."""
    results = VerifiedResult.objects.filter(approved_at__lte=at).order_by()
    over = [BalanceValue.State.FAILED, BalanceValue.State.SUPERSEDED, BalanceValue.State.WITHDRAWN]
    known = set(BalanceValue.objects.exclude(state__in=over).values_list("sector", "year"))
    wanted = set(results.values_list("sector", "year").distinct()) - known
    return [
        WantedValue(sector, year, scope.missing_lines(sector, year, at).count())
        for sector, year in sorted(wanted, key=lambda pair: (pair[1], pair[0]))
        if _needs_value(sector, year)
    ]


def _needs_value(sector: str, year: int) -> bool:
    try:
        return rules_of(plans.in_force(sector, year), sector, year).needs_balance_value
    except plans.PlanError:
        return False


def _from_results(authority: Authority, at: dt.datetime) -> Iterator[Ready]:
    """A verified year can be determined, and the year after it allocated in advance as long as it isn't verified itself."""
    results = VerifiedResult.objects.filter(unit__authority=authority, approved_at__lte=at, sector__in=with_quota())
    verified = set(results.order_by().values_list("sector", "year").distinct())
    for sector, year in verified:
        yield Ready(Kind.DETERMINATION, sector, year)
        if (sector, year + 1) not in verified:
            yield Ready(Kind.PRE_ALLOCATION, sector, year + 1)


def _is_complete(each: Ready, authority: Authority, at: dt.datetime) -> bool:
    """Whether units are listed, every line has its result, and nothing else stands against the run."""
    listed = directory.allocated(each.year, each.sector, calendar.local_day(at)).filter(unit__authority=authority)
    verified = each.year - (each.kind == Kind.PRE_ALLOCATION)
    missing = scope.missing_lines(each.sector, verified, at).filter(unit__authority=authority)
    may_begin = runs.may_begin(authority, each.sector, each.year, each.kind)
    return may_begin and listed.exists() and not missing.exists()
