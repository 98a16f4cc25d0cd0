"""What of reporting waits for a person: for each role a few set-based questions."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from registry import access, directory
from registry.law import calendar
from registry.models import Person, Unit
from registry.permissions import Act
from registry.permissions.roles import Role
from registry.todo import Todo, by_urgency, pressing, url_of
from registry.values.sectors import Sector
from reporting.filing import report_years
from reporting.filing.deadlines import dues
from reporting.models import AnnualReport, ControlPlan, ControlPlanVersion, Package, Question, Verification
from reporting.periods import ended
from reporting.periods.expected import expected_periods
from reporting.queries import handings, plan_coverage
from reporting.review import own_days
from reporting.review import queue as desk
from reporting.review.questions import open_questions
from reporting.verification import unassigned

__all__ = ["todos"]

State = Package.State


def todos(person: Person, at: dt.datetime) -> list[Todo]:
    """What waits for the person at the instant, the most pressing first."""
    ask = _BY_ROLE.get(Role(person.role))
    return by_urgency(ask(person, calendar.local_day(at)) if ask else [])


def _clerk(person: Person, day: dt.date) -> Iterator[Todo]:
    rows = Package.objects.filter(unit=person.unit_id)
    returned = _waiting(rows.filter(state=State.RETURNED), due=Min("due"))
    if returned.count:
        url = returned.url("reporting:package", "reporting:packages", state=State.RETURNED)
        yield Todo(_("Packages sent back: correct"), returned.count, url, returned.due, tone="danger")
    back = _waiting(handings.sent_back(rows), due=Min("due"))
    url = back.url("reporting:package", "reporting:packages", state=State.READ)
    yield from _listed(back, _("Packages sent back by your approver: correct"), url, day)
    handed = _waiting(rows.filter(handing__isnull=False), due=Min("due"))
    url = handed.url("reporting:package", "reporting:packages", state=State.READ)
    yield from _listed(handed, _("Packages with your approver"), url, day)
    asked = _waiting(rows.filter(pk__in=open_questions().filter(package__unit=person.unit_id).values("package")))
    if asked.count:
        url = asked.url("reporting:package", "reporting:packages", state=State.SUBMITTED)
        yield Todo(_("Packages with a question of the officer: answer"), asked.count, url, tone="warn")
    yield from _plans_to_write(person, day)
    yield from _due_packages(person, rows, day)
    yield from _reports_to_prepare(person, day)


def _overdue_periods(person: Person, day: dt.date) -> Iterator[Todo]:
    """What the unit's clerk is late with, one sent back among it: for each year what its page shows."""
    for (year, sector), days in sorted(_overdue([person.unit_id or 0], day).items()):
        board = reverse("reporting:unit_year", args=[person.unit_id, year])
        where = f"{year} · {Sector(sector).label}"
        yield Todo(_("Packages of your unit overdue"), len(days), board, min(days), where, tone="danger")


def _due_packages(person: Person, rows: QuerySet[Package], day: dt.date) -> Iterator[Todo]:
    """The periods that have ended and of which nothing is submitted yet: for each year what its page shows."""
    waiting_here = Q(state__in=[State.OPEN, State.READ], handing__isnull=True)
    done = rows.exclude(waiting_here).values_list("sector", "period")
    handed_in = set(done)
    known = dues([person.unit_id or 0], day)
    waiting = sorted(
        (known.of(unit, sector, period), period)
        for unit, sector, period in expected_periods([person.unit_id or 0])
        if ended(period, day) and (sector, period) not in handed_in
    )
    late = [(due, period) for due, period in waiting if due < day]
    ahead = [(due, period) for due, period in waiting if due >= day]
    for found, title in ((late, _("Packages overdue: submit")), (ahead, _("Packages to submit"))):
        by_year: dict[int, list[dt.date]] = {}
        for due, period in found:
            by_year.setdefault(int(period[:4]), []).append(due)
        for year, days in by_year.items():
            board = reverse("reporting:unit_year", args=[person.unit_id, year])
            yield Todo(title, len(days), board, days[0], tone=pressing(days[0], day))


