"""Whom reporting reminds of what: clerks of months, approvers of the annual report, officers of packages that wait for them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from registry import directory
from registry.access import mandates_in_force
from registry.law import calendar
from registry.models import Person, Unit
from registry.notifications import Told
from registry.permissions.roles import Role
from registry.todo.reminders import Steps
from reporting.filing.deadlines import Dues, Period, dues
from reporting.models import AnnualReport, Package
from reporting.periods import due_day, has_months, periods_of
from reporting.periods.expected import expected_periods, lives_of, periods_asked

__all__ = ["due_reminders"]

State = Package.State
# A unit listed so many days before a last day or later may have one of its own; the law's term is shorter.
LATE = 100
By = tuple[int, dt.date, int]  # unit, last day, step


def due_reminders(day: dt.date, steps: Steps) -> Iterator[Told]:
    """What people are to be reminded of on the day. A dozen queries, however many units there are."""
    yield from _of_packages(day, steps)
    yield from _of_reports(day, steps)
    yield from _of_reviews(day, steps)


def _of_packages(day: dt.date, steps: Steps) -> Iterator[Told]:
    """One for all periods of a unit that have the same last day: to its clerks, and to those who file for it."""
    open_ones = _open(day, steps)
    if not open_ones:
        return
    units = {unit for unit, _due, _step in open_ones}
    names = dict(Unit.objects.filter(pk__in=units).values_list("pk", "name"))
    own, others = _people(Role.UNIT_CLERK), _filing_for(day)
    for (unit, due, step), periods in open_ones.items():
        kind = "remind.packages" if step >= 0 else "remind.packages_missed"
        key = f"{kind}:{unit}:{due.isoformat()}:{step}"
        said = {"unit": names[unit], "due": due.isoformat(), "periods": [list(pair) for pair in periods]}
        sector, period = periods[0]
        page = reverse("reporting:unit_year", args=[unit, int(period[:4])])
        board = f"{reverse('reporting:package_board')}?{urlencode({'year': period[:4], 'sector': sector})}"
        for person in own[unit]:
            yield Told(person, kind, key, page, said)
        for person in (person for holder in others[unit] for person in own[holder]):
            yield Told(person, kind, key, board, said)


def _open(day: dt.date, steps: Steps) -> dict[By, list[tuple[str, str]]]:
    """(sector, period) of what is not submitted and has a step to be told on the day, by unit, last day and step."""
    known = dues(None, day)
    # A day set for one unit binds as long as a directory asks for the period.
    moved = set(expected_periods({unit for unit, _sector, _period in known.anew})) & known.anew.keys()
    asked = {*_asked(day, steps), *moved}
    states = {
        (unit, sector, period): state
        for unit, sector, period, state in Package.objects.filter(
            period__in={period for _unit, _sector, period in asked}
        ).values_list("unit", "sector", "period", "state")
    }
    found = defaultdict(list)
    for unit, sector, period in sorted(asked, key=lambda each: (each[2], each[1], each[0])):
        due = known.of(unit, sector, period)
        step = steps.reached(due, day)
        if step is not None and not _over(states.get((unit, sector, period)), step, known, (unit, sector, period)):
            found[unit, due, step].append((sector, period))
    return found


def _over(state: str | None, step: int, known: Dues, period: Period) -> bool:
    """Whether nobody is to be reminded: it is submitted, or it was in time and came back (which its clerks were told)."""
    came_back = state == State.RETURNED and step < 0 and period not in known.anew
    return came_back or state in (State.SUBMITTED, State.ACCEPTED)


def _asked(day: dt.date, steps: Steps) -> Iterator[Period]:
    """What the directories ask for by a day of the law that can have a step. Two queries."""
    periods = set(_periods_near(day, steps))
    years = {int(period[:4]) for period in periods}
    entries = directory.ever_listed().filter(year__in=years).order_by("pk")
    lives = lives_of(entries.order_by().values("unit"))
    for entry in entries:
        for period in periods_asked(entry, lives):
            if period in periods:
                yield entry.unit_id, entry.sector, period


def _periods_near(day: dt.date, steps: Steps) -> Iterator[str]:
    for year in _years(day):
        if has_months(year) or calendar.yearly_deadline("annual_report", year):
            for period in periods_of(year):
                if steps.reached(due_day(period), day) is not None:
                    yield period


def _years(day: dt.date) -> range:
    """The emission years of which something can be due about the day."""
    return range(day.year - 2, day.year + 1)


def _of_reports(day: dt.date, steps: Steps) -> Iterator[Told]:
    """Annual reports that are not filed: to the approvers, who file them. Four queries; one where no entry can have a step."""
    lawful = {year: due for year in _years(day) if (due := calendar.yearly_deadline("annual_report", year))}
    entries = list(directory.ever_listed().filter(_can_have_a_step(lawful, day, steps)).order_by("year", "pk"))
    if not entries:
        return
    filed = AnnualReport.objects.filter(year__in=lawful, state=AnnualReport.State.FILED)
    done = set(filed.values_list("unit", "sector", "year"))
    people, lives = _people(Role.UNIT_APPROVER), lives_of({entry.unit_id for entry in entries})
    for entry in entries:
        unit, sector, year = entry.unit_id, entry.sector, entry.year
        own = calendar.due_once_listed(lawful[year], entry.listed_on)
        if (step := steps.reached(own, day)) is None:
            continue
        if (unit, sector, year) in done or not periods_asked(entry, lives):
            continue
        kind = "remind.report" if step >= 0 else "remind.report_missed"
        key = f"{kind}:{unit}:{sector}:{year}:{own.isoformat()}:{step}"
        said = {"year": str(year), "sector": sector, "due": own.isoformat()}
        page = reverse("reporting:unit_year", args=[unit, year])
        for person in people[unit]:
            yield Told(person, kind, key, page, said)


def _can_have_a_step(lawful: Mapping[int, dt.date], day: dt.date, steps: Steps) -> Q:
    """Of a year whose lawful last day has no step on the day, only the entries whose own last day is later."""
    found = Q(pk__in=[])
    for year, due in lawful.items():
        later = Q() if steps.reached(due, day) is not None else Q(listed_on__gte=due - dt.timedelta(days=LATE))
        found |= Q(year=year) & later
    return found


def _of_reviews(day: dt.date, steps: Steps) -> Iterator[Told]:
    """Packages that have waited for long: to the province's officers, once a week as long as there are any."""
    since = day - dt.timedelta(days=steps.review_waits)
    waiting = Package.objects.filter(state=State.SUBMITTED, submitted_at__lte=calendar.end_of(since))
    counts = dict(waiting.order_by().values_list("unit__authority").annotate(Count("pk")))
    officers = Person.objects.filter(role=Role.PROVINCIAL_OFFICER, is_active=True, authority__in=counts)
    week = "{}-W{:02}".format(*day.isocalendar()[:2])
    page = f"{reverse('reporting:packages')}?{urlencode({'state': State.SUBMITTED})}"
    for person, authority in officers.order_by("pk").values_list("pk", "authority"):
        said = {"since": since.isoformat(), "count": counts[authority]}
        yield Told(person, "remind.reviews", f"remind.reviews:{authority}:{week}", page, said)


def _people(role: Role) -> dict[int, list[int]]:
    """Who has the role now, by unit. One query."""
    found = defaultdict(list)
    rows: Iterable[tuple[int | None, int]] = Person.objects.filter(role=role, is_active=True).values_list("unit", "pk")
    for unit, person in rows:
        if unit is not None:
            found[unit].append(person)
    return found


def _filing_for(day: dt.date) -> dict[int, list[int]]:
    """The units that may submit for a unit on the day. One query."""
    found = defaultdict(list)
    for unit, holder in mandates_in_force.on(day).filter(may_submit=True).values_list("unit", "holder_unit"):
        found[unit].append(holder)
    return found
