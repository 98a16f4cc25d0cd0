"""Compliance status: how a unit stands with a year's duty on a day. Computed for that day from what happened, never stored."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.law.calendar import end_of

__all__ = ["COMPLETE", "LABELS", "TONES", "Part", "Rate", "Standing", "Status", "shares", "status", "status_of"]


class Status(StrEnum):
    """allocation.md §5."""

    NO_NOTICE = "no_notice"
    OPEN = "open"
    PARTLY = "partly"
    COMPLETE_ON_TIME = "complete_on_time"
    COMPLETE_LATE = "complete_late"
    OVERDUE = "overdue"


LABELS: dict[Status, Promise] = {
    Status.NO_NOTICE: _("no notice sent"),
    Status.OPEN: _("open"),
    Status.PARTLY: _("partly surrendered"),
    Status.COMPLETE_ON_TIME: _("complete on time"),
    Status.COMPLETE_LATE: _("complete late"),
    Status.OVERDUE: _("overdue"),
}
TONES = {
    Status.NO_NOTICE: "neutral",
    Status.OPEN: "info",
    Status.PARTLY: "warn",
    Status.COMPLETE_ON_TIME: "ok",
    Status.COMPLETE_LATE: "warn",
    Status.OVERDUE: "danger",
}
COMPLETE = (Status.COMPLETE_ON_TIME, Status.COMPLETE_LATE)


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of the duty is met at the end of a day, in tonnes; `completed_at` is the instant at which nothing was missing any more."""

    status: Status
    due: int
    surrendered: int
    completed_at: dt.datetime | None = None

    @property
    def missing(self) -> int:
        return max(self.due - self.surrendered, 0)

    @property
    def over(self) -> int:
        """Surrendered beyond what is due now: the duty fell afterwards. No rule says what becomes of them."""
        return 0 if self.status is Status.NO_NOTICE else max(self.surrendered - self.due, 0)

    @property
    def label(self) -> Promise:
        return LABELS[self.status]

    @property
    def tone(self) -> str:
        return TONES[self.status]


def status(
    due: int | None,
    surrendered: Iterable[tuple[dt.datetime, int]],
    deadline: dt.date | None,
    day: dt.date,
) -> Standing:
    """How the unit stands at the end of `day`.

    `due` and `deadline` are None where no notice has been sent by then. `surrendered` are (instant of execution, tonnes); what
    was executed after the day doesn't count. A surrender counts at the instant the registrar executes it (assumed). Where nothing is due
    (an adjustment took it away) nothing is missing at any time: the duty is met, and in time.
    """
    end = end_of(day)
    total, punctual, completed_at = 0, 0, None
    for instant, tonnes in sorted(surrendered):
        if instant <= end:
            total += tonnes
            punctual += tonnes if deadline is not None and instant <= end_of(deadline) else 0
            if due and completed_at is None and total >= due:
                completed_at = instant
    if due is None or deadline is None:
        return Standing(Status.NO_NOTICE, 0, total)
    return Standing(status_of(due, total, punctual, deadline, day), due, total, completed_at)


def status_of(due: int, surrendered: int, punctual: int, deadline: dt.date, day: dt.date) -> Status:
    """The same from sums: tonnes surrendered by the end of the day, and `punctual` of them by the end of the deadline."""
    if punctual >= due:
        return Status.COMPLETE_ON_TIME
    if surrendered >= due:
        return Status.COMPLETE_LATE
    if day > deadline:
        return Status.OVERDUE
    return Status.PARTLY if surrendered else Status.OPEN


@dataclass(frozen=True, slots=True)
class Part:
    """One sector's own tonnes due, and what of the unit's surrender counts for them."""

    due: int
    surrendered: int

    @property
    def missing(self) -> int:
        return max(self.due - self.surrendered, 0)


def shares(first: str, due: Mapping[str, int], surrendered: int) -> dict[str, Part]:
    """A unit's duty by sector. Any sector's quota serves: what is surrendered counts for the sector `first`, then for the others."""
    left, found = surrendered, {}
    for sector in sorted(due, key=lambda each: (each != first, each)):
        given = min(left, due[sector])
        left -= given
        found[sector] = Part(due[sector], given)
    return found


@dataclass(frozen=True, slots=True)
class Rate:
    """The compliance rate of a group both ways (allocation.md §5): units complete of units due, tonnes surrendered of tonnes due."""

    units: int
    complete: int
    due: int
    surrendered: int

    @classmethod
    def of(cls, standings: Iterable[Standing]) -> "Rate":
        counted = [each for each in standings if each.status is not Status.NO_NOTICE]
        return cls(
            units=len(counted),
            complete=sum(each.status in COMPLETE for each in counted),
            due=sum(each.due for each in counted),
            # What is surrendered beyond one's own duty can't make up for another's.
            surrendered=sum(min(each.surrendered, each.due) for each in counted),
        )