def _reports_to_prepare(person: Person, day: dt.date) -> Iterator[Todo]:
    """Reports sent back, and years of which every period asked for is accepted and for which no report is prepared."""
    rows = AnnualReport.objects.filter(unit=person.unit_id).exclude(state=AnnualReport.State.SUPERSEDED)
    reports = list(rows.values_list("sector", "year", "state", "pk", "due"))
    yield from _reports_sent_back(
        {pk: due for *_key, state, pk, due in reports if state == AnnualReport.State.RETURNED}
    )
    if person.unit is None:
        return
    made = {(sector, year) for sector, year, *_rest in reports}
    waiting = [(*key, held_up) for key, held_up in report_years.waiting(person.unit).items() if key not in made]
    for (year, held_up), count in sorted(Counter((year, held_up) for _sector, year, held_up in waiting).items()):
        due = _report_due(person.unit_id, year)
        if held_up:
            title = _("Annual reports blocked by months in which a line did not exist")
            yield Todo(title, count, reverse("reporting:unit_year", args=[person.unit_id, year]), due, tone="danger")
        else:
            board = reverse("reporting:annual_reports")
            yield Todo(_("Annual reports to prepare"), count, board, due, tone=pressing(due, day))


def _report_due(unit: int | None, year: int) -> dt.date | None:
    """The first day by which a report of the unit's year is due. One query."""
    due = calendar.yearly_deadline("annual_report", year)
    days = directory.ever_listed().filter(unit=unit, year=year).values_list("listed_on", flat=True)
    return due and min((calendar.due_once_listed(due, listed_on) for listed_on in days), default=due)


def _reports_sent_back(returned: dict[int, dt.date]) -> Iterator[Todo]:
    if not returned:
        return
    state = AnnualReport.State.RETURNED
    url = url_of([*returned], "reporting:annual_report", "reporting:annual_reports", state=state)
    title = _("Annual reports sent back: correct and prepare again")
    yield Todo(title, len(returned), url, min(returned.values()), tone="danger")


PLANS_AHEAD = dt.timedelta(days=90)
"""So long before its deadline a year's control plan is on the clerk's list."""


def _plans_to_write(person: Person, day: dt.date) -> Iterator[Todo]:
    """Control plans sent back, and those of years that name the unit and wait for one."""
    versions = ControlPlanVersion.objects.filter(plan=OuterRef("pk"))
    plans = list(ControlPlan.objects.filter(unit=person.unit_id).annotate(handed_in=Exists(versions)))
    returned = [plan for plan in plans if plan.state == ControlPlan.State.RETURNED]
    if returned:
        url = url_of([plan.pk for plan in returned], "reporting:control_plan", "reporting:control_plans")
        yield Todo(_("Control plans sent back: correct"), len(returned), url, tone="danger")
    entries = directory.ever_listed().filter(unit=person.unit_id, year__in=plan_coverage.years())
    done = {(plan.sector, plan.year) for plan in plans if plan.handed_in}
    dues = [
        due
        for sector, year, listed_on in entries.values_list("sector", "year", "listed_on")
        if (sector, year) not in done and (due := plan_coverage.due(year, listed_on)) and due - PLANS_AHEAD <= day
    ]
    if dues:
        first = min(dues)
        url = reverse("reporting:control_plans")
        yield Todo(_("Control plans to submit"), len(dues), url, first, tone=pressing(first, day))


