"""How complete the verified results of a sector and year are before a balance value is computed from them, province by province."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, OuterRef, Q, Subquery, Sum

from allocation import scope
from registry.law.calendar import local_day
from registry.models import Authority
from reporting.verification import current as verified_results

__all__ = ["Completeness", "Row", "of"]


@dataclass(frozen=True, slots=True)
class Row:
    """A province's lines of the year's directory: how many, how many verified with which tonnes; of those missing, how many units they
    belong to, what they emitted in the year before, as far as that was verified, and how many lines have no such figure."""

    authority: Authority
    lines: int
    verified: int
    tonnes: int
    missing_units: int
    missing_tonnes: int
    unknown: int

    @property
    def missing(self) -> int:
        return self.lines - self.verified


@dataclass(frozen=True, slots=True)
class Completeness:
    rows: Sequence[Row]

    def _sum(self, name: str) -> int:
        return sum(getattr(row, name) for row in self.rows)

    @property
    def lines(self) -> int:
        return self._sum("lines")

    @property
    def verified(self) -> int:
        return self._sum("verified")

    @property
    def missing(self) -> int:
        return self._sum("missing")

    @property
    def missing_units(self) -> int:
        return self._sum("missing_units")

    @property
    def tonnes(self) -> int:
        return self._sum("tonnes")

    @property
    def missing_tonnes(self) -> int:
        return self._sum("missing_tonnes")

    @property
    def unknown(self) -> int:
        return self._sum("unknown")

    @property
    def incomplete(self) -> list[Row]:
        """The provinces in which something is missing, those with the most tonnes first."""
        return sorted((row for row in self.rows if row.missing), key=lambda row: (-row.missing_tonnes, -row.missing))


def of(sector: str, year: int, at: dt.datetime) -> Completeness:
    """Of the whole country at the instant. Two queries."""
    current, before = (
        verified_results.current(sector, one, at).order_by().filter(line=OuterRef("pk")).values("emissions")[:1]
        for one in (year, year - 1)
    )
    lines = scope.listed_lines(sector, year, local_day(at)).order_by()
    lines = lines.annotate(
        now=Subquery(current, output_field=BigIntegerField()), earlier=Subquery(before, output_field=BigIntegerField())
    )
    silent = Q(now__isnull=True)
    counted = lines.values("unit__authority").annotate(
        lines=Count("pk"),
        verified=Count("now"),
        tonnes=Sum("now", default=0),
        missing_units=Count("unit", filter=silent, distinct=True),
        missing_tonnes=Sum("earlier", filter=silent, default=0),
        unknown=Count("pk", filter=silent & Q(earlier__isnull=True)),
    )
    numbers = ("lines", "verified", "tonnes", "missing_units", "missing_tonnes", "unknown")
    by_authority = {key: of for key, *of in counted.values_list("unit__authority", *numbers)}
    authorities = Authority.objects.filter(pk__in=by_authority).order_by("code")
    return Completeness([Row(one, *by_authority[one.pk]) for one in authorities])
