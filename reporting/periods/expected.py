"""What the yearly directories ask of units: every period of the year in which a line of theirs exists; of a unit that left, those up to
the month in which it left."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from registry import directory
from registry.models import DirectoryEntry, Line
from reporting.content import first_day, last_day
from reporting.periods.calendar import periods_of

__all__ = [
    "Lives",
    "asked_in",
    "asked_of",
    "asked_of_unit",
    "existed",
    "expected_periods",
    "is_asked",
    "lives_of",
    "periods_asked",
    "periods_listed",
    "year_of_unit",
]


_State = DirectoryEntry.State
_NAMED = (_State.LISTED, _State.EXIT_PROPOSED, _State.LEFT)

Lives = Mapping[tuple[int, str], list[tuple[dt.date, dt.date | None]]]
"""By unit and sector when each line was commissioned and closed."""


def lives_of(units: Iterable[int] | QuerySet[Any], sector: str | None = None) -> Lives:
    """The lives of the units' lines. One query."""
    lines = Line.objects.filter(unit__in=units, **({"sector": sector} if sector else {})).order_by()
    found: dict[tuple[int, str], list[tuple[dt.date, dt.date | None]]] = {}
    for unit, of, commissioned, closed in lines.values_list("unit", "sector", "commissioned", "closed"):
        found.setdefault((unit, of), []).append((commissioned, closed))
    return found


def periods_asked(entry: DirectoryEntry, lives: Lives) -> list[str]:
    """The periods that one entry asks for, in order.

    The day of leaving is the first day outside (registry.directory.acts.listed): a period is asked for if the unit was in the directory
    on a day of it. A period is whole, so the month in which the unit left is reported to its end.
    """
    return _listed(
        entry.state, entry.left_on, _alive(lives, entry.unit_id, entry.sector, entry.year, periods_of(entry.year))
    )


def _listed(state: str, left_on: dt.date | None, periods: list[str]) -> list[str]:
    if state != _State.LEFT or left_on is None:
        return periods
    return [period for period in periods if first_day(period) < left_on]


def _alive(lives: Lives, unit: int, sector: str, year: int, periods: list[str]) -> list[str]:
    """The year's periods on a day of which a line exists; all of them where no line is known, for then nothing is known of their lives."""
    known = lives.get((unit, sector))
    begin, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    # Nearly every unit has a line that was there all year.
    if known is None or any(
        commissioned <= begin and (closed is None or closed >= end) for commissioned, closed in known
    ):
        return periods
    return [period for period in periods if any(existed(*life, period) for life in known)]


def existed(commissioned: dt.date, closed: dt.date | None, period: str) -> bool:
    """Whether a line was there on a day of the period."""
    return commissioned <= last_day(period) and (closed is None or closed >= first_day(period))


def asked_of(units: Iterable[int] | QuerySet[Any], sector: str, year: int) -> dict[int, list[str]]:
    """By unit the periods that the year's directory asks of it, none if it left before the year; without units that it never named.

    Two queries.
    """
    entries = DirectoryEntry.objects.filter(unit__in=units, sector=sector, year=year, state__in=_NAMED)
    lives, periods = lives_of(units, sector), periods_of(year)
    return {
        unit: _listed(state, left_on, _alive(lives, unit, sector, year, periods))
        for unit, state, left_on in entries.values_list("unit", "state", "left_on")
    }


def asked_in(units: Iterable[int] | QuerySet[Any], years: Iterable[int]) -> Iterator[tuple[int, str, str]]:
    """(unit, sector, period) that the directories of the years ask of the units. Two queries."""
    entries = DirectoryEntry.objects.filter(unit__in=units, year__in=years, state__in=_NAMED)
    return _asked(entries.order_by(), lives_of(units))


def asked_of_unit(unit: int, sector: str, year: int) -> list[str]:
    """The periods that are asked of one unit; of one that the directory never named, those in which a line of it exists. Two queries."""
    return year_of_unit(unit, sector, year)[0]


def year_of_unit(unit: int, sector: str, year: int) -> tuple[list[str], bool]:
    """The same, and whether the year's directory names the unit: of one that it doesn't name nothing is due. Two queries."""
    lives = lives_of([unit], sector)
    entry = _entry(unit, sector, year)
    if entry is None:
        return _alive(lives, unit, sector, year, periods_of(year)), False
    return periods_asked(entry, lives), True


def is_asked(unit: int, sector: str, period: str) -> bool:
    """Whether the year's directory asks the unit for the period; a unit that it doesn't name is asked for nothing. Two queries."""
    return period in asked_of([unit], sector, int(period[:4])).get(unit, ())


def periods_listed(unit: int, sector: str, year: int) -> list[str]:
    """The year's periods up to the month in which the unit left the directory, whether a line of it existed or not. One query."""
    entry = _entry(unit, sector, year)
    return periods_of(year) if entry is None else _listed(entry.state, entry.left_on, periods_of(year))


def _entry(unit: int, sector: str, year: int) -> DirectoryEntry | None:
    return DirectoryEntry.objects.filter(unit=unit, sector=sector, year=year, state__in=_NAMED).first()


def expected_periods(unit_ids: Iterable[int] | QuerySet[Any]) -> list[tuple[int, str, str]]:
    """(unit, sector, period) that the directories ask of the units. Two queries."""
    entries = directory.ever_listed().filter(unit__in=unit_ids).order_by("year", "sector")
    return list(_asked(entries, lives_of(unit_ids)))


def _asked(entries: QuerySet[DirectoryEntry], lives: Lives) -> Iterator[tuple[int, str, str]]:
    """What the entries ask for, from their figures: of a province there are thousands."""
    periods: dict[int, list[str]] = {}
    for unit, sector, year, state, left_on in entries.values_list("unit", "sector", "year", "state", "left_on"):
        if year not in periods:
            periods[year] = periods_of(year)
        for period in _listed(state, left_on, _alive(lives, unit, sector, year, periods[year])):
            yield unit, sector, period
