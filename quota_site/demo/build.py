"""Build a country: settle its people in, then let all of them act, day after day."""

import datetime as dt
import time
from collections.abc import Callable

from quota_site.demo.invented.country import Country, plan
from quota_site.demo.invented.scales import scale
from quota_site.demo.running import people
from quota_site.demo.running.eager_jobs import answered_at_once
from quota_site.demo.running.timeline import Step, live
from quota_site.demo.running.worker_process import thrift
from quota_site.demo.running.workers import Hands, OwnHands
from quota_site.demo.running.world import World
from quota_site.demo.summary import Summary, summarise
from quota_site.demo.years import year_2024, year_2025, year_2026
from registry.law.calendar import SHANGHAI

# The country's present: the 2025 year is being surrendered, months of 2026 are coming in.
PRESENT = dt.datetime(2026, 11, 16, 9, tzinfo=SHANGHAI)

Progress = Callable[[Step], object]


def build(scale_name: str, seed: int, progress: Progress = lambda _step: None, helpers: Hands | None = None) -> Summary:
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