def _unit_approver(person: Person, day: dt.date) -> Iterator[Todo]:
    others = Package.objects.filter(unit=person.unit_id, handing__isnull=False).exclude(handing__by=person.pk)
    handed = _waiting(others, due=Min("due"))
    url = handed.url("reporting:package", "reporting:packages", state=State.READ)
    yield from _listed(handed, _("Packages handed to you: confirm"), url, day)
    yield from _overdue_periods(person, day)
    ready = ControlPlan.objects.filter(unit=person.unit_id, state=ControlPlan.State.PREPARED)
    ready = ready.exclude(prepared_by=person.pk)
    if (plans := _waiting(ready)).count:
        url = plans.url("reporting:control_plan", "reporting:control_plans")
        due = _plan_due(ready.exclude(versions__decision__accepted=True))  # the day is for a plan, not for its changes
        yield Todo(_("Control plans to submit"), plans.count, url, due, tone=pressing(due, day))
    state = AnnualReport.State.PREPARED
    reports = AnnualReport.objects.filter(unit=person.unit_id, state=state).exclude(prepared_by=person.pk)
    prepared = _waiting(reports, due=Min("due"))
    url = prepared.url("reporting:annual_report", "reporting:annual_reports", state=state)
    yield from _listed(prepared, _("Annual reports to file"), url, day)


def _officer(person: Person, day: dt.date) -> Iterator[Todo]:
    mine = Package.objects.filter(unit__authority=person.authority_id)
    yield from _reviews(mine.filter(state=State.SUBMITTED), day)
    yield from _beyond_own_day(person, day)
    plans = ControlPlan.objects.filter(unit__authority=person.authority_id, state=ControlPlan.State.SUBMITTED)
    if waiting := list(plans.values_list("pk", flat=True)):
        standing = plan_coverage.SUBMITTED
        url = url_of(waiting, "reporting:control_plan", "reporting:control_plans", standing=standing)
        due = _plan_due(plans.exclude(versions__decision__accepted=True))  # the day is for a plan, not for its changes
        yield Todo(_("Control plans to accept or send back"), len(waiting), url, due, tone=pressing(due, day))
    filed = _verified_by_year(unassigned(AnnualReport.objects.filter(unit__authority=person.authority_id)))
    url = filed.url("reporting:annual_report", "reporting:annual_reports", unassigned="on")
    yield from _listed(filed, _("Annual reports to assign to a verifier"), url, day)
    units = Unit.objects.filter(authority=person.authority_id).values_list("pk", flat=True)
    for (year, sector), days in sorted(_overdue(units, day).items()):
        board = f"{reverse('reporting:package_board')}?{urlencode({'year': str(year), 'sector': sector})}"
        where = f"{year} · {Sector(sector).label}"
        yield Todo(_("Packages of your units overdue"), len(days), board, min(days), where, tone="warn")


def _reviews(submitted: QuerySet[Package], day: dt.date) -> Iterator[Todo]:
    """What is under review, and of it what goes on after the unit's answers; each with the first last day of its terms."""
    found = _waiting(submitted)
    if not found.count:
        return
    url = found.url("reporting:package", "reporting:package_queue")
    due = desk.nearest_end(submitted)
    yield Todo(_("Packages to review"), found.count, url, due, tone=pressing(due, day))
    asked = Question.objects.filter(submission=OuterRef("submission"))
    answered = submitted.filter(Exists(asked), ~Exists(asked.filter(reply__isnull=True)))
    if (decided := _waiting(answered)).count:
        url = decided.url("reporting:package", "reporting:package_queue", asked="on")
        due = desk.nearest_end(answered)
        title = _("Packages whose questions were answered: decide")
        yield Todo(title, decided.count, url, due, tone=pressing(due, day))


def _beyond_own_day(person: Person, day: dt.date) -> Iterator[Todo]:
    """What of the authority's waits past its own day, the first of which it was due by; for its officers and approvers."""
    days = own_days.in_force(person.authority_id or 0, day)
    if days is None:
        return
    found = _waiting(own_days.waiting_beyond(person.authority_id or 0, days, day), due=Min("due"))
    if found.due:
        due = found.due - dt.timedelta(own_days.ahead_of(days, day))
        url = found.url("reporting:package", "reporting:package_queue", own="on", order="day")
        yield Todo(_("Packages under review beyond your own day"), found.count, url, due, tone="danger")


