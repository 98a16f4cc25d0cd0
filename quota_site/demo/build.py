"""Build a country: settle its people in, then let all of them act, day after day."""

import datetime as dt
import time
from collections.abc import Callable

from quota_site.demo import people, year_2024, year_2025, year_2026
from quota_site.demo.bell import answered_at_once
from quota_site.demo.country import Country, plan
from quota_site.demo.diary import Step, live
from quota_site.demo.hands import Hands, OwnHands
from quota_site.demo.helper import thrift
from quota_site.demo.scales import scale
from quota_site.demo.summary import Summary, summarise
from quota_site.demo.world import World
from registry.calendar import SHANGHAI

# The country's present: the 2025 year is being surrendered, months of 2026 are coming in.
PRESENT = dt.datetime(2026, 11, 16, 9, tzinfo=SHANGHAI)

Progress = Callable[[Step], object]


def build(scale_name: str, seed: int, progress: Progress = lambda step: None, helpers: Hands | None = None) -> Summary:
    """Build the country of a scale and seed in a database that holds none; the same two give the same country.

    The helpers have database connections of their own; without any, everything is done here, in the caller's transaction if any.
    """
    begun = time.monotonic()
    thrift()
    country = plan(scale(scale_name), seed)
    people.settle_in(country)
    world = World.load(scale_name, seed)
    with answered_at_once():
        live(world, helpers or OwnHands(world), steps(country), progress)
    return summarise(country, PRESENT, seconds=time.monotonic() - begun)


def steps(country: Country) -> list[Step]:
    """The steps of all years."""
    return [*year_2024.steps(), *year_2025.steps(), *year_2026.steps(country)]
