"""By when a unit's period is due: the law's day, or the one that its province set for it; extending it, and setting it when reopening."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from registry import directory, journal, two_people
from registry.access import acting
from registry.labels import kept_sentences
from registry.law import calendar
from registry.models import DirectoryEntry, Person, Unit
from registry.parameters import terms
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import figures
from reporting import notifications
from reporting.filing.intake import package_of
from reporting.models import AnnualReport, DeadlineExtension, Package
from reporting.periods import due_day
from reporting.periods.expected import expected_periods, is_asked, lives_of, periods_asked

__all__ = [
    "Dues",
    "by_listing",
    "dues",
    "extend",
    "fault_of",
    "follow_listing",
    "grant",
    "latest_possible",
    "not_asked",
    "set_anew",
    "upcoming",
]

Kind = DeadlineExtension.Kind
Period = tuple[int, str, str]  # unit, sector, period


@dataclass(frozen=True, slots=True)
class Dues:
    """The days by which periods were due, as known at the end of a day: the law's, but for those set anew by then."""

    anew: dict[Period, dt.date]
    lawful: dict[str, dt.date]

    def of(self, unit: int, sector: str, period: str) -> dt.date:
        if set_anew := self.anew.get((unit, sector, period)):
            return set_anew
        if period not in self.lawful:
            self.lawful[period] = due_day(period)
        return self.lawful[period]


def dues(units: Iterable[Any] | None, day: dt.date) -> Dues:
    """The days of the periods of units, by key or a subquery of keys (None: of all units) as they stood at the end of `day`. One query.

    The day of a unit that was listed late counts on days before, too: nothing was due of it then.
    """
    known = Q(at__lte=calendar.end_of(day)) | Q(kind=Kind.LISTED)
    rows = DeadlineExtension.objects.filter(known).order_by("pk")
    own = rows if units is None else rows.filter(package__unit__in=units)
    found = own.values_list("package__unit", "package__sector", "package__period", "due")
    return Dues({(unit, sector, period): due for unit, sector, period, due in found}, {})


def latest_possible(period: str, at: dt.datetime, listed: dt.date | None = None) -> dt.date:
    """The last day to which the period may be extended, counted from the law's day or the one from its listing. One query."""
    return max(due_day(period), listed or dt.date.min) + dt.timedelta(days=terms.days("extension.most_days", at))


def upcoming(unit: int, day: dt.date, until: dt.date) -> list[calendar.Deadline]:
    """The calendar's deadlines of the days, as they stand for the unit: with a month's own day where one was set, without the report
    that is filed. Three queries, two more where a day was set."""
    anew = dues([unit], day).anew
    asked = set(expected_periods([unit])) if anew else set()
    moved = {
        period: due for of, due in anew.items() if of in asked and day <= due <= until and "-" in (period := of[2])
    }
    monthly = calendar.rules()["monthly.days_after_month_end"]
    own = [calendar.Deadline(monthly, int(period[:4]), due, period) for period, due in moved.items()]
    found = sorted([*calendar.upcoming(day, until), *own], key=lambda deadline: (deadline.day, deadline.year))
    reported = _reported(unit)
    return [each for each in found if each.parameter.id != "deadline.annual_report" or each.year not in reported]


def _reported(unit: int) -> set[int]:
    """The years of which the unit has filed the report of every sector that it is listed in: their day binds no more. Two queries."""
    filed = set(
        AnnualReport.objects.filter(unit=unit, state=AnnualReport.State.FILED).order_by().values_list("sector", "year")
    )
    listed = set(directory.ever_listed().filter(unit=unit).order_by().values_list("sector", "year"))
    return {year for _sector, year in filed} - {year for _sector, year in listed - filed}


@acting(Act.EXTEND_DEADLINE)
@transaction.atomic
def extend(
    unit: Unit, sector: str, period: str, *, due: dt.date, reason: str, by: Person, at: dt.datetime
) -> DeadlineExtension:
    """The province gives one unit more time for one period: a later day, not past, within the longest extension.

    A period of which nothing has come in yet gets its package, so that the day stands on it whoever begins it. What was submitted late
    stays late: time is given for what is still to come in.
    """
    reason = two_people.reason_of(reason)
    package = Package.objects.select_for_update().get(pk=package_of(unit, sector, period, calendar.local_day(at)).pk)
    package.unit = unit
    if not is_asked(unit.pk, sector, period):
        raise Refusal(not_asked(period))
    if fault := fault_of(package, due, latest_possible(period, at, by_listing(package)), at):
        raise Refusal(fault, field="due" if package.is_with_unit else "")
    return grant(package, due, reason, by, at)


