"""Which vintages settle a year on a day: the governing plan's rule, and what a plan published later says of the same year.

law_data/surrender.toml holds the later plans' words, each from the day on which they count.
"""

import datetime as dt
import functools
from pathlib import Path

from allocation import plans
from registry import law

__all__ = ["in_force", "later", "vintages"]


@functools.cache
def _later_plans() -> law.Law:
    return law.load(Path(__file__).parents[1] / "law_data" / "surrender.toml")


def later(year: int) -> law.Parameter | None:
    """What a later plan says of the emission year, from which day on; None where none does."""
    return _later_plans().get(f"surrender.vintages.of_{year}")


def vintages(sector: str, year: int, day: dt.date) -> tuple[int, ...]:
    """The vintages that may settle the sector's emission year on `day`; raises plans.PlanError where no plan is in force for it."""
    own = plans.in_force(sector, year).for_year(year).whole_numbers("surrender.vintages")
    said = in_force(year, day)
    if said is None or not isinstance(said.value, tuple):
        return own
    return tuple(each for each in said.value if isinstance(each, int))


def in_force(year: int, day: dt.date) -> law.DatedValue | None:
    """What a later plan says of the emission year on `day`, with its citation; None where only the governing plan speaks."""
    try:
        said = later(year)
        return said.at(day) if said else None
    except law.NotInForceError:
        return None
