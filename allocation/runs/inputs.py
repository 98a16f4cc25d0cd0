"""What a run is made from, and whether that is still so."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from allocation import kept_shapes, scope
from allocation.deductions import balances
from allocation.models import Run
from allocation.runs import outcome
from allocation.scope import issued
from allocation.withholding import designations
from registry.law.calendar import local_day
from registry.models import Authority, JournalEntry, JournalHead
from registry.values.canonical import canonical

__all__ = ["IDLE", "Look", "approved", "lines_of", "look", "manifest_of", "overtaken", "stale", "stale_since"]

IDLE = "package."  # acts on months, which are most: no run is made from them before they are verified

Kind = Run.Kind
State = Run.State


@dataclass(frozen=True, slots=True)
class Look:
    """Whether a run was stale when the journal had come to this entry."""

    sequence: int
    stale: bool


def stale(run: Run, at: dt.datetime) -> bool:
    """Whether the run would be made from something else at `at`: a newer verified result, another directory, another advance."""
    return canonical(manifest_of(run, lines_of(run, at))) != run.manifest


def look(run: Run, at: dt.datetime) -> Look:
    """Whether the run is stale at `at`; to be asked before anything is locked."""
    # First the journal: what happens meanwhile counts as later.
    sequence = JournalHead.objects.values_list("sequence", flat=True).get(pk=1)
    return Look(sequence, stale(run, at))


def stale_since(looked: Look, run: Run, at: dt.datetime) -> bool:
    """`stale` as of now, under the lock; gone through again only if anything has happened since it was looked at.

    Every act that changes what a run is made from writes its entry in the journal in the same transaction.
    """
    since = JournalEntry.objects.filter(sequence__gt=looked.sequence).exclude(act__startswith=IDLE)
    return stale(run, at) if since.exists() else looked.stale


def overtaken(run: Run, at: dt.datetime) -> list[str]:
    """The keys of the lines with another verified result than the run's, or with one that it has not got, or that it should not have."""
    known = {row["line"]: row["result"] for row in run.inputs["lines"]}
    now = {scope.line_key(result.line): result.pk for result in lines_of(run, at).results}
    return sorted(key for key in known.keys() | now.keys() if known.get(key) != now.get(key))


def lines_of(run: Run, at: dt.datetime) -> scope.Scope:
    """The lines that the run is about, with the results that stand at `at`."""
    first = _first_day(run) if run.time > 1 else None
    return scope.of_run(run.authority, run.sector, run.year, run.kind, at, first)


def manifest_of(run: Run, lines: scope.Scope) -> kept_shapes.Manifest:
    """The inputs as they stand now, for the day on which the quota was determined first."""
    of = (run.authority, run.sector, run.year)
    before, advances = issued.by_unit(*of), issued.by_line(*of)
    cut = balances.exist(run.authority, run.sector)
    held = balances.of_run(*of) if cut else {}
    marks = designations.of_run(*of) if run.kind in designations.steps(run.sector, run.year) else {}
    courses = balances.courses(*of) if cut and run.kind == Kind.DETERMINATION else {}
    return outcome.manifest_of(
        run,
        lines,
        before=before,
        advances=advances,
        balances=held,
        differentiated=marks,
        determined_on=_first_day(run),
        courses=courses,
    )


def _first_day(run: Run) -> dt.date:
    """The day of determination: that of the scope's first approved run, if there is one; of a first run its own."""
    if run.time == 1:
        return local_day(run.requested_at)
    first = approved(run.authority, run.sector, run.year, run.kind).filter(time=1)
    return local_day(first.values_list("requested_at", flat=True).first() or run.requested_at)


def approved(authority: Authority, sector: str, year: int, kind: str) -> QuerySet[Run]:
    return Run.objects.filter(authority=authority, sector=sector, year=year, kind=kind, state=State.APPROVED)
