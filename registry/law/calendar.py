"""Days of the law: working days with the State Council's holidays, and deadlines as instants in Asia/Shanghai."""

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from registry.law import dated as law

SHANGHAI = ZoneInfo("Asia/Shanghai")
_LAW_DATA = Path(__file__).parents[1] / "law_data"
_SATURDAY = 5


@functools.cache
def rules() -> law.Law:
    """The calendar's law: deadlines, terms, holidays."""
    return law.load(_LAW_DATA / "calendar.toml", _LAW_DATA / "holidays.toml")


def end_of(day: dt.date) -> dt.datetime:
    """The deadline instant of a day: 23:59:59 in Shanghai (market.md §3), that second to its end."""
    return dt.datetime.combine(day, dt.time(23, 59, 59, 999_999), SHANGHAI)


def start_of(day: dt.date) -> dt.datetime:
    """The first instant of a day in Shanghai."""
    return dt.datetime.combine(day, dt.time(), SHANGHAI)


def local_day(at: dt.datetime) -> dt.date:
    """The Shanghai day in which an instant falls."""
    return at.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class YearDays:
    """A year's holidays, and the weekend days that are worked in exchange."""

    off: frozenset[dt.date]
    worked: frozenset[dt.date]


class LatestDay(dt.date):
    """The latest day on which a term can end that reaches into a year whose holidays are not announced; pages say so."""


Entered = Callable[[int], YearDays | None]
_entered: list[Entered] = []


def take_from(entered: Entered) -> None:
    """Where years are found that are not in the file: what two people of the ministry entered (registry.parameters.working_years)."""
    _entered[:] = [entered]


def days_of(year: int) -> YearDays | None:
    """The year's calendar, from the file or as it was entered; None while it is not announced."""
    if (filed := _filed(year)) is not None:
        return filed
    return next((found for source in _entered if (found := source(year)) is not None), None)


def is_working_day(day: dt.date) -> bool:
    """Whether the State Council's calendar counts the day as worked.

    Raises NotInForceError for a year whose holidays have not been announced: guessing would move a deadline.
    """
    if (known := days_of(day.year)) is None:
        raise law.NotInForceError(f"holidays.y{day.year}", day)
    return day in known.worked or (day.weekday() < _SATURDAY and day not in known.off)


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The `count`-th working day after `day`; the day itself is not counted."""
    while count:
        day += dt.timedelta(days=1)
        count -= is_working_day(day)
    return day


def term_end(day: dt.date, count: int, runs: Callable[[dt.date], bool] = lambda _day: True) -> dt.date:
    """The `count`-th working day after `day` on which the term `runs`; the day itself is not counted.

    Where that reaches into a year whose holidays are not announced it is the latest day that it can be (LatestDay): no weekend day is
    worked in exchange there, and as many weekdays are off as the longest holiday of the years in the file can hold (assumed).
    """
    announced = True
    while count > 0:
        day += dt.timedelta(days=1)
        if not runs(day):
            continue
        if days_of(day.year) is not None:
            count -= is_working_day(day)
            continue
        if announced:
            announced, count = False, count + longest_holiday_weekdays()
        count -= day.weekday() < _SATURDAY
    return day if announced else LatestDay(day.year, day.month, day.day)


def as_term(day: dt.date | None) -> dt.date | None:
    """A stored end of a term of working days: a LatestDay where its year's holidays are still not announced."""
    return day if day is None or days_of(day.year) is not None else LatestDay(day.year, day.month, day.day)


@functools.cache
def longest_holiday_weekdays() -> int:
    """How many weekdays the longest holiday of the years in the file can hold, on whatever day it begins."""
    longest = 0
    for parameter in rules().under("holidays").values():
        run, before = 0, None
        for off in sorted(_dates(parameter)):
            run = run + 1 if before and off - before == dt.timedelta(days=1) else 1
            before, longest = off, max(longest, run)
    return longest // 7 * 5 + min(longest % 7, 5)


