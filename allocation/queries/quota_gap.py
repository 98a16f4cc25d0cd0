"""What of a sector's verified emissions its determined quota does not answer to: otherwise the gap looks like a wrong balance value.

Verified emissions = what is due by the determinations in force + undetermined + outside + unlisted + what results changed by since.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils.translation import ngettext

from allocation import scope
from allocation.method.plan_rules import OUTSIDE
from allocation.models import Award, Letter, Run, Settlement
from allocation.scope import runs_in_force
from registry import directory
from registry.law.calendar import local_day
from registry.models import Authority
from registry.values.figures import tonnes
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
    """Of the country, or of one authority, as it stood at the instant. Five queries.

    What was verified and what was awarded are read as they stand and held together here: asked as one question, with what is listed, a
    database looked for each line's award once for every sum.
    """
    own = Q(unit__authority=authority) if authority else Q()
    in_force = runs_in_force.runs(at).filter(kind=Run.Kind.DETERMINATION, sector=sector, year=year)
    runs = list(in_force.order_by().values_list("pk", flat=True))
    outside = directory.reports_only(year, sector).order_by().values("unit")
    results = verified_results.current(sector, year, at).filter(own).exclude(unit__in=outside)
    verified = results.select_related(None).order_by().values_list("line", "emissions")
    # A line has one award in a run; of several runs the latest counts.
    awards = Award.objects.filter(own, run__in=runs).order_by("run_id").values_list("line", "case", "emissions")
    awarded = {line: (case, emissions) for line, case, emissions in awards}
    lines = scope.listed_lines(sector, year, local_day(at)).filter(own).order_by()
    found = _parted(verified, awarded, set(lines.values_list("pk", flat=True)))
    settled = Settlement.objects.filter(own, run__in=runs, issued_now__gt=0)
    unissued = settled.exclude(run__letter__state=Letter.State.EXECUTED, run__letter__executed_at__lte=at)
    waiting = unissued.aggregate(count=Count("unit", distinct=True), tonnes=Sum("issued_now", default=0))
    return NotInQuota(**found, unissued=Part(waiting["count"], waiting["tonnes"]))


def _parted(
    verified: Iterable[tuple[int, int]], awarded: Mapping[int, tuple[str, int]], listed: Collection[int]
) -> dict[str, Part]:
    """The verified lines that the quota does not answer to, by why; (line, tonnes) and by line (case, tonnes counted)."""
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for line, emissions in verified:
        why, tonnes_of = "", emissions
        if line not in awarded:
            why = "undetermined" if line in listed else "unlisted"
        else:
            case, counted = awarded[line]
            if case in OUTSIDE:
                why = "outside"
            elif counted != emissions:
                why, tonnes_of = "changed", emissions - counted
        if why:
            counts[why] += 1
            sums[why] += tonnes_of
    return {why: Part(counts[why], sums[why]) for why in ("undetermined", "outside", "unlisted", "changed")}
