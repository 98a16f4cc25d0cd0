"""The yearly directory: propose an entry or an exit, decide on it, ask who is in it on a day."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from registry import journal, two_people
from registry.access import acting
from registry.database import locking
from registry.directory import figures, standing
from registry.law.calendar import local_day
from registry.models import DirectoryEntry, Person, Unit
from registry.notifications import events as telling
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.sectors import with_quota

__all__ = [
    "allocated",
    "decide",
    "ever_listed",
    "listed",
    "listed_anywhere",
    "listed_on",
    "propose_entry",
    "propose_exit",
    "reports_only",
    "reports_only_anywhere",
    "withdraw",
]

State = DirectoryEntry.State

# What else follows when a unit is listed; each app adds its own when it is ready.
followers: list[Callable[[DirectoryEntry, Person, dt.datetime], None]] = []


def listed(year: int, sector: str, day: dt.date) -> QuerySet[DirectoryEntry]:
    """The entries of a year's directory that stand on `day`."""
    return listed_anywhere(year, day).filter(sector=sector).select_related("unit")


def listed_anywhere(year: int, day: dt.date) -> QuerySet[DirectoryEntry]:
    """The same of all sectors."""
    entered = Q(state__in=[State.LISTED, State.EXIT_PROPOSED], entered_on__lte=day)
    not_yet_left = Q(state=State.LEFT, entered_on__lte=day, left_on__gt=day)
    return DirectoryEntry.objects.filter(entered | not_yet_left, year=year)


def allocated(year: int, sector: str, day: dt.date) -> QuerySet[DirectoryEntry]:
    """Those of them that get quota: the others report and are verified, and no more (market.md §2)."""
    return listed(year, sector, day).exclude(entry_ground=DirectoryEntry.EntryGround.REPORTS_ONLY)


def reports_only(year: int, sector: str) -> QuerySet[DirectoryEntry]:
    """The entries of units that report and are verified, and get no quota, in whatever state they are now."""
    return reports_only_anywhere(year).filter(sector=sector)


def reports_only_anywhere(year: int) -> QuerySet[DirectoryEntry]:
    """The same of all sectors."""
    entries = DirectoryEntry.objects.filter(year=year, entry_ground=DirectoryEntry.EntryGround.REPORTS_ONLY)
    return entries.exclude(state__in=[State.PROPOSED, State.REFUSED])


def listed_on(unit: int, sector: str, year: int) -> dt.date | None:
    """The day on which the unit's entry was approved, from which its terms run where they would end too early; None where none is known.

    One query.
    """
    entries = DirectoryEntry.objects.filter(unit=unit, sector=sector, year=year).exclude(state=State.REFUSED)
    return entries.values_list("listed_on", flat=True).first()


def ever_listed() -> QuerySet[DirectoryEntry]:
    """The entries that stand, and those that stood on some day of their year: what was owed until the unit left stays owed."""
    stands = Q(state__in=[State.LISTED, State.EXIT_PROPOSED])
    left = Q(state=State.LEFT, left_on__year__gte=F("year"))
    before_it_began = Q(state=State.LEFT, left_on__year=F("year"), left_on__month=1, left_on__day=1)
    return DirectoryEntry.objects.filter(stands | left).exclude(before_it_began)


@acting(Act.PROPOSE_DIRECTORY)
@transaction.atomic
def propose_entry(
    unit: Unit, year: int, sector: str, *, on: dt.date, ground: str, reason: str, by: Person, at: dt.datetime
) -> DirectoryEntry:
    """Propose that `unit` is in the directory of `year` and `sector` from the day `on`."""
    if not unit.memberships.filter(sector=sector).exists():
        raise Refusal(_("%(unit)s has no lines in this sector.") % {"unit": unit}, field="sector")
    if ground != DirectoryEntry.EntryGround.REPORTS_ONLY and sector not in with_quota(year):
        raise Refusal(
            _("This sector gets no quota in %(year)s: its units report and are verified only.") % {"year": year}
        )
    _refuse_day(year, on, at)
    if why := figures.against_entry(unit, sector, year, ground, at):
        raise Refusal(why)
    entry, created = DirectoryEntry.objects.get_or_create(
        unit=unit,
        year=year,
        sector=sector,
        defaults={
            "entered_on": on,
            "entry_ground": ground,
            "entry_reason": reason,
            "proposed_by": by,
            "proposed_at": at,
        },
    )
    if not created:
        entry = _reopened(entry, on=on, ground=ground, reason=reason, by=by, at=at)
    journal.record("directory.entry_proposed", entry, by=by, at=at, year=year, sector=sector, ground=ground)
    return entry


@acting(Act.PROPOSE_DIRECTORY)
@transaction.atomic
def propose_exit(
    entry: DirectoryEntry, *, on: dt.date, ground: str, reason: str, by: Person, at: dt.datetime, seen: str = ""
) -> DirectoryEntry:
    """Propose that a listed unit leaves the directory on the day `on`; `seen` is the seal of what already rests on its being listed."""
    entry = _locked(entry, State.LISTED)
    if on <= entry.entered_on:
        raise Refusal(
            _("It was entered on %(day)s; it can only leave after that date.") % {"day": entry.entered_on.isoformat()},
            field="on",
        )
    if on.year > entry.year:
        raise Refusal(_("The directory of %(year)s ends with that year.") % {"year": entry.year}, field="on")
    if why := figures.against_exit(entry.unit, entry.sector, on, ground, at):
        raise Refusal(why)
    standing.refuse_unseen(entry, seen, at)
    entry.state, entry.left_on, entry.exit_ground, entry.exit_reason = State.EXIT_PROPOSED, on, ground, reason
    # What an earlier proposal was refused for is said of that one alone.
    entry.refusal_reason = ""
    entry.proposed_by, entry.proposed_at, entry.decided_by, entry.decided_at = by, at, None, None
    entry.save()
    journal.record("directory.exit_proposed", entry, by=by, at=at, ground=ground, on=on.isoformat())
    return entry


