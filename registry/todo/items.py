"""What a home page lists: things to be done, each with its URL and its day; and what of the registry waits for a person."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from registry import access, labels, parameters
from registry.jobs import nightly
from registry.law import calendar
from registry.models import DirectoryEntry, FilingMandate, Job, ParameterChange, Person, SeatChange
from registry.parameters import working_years
from registry.permissions import Act
from registry.permissions.roles import MINISTRY_ROLES, Role
from registry.templatetags.components import deadline_tone
from registry.web.filters import WAITING

# A failed job is shown to whoever asked for it for so long.
FAILED_JOBS_DAYS = 7
# The State Council announces the next year's holidays in November.
ANNOUNCED_IN = 11


@dataclass(frozen=True, slots=True)
class Todo:
    """One kind of work that waits for a person. `due` is the nearest deadline among the `count` things."""

    title: str
    count: int
    url: str
    due: dt.date | None = None
    detail: str = ""
    tone: str = "info"  # info, warn, danger, ok


def by_urgency(found: Iterable[Todo]) -> list[Todo]:
    """The most pressing first."""
    order = {"danger": 0, "warn": 1, "info": 2, "ok": 3}
    return sorted(found, key=lambda todo: (order.get(todo.tone, 4), todo.due or dt.date.max))


def url_of(keys: Sequence[int], one: str, many: str, **chosen: str) -> str:
    """The page of the only one of these, else the list with its filter set."""
    if len(keys) == 1:
        return reverse(one, args=keys)
    return f"{reverse(many)}?{urlencode(chosen)}" if chosen else reverse(many)


def pressing(due: dt.date | None, day: dt.date, undated: str = "info") -> str:
    """The tone of what is due: danger once missed, warn in its last days; `undated` where no day is set."""
    if due is None:
        return undated
    tone = deadline_tone((due - day).days)
    return "info" if tone == "neutral" else tone


def _working_years(person: Person, day: dt.date) -> Iterator[Todo]:
    """The calendar of the year to come, from the month on in which the State Council announces it; and entries that wait."""
    if access.may(person, Act.APPROVE_PARAMETER):
        waiting = list(working_years.open_entries().exclude(proposed_by=person.pk).values_list("pk", flat=True))
        if waiting:
            page = reverse("registry:working_year", args=[waiting[0]])
            yield Todo(_("Working days of a year to decide on"), len(waiting), page)
    if access.may(person, Act.PROPOSE_PARAMETER) and (year := working_years.missing(day)) is not None:
        near = day.year == year or day.month >= ANNOUNCED_IN
        if near and not working_years.open_entries().filter(year=year).exists():
            title = _("Working days of %(year)s to enter, once they are announced") % {"year": year}
            yield Todo(title, 1, reverse("registry:working_year_propose"), tone="warn")


def todos(person: Person, at: dt.datetime) -> list[Todo]:
    """What of the registry waits for the person at the instant. Five queries at most."""
    found = [*_nights(at)] if person.role in (*MINISTRY_ROLES, Role.AUDITOR) else []
    found += _directory(person, at)
    if access.may(person, Act.APPROVE_PERSON):
        proposed = SeatChange.objects.filter(state=SeatChange.State.PROPOSED)
        seats = access.scoped(person, Act.APPROVE_PERSON, proposed)
        if count := seats.exclude(proposed_by=person.pk).count():
            found.append(Todo(_("People to approve"), count, reverse("registry:people")))
    if access.may(person, Act.ACCEPT_MANDATE):
        offered = FilingMandate.objects.filter(holder_unit=person.unit_id, state=FilingMandate.State.OFFERED)
        offered = offered.filter(until__gte=calendar.local_day(at))
        if count := offered.count():
            found.append(Todo(_("Filing mandates offered to your unit"), count, reverse("registry:mandates")))
    if access.may(person, Act.APPROVE_PARAMETER):
        changes = parameters.open_changes().exclude(proposed_by=person.pk)
        found += _changes(changes, _("Changes of thresholds to decide on"))
    if access.may(person, Act.PROPOSE_PARAMETER):
        found += _changes(parameters.open_changes(), _("Changes of thresholds awaiting your approver"))
    found += _working_years(person, calendar.local_day(at))
    since = at - dt.timedelta(days=FAILED_JOBS_DAYS)
    failed = Job.objects.filter(asked_by=person.pk, state=Job.State.FAILED, asked_at__gte=since).count()
    if failed:
        found.append(Todo(_("Your failed jobs"), failed, reverse("registry:jobs"), tone="danger"))
    return found


def _changes(changes: QuerySet[ParameterChange], title: str) -> Iterator[Todo]:
    if keys := list(changes.values_list("pk", flat=True)):
        yield Todo(title, len(keys), url_of(keys, "registry:parameter_change", "registry:parameters"))


def _directory(person: Person, at: dt.datetime) -> Iterator[Todo]:
    """Proposals for the directory: to decide on, or with the approver."""
    decides, proposes = (access.may(person, act) for act in (Act.APPROVE_DIRECTORY, Act.PROPOSE_DIRECTORY))
    if not decides and not proposes:
        return
    undecided = [DirectoryEntry.State.PROPOSED, DirectoryEntry.State.EXIT_PROPOSED]
    act = Act.APPROVE_DIRECTORY if decides else Act.PROPOSE_DIRECTORY
    entries = access.scoped(person, act, DirectoryEntry.objects.filter(state__in=undecided)).order_by()
    if decides:
        entries = entries.exclude(proposed_by=person.pk)
    if not (count := entries.count()):
        return
    page = f"{reverse('registry:directory')}?{urlencode({'state': WAITING, 'authority': person.authority_id or ''})}"
    if not decides:
        yield Todo(_("Directory proposals awaiting your approver"), count, page)
        return
    # The calendar has a day for publishing who enters a year's directory, none for who leaves it.
    years = entries.filter(state=DirectoryEntry.State.PROPOSED).values_list("year", flat=True).distinct()
    due = min((day for year in years if (day := calendar.yearly_deadline("directory", year))), default=None)
    yield Todo(_("Directory entries to decide on"), count, page, due, tone=pressing(due, calendar.local_day(at)))


def _nights(at: dt.datetime) -> Iterator[Todo]:
    """What the nightly checks found wrong when each was done last."""
    for job in nightly.latest(at):
        faults = int(job.outcome.get("faults", 0))
        check = labels.job(job.kind)
        if job.state == Job.State.FAILED:
            yield Todo(
                _("Nightly integrity check that could not be completed"),
                1,
                reverse("registry:journal"),
                detail=check,
                tone="danger",
            )
        elif faults:
            yield Todo(
                _("Faults found by the nightly integrity checks"),
                faults,
                reverse("registry:journal"),
                detail=check,
                tone="danger",
            )
