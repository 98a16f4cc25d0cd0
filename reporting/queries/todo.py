"""What of reporting waits for a person: for each role a few set-based questions."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
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
    returned = rows.filter(state=State.RETURNED)
    if count := returned.count():
        yield Todo(
            _("Packages sent back: correct"),
            count,
            _url(returned, "reporting:package", "reporting:packages", state=State.RETURNED),
            returned.aggregate(due=Min("due"))["due"],
            tone="danger",
        )
    back = handings.sent_back(rows)
    url = _url(back, "reporting:package", "reporting:packages", state=State.READ)
    yield from _listed(back, _("Packages sent back by your approver: correct"), url, _first_due(back), day)
    handed = rows.filter(handing__isnull=False)
    url = _url(handed, "reporting:package", "reporting:packages", state=State.READ)
    yield from _listed(handed, _("Packages with your approver"), url, _first_due(handed), day)
    asked = rows.filter(pk__in=open_questions().filter(package__unit=person.unit_id).values("package"))
    url = _url(asked, "reporting:package", "reporting:packages", state=State.SUBMITTED)
    if count := asked.count():
        yield Todo(_("Packages with a question of the officer: answer"), count, url, tone="warn")
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
    handed = Package.objects.filter(unit=person.unit_id, handing__isnull=False).exclude(handing__by=person.pk)
    url = _url(handed, "reporting:package", "reporting:packages", state=State.READ)
    yield from _listed(handed, _("Packages handed to you: confirm"), url, _first_due(handed), day)
    yield from _overdue_periods(person, day)
    ready = ControlPlan.objects.filter(unit=person.unit_id, state=ControlPlan.State.PREPARED)
    ready = ready.exclude(prepared_by=person.pk)
    url = _url(ready, "reporting:control_plan", "reporting:control_plans")
    first = ready.exclude(versions__decision__accepted=True)  # the day is for a plan, not for its changes
    yield from _listed(ready, _("Control plans to submit"), url, _plan_due(first), day)
    prepared = AnnualReport.objects.filter(unit=person.unit_id, state=AnnualReport.State.PREPARED).exclude(
        prepared_by=person.pk
    )
    yield from _listed(
        prepared,
        _("Annual reports to file"),
        _url(prepared, "reporting:annual_report", "reporting:annual_reports", state=AnnualReport.State.PREPARED),
        min(prepared.values_list("due", flat=True), default=None),
        day,
    )


def _officer(person: Person, day: dt.date) -> Iterator[Todo]:
    mine = Package.objects.filter(unit__authority=person.authority_id)
    submitted = mine.filter(state=State.SUBMITTED)
    if submitted.exists():
        yield from _reviews(submitted, day)
        yield from _beyond_own_day(person, day)
    plans = ControlPlan.objects.filter(unit__authority=person.authority_id, state=ControlPlan.State.SUBMITTED)
    if waiting := list(plans.values_list("pk", flat=True)):
        standing = plan_coverage.SUBMITTED
        url = url_of(waiting, "reporting:control_plan", "reporting:control_plans", standing=standing)
        due = _plan_due(plans.exclude(versions__decision__accepted=True))  # the day is for a plan, not for its changes
        yield Todo(_("Control plans to accept or send back"), len(waiting), url, due, tone=pressing(due, day))
    filed = unassigned(AnnualReport.objects.filter(unit__authority=person.authority_id))
    url = _url(filed, "reporting:annual_report", "reporting:annual_reports", unassigned="on")
    yield from _listed(filed, _("Annual reports to assign to a verifier"), url, _verification_due(filed), day)
    units = Unit.objects.filter(authority=person.authority_id).values_list("pk", flat=True)
    for (year, sector), days in sorted(_overdue(units, day).items()):
        board = f"{reverse('reporting:package_board')}?{urlencode({'year': str(year), 'sector': sector})}"
        where = f"{year} · {Sector(sector).label}"
        yield Todo(_("Packages of your units overdue"), len(days), board, min(days), where, tone="warn")


def _reviews(submitted: QuerySet[Package], day: dt.date) -> Iterator[Todo]:
    """What is under review, and of it what goes on after the unit's answers; each with the first last day of its terms."""
    url = _url(submitted, "reporting:package", "reporting:package_queue")
    yield from _listed(submitted, _("Packages to review"), url, desk.nearest_end(submitted), day)
    asked = Question.objects.filter(submission=OuterRef("submission"))
    answered = submitted.filter(Exists(asked), ~Exists(asked.filter(reply__isnull=True)))
    if answered.exists():
        url = _url(answered, "reporting:package", "reporting:package_queue", asked="on")
        due = desk.nearest_end(answered)
        yield from _listed(answered, _("Packages whose questions were answered: decide"), url, due, day)


