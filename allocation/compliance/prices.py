"""What a tonne cost on the market, as far as official figures were read (law_data/prices.toml): dated data, shown beside a fine."""

import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import Path

from registry import law
from registry.law import DatedValue, Parameter

__all__ = ["Price", "known", "law_of_prices"]


@dataclass(frozen=True, slots=True)
class Price:
    """A price in yuan a tonne; `value.since` to `value.until` are the days that it was taken over, a close has one."""

    parameter: Parameter
    value: DatedValue


@functools.cache
def law_of_prices() -> law.Law:
    return law.load(Path(__file__).parents[1] / "law_data" / "prices.toml")


def known(day: dt.date) -> list[Price]:
    """Of each price the latest whose days were over on `day`, in the file's order: none is carried on to days for which none was read."""
    found = []
    for parameter in law_of_prices().values():
        past = [value for value in parameter.values if value.until is not None and value.until <= day]
        if past:
            found.append(Price(parameter, max(past, key=lambda value: value.since)))
    return found