def month_end(month: str) -> dt.date:
    """The last day of a month written YYYY-MM."""
    year, number = map(int, month.split("-"))
    return (dt.date(year + number // 12, number % 12 + 1, 1)) - dt.timedelta(days=1)


def monthly_days(day: dt.date) -> int:
    """How many calendar days after a month's end its evidence is due, the province's review within them, by the rule of a day."""
    return int(rules()["monthly.days_after_month_end"].number(day))


def monthly_deadline(month: str) -> dt.date:
    """The day by which the evidence of `month` (YYYY-MM) is due: 40 calendar days, or the back-filling day."""
    end = month_end(month)
    due = end + dt.timedelta(days=monthly_days(end))
    back_fill = rules()["monthly.back_fill"]
    for dated in back_fill.values:
        if dated.in_force(end) and isinstance(dated.value, dt.date):
            return max(due, dated.value)
    return due


def due_once_listed(day: dt.date, listed_on: dt.date | None) -> dt.date:
    """A last day as it binds a unit whose entry in the directory was approved on `listed_on`: no term ends before the unit had time from
    then on. None: not known, or long ago."""
    if listed_on is None:
        return day
    return max(day, listed_on + dt.timedelta(days=int(rules()["listing.days_after"].number(listed_on))))


def yearly_deadline(step: str, year: int) -> dt.date | None:
    """The day by which `step` (`annual_report`, `surrender` …) of emission year `year` is due; None where none is set."""
    parameter = rules().get(f"deadline.{step}")
    if parameter is None:
        raise KeyError(step)
    for dated in parameter.values:
        if dated.since.year == year and isinstance(dated.value, dt.date):
            return dated.value
    return None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A step of an emission year (or the evidence of a month, `month`) and the day by which it is due."""

    parameter: law.Parameter
    year: int
    day: dt.date
    month: str = ""


def upcoming(day: dt.date, until: dt.date) -> list[Deadline]:
    """The deadlines from `day` to `until`, both included, in their order."""
    yearly = [
        Deadline(parameter, dated.since.year, dated.value)
        for parameter in rules().under("deadline").values()
        for dated in parameter.values
        if isinstance(dated.value, dt.date) and day <= dated.value <= until
    ]
    monthly = [
        Deadline(rules()["monthly.days_after_month_end"], int(month[:4]), due, month)
        for month in _months_back(day, until)
        if day <= (due := monthly_deadline(month)) <= until
    ]
    return sorted([*yearly, *monthly], key=lambda deadline: (deadline.day, deadline.year))


def compliance_year(day: dt.date) -> int:
    """The emission year whose surrender is due next on `day`; past the last known deadline, the latest year."""
    years = [(dated.value, dated.since.year) for dated in rules()["deadline.surrender"].values]
    ahead = [year for due, year in years if isinstance(due, dt.date) and due >= day]
    return min(ahead, default=max(year for _due, year in years))


def _months_back(day: dt.date, until: dt.date) -> list[str]:
    """The months with monthly evidence that can be due between the two days: those that ended within a year before."""
    first = rules()["monthly.days_after_month_end"].values[0].since
    start = max(first, day.replace(day=1) - dt.timedelta(days=366))
    numbers = range(start.year * 12 + start.month - 1, until.year * 12 + until.month)
    return [f"{number // 12}-{number % 12 + 1:02}" for number in numbers]


@functools.cache
def _filed(year: int) -> YearDays | None:
    off, worked = (rules().get(f"{name}.y{year}") for name in ("holidays", "make_up_days"))
    return YearDays(_dates(off), _dates(worked)) if off and worked else None


def _dates(parameter: law.Parameter) -> frozenset[dt.date]:
    value = parameter.values[0].value
    return frozenset(item for item in value if isinstance(item, dt.date)) if isinstance(value, tuple) else frozenset()
