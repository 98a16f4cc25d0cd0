"""What of a sector's verified emissions its determined quota does not answer to: otherwise the gap looks like a wrong balance value.

Verified emissions = what is due by the determinations in force + undetermined + outside + unlisted + what results changed by since.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import ngettext

from allocation import scope
from allocation.method.plan_rules import OUTSIDE
from allocation.models import Award, Letter, Run, Settlement
from allocation.scope import runs_in_force
from registry import directory
from registry.law.calendar import local_day
from registry.models import Authority, DirectoryEntry
from registry.values.figures import tonnes
from reporting.verification import current as verified_results

__all__ = ["NotInQuota", "Part", "of", "settled"]


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


def of(
    sectors: Collection[str], year: int, at: dt.datetime, authority: Authority | int | None = None
) -> dict[str, NotInQuota]:
    """By sector, of the country or of one authority, as it stood at the instant. Five queries, however many sectors.

    What was verified and what was awarded are read as they stand and held together here: asked as one question, with what is listed, a
    database looked for each line's award once for every sum.
    """
    own = Q(unit__authority=authority) if authority else Q()
    in_force = runs_in_force.runs(at).filter(kind=Run.Kind.DETERMINATION, sector__in=sectors, year=year)
    runs = list(in_force.order_by().values_list("pk", flat=True))
    day = local_day(at)
    outside = directory.reports_only_anywhere(year).filter(unit=OuterRef("unit"), sector=OuterRef("sector"))
    results = verified_results.of_year(year, at).filter(own, ~Exists(outside), sector__in=sectors)
    verified: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for sector, line, emissions in results.values_list("sector", "line", "emissions"):
        verified[sector].append((line, emissions))
    # A line has one award in a run; of several runs the latest counts.
    awards = Award.objects.filter(own, run__in=runs).order_by("run_id").values_list("line", "case", "emissions")
    awarded = {line: (case, emissions) for line, case, emissions in awards}
    entries = directory.listed_anywhere(year, day).exclude(entry_ground=DirectoryEntry.EntryGround.REPORTS_ONLY)
    listed = set(scope.lines_of(entries, year).filter(own, sector__in=sectors).values_list("pk", flat=True))
    waiting = _unissued(settled(runs, authority), at)
    return {
        sector: NotInQuota(**_parted(verified[sector], awarded, listed), unissued=waiting.get(sector, Part(0, 0)))
        for sector in sectors
    }


def settled(runs: Collection[int] | QuerySet[Run, Any], authority: Authority | int | None) -> QuerySet[Settlement]:
    """The settlements by these runs, of the country or of one authority."""
    if not authority:
        return Settlement.objects.filter(run__in=runs)
    # By unit: nothing is added to the run's key, but by it a database would look for each unit in each run of the country.
    own = Settlement.objects.filter(unit__authority=authority)
    return own.alias(of_run=F("run_id") + 0).filter(of_run__in=runs)


def _unissued(settlements: QuerySet[Settlement], at: dt.datetime) -> dict[str, Part]:
    """By sector, what of the settlements no letter executed by then has issued."""
    open_ones = settlements.filter(issued_now__gt=0).exclude(
        run__letter__state=Letter.State.EXECUTED, run__letter__executed_at__lte=at
    )
    sums = (
        open_ones.order_by().values("run__sector").annotate(units=Count("unit", distinct=True), sum=Sum("issued_now"))
    )
    return {row["run__sector"]: Part(row["units"], row["sum"]) for row in sums}


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
