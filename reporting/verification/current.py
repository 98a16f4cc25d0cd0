"""Questions to the verified results."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from registry.directory.standing import Figure
from registry.models import DirectoryEntry, Unit
from registry.values.figures import tonnes
from registry.values.sectors import has_quota
from reporting.models import VerifiedResult

__all__ = ["by_unit_and_year", "by_year", "current", "history", "of_year", "quota_bearing", "resting"]


def current(sector: str, year: int, at: dt.datetime) -> QuerySet[VerifiedResult]:
    """Of every line the version in force at the instant: the latest approved at or before it."""
    found = of_year(year, at).filter(sector=sector)
    return found.select_related("unit", "line").order_by("unit__credit_code", "line__code", "pk")


def of_year(year: int, at: dt.datetime) -> QuerySet[VerifiedResult]:
    """The same of all sectors."""
    newer = VerifiedResult.objects.filter(
        line=OuterRef("line"), year=OuterRef("year"), version__gt=OuterRef("version"), approved_at__lte=at
    )
    return VerifiedResult.objects.filter(year=year, approved_at__lte=at).exclude(Exists(newer)).order_by()


def by_year(unit: Unit, at: dt.datetime) -> dict[int, int]:
    """A unit's verified emissions in whole tonnes, over all its sectors and lines, by year, as they stood at the instant."""
    return _by_year(_of_unit(unit, at))


def quota_bearing(unit: Unit, sector: str, at: dt.datetime) -> dict[int, int]:
    """The same of one sector, and only of results that quota is computed for: not of an electric-arc works, which has neither ironmaking
    nor sintering, nor of lines that make a variety outside the sector's quota."""
    rows = _of_unit(unit, at).filter(sector=sector, main_emissions__gt=0)
    varieties = rows.values_list("line", "line__variety").distinct()
    return _by_year(rows.filter(line__in=[line for line, variety in varieties if has_quota(sector, variety)]))


def resting(entry: DirectoryEntry, at: dt.datetime) -> Iterator[Figure]:
    """What was verified of the entry's unit, sector and year: it rests on the unit's being listed."""
    found = _by_year(_of_unit(entry.unit, at).filter(sector=entry.sector, year=entry.year))
    for year, emissions in found.items():
        label = _("Verified emissions in %(year)s") % {"year": year}
        yield Figure(f"verified:{emissions}", label, _("%(tonnes)s t") % {"tonnes": tonnes(emissions)})


def _of_unit(unit: Unit, at: dt.datetime) -> QuerySet[VerifiedResult]:
    newer = VerifiedResult.objects.filter(
        line=OuterRef("line"), year=OuterRef("year"), version__gt=OuterRef("version"), approved_at__lte=at
    )
    return VerifiedResult.objects.filter(unit=unit, approved_at__lte=at).exclude(Exists(newer)).order_by()


def _by_year(rows: QuerySet[VerifiedResult]) -> dict[int, int]:
    return dict(rows.values_list("year").annotate(Sum("emissions")))


def by_unit_and_year(units: Iterable[int], at: dt.datetime) -> dict[int, dict[int, int]]:
    """The same of many units, by their keys. One query."""
    newer = VerifiedResult.objects.filter(
        line=OuterRef("line"), year=OuterRef("year"), version__gt=OuterRef("version"), approved_at__lte=at
    )
    rows = VerifiedResult.objects.filter(unit__in=set(units), approved_at__lte=at).exclude(Exists(newer)).order_by()
    found: dict[int, dict[int, int]] = {}
    for unit, year, emissions in rows.values_list("unit", "year").annotate(Sum("emissions")):
        found.setdefault(unit, {})[year] = emissions
    return found


def history(result: VerifiedResult) -> QuerySet[VerifiedResult]:
    """All versions of the line's result of that year, the first one first."""
    return VerifiedResult.objects.filter(line=result.line_id, year=result.year).order_by("version")
