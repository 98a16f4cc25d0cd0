"""What is known of a unit's emissions beside a proposal that rests on them, and where the two say different things.

The registry holds no emissions: whoever verifies them offers the figures.
"""

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from registry import law
from registry.law.calendar import local_day
from registry.models import DirectoryEntry, Unit
from registry.values.bilingual import listed
from registry.values.figures import tonnes
from registry.values.sectors import with_quota

__all__ = [
    "QuotaBearing",
    "Verified",
    "after_closing",
    "against_entry",
    "against_exit",
    "offer",
    "offer_after_closing",
    "offer_of_many",
    "offer_quota_bearing",
    "verified",
    "verified_of_many",
]

# A unit's verified emissions in whole tonnes, over all its sectors, by year, as they stood at the instant.
Verified = Callable[[Unit, dt.datetime], Mapping[int, int]]
# The same of one sector, and only of what quota would be computed for.
QuotaBearing = Callable[[Unit, str, dt.datetime], Mapping[int, int]]
# The first of many units, by their keys.
OfMany = Callable[[Iterable[int], dt.datetime], Mapping[int, Mapping[int, int]]]
# Of lines, by their keys, and the days on which they are to close: the periods after that in which tonnes of them are reported.
AfterClosing = Callable[[Mapping[int, dt.date]], Mapping[int, Mapping[str, int]]]
_sources: list[Verified] = []
_of_many: list[OfMany] = []
_quota_bearing: list[QuotaBearing] = []
_after_closing: list[AfterClosing] = []


@functools.cache
def _rules() -> law.Law:
    return law.load(Path(__file__).parents[1] / "law_data" / "directory.toml")


def offer(source: Verified) -> None:
    """Let proposals be held against these figures."""
    _sources.append(source)


def offer_quota_bearing(source: QuotaBearing) -> None:
    """Let an entry without quota be held against these figures."""
    _quota_bearing.append(source)


def offer_after_closing(source: AfterClosing) -> None:
    """Let a line's closing be held against what was reported of it."""
    _after_closing.append(source)


def after_closing(days: Mapping[int, dt.date]) -> dict[int, dict[str, int]]:
    """By line the periods after its day in which tonnes of it are reported; lines without any are missing."""
    found: dict[int, dict[str, int]] = {}
    for source in _after_closing if days else ():
        for line, periods in source(days).items():
            found.setdefault(line, {}).update(periods)
    return found


def offer_of_many(source: OfMany) -> None:
    """Let a list of proposals show these figures."""
    _of_many.append(source)


def verified_of_many(units: Iterable[int], at: dt.datetime) -> dict[int, dict[int, int]]:
    """The verified emissions by year of each of the units, by key; a unit of which nothing is verified is missing."""
    found: dict[int, dict[int, int]] = {}
    for source in _of_many:
        for unit, years in source(units, at).items():
            found[unit] = dict(sorted({**found.get(unit, {}), **years}.items()))
    return found


def verified(unit: Unit, at: dt.datetime) -> dict[int, int]:
    """The unit's verified emissions by year, the earliest first."""
    found: dict[int, int] = {}
    for source in _sources:
        found |= source(unit, at)
    return dict(sorted(found.items()))


def against_entry(unit: Unit, sector: str, year: int, ground: str, at: dt.datetime) -> str:
    """Why the ground of an entry isn't what is known; "" where nothing known speaks against it."""
    if why := _against_gone(unit, sector, year):
        return why
    if ground == DirectoryEntry.EntryGround.REPORTS_ONLY:
        return _against_reports_only(unit, sector, year, at)
    if ground != DirectoryEntry.EntryGround.OVER_THRESHOLD:
        return ""
    limit = _threshold(at)
    recent = _recent(verified(unit, at), year)
    if not recent or any(figure >= limit for figure in recent.values()):
        return ""
    said = {"limit": tonnes(limit), "figures": _listed(recent)}
    return _("This ground requires %(limit)s t in a year; verified emissions are: %(figures)s.") % said


def _against_gone(unit: Unit, sector: str, year: int) -> str:
    """Every line of the sector that is known was closed before the year: nothing could be asked of the unit in it."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    lines = list(unit.lines.filter(sector=sector).order_by("code"))
    if not lines or any(line.runs_in(first, last) for line in lines):
        return ""
    lives = (
        _("%(line)s: %(commissioned)s to %(closed)s")
        % {
            "line": line.code,
            "commissioned": line.commissioned.isoformat(),
            "closed": line.closed.isoformat() if line.closed else "…",
        }
        for line in lines
    )
    said = {"year": year, "lines": listed(lives)}
    return (
        _(
            "None of the unit's lines of this sector exists on a day of %(year)s: %(lines)s. Check the year, or have them corrected."
        )
        % said
    )


def _against_reports_only(unit: Unit, sector: str, year: int, at: dt.datetime) -> str:
    """A unit of a sector with quota is outside it for what it makes; what was verified of it says whether that is so."""
    if sector not in with_quota(year):
        return ""
    limit = _threshold(at)
    known = {of: figure for source in _quota_bearing for of, figure in source(unit, sector, at).items()}
    recent = _recent(known, year)
    if all(figure < limit for figure in recent.values()):
        return ""
    said = {"limit": tonnes(limit), "figures": _listed(recent)}
    return (
        _(
            "This ground is for units without quota. For this unit, emissions of %(limit)s t or more for which quota is "
            "computed were verified in this sector: %(figures)s. Choose another ground."
        )
        % said
    )


def _threshold(at: dt.datetime) -> int:
    return int(_rules()["directory.threshold"].number(local_day(at)))


def _recent(known: Mapping[int, int], year: int) -> dict[int, int]:
    """What is verified of the directory's own year says as much as what was verified in the two before it."""
    return {of: known[of] for of in sorted(known) if year - 2 <= of <= year}


def against_exit(unit: Unit, sector: str, on: dt.date, ground: str, at: dt.datetime) -> str:
    """Why the ground of an exit isn't what is known; "" where what is known bears it out."""
    if ground == DirectoryEntry.ExitGround.CLOSED:
        return _against_closed(unit, sector, on)
    if ground == DirectoryEntry.ExitGround.BELOW_TWO_YEARS:
        return _against_small(unit, on, at)
    return ""


def _against_small(unit: Unit, on: dt.date, at: dt.datetime) -> str:
    """Unless so many calendar years in a row, the last of them verified before the day, are known and below the threshold.

    On a day of January nothing of the year before is verified yet: the years end with it or with the one before it. What is known of the
    year of leaving itself must be below, too.
    """
    years = int(_rules()["directory.years_below"].number(local_day(at)))
    limit, known = _threshold(at), verified(unit, at)
    before = [of for of in known if of < on.year]
    last = max(before, default=0)
    needed = range(last - years + 1, last + 1)
    recent_enough = last >= on.year - 2
    if (
        recent_enough
        and all(of in known for of in needed)
        and all(known[of] < limit for of in known if of >= needed[0])
    ):
        return ""
    said = {"limit": tonnes(limit), "years": years, "figures": _listed(known) or _("none")}
    return (
        _(
            "This ground requires verified emissions below %(limit)s t in %(years)s consecutive years, the last of them "
            "one of the two before the exit. Verified emissions are: %(figures)s."
        )
        % said
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
