"""What of a sector's verified emissions its determined quota does not answer to: otherwise the gap looks like a wrong balance value.

Verified emissions = what is due by the determinations in force + undetermined + outside + unlisted + what results changed by since.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import ngettext

from allocation import scope
from allocation.method.plan_rules import OUTSIDE
from allocation.models import Award, Letter, Run, Settlement
from allocation.scope import runs_in_force
from registry import directory
from registry.law.calendar import local_day
from registry.models import Authority
from registry.values.figures import tonnes
from reporting.models import VerifiedResult
from reporting.verification import current as verified_results

__all__ = ["NotInQuota", "Part", "of"]


@dataclass(frozen=True, slots=True)
class Part:
    """So many lines (of what is not issued: units), with so many tonnes."""

    count: int
    tonnes: int


@dataclass(frozen=True, slots=True)
class NotInQuota:
    """Verified lines in no approved run, outside the year's allocation, not in the directory, and verified anew since; and determined
    quota that is not issued yet, by unit."""

    undetermined: Part
    outside: Part
    unlisted: Part
    changed: Part  # tonnes: verified now, less what the quota was determined from
    unissued: Part

    def sentences(self) -> Iterator[str]:
        """What there is of it, in words."""
        if self.undetermined.count:
            yield _said(
                self.undetermined,
                ngettext(
                    "%(count)s verified line with %(tonnes)s t is in no approved run yet.",
                    "%(count)s verified lines with %(tonnes)s t are in no approved run yet.",
                    self.undetermined.count,
                ),
            )
        if self.outside.count:
            yield _said(
                self.outside,
                ngettext(
                    "%(count)s line with %(tonnes)s t is outside the year's allocation: no quota, nothing due.",
                    "%(count)s lines with %(tonnes)s t are outside the year's allocation: no quota, nothing due.",
                    self.outside.count,
                ),
            )
        if self.unlisted.count:
            yield _said(
                self.unlisted,
                ngettext(
                    "%(count)s verified line with %(tonnes)s t is not in the year's directory.",
                    "%(count)s verified lines with %(tonnes)s t are not in the year's directory.",
                    self.unlisted.count,
                ),
            )
        if self.changed.count:
            yield _said(
                self.changed,
                ngettext(
                    "%(count)s line has been re-verified since its quota was determined: change of %(tonnes)s t.",
                    "%(count)s lines have been re-verified since their quota was determined: change of %(tonnes)s t.",
                    self.changed.count,
                ),
            )
        if self.unissued.count:
            yield _said(
                self.unissued,
                ngettext(
                    "Of the determined quota, %(tonnes)s t of %(count)s unit are not issued yet.",
                    "Of the determined quota, %(tonnes)s t of %(count)s units are not issued yet.",
                    self.unissued.count,
                ),
            )


def _said(part: Part, sentence: str) -> str:
    return sentence % {"count": tonnes(part.count), "tonnes": tonnes(part.tonnes)}


def of(sector: str, year: int, at: dt.datetime, authority: Authority | int | None = None) -> NotInQuota:
    """Of the country, or of one authority, as it stood at the instant. Two queries."""
    own = Q(unit__authority=authority) if authority else Q()
    runs = runs_in_force.runs(at).filter(kind=Run.Kind.DETERMINATION, sector=sector, year=year)
    outside = directory.reports_only(year, sector).order_by().values("unit")
    results = verified_results.current(sector, year, at).filter(own).exclude(unit__in=outside)
    found = _results(results, runs, Q(line__in=scope.listed_lines(sector, year, local_day(at)).order_by().values("pk")))
    settled = Settlement.objects.filter(own, run__in=runs, issued_now__gt=0)
    unissued = settled.exclude(run__letter__state=Letter.State.EXECUTED, run__letter__executed_at__lte=at)
    waiting = unissued.aggregate(count=Count("unit", distinct=True), tonnes=Sum("issued_now", default=0))
    return NotInQuota(**found, unissued=Part(waiting["count"], waiting["tonnes"]))


def _results(results: QuerySet[VerifiedResult], runs: QuerySet[Run], listed: Q) -> dict[str, Part]:
    award = Award.objects.filter(run__in=runs, line=OuterRef("line"))
    rows = results.select_related(None).order_by()
    rows = rows.annotate(
        case=Subquery(award.values("case")[:1]),
        counted=Subquery(award.values("emissions")[:1], output_field=BigIntegerField()),
    )
    outside = Q(case__in=OUTSIDE)
    parts = {
        "undetermined": Q(listed, case__isnull=True),
        "unlisted": Q(~listed, case__isnull=True),
        "outside": outside,
        "changed": Q(~outside, ~Q(emissions=F("counted")), case__isnull=False),
    }
    sums = rows.aggregate(
        **{f"{name}_count": Count("pk", filter=which) for name, which in parts.items()},
        **{f"{name}_tonnes": Sum("emissions", filter=which, default=0) for name, which in parts.items()},
        changed_from=Sum("counted", filter=parts["changed"], default=0),
    )
    sums["changed_tonnes"] -= sums["changed_from"]
    return {name: Part(sums[f"{name}_count"], sums[f"{name}_tonnes"]) for name in parts}