@acting(Act.APPROVE_DIRECTORY)
@transaction.atomic
def decide(
    entry: DirectoryEntry, *, approve: bool, by: Person, at: dt.datetime, reason: str = "", seen: str = ""
) -> DirectoryEntry:
    """A second person approves or refuses the proposed entry or exit; refusing needs a reason, approving an exit that they have `seen`
    what already rests on the unit's being listed."""
    entry = _locked(entry, State.PROPOSED, State.EXIT_PROPOSED)
    two_people.refuse_same(by, entry.proposed_by_id)
    reason = reason.strip() if approve else two_people.reason_of(reason)
    leaving, act = entry.state == State.EXIT_PROPOSED, _proposing(entry)
    if approve:
        _refuse_contradicted(entry, at)
        if leaving:
            standing.refuse_unseen(entry, seen, at)
        entry.state = State.LEFT if leaving else State.LISTED
        if not leaving:
            entry.listed_on = local_day(at)
    else:
        entry.refusal_reason = reason
        _put_back(entry)
    entry.decided_by, entry.decided_at = by, at
    entry.save()
    if approve:
        for follow in followers if not leaving else ():
            follow(entry, by, at)
        telling.directory_changed(entry, at)
    telling.proposal_decided(entry.proposed_by, entry, act, str(entry.unit), _page(entry), at, approved=approve)
    journal.record("directory.decided", entry, by=by, at=at, approved=approve, state=str(entry.state), reason=reason)
    return entry


@acting(Act.PROPOSE_DIRECTORY)
@transaction.atomic
def withdraw(entry: DirectoryEntry, *, reason: str, by: Person, at: dt.datetime) -> DirectoryEntry:
    """An officer of the authority takes a proposal back before it is decided; the entry is what it was before."""
    entry = _locked(entry, State.PROPOSED, State.EXIT_PROPOSED)
    if by.authority_id != entry.unit.authority_id:
        raise Refusal(_("Only the unit's own authority can withdraw its proposal."))
    entry.refusal_reason = two_people.reason_of(reason)
    act = _proposing(entry)
    _put_back(entry)
    entry.save()
    telling.proposal_withdrawn(entry.proposed_by, entry, act, str(entry.unit), _page(entry), at, by=by)
    journal.record("directory.withdrawn", entry, by=by, at=at, state=str(entry.state), reason=entry.refusal_reason)
    return entry


def _proposing(entry: DirectoryEntry) -> str:
    """The journal's code of proposing what waits."""
    return "directory.exit_proposed" if entry.state == State.EXIT_PROPOSED else "directory.entry_proposed"


def _page(entry: DirectoryEntry) -> str:
    return reverse("registry:directory_entry", args=[entry.pk])


def _put_back(entry: DirectoryEntry) -> None:
    """As it was before the proposal that isn't followed."""
    leaving = entry.state == State.EXIT_PROPOSED
    entry.state = State.LISTED if leaving else State.REFUSED
    if leaving:
        entry.left_on, entry.exit_ground, entry.exit_reason = None, "", ""


def _refuse_day(year: int, on: dt.date, at: dt.datetime) -> None:
    """Raise for a directory that isn't made yet, and for an entry on a day that has nothing to do with its year."""
    if year > local_day(at).year + 1:
        raise Refusal(_("The directory for %(year)s has not been established yet.") % {"year": year}, field="year")
    # The directories of 2024 were published in May 2025, the next year's by October of the year before.
    if not year - 1 <= on.year <= year + 1:
        said = {"day": on.isoformat(), "year": year}
        raise Refusal(_("A unit can't enter the directory for %(year)s on %(day)s: check both.") % said, field="on")


def _refuse_contradicted(entry: DirectoryEntry, at: dt.datetime) -> None:
    """Figures may have been verified since it was proposed."""
    if entry.state == State.EXIT_PROPOSED and entry.left_on is not None:
        why = figures.against_exit(entry.unit, entry.sector, entry.left_on, entry.exit_ground, at)
    else:
        why = figures.against_entry(entry.unit, entry.sector, entry.year, entry.entry_ground, at)
    if why:
        raise Refusal(why)


def _reopened(
    entry: DirectoryEntry, *, on: dt.date, ground: str, reason: str, by: Person, at: dt.datetime
) -> DirectoryEntry:
    """A refused entry proposed anew. One that left stays as it is: the days on which it was listed must not be overwritten."""
    entry = DirectoryEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.state != State.REFUSED:
        raise Refusal(_("%(unit)s is already in this directory or proposed for it.") % {"unit": entry.unit})
    entry.state, entry.entered_on, entry.entry_ground, entry.entry_reason = State.PROPOSED, on, ground, reason
    entry.left_on, entry.exit_ground, entry.exit_reason, entry.refusal_reason = None, "", "", ""
    entry.proposed_by, entry.proposed_at, entry.decided_by, entry.decided_at = by, at, None, None
    entry.save()
    return entry


def _locked(entry: DirectoryEntry, *states: str) -> DirectoryEntry:
    """The entry, locked, if it is in one of the states; else somebody was faster."""
    return locking.in_state(DirectoryEntry.objects.select_related("unit__authority", "proposed_by"), entry, *states)
