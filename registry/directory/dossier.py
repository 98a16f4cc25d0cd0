"""What is kept of a unit and of a line, one click from its page: every app offers what it keeps, as far as the reader may see it.

The registry holds neither months nor quota: whoever does offers how the unit stands (`top`), the ways to what it has (`sections`), and
what is shown on the page itself (`below`).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from registry import access
from registry.law import clock
from registry.law.calendar import end_of
from registry.models import Line, Person, Unit
from registry.permissions import Act

__all__ = ["Asked", "Kept", "OfLine", "Part", "Section", "of_line", "of_unit", "offer"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose page is asked for, by whom, as of the end of which day."""

    unit: Unit
    person: Person
    day: dt.date

    @property
    def end(self) -> dt.datetime:
        return end_of(self.day)

    @property
    def is_past(self) -> bool:
        """Whether the day is gone by: how some things stood then isn't kept, and nothing is said of those."""
        return self.day < clock.today()

    def may(self, act: Act) -> bool:
        """Whether the person may do the act to what is the unit's. No query but for a technical service body."""
        return access.reaches(self.person, act, self.unit)


@dataclass(frozen=True, slots=True)
class Section:
    """A way on: its name, where it leads, and in a few words how that stands or how many there are; `tone` marks the words."""

    label: str | Promise
    url: str
    said: str | Promise = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Part:
    """Something shown on the page itself: a template, and what it shows as `part`."""

    template: str
    shown: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What an app keeps of a unit."""

    top: tuple[Part, ...] = ()
    sections: tuple[Section, ...] = ()
    below: tuple[Part, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class OfLine:
    """Which line's page is asked for, by whom, as of the end of which day, and of which year; None for the latest there is."""

    line: Line
    person: Person
    day: dt.date
    year: int | None = None

    @property
    def end(self) -> dt.datetime:
        return end_of(self.day)


OfUnit = Callable[[Asked], Kept]
Parts = Callable[[OfLine], Iterable[Part]]
_units: list[OfUnit] = []
_lines: list[Parts] = []


def offer(unit: OfUnit, line: Parts) -> None:
    """Have this asked for every unit's and every line's page, in the order of the apps."""
    _units.append(unit)
    _lines.append(line)


def of_unit(asked: Asked) -> Kept:
    """All that the apps keep of the unit."""
    found = [ask(asked) for ask in _units]
    return Kept(
        tuple(part for kept in found for part in kept.top),
        tuple(section for kept in found for section in kept.sections),
        tuple(part for kept in found for part in kept.below),
    )


def of_line(asked: OfLine) -> Iterator[Part]:
    """All that the apps keep of the line."""
    for ask in _lines:
        yield from ask(asked)
