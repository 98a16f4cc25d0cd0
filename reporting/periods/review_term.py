"""The term in which a province reviews a package: working days, which don't run while the unit owes an answer. Plain Python."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from registry.law import NotInForceError, calendar

__all__ = ["Pause", "Term", "term"]

Pause = tuple[dt.datetime, dt.datetime | None]
"""When a question was asked, and when it was answered."""


@dataclass(frozen=True, slots=True)
class Term:
    """`due` is None while the term stands still; a calendar.LatestDay where it reaches into a year whose holidays are not announced."""

    due: dt.date | None
    paused: bool = False


def term(submitted_at: dt.datetime, pauses: Sequence[Pause]) -> Term:
    """The last day of the review of what was submitted then.

    The day of submission isn't counted, nor a day at whose end a question stood open.
    """
    if any(answered is None for _asked, answered in pauses):
        return Term(None, paused=True)
    day = calendar.local_day(submitted_at)
    try:
        days = int(calendar.rules()["term.package_review"].number(day))
    except NotInForceError:  # before there was a term
        return Term(None)
    still = [(calendar.local_day(asked), calendar.local_day(answered)) for asked, answered in pauses if answered]
    return Term(calendar.term_end(day, days, lambda at: not any(asked <= at < answered for asked, answered in still)))
