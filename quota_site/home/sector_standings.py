"""How each sector's year stands, in the country or in one authority: who is listed, what is verified, determined and due."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from allocation import scope
from allocation.models import BalanceValue, Run
from allocation.queries import quota_gap
from allocation.queries.quota_gap import NotInQuota
from allocation.scope import runs_in_force
from registry import directory
from registry.law import calendar
from registry.values.sectors import Sector, with_quota
from reporting.verification import current as verified_results

__all__ = ["SectorStanding", "of"]


@dataclass(frozen=True, slots=True)
class SectorStanding:
    """A sector's year: units listed, lines with a verified result of the lines expected, quota against what is due, and what is
    not in either yet."""

    sector: Sector
    units: int
    lines: int
    verified: int
    emissions: int
    balance_value: BalanceValue | None
    quota: int | None
    due: int | None
    not_in_quota: NotInQuota

    @property
    def gets_quota(self) -> bool:
        return self.sector in with_quota()


def of(year: int, day: dt.date, authority: int | None = None) -> list[SectorStanding]:
    """Those that get quota in the year, and what else has units that report. Eleven queries, however many sectors."""
    own = Q(unit__authority=authority) if authority else Q()
    allocated = with_quota(year)
    others = directory.ever_listed().filter(own, year=year).exclude(sector__in=allocated).order_by()
    found = {*allocated, *others.values_list("sector", flat=True).distinct()}
    sectors = [sector for sector in Sector if sector in found]

    entries = directory.listed_anywhere(year, day).filter(own)
    lines = scope.lines_of(directory.listed_anywhere(year, day), year).filter(own)
    # Counted against the lines that are listed: a unit that left keeps its result, which would make two verified lines of one.
    listed_ones = Count("pk", filter=Q(line__in=lines))
    results = verified_results.of_year(year, calendar.end_of(day)).filter(own)
    verified = _by_sector(results, "sector", count=listed_ones, emissions=Sum("emissions"))
    units = _by_sector(entries, "sector", count=Count("pk"))
    expected = _by_sector(lines, "sector", count=Count("pk"))
    runs = runs_in_force.runs().filter(kind=Run.Kind.DETERMINATION, year=year)
    settled = quota_gap.settled(runs.order_by().values("pk"), authority)
    determined = _by_sector(settled, "run__sector", quota=Sum("determined"), tonnes=Sum("due"))
    published = BalanceValue.objects.filter(year=year, state=BalanceValue.State.PUBLISHED).defer("manifest", "report")
    values = {value.sector: value for value in published}
    gaps = quota_gap.of(sectors, year, calendar.end_of(day), authority)
    return [
        SectorStanding(
            sector=sector,
            units=units.get(sector, {}).get("count", 0),
            lines=expected.get(sector, {}).get("count", 0),
            verified=verified.get(sector, {}).get("count", 0),
            emissions=verified.get(sector, {}).get("emissions", 0),
            balance_value=values.get(sector),
            quota=determined.get(sector, {}).get("quota"),
            due=determined.get(sector, {}).get("tonnes"),
            not_in_quota=gaps[sector],
        )
        for sector in sectors
    ]


def _by_sector(rows: QuerySet[Any], sector: str, **sums: Any) -> dict[str, dict[str, int]]:
    """The sums of the rows by the column that names their sector."""
    return {row[sector]: row for row in rows.order_by().values(sector).annotate(**sums)}
