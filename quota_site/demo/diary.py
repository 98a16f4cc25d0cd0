"""The diary of a country: steps that the calendar begins, and the single acts that follow from them, each at its instant.

What a day brings to one unit, or to one province, is done in its order by one hand; many hands do it for many at once. The next day
begins when all of them are done. So the journal tells the years in their order, whatever overlaps: months that come in while reports
are verified.
"""

import datetime as dt
import heapq
import itertools
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from quota_site.demo.hands import Hands
from quota_site.demo.world import World
from registry.calendar import local_day


@dataclass(frozen=True, slots=True)
class Event:
    """One act for one thing at an instant: a function of a module and plain data, so that any process can do it.

    `whose` names the unit or the province that it happens to: nothing of the same day may depend on another's.
    """

    at: dt.datetime
    act: Callable[[World, Any], object]
    thing: Any
    whose: Hashable


@dataclass(frozen=True, slots=True)
class Step:
    """What the whole country begins on a day; `of` names the year or period that it is about. It gives the events that follow."""

    day: dt.date
    title: str | Promise
    of: str
    begin: Callable[[World], Iterable[Event]]

    def __str__(self) -> str:
        return f"{self.day} · {self.of} · {self.title}"


def by_one(day: dt.date, title: str | Promise, act: Callable[..., None], year: int, *more: object) -> Step:
    """A step that is done on the spot: `act(world, year, *more, day)`."""

    def begin(world: World) -> Iterable[Event]:
        act(world, year, *more, day)
        return ()

    return Step(day, title, str(year), begin)


def by_all(day: dt.date, title: str | Promise, acts: Callable[..., Iterable[Event]], year: int, *more: object) -> Step:
    """A step whose events are `acts(world, year, *more, day)`."""
    return Step(day, title, str(year), lambda world: acts(world, year, *more, day))


def live(world: World, hands: Hands, steps: Iterable[Step], progress: Callable[[Step], object]) -> None:
    """Go through the diary from the first step to the last event."""
    coming = deque(sorted(steps, key=lambda step: step.day))
    events: list[tuple[dt.datetime, int, Event]] = []
    numbers = itertools.count()  # events of the same instant keep their order
    while coming or events:
        day = min(
            [step.day for step in itertools.islice(coming, 1)] + [local_day(at) for at, _number, _event in events[:1]]
        )
        while coming and coming[0].day == day:
            step = coming.popleft()
            progress(step)
            for event in step.begin(world):
                heapq.heappush(events, (event.at, next(numbers), event))
        today = []
        while events and local_day(events[0][0]) <= day:
            today.append(heapq.heappop(events)[2])
        _do(hands, today)


def _do(hands: Hands, today: Iterable[Event]) -> None:
    """A day's events, everybody's in their order."""
    chains: dict[Hashable, list[Event]] = {}
    for event in today:
        chains.setdefault(event.whose, []).append(event)
    hands.each(go_through, chains.values())


def go_through(world: World, events: Sequence[Event]) -> None:
    """One after the other."""
    for event in events:
        event.act(world, event.thing)