def _overdue(units: Collection[int] | QuerySet[Any], day: dt.date) -> dict[tuple[int, str], list[dt.date]]:
    """By year and sector, each of which is a board, the days of the periods past them that the units have not submitted, those never
    begun among them."""
    done = Package.objects.filter(unit__in=units, state__in=[State.SUBMITTED, State.ACCEPTED])
    handed_in = set(done.values_list("unit", "sector", "period"))
    known = dues(units, day)
    found: dict[tuple[int, str], list[dt.date]] = {}
    for unit, sector, period in expected_periods(units):
        if (unit, sector, period) not in handed_in and (due := known.of(unit, sector, period)) < day:
            found.setdefault((int(period[:4]), sector), []).append(due)
    return found


def _approver(person: Person, day: dt.date) -> Iterator[Todo]:
    yield from _beyond_own_day(person, day)
    state = Verification.State.CONCLUDED
    rows = access.scoped(person, Act.APPROVE_VERIFICATION, Verification.objects.all()).filter(state=state)
    concluded = _verified_by_year(rows, Q(ground=""))
    url = concluded.url("reporting:verification", "reporting:verifications", state=state)
    yield from _listed(concluded, _("Verifications to approve"), url, day)


def _verifier(person: Person, day: dt.date) -> Iterator[Todo]:
    own = Verification.objects.filter(body=person.body_id)
    state = Verification.State.RETURNED
    returned = _verified_by_year(own.filter(state=state), Q(ground=""))
    if returned.count:
        url = returned.url("reporting:verification", "reporting:verifications", state=state)
        title = _("Verifications sent back: correct and conclude again")
        yield Todo(title, returned.count, url, returned.due, tone="danger")
    state = Verification.State.ASSIGNED
    assigned = _verified_by_year(own.filter(state=state), Q(ground=""))
    url = assigned.url("reporting:verification", "reporting:verifications", state=state)
    yield from _listed(assigned, _("Verifications to carry out"), url, day)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """So many rows, one of their keys, and the nearest day by which one of them is due."""

    count: int
    one: int | None
    due: dt.date | None = None

    def url(self, one: str, many: str, **chosen: str) -> str:
        """The page of the only one, else the list of all."""
        return url_of([self.one] if self.count == 1 and self.one else [], one, many, **chosen)


def _waiting(rows: QuerySet[Any], **due: Min) -> _Waiting:
    """One query."""
    return _Waiting(**rows.order_by().aggregate(count=Count("pk"), one=Min("pk"), **due))


def _verified_by_year(rows: QuerySet[Any], timely: Q | None = None) -> _Waiting:
    """The same of what is verified, due when the verification of its year is; only those of the condition have a day. One query."""
    dated = Count("pk", filter=timely) if timely is not None else Count("pk")
    years = list(rows.order_by().values_list("year").annotate(Count("pk"), Min("pk"), dated=dated))
    days = [
        due
        for year, *_rest, dated_ones in years
        if dated_ones and (due := calendar.yearly_deadline("verification", year))
    ]
    return _Waiting(sum(row[1] for row in years), min((row[2] for row in years), default=None), min(days, default=None))


def _listed(found: _Waiting, title: str, url: str, day: dt.date) -> Iterator[Todo]:
    if found.count:
        yield Todo(title, found.count, url, found.due, tone=pressing(found.due, day))


def _plan_due(rows: QuerySet[ControlPlan]) -> dt.date | None:
    """The nearest day by which those plans are due."""
    entries = directory.ever_listed().filter(unit=OuterRef("unit"), sector=OuterRef("sector"), year=OuterRef("year"))
    listed = rows.order_by().annotate(listed_on=Subquery(entries.values("listed_on")[:1]))
    days = listed.values_list("year", "listed_on").distinct()
    return min((due for year, day in days if (due := plan_coverage.due(year, day))), default=None)


_BY_ROLE: dict[Role, Callable[[Person, dt.date], Iterator[Todo]]] = {
    Role.UNIT_CLERK: _clerk,
    Role.UNIT_APPROVER: _unit_approver,
    Role.PROVINCIAL_OFFICER: _officer,
    Role.PROVINCIAL_APPROVER: _approver,
    Role.VERIFIER: _verifier,
}
