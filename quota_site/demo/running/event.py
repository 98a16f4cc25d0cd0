"""One act in the timeline of a country, made ready and done."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from quota_site.demo.running.world import World

__all__ = ["Event", "do_one", "make_ready", "turns"]


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
