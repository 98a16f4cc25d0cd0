"""Calendars of years that the law file doesn't hold: entered by one person of the ministry from the notice, approved by another.

`registry.law.calendar` asks `find` for a year that is missing in its file. An approved entry counts at once; a later approved
entry of the same year (an amended notice) takes its place, and nothing is overwritten.
"""

import datetime as dt
import re
import time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry import journal, two_people
from registry.access import acting
from registry.law import calendar
from registry.law.calendar import YearDays
from registry.models import Person, WorkingYear, WorkingYearDecision, WorkingYearWithdrawal
from registry.parameters import second_person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import listed

__all__ = ["days_written", "decide", "find", "forget", "missing", "open_entries", "propose", "withdraw", "written"]

MOST_DAYS = 120
MOST_NAMED = 10
MOST_YEARS_AHEAD = 2
# A process that looked asks again after so many seconds: what another one approved is seen by then.
_KEPT_SECONDS = 60
_FROM_TO = ".."
_SEPARATORS = re.compile(r"[\s,;，；、]+")

_seen: dict[int, tuple[float, YearDays | None]] = {}


def find(year: int) -> YearDays | None:
    """The year's calendar as approved last; None where none is. A query once a minute and process."""
    kept = _seen.get(year)
    if kept is None or time.monotonic() - kept[0] > _KEPT_SECONDS:
        entry = WorkingYear.objects.filter(year=year, decision__approved=True).order_by("-decision__at", "-pk").first()
        kept = _seen[year] = (time.monotonic(), _days(entry) if entry else None)
    return kept[1]


def forget() -> None:
    """Ask the database again."""
    _seen.clear()


def missing(day: dt.date) -> int | None:
    """The next year that terms will reach into and whose calendar nobody has entered yet; None where the year to come is known."""
    year = day.year + 1 if calendar.days_of(day.year) is not None else day.year
    return None if calendar.days_of(year) is not None else year


def open_entries() -> QuerySet[WorkingYear]:
    """What waits for a decision."""
    return WorkingYear.objects.filter(decision__isnull=True, withdrawal__isnull=True)


def days_written(text: str) -> list[dt.date]:
    """The days that a text names: 2027-02-05, 2027-02-06..2027-02-13, apart by blanks or commas; raises ValueError for the person."""
    found: list[dt.date] = []
    for part in filter(None, _SEPARATORS.split(text.strip())):
        ends = [_day(end) for end in part.split(_FROM_TO)]
        if len(ends) > 2 or ends[0] > ends[-1] or (ends[-1] - ends[0]).days > MOST_DAYS:
            raise ValueError(
                _("“%(text)s” is neither a day nor a period; write 2027-02-05..2027-02-11.") % {"text": part[:40]}
            )
        found += [ends[0] + dt.timedelta(days=place) for place in range((ends[-1] - ends[0]).days + 1)]
    return found


def written(days: list[str]) -> str:
    """Days as one reads them, spans as spans."""
    spans: list[list[dt.date]] = []
    for day in sorted(map(dt.date.fromisoformat, days)):
        if spans and day - spans[-1][-1] == dt.timedelta(days=1):
            spans[-1].append(day)
        else:
            spans.append([day])
    return ", ".join(
        span[0].isoformat() if len(span) == 1 else f"{span[0].isoformat()}{_FROM_TO}{span[-1].isoformat()}"
        for span in spans
    )


@acting(Act.PROPOSE_PARAMETER)
@transaction.atomic
def propose(
    year: int, off: list[dt.date], worked: list[dt.date], *, notice: str, by: Person, at: dt.datetime
) -> WorkingYear:
    """Enter a year's calendar from the notice; refused with everything that can't be so."""
    faults = list(_faults(year, off, worked, notice, at))
    if faults:
        raise Refusal(" ".join(faults))
    entry = WorkingYear.objects.create(
        year=year,
        off=[day.isoformat() for day in sorted(off)],
        worked=[day.isoformat() for day in sorted(worked)],
        notice=notice.strip(),
        proposed_by=by,
        proposed_at=at,
    )
    journal.record("working_year.proposed", entry, by=by, at=at, **_facts(entry))
    return entry


@acting(Act.APPROVE_PARAMETER)
@transaction.atomic
def decide(entry: WorkingYear, *, approve: bool, by: Person, at: dt.datetime, reason: str = "") -> WorkingYearDecision:
    """A second person approves or refuses; refusing needs a reason."""
    entry = second_person.locked(entry, open_entries())
    decision = WorkingYearDecision(entry=entry, approved=approve, reason=reason, by=by, at=at)
    said = "working_year", "registry:working_year", str(entry)
    transaction.on_commit(forget)
    return second_person.record(decision, entry, *said, _facts(entry))


@acting(Act.PROPOSE_PARAMETER)
@transaction.atomic
def withdraw(entry: WorkingYear, *, by: Person, at: dt.datetime) -> WorkingYearWithdrawal:
    """Whoever entered a calendar takes it back before it is decided on."""
    entry = second_person.locked(entry, open_entries())
    two_people.refuse_other(by, entry.proposed_by_id)
    made = WorkingYearWithdrawal.objects.create(entry=entry, by=by, at=at)
    journal.record("working_year.withdrawn", entry, by=by, at=at, **_facts(entry))
    return made


def _faults(year: int, off: list[dt.date], worked: list[dt.date], notice: str, at: dt.datetime) -> list[str]:
    this, found = calendar.local_day(at).year, []
    if f"holidays.y{year}" in calendar.rules():
        found.append(_("The calendar for %(year)s is already recorded.") % {"year": year})
    if not this <= year <= this + MOST_YEARS_AHEAD:
        found.append(_("A calendar can be entered for this year or one of the next two."))
    if open_entries().filter(year=year).exists():
        found.append(_("A calendar for this year already awaits a decision."))
    if not notice.strip():
        found.append(_("State the State Council's notice: its number and date."))
    if not off:
        found.append(_("A year has holidays: enter them."))
    named = [*off, *worked]
    if strange := sorted({day for day in named if day.year != year}):
        found.append(_("Outside the year: %(days)s.") % {"days": listed(strange[:MOST_NAMED])})
    if twice := sorted({day for day in named if named.count(day) > 1}):
        found.append(_("Named twice: %(days)s.") % {"days": listed(twice[:MOST_NAMED])})
    if weekdays := sorted(day for day in worked if day.weekday() < 5):
        found.append(
            _("Make-up working days are Saturdays or Sundays; these are neither: %(days)s.")
            % {"days": listed(weekdays[:MOST_NAMED])}
        )
    if len(named) > MOST_DAYS:
        found.append(_("That is more than %(count)s days.") % {"count": MOST_DAYS})
    return found


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_("“%(text)s” is not a day; write 2027-02-05.") % {"text": text[:40]}) from error


def _days(entry: WorkingYear) -> YearDays:
    return YearDays(
        frozenset(map(dt.date.fromisoformat, entry.off)), frozenset(map(dt.date.fromisoformat, entry.worked))
    )


def _facts(entry: WorkingYear) -> dict[str, Any]:
    return {"year": entry.year, "notice": entry.notice, "off": written(entry.off), "worked": written(entry.worked)}
