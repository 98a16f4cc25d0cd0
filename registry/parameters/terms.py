"""What the law leaves open about terms, as dated data that the ministry may change: extensions, reopened months, reminders."""

import datetime as dt
import functools
from pathlib import Path

from registry import law
from registry.law import calendar
from registry.parameters import acts as parameters
from registry.parameters import values

__all__ = ["BOOK", "days", "file", "no_effect"]

BOOK = "deadlines"
_FILE = Path(__file__).parents[1] / "law_data" / "deadlines.toml"


@functools.cache
def file() -> law.Law:
    """The file, without the ministry's changes."""
    return law.load(_FILE)


def days(parameter: str, at: dt.datetime) -> int:
    """A parameter's whole number of days, as in force on the day of the instant. One query."""
    return int(parameters.law(BOOK, at)[parameter].number(calendar.local_day(at)))


def no_effect(parameter: str, law: law.Law, value: values.Value, day: dt.date) -> None:
    """What a change would have done: stored data can't tell."""
