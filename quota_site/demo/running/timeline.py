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

from django.utils.functional import Promise

from quota_site.demo.running.event import Event
from quota_site.demo.running.workers import Hands
from quota_site.demo.running.world import World
from registry.law.calendar import local_day

COMPANY = 4  # that act at the same instant: as many as there are hands at most


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
