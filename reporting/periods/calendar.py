"""Which periods a unit reports for, and by when: months where the law asks for monthly evidence, else the year in one."""

import datetime as dt
from collections.abc import Iterable

from registry.labels.kept_sentences import gettext as _
from registry.law import NotInForceError, calendar
from registry.refusal import Refusal
from reporting.content import first_day, is_year, last_day

__all__ = [
    "YEARS",
    "annual_due",
    "due_day",
    "ended",
    "has_months",
    "month_after",
    "month_before",
    "opens_on",
    "periods_of",
    "year_at_hand",
]

# Years that days can be counted in without leaving the calendar; the law itself says in which something is asked for.
YEARS = range(2000, 3000)


def has_months(year: int) -> bool:
    """Whether monthly evidence was in force in the year."""
    try:
        calendar.rules()["monthly.days_after_month_end"].at(dt.date(year, 1, 31))
    except NotInForceError:
        return False
    return True


def periods_of(year: int) -> list[str]:
    """The periods of a year, in order."""
    return [f"{year}-{month:02}" for month in range(1, 13)] if has_months(year) else [str(year)]


def month_before(month: str) -> str:
    """The month that ended when this one began."""
    return f"{first_day(month) - dt.timedelta(days=1):%Y-%m}"


def month_after(month: str) -> str:
    """The month that begins when this one ends."""
    return f"{last_day(month) + dt.timedelta(days=1):%Y-%m}"


def due_day(period: str) -> dt.date:
    """The last day of the term of a period; raises Refusal for one that nothing is asked for."""
    try:
        begin = first_day(period)
        if begin.year not in YEARS:
            raise ValueError(period)
    except ValueError as error:
        raise Refusal(_("“%(period)s” is neither a month nor a year.") % {"period": period[:20]}) from error
    if period not in periods_of(begin.year):
        if is_year(period):
            raise Refusal(_("%(year)s is reported month by month, not by a year workbook.") % {"year": period})
        raise Refusal(
            _("No monthly evidence is asked for in %(year)s; its year workbook is submitted.") % {"year": begin.year}
        )
    return calendar.monthly_deadline(period) if not is_year(period) else annual_due(begin.year)


def year_at_hand(years: Iterable[int], day: dt.date) -> int:
    """Of the years, the one that people work on: that of the month last ended, else the latest before it, else the first."""
    known = sorted(years)
    last_ended = (day.replace(day=1) - dt.timedelta(days=1)).year
    return max((year for year in known if year <= last_ended), default=known[0] if known else day.year)


def annual_due(year: int) -> dt.date:
    """The last day for the annual report; raises Refusal where none is set."""
    due = calendar.yearly_deadline("annual_report", year)
    if due is None:
        raise Refusal(_("No deadline is set for the annual report of %(year)s yet.") % {"year": year})
    return due


def ended(period: str, day: dt.date) -> bool:
    """Whether the period lies wholly before `day`."""
    return last_day(period) < day


def opens_on(period: str) -> dt.date:
    """The first day on which the period may be submitted."""
    return last_day(period) + dt.timedelta(days=1)
