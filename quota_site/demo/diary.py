"""The diary of a country: steps that the calendar begins, and the single acts that follow from them, each at its instant.

What a day brings is done in the order of its instants, as it would be in a real country: so the journal runs forward in time, whatever
overlaps. Many hands make ready what an act needs (a workbook, say) before its turn comes, and take turns at the acts themselves; what
happens to several at the same instant they do side by side.
"""

import datetime as dt
import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from quota_site.demo.hands import Hands
from quota_site.demo.world import World
from registry.calendar import local_day

COMPANY = 4  # that act at the same instant: as many as there are hands at most


@dataclass(frozen=True, slots=True)
class Event:
    """One act for one thing at an instant: functions of a module and plain data, so that any process can do it.

    What `ready` makes of the thing, without looking at the database, is given to the act; it is made before the act's turn comes. An act
    that goes on later in the day is another event. Events of one instant that say whom they are `of` may be done side by side, for
    different ones: what befalls one must not rest on what befalls the other.
    """

    at: dt.datetime
    act: Callable[..., object]
    thing: Any
    ready: Callable[[World, Any], object] | None = None
    of: object = None


@dataclass(frozen=True, slots=True)
class Step:
    """What the whole country begins on a day; `of` names the year or period that it is about. It gives the events that follow."""

    day: dt.date
    title: str | Promise
    of: str
    begin: Callable[[World], Iterable[Event]]

    def __str__(self) -> str:
        return f"{self.day} · {self.of} · {self.title}"


def by_all(day: dt.date, title: str | Promise, acts: Callable[..., Iterable[Event]], year: int, *more: object) -> Step:
    """A step whose events are `acts(world, year, *more, day)`."""
    return Step(day, title, str(year), lambda world: acts(world, year, *more, day))


def live(world: World, hands: Hands, steps: Iterable[Step], progress: Callable[[Step], object]) -> None:
    """Go through the diary from the first step to the last event. A step finds done what came before its day."""
    events: list[tuple[dt.datetime, int, Event]] = []
    numbers = itertools.count()  # events of the same instant keep their order
    for day, begun in itertools.groupby(sorted(steps, key=lambda step: step.day), key=lambda step: step.day):
        hands.in_turn(list(_come(events, day)))
        for step in begun:
            progress(step)
            for event in step.begin(world):
                heapq.heappush(events, (event.at, next(numbers), event))
    hands.in_turn(list(_come(events, dt.date.max)))


def _come(events: list[tuple[dt.datetime, int, Event]], day: dt.date) -> Iterator[Event]:
    """The events before the day, taken from the heap."""
    while events and local_day(events[0][0]) < day:
        yield heapq.heappop(events)[2]


def turns(events: Iterable[Event]) -> Iterator[int]:
    """For each event, in their order, how many must be done before it: all of earlier instants, and of its own what can't be done
    beside it."""
    first, at, of = 0, None, set[object]()
    for place, event in enumerate(events):
        if event.at != at or event.of is None or event.of in of or None in of:
            first, at, of = place, event.at, set()
        of.add(event.of)
        yield first


def make_ready(world: World, event: Event) -> tuple[object, ...]:
    """What the event's act is given beside the thing."""
    return () if event.ready is None else (event.ready(world, event.thing),)


def do_one(world: World, event: Event, made: tuple[object, ...]) -> None:
    event.act(world, event.thing, *made)
