"""What has been issued for a year so far, to units and for their lines, and what of it is still on the way."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from allocation.models import Award, Letter, Run, Settlement
from registry.models import Authority

__all__ = ["Before", "by_line", "by_unit", "determination_approved", "unissued_pre_allocation"]


@dataclass(frozen=True, slots=True)
class Before:
    """A unit's pre-stage in one sector and year, in tonnes: what was allocated in advance, deducted from it, and issued."""

    pre_allocated: int = 0
    deducted: int = 0
    issued: int = 0


def by_unit(authority: Authority, sector: str, year: int) -> Mapping[str, Before]:
    """What the issued pre-allocation gave each unit, by credit code."""
    rows = _settlements(authority, sector, year).filter(
        run__kind=Run.Kind.PRE_ALLOCATION, run__letter__state=Letter.State.EXECUTED
    )
    sums = rows.values_list("unit__credit_code").annotate(Sum("pre_allocated"), Sum("deducted"), Sum("issued_now"))
    return {code: Before(allocated, deducted, issued) for code, allocated, deducted, issued in sums}


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


def determination_approved(authority: Authority, sector: str, year: int) -> bool:
    runs = Run.objects.filter(authority=authority, sector=sector, year=year, kind=Run.Kind.DETERMINATION)
    return runs.filter(state=Run.State.APPROVED).exists()


def _settlements(authority: Authority, sector: str, year: int) -> QuerySet[Settlement]:
    return Settlement.objects.filter(run__authority=authority, run__sector=sector, run__year=year)