def not_asked(period: str) -> str:
    """That a period has no deadline that could be extended."""
    return _(
        "%(period)s is not asked of it: the directory doesn't name it, it had left, or none of its lines existed."
    ) % {"period": period}


def fault_of(package: Package, due: dt.date, latest: dt.date, at: dt.datetime) -> str:
    """Why the period can't be given time until that day, of which `latest` is the last; "" where it can."""
    if not package.is_with_unit:
        return _("It has already been submitted: only deadlines of outstanding submissions can be extended.")
    if due <= package.due:
        return _("It is already due on %(day)s: choose a later day.") % {"day": figures.day(package.due)}
    if due < calendar.local_day(at):
        return _("%(day)s is past: choose a future day.") % {"day": figures.day(due)}
    if due > latest:
        return _("A deadline can't be extended beyond %(latest)s: choose that day or an earlier one.") % {
            "latest": figures.day(latest)
        }
    return ""


@acting(Act.EXTEND_DEADLINE)
def grant(package: Package, due: dt.date, reason: str, by: Person, at: dt.datetime) -> DeadlineExtension:
    """Give a locked period, in which `fault_of` finds nothing, time until that day: kept, told to its clerks, journalled."""
    extension = _set(package, Kind.EXTENDED, due, reason, by, at)
    said: dict[str, Any] = {
        "sector": package.sector,
        "period": package.period,
        "before": extension.before.isoformat(),
        "due": due.isoformat(),
    }
    notifications.of_package(
        package, notifications.clerks_of(package), "deadline.extended", extension.pk, at, due=due.isoformat()
    )
    said |= {"reason": extension.reason}
    journal.record("deadline.extended", package, by=by, at=at, papers=[extension], **said)
    return extension


def by_listing(package: Package) -> dt.date | None:
    """The day that the package got because its unit was listed late; None where it wasn't. One query."""
    return package.extensions.filter(kind=Kind.LISTED).values_list("due", flat=True).order_by("pk").last()


def follow_listing(entry: DirectoryEntry, by: Person, at: dt.datetime) -> None:
    """A unit was listed: the periods whose term ends too early for it are due so many days from then, within the entry's transaction.

    What was handed in before it was listed is let be.
    """
    set_days = []
    said = kept_sentences.gettext("The unit's entry in the directory was approved on %(day)s.")
    reason = kept_sentences.kept(said % {"day": figures.day(entry.listed_on)})
    for period in periods_asked(entry, lives_of([entry.unit_id], entry.sector)):
        try:
            lawful = due_day(period)
        except Refusal:  # a year of which no day is set yet
            continue
        due = calendar.due_once_listed(lawful, entry.listed_on)
        if due > lawful:
            package = package_of(entry.unit, entry.sector, period)
            if package.is_with_unit and package.due < due:
                set_days.append(_set(package, Kind.LISTED, due, reason, by, at))
    if set_days:
        facts: dict[str, Any] = {"count": len(set_days), "due": set_days[-1].due.isoformat()}
        facts |= {"year": entry.year, "sector": entry.sector}
        journal.record("deadline.listed", entry, by=by, at=at, papers=set_days, **facts)


def set_anew(package: Package, *, reason: str, by: Person, at: dt.datetime) -> DeadlineExtension:
    """A reopened package, locked, is due so many days from now, or when it was due if that is later; within the reopening's transaction."""
    term = calendar.local_day(at) + dt.timedelta(days=terms.days("reopening.days", at))
    return _set(package, Kind.REOPENED, max(package.due, term), reason, by, at)


def _set(
    package: Package, kind: DeadlineExtension.Kind, due: dt.date, reason: str, by: Person, at: dt.datetime
) -> DeadlineExtension:
    before, package.due = package.due, due
    package.save(update_fields=["due"])
    return DeadlineExtension.objects.create(
        package=package, kind=kind, before=before, due=due, reason=reason, by=by, at=at
    )
