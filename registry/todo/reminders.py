"""Reminders of what is due: asked for every night, told once each, to the people who can act.

Each app says what is due on which day and who is to be told (`offer`). A deadline has steps, so many days before it and one after; on a
night the latest step that was reached is told, if it was not told before. So a missed night is caught up by the next one, and nobody
gets three reminders at once or one of a step that has passed. The texts name the day, never how far it is: they don't go stale.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from registry import jobs, notifications, parameters
from registry.jobs import nightly
from registry.law import calendar, clock
from registry.models import Notification
from registry.notifications import Told, outbox
from registry.parameters import terms

__all__ = ["Steps", "offer", "remind", "reminders", "steps"]

Source = Callable[[dt.date, "Steps"], Iterable[Told]]
_sources: list[Source] = []


@dataclass(frozen=True, slots=True)
class Steps:
    """When people are reminded, in days: before a deadline, after it, of a review that waits; and how late one after it still goes out."""

    before: tuple[int, ...]
    after: int
    stale: int
    review_waits: int

    def reached(self, due: dt.date, day: dt.date) -> int | None:
        """The step to be told on `day`, in days before the deadline (negative: after it); None where there is none."""
        left = (due - day).days
        if left >= 0:
            return min((step for step in self.before if step >= left), default=None)
        return -self.after if self.after <= -left < self.after + self.stale else None

    @property
    def until(self) -> int:
        """How many days ahead a deadline can be that somebody is reminded of."""
        return max(self.before)

    @property
    def back(self) -> int:
        """How many days ago a deadline can have been."""
        return self.after + self.stale


def steps(day: dt.date) -> Steps:
    """The steps in force on a day. One query."""
    law = parameters.law(terms.BOOK, calendar.start_of(day))

    def number(name: str) -> int:
        return int(law[f"reminder.{name}"].number(day))

    before = tuple(number(f"before.{name}") for name in ("first", "second", "last"))
    return Steps(before, number("after"), number("stale"), number("review_waits"))


def offer(source: Source) -> None:
    """Ask `source` every night for what is due, and whom to tell."""
    if source not in _sources:
        _sources.append(source)


def reminders(day: dt.date) -> Iterator[Told]:
    """Everything that people are to be reminded of on the day, told before or not."""
    at_hand = steps(day)
    for source in _sources:
        yield from source(day, at_hand)


def remind(day: dt.date, at: dt.datetime) -> list[Notification]:
    """Tell what is to be told on the day; what was new."""
    return notifications.notify_all(reminders(day), at)


@nightly.every_night("registry.remind")
def remind_nightly(lease: jobs.Lease) -> None:
    """The night's reminders and the day's mails; of the day on which it is done, not asked for: workers may have been away."""
    at = clock.now()
    day = nightly.night_of(at)
    found = list(reminders(day))
    outcome: dict[str, int] = {}
    with lease.finishing(outcome):
        outcome["told"] = len(notifications.notify_all(found, at))
        outcome["mails"] = outbox.collect(day, at)
