"""Until when a unit may ask for a review of a result that it was told."""

import datetime as dt

from registry.law import calendar

__all__ = ["last_day"]


def last_day(told_at: dt.datetime) -> dt.date:
    """The last day of the term; the latest that it can be where it reaches into a year whose holidays aren't announced."""
    told = calendar.local_day(told_at)
    return calendar.term_end(told, int(calendar.rules()["term.review_asked"].number(told)))
