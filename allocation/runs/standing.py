"""What the page of a run shows again and again, found out once: of a frozen result its sums, of a waiting run whether it still stands.

Results never change; and whether a run would be made from something else is asked again as soon as anything it could be made from may
have changed. Approving asks anew, and binds the hashes.
"""

import datetime as dt
import functools
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet, Sum

from allocation.models import Award, LeftOut, Run, Settlement
from allocation.runs.inputs import IDLE, overtaken, stale
from allocation.runs.outcome import SETTLEMENT_FIELDS
from registry.law.calendar import end_of, local_day
from registry.models import DirectoryEntry, JournalEntry
from reporting.models import VerifiedResult

__all__ = ["Figures", "Standing", "figures_of", "standing_of", "sums_of"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a run would be made from something else now, and the keys of the lines that have another result."""

    stale: bool
    overtaken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The sums of a run's awards and settlements, how many rows there are of each kind, and what moves: issued and returned."""

    awards: dict[str, int]
    settlements: dict[str, int]
    counts: dict[str, int]
    moves: dict[str, int]


def standing_of(run: Run, at: dt.datetime) -> Standing:
    """Three small queries, if nothing has happened in the country since it was asked last."""
    return _standing(run.pk, run.manifest_sha256, _latest(run), local_day(at))


def figures_of(run: Run) -> Figures:
    """Without a query, once known."""
    return _figures(run.pk, run.result_sha256)


@functools.lru_cache(maxsize=64)
def _standing(pk: int, _manifest_sha256: str, _latest: tuple[object, ...], day: dt.date) -> Standing:
    run = Run.objects.select_related("authority", "balance_value").get(pk=pk)
    at = end_of(day)
    return Standing(True, tuple(overtaken(run, at))) if stale(run, at) else Standing(False, ())


def _latest(run: Run) -> tuple[object, ...]:
    """What changes whenever something happens from which a run is made: every act has its entry in the journal."""
    entry = JournalEntry.objects.exclude(act__startswith=IDLE).values_list("hash", flat=True).first()
    results = VerifiedResult.objects.filter(sector=run.sector).aggregate(last=Max("pk"))
    entries = DirectoryEntry.objects.aggregate(last=Max("pk"), count=Count("pk"))
    return entry, *results.values(), *entries.values()


@functools.lru_cache(maxsize=64)
def _figures(pk: int, _result_sha256: str) -> Figures:
    awards, settlements = Award.objects.filter(run=pk), Settlement.objects.filter(run=pk)
    more, less = Q(issued_now__gt=0), Q(issued_now__lt=0)
    sums = settlements.order_by().aggregate(**{name: Sum(name, default=0) for name in SETTLEMENT_FIELDS})
    moves = settlements.order_by().aggregate(
        issue=Sum("issued_now", filter=more, default=0),
        back=-Sum("issued_now", filter=less, default=0),
        issue_units=Count("pk", filter=more),
        back_units=Count("pk", filter=less),
    )
    counts = {
        "lines": awards.count(),
        "units": settlements.count(),
        "left_out": LeftOut.objects.filter(run=pk).count(),
    }
    return Figures(sums_of(awards), sums, counts, moves)


def sums_of(awards: QuerySet[Award]) -> dict[str, int]:
    """What awards come to. One query."""
    found: dict[str, int] = awards.order_by().aggregate(
        **{name: Sum(name, default=0) for name in ("emissions", "quota", "due")}
    )
    return found
