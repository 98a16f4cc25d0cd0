"""Which determined quotas are to be re-determined, because of changed or late results (allocation.md §4)."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from allocation import plans
from allocation.models import Award, LeftOut, Run
from allocation.scope import runs_in_force
from registry.law import calendar
from registry.models import Authority
from reporting.models import VerifiedResult

__all__ = ["Again", "waiting"]


@dataclass(frozen=True, slots=True)
class Again:
    """A determination in force that results have overtaken: so many changed, so many late, the first at `since`."""

    run: Run
    changed: int
    late: int
    since: dt.datetime

    @property
    def ground(self) -> Run.Ground:
        return Run.Ground.CHANGED_RESULT if self.changed else Run.Ground.LATE_RESULT

    @property
    def due(self) -> dt.date | None:
        """The last day for the new quota: working days from the day on which the first result was approved; None where the plan names no
        term; a calendar.LatestDay where the holidays that count are not announced yet."""
        run = self.run
        term = plans.load_plan(run.plan_id).for_year(run.year).find("issue.changed_result_within")
        if term is None:
            return None
        return calendar.term_end(calendar.local_day(self.since), int(str(term.value)))


def waiting(authority: Authority, at: dt.datetime) -> list[Again]:
    """The authority's determinations that are to be made again, the longest waiting first; not those that are on their way. Three
    queries."""
    open_again = Run.objects.filter(
        state__in=Run.OPEN, **{name: OuterRef(name) for name in ("authority", "sector", "year")}
    )
    runs = (
        runs_in_force.runs(at)
        .filter(authority=authority, kind=Run.Kind.DETERMINATION)
        .exclude(Exists(open_again.filter(kind=Run.Kind.DETERMINATION)))
    )
    known = {run.pk: run for run in runs.defer("manifest").select_related("authority")}
    # Of nearly all lines there is one result, and only those with a second can have changed.
    again = VerifiedResult.objects.filter(unit__authority=authority, version__gt=1).order_by().values("line")
    awards = Award.objects.filter(run__in=known, line__in=again)
    changed = _newer(awards, Q(version__gt=OuterRef("result__version")), at)
    late = _newer(LeftOut.objects.filter(run__in=known, reason=LeftOut.Reason.NO_VERIFIED_RESULT), Q(), at)
    found = [
        Again(run, len(changed[pk]), len(late[pk]), min([*changed[pk], *late[pk]]))
        for pk, run in known.items()
        if changed[pk] or late[pk]
    ]
    return sorted(found, key=lambda each: each.since)


def _newer(rows: QuerySet[Award] | QuerySet[LeftOut], condition: Q, at: dt.datetime) -> dict[int, list[dt.datetime]]:
    """By run, when the first result of each line that it does not know was approved: a second one does not begin the term anew."""
    results = VerifiedResult.objects.filter(
        condition, line=OuterRef("line"), year=OuterRef("run__year"), approved_at__lte=at
    )
    found: dict[int, list[dt.datetime]] = defaultdict(list)
    first = results.order_by("version").values("approved_at")[:1]
    known = rows.order_by().filter(Exists(results)).annotate(first=first)
    for run, approved_at in known.values_list("run", "first"):
        found[run].append(approved_at)
    return found
