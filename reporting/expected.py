"""What the yearly directories ask of units: every period of the year; of one that left, those up to the month in which it left."""

from collections.abc import Iterable

from django.db.models import QuerySet

from registry import directory
from registry.models import DirectoryEntry
from reporting.content import first_day
from reporting.periods import periods_of

__all__ = ["asked_of", "expected_periods", "periods_asked"]


_State = DirectoryEntry.State
_NAMED = (_State.LISTED, _State.EXIT_PROPOSED, _State.LEFT)


def periods_asked(entry: DirectoryEntry) -> list[str]:
    """The periods that one entry asks for, in order.

    The day of leaving is the first day outside (registry.directory.listed): a period is asked for if the unit was in the directory
    on a day of it. A period is whole, so the month in which the unit left is reported to its end.
    """
    periods = periods_of(entry.year)
    if entry.state != _State.LEFT or entry.left_on is None:
        return periods
    return [period for period in periods if first_day(period) < entry.left_on]


def asked_of(units: Iterable[int] | QuerySet, sector: str, year: int) -> dict[int, list[str]]:
    """By unit the periods that the year's directory asks of it, none if it left before the year; without units that it never named.

    One query.
    """
    entries = DirectoryEntry.objects.filter(unit__in=units, sector=sector, year=year, state__in=_NAMED)
    return {entry.unit_id: periods_asked(entry) for entry in entries}


def expected_periods(unit_ids: Iterable[int]) -> list[tuple[int, str, str]]:
    """(unit, sector, period) that the directories ask of the units. One query."""
    entries = directory.ever_listed().filter(unit__in=unit_ids).order_by("year", "sector")
    return [(entry.unit_id, entry.sector, period) for entry in entries for period in periods_asked(entry)]
