"""What is known of a unit's emissions beside a proposal that rests on them, and where the two say different things.

The registry holds no emissions: whoever verifies them offers the figures.
"""

import datetime as dt
import functools
from collections.abc import Callable, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from registry import law
from registry.law.calendar import local_day
from registry.models import DirectoryEntry, Unit
from registry.values.bilingual import listed
from registry.values.figures import tonnes

__all__ = ["Verified", "against_entry", "against_exit", "offer", "verified"]

# A unit's verified emissions in whole tonnes, over all its sectors, by year, as they stood at the instant.
Verified = Callable[[Unit, dt.datetime], Mapping[int, int]]
_sources: list[Verified] = []


@functools.cache
def _rules() -> law.Law:
    return law.load(Path(__file__).parents[1] / "law_data" / "directory.toml")


def offer(source: Verified) -> None:
    """Let proposals be held against these figures."""
    _sources.append(source)


def verified(unit: Unit, at: dt.datetime) -> dict[int, int]:
    """The unit's verified emissions by year, the earliest first."""
    found: dict[int, int] = {}
    for source in _sources:
        found |= source(unit, at)
    return dict(sorted(found.items()))


def against_entry(unit: Unit, year: int, ground: str, at: dt.datetime) -> str:
    """Why the ground of an entry isn't what is known; "" where nothing known speaks against it."""
    if ground != DirectoryEntry.EntryGround.OVER_THRESHOLD:
        return ""
    limit = int(_rules()["directory.threshold"].number(local_day(at)))
    # What is verified of the directory's own year says as much as what was verified before it.
    recent = {of: figure for of, figure in verified(unit, at).items() if year - 2 <= of <= year}
    if not recent or any(figure >= limit for figure in recent.values()):
        return ""
    said = {"limit": tonnes(limit), "figures": _listed(recent)}
    return _("This ground requires %(limit)s t in a year; verified emissions are: %(figures)s.") % said


def against_exit(unit: Unit, sector: str, on: dt.date, ground: str, at: dt.datetime) -> str:
    """Why the ground of an exit isn't what is known; "" where nothing known speaks against it."""
    if ground == DirectoryEntry.ExitGround.CLOSED:
        return _against_closed(unit, sector, on)
    if ground != DirectoryEntry.ExitGround.BELOW_TWO_YEARS:
        return ""
    day = local_day(at)
    limit, years = (int(_rules()[f"directory.{name}"].number(day)) for name in ("threshold", "years_below"))
    before = {of: figure for of, figure in verified(unit, at).items() if of < on.year}
    last = dict(list(before.items())[-years:])
    if all(figure < limit for figure in last.values()):
        return ""
    said = {"limit": tonnes(limit), "figures": _listed(last)}
    return (
        _("This ground requires two consecutive years below %(limit)s t; verified emissions are: %(figures)s.") % said
    )


def _against_closed(unit: Unit, sector: str, on: dt.date) -> str:
    """The lines of the sector that still run on the day."""
    running = [line for line in unit.lines.filter(sector=sector) if line.closed is None or line.closed > on]
    if not running:
        return ""
    said = {"day": on.isoformat(), "lines": _(", ").join(str(line) for line in running)}
    return (
        _(
            "This ground requires all lines to be closed; these were still operating on %(day)s: %(lines)s. Have "
            "them closed first."
        )
        % said
    )


def _listed(figures: Mapping[int, int]) -> str:
    return listed(_("%(year)s: %(tonnes)s t") % {"year": of, "tonnes": tonnes(figures[of])} for of in figures)
