"""What has been issued for a year so far, to units and for their lines, and what of it is still on the way."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, Sum

from allocation import kept_shapes
from allocation.models import Award, Letter, Run, Settlement
from registry.models import Authority

__all__ = ["Before", "by_line", "by_unit", "unissued_pre_allocation"]

_ISSUED = Q(run__state=Run.State.APPROVED, run__letter__state=Letter.State.EXECUTED)
_PRE, _DETERMINED = Q(run__kind=Run.Kind.PRE_ALLOCATION), Q(run__kind=Run.Kind.DETERMINATION)


@dataclass(frozen=True, slots=True)
class Before:
    """A unit's quota of one sector and year so far, in tonnes: what was allocated in advance, deducted from it, and issued; and what
    the determinations of the year have `settled` on top (below zero: what it was told to return)."""

    pre_allocated: int = 0
    deducted: int = 0
    issued: int = 0
    settled: int = 0

    def canonical(self) -> kept_shapes.IssuedBefore:
        """As a manifest says it."""
        return {
            "pre_allocated": self.pre_allocated,
            "deducted": self.deducted,
            "issued": self.issued,
            "settled": self.settled,
        }


def by_unit(authority: Authority, sector: str, year: int) -> Mapping[str, Before]:
    """What was issued to each unit, by credit code: in advance, and by determinations. One query."""
    rows = Settlement.objects.filter(_ISSUED, run__authority=authority, run__sector=sector, run__year=year)
    sums = rows.values("unit__credit_code").annotate(
        allocated=Sum("pre_allocated", filter=_PRE, default=0),
        cut=Sum("deducted", filter=_PRE, default=0),
        issued=Sum("issued_now", filter=_PRE, default=0),
        settled=Sum("issued_now", filter=_DETERMINED, default=0),
    )
    return {
        row["unit__credit_code"]: Before(row["allocated"], row["cut"], row["issued"], row["settled"]) for row in sums
    }


def by_line(authority: Authority, sector: str, year: int) -> Mapping[str, int]:
    """What the issued pre-allocation gave for each line, in tonnes, by the line's key."""
    awards = Award.objects.filter(
        run__authority=authority,
        run__sector=sector,
        run__year=year,
        run__kind=Run.Kind.PRE_ALLOCATION,
        run__letter__state=Letter.State.EXECUTED,
    )
    rows = awards.order_by().values_list("unit__credit_code", "line__code", "quota")
    return {f"{credit_code}/{code}": quota for credit_code, code, quota in rows}


def unissued_pre_allocation(authority: Authority, sector: str, year: int) -> bool:
    """Whether a pre-allocation is prepared or approved and its quota not yet with the units."""
    runs = Run.objects.filter(authority=authority, sector=sector, year=year, kind=Run.Kind.PRE_ALLOCATION)
    alive = runs.filter(state__in=[*Run.OPEN, Run.State.APPROVED])
    return alive.exclude(letter__state=Letter.State.EXECUTED).exists()
