"""Which approved runs are in force: of each authority, sector, year and kind the one approved last."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from allocation.models import Run
from registry.models import Authority

__all__ = ["is_determined", "runs"]

_SCOPE = ("authority", "sector", "year", "kind")


def runs(at: dt.datetime | None = None) -> QuerySet[Run]:
    """The approved runs that no later one had replaced by `at` (by now, where none is named)."""
    by_then = Q() if at is None else Q(approved_at__lte=at)
    later = Run.objects.filter(
        by_then, state=Run.State.APPROVED, time__gt=OuterRef("time"), **{name: OuterRef(name) for name in _SCOPE}
    )
    return Run.objects.filter(by_then, ~Exists(later), state=Run.State.APPROVED)


def is_determined(authority: Authority, sector: str, year: int) -> bool:
    """Whether a determination of the scope is approved."""
    of = {"authority": authority, "sector": sector, "year": year, "kind": Run.Kind.DETERMINATION}
    return Run.objects.filter(**of, state=Run.State.APPROVED).exists()
