"""What already rests on a unit's place in the directory of a year: results, quota, duty. Who takes it out is told, and says that they have
seen it; what then stays open is somebody's to do.

The registry holds neither results nor quota: whoever does offers them.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.models import DirectoryEntry
from registry.refusal import Refusal
from registry.values.canonical import digest

__all__ = ["Figure", "OpenEnd", "UnseenFiguresError", "figures", "offer", "open_ends", "refuse_unseen", "seal"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that rests on the entry, in the reader's language; `key` is the same in every language and changes with the figure."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """What is still to be done about a unit that left, and the page where it is done."""

    entry: DirectoryEntry
    title: str
    url: str


Figures = Callable[[DirectoryEntry, dt.datetime], Iterable[Figure]]
OpenEnds = Callable[[Sequence[DirectoryEntry]], Iterable[OpenEnd]]
_figures: list[Figures] = []
_open_ends: list[OpenEnds] = []


class UnseenFiguresError(Refusal):
    """Nobody said that they have seen what rests on the entry, or it has changed since they looked."""

    def __init__(self, entry: DirectoryEntry, known: Sequence[Figure]) -> None:
        named = _("; ").join(_("%(label)s: %(value)s") % {"label": one.label, "value": one.value} for one in known)
        super().__init__(
            _(
                "%(unit)s would leave the directory for %(year)s, on which this already rests: %(figures)s. Tick that you "
                "have seen these figures."
            )
            % {"unit": entry.unit, "year": entry.year, "figures": named}
        )


def offer(known: Figures, open_ends: OpenEnds | None = None) -> None:
    """Let exits be held against these figures, and ask here what is open after one."""
    _figures.append(known)
    if open_ends is not None:
        _open_ends.append(open_ends)


def figures(entry: DirectoryEntry, at: dt.datetime) -> list[Figure]:
    """What rests on the entry at the instant; none where the unit can leave without anybody noticing."""
    return [one for source in _figures for one in source(entry, at)]


def seal(known: Sequence[Figure]) -> str:
    """The figures as a hash: whoever ticks that they have seen them names it. "" where there are none."""
    return digest([one.key for one in known]) if known else ""


def refuse_unseen(entry: DirectoryEntry, seen: str, at: dt.datetime) -> None:
    """Raise unless `seen` is the seal of what rests on the entry now."""
    known = figures(entry, at)
    if known and seen != seal(known):
        raise UnseenFiguresError(entry, known)


def open_ends(entries: Sequence[DirectoryEntry]) -> list[OpenEnd]:
    """What is still to be done about those of the entries that left."""
    left = [entry for entry in entries if entry.state == DirectoryEntry.State.LEFT]
    return [one for source in _open_ends for one in source(left)] if left else []