def _beyond_own_day(person: Person, day: dt.date) -> Iterator[Todo]:
    """What of the authority's waits past its own day, the first of which it was due by; for its officers and approvers."""
    days = own_days.in_force(person.authority_id or 0, day)
    if days is None:
        return
    rows = own_days.waiting_beyond(person.authority_id or 0, days, day)
    if first := rows.aggregate(due=Min("due"))["due"]:
        due = first - dt.timedelta(own_days.ahead_of(days, day))
        url = _url(rows, "reporting:package", "reporting:package_queue", own="on", order="day")
        yield Todo(_("Packages under review beyond your own day"), rows.count(), url, due, tone="danger")


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
    concluded = access.scoped(person, Act.APPROVE_VERIFICATION, Verification.objects.all()).filter(
        state=Verification.State.CONCLUDED
    )
    url = _url(concluded, "reporting:verification", "reporting:verifications", state=Verification.State.CONCLUDED)
    yield from _listed(
        concluded, _("Verifications to approve"), url, _verification_due(concluded.filter(ground="")), day
    )


def _verifier(person: Person, day: dt.date) -> Iterator[Todo]:
    own = Verification.objects.filter(body=person.body_id)
    returned = own.filter(state=Verification.State.RETURNED)
    if returned.exists():
        url = _url(returned, "reporting:verification", "reporting:verifications", state=Verification.State.RETURNED)
        title, due = (
            _("Verifications sent back: correct and conclude again"),
            _verification_due(returned.filter(ground="")),
        )
        yield Todo(title, returned.count(), url, due, tone="danger")
    assigned = own.filter(state=Verification.State.ASSIGNED)
    url = _url(assigned, "reporting:verification", "reporting:verifications", state=Verification.State.ASSIGNED)
    yield from _listed(
        assigned, _("Verifications to carry out"), url, _verification_due(assigned.filter(ground="")), day
    )


def _first_due(rows: QuerySet[Package]) -> dt.date | None:
    found: dt.date | None = rows.aggregate(due=Min("due"))["due"]
    return found


def _listed(rows: QuerySet[Any], title: str, url: str, due: dt.date | None, day: dt.date) -> Iterator[Todo]:
    count = rows.count()
    if count:
        yield Todo(title, count, url, due, tone=pressing(due, day))


def _plan_due(rows: QuerySet[ControlPlan]) -> dt.date | None:
    """The nearest day by which those plans are due."""
    entries = directory.ever_listed().filter(unit=OuterRef("unit"), sector=OuterRef("sector"), year=OuterRef("year"))
    listed = rows.order_by().annotate(listed_on=Subquery(entries.values("listed_on")[:1]))
    days = listed.values_list("year", "listed_on").distinct()
    return min((due for year, day in days if (due := plan_coverage.due(year, day))), default=None)


def _verification_due(rows: QuerySet[Any]) -> dt.date | None:
    """The nearest day by which verification of those years is to be finished."""
    years = rows.order_by().values_list("year", flat=True).distinct()
    return min((due for year in years if (due := calendar.yearly_deadline("verification", year))), default=None)


def _url(rows: QuerySet[Any], one: str, many: str, **chosen: str) -> str:
    """The same of rows, of which two are enough to tell."""
    return url_of(list(rows.order_by("pk").values_list("pk", flat=True)[:2]), one, many, **chosen)


_BY_ROLE: dict[Role, Callable[[Person, dt.date], Iterator[Todo]]] = {
    Role.UNIT_CLERK: _clerk,
    Role.UNIT_APPROVER: _unit_approver,
    Role.PROVINCIAL_OFFICER: _officer,
    Role.PROVINCIAL_APPROVER: _approver,
    Role.VERIFIER: _verifier,
}
