"""More time for many months at once: to one day, for one reason, all of them or none."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry import access, journal, two_people
from registry.access import acting
from registry.law import calendar
from registry.models import Person, Unit
from registry.parameters import terms
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.bilingual import in_language
from reporting.filing import deadlines
from reporting.filing.intake import package_of
from reporting.models import DeadlineExtension, Package
from reporting.periods import due_day
from reporting.periods.expected import asked_of
from reporting.submissions import upload_limits

__all__ = ["MOST", "Month", "extend_many", "looked_at", "refuse_number"]

MOST = 500
"""Months in one act: as many as a person can look through on the page before it."""


@dataclass(frozen=True, slots=True)
class Month:
    """A unit's period in a sector, whether anything has come in of it or not."""

    unit: Unit
    sector: str
    period: str

    def __str__(self) -> str:
        return f"{self.unit} · {self.period}"


class _Latest:
    """The last days to which months may be extended, asked for all of them at once. Two queries."""

    def __init__(self, packages: Iterable[Package], at: dt.datetime) -> None:
        listed = DeadlineExtension.objects.filter(kind=DeadlineExtension.Kind.LISTED, package__in=list(packages))
        self._listed = dict(listed.order_by("pk").values_list("package", "due"))
        self._most = dt.timedelta(days=terms.days("extension.most_days", at))

    def of(self, package: Package) -> dt.date:
        return max(due_day(package.period), self._listed.get(package.pk, dt.date.min)) + self._most


def looked_at(months: Sequence[Month], due: dt.date, person: Person, at: dt.datetime) -> list[tuple[Month, dt.date]]:
    """Each month with the day on which it is due now. Raises a Refusal with the faults of all of them. Writes nothing."""
    refuse_number(months)
    known = {
        (row.unit_id, row.sector, row.period): row
        for row in Package.objects.filter(unit__in={month.unit.pk for month in months})
    }
    days = deadlines.dues({month.unit.pk for month in months}, calendar.local_day(at))
    latest, asked = _Latest(known.values(), at), _asked(months)
    found, faults = [], []
    for month in months:
        key = (month.unit.pk, month.sector, month.period)
        package = known.get(key) or _not_begun(month, days)
        if fault := _fault(month, package, latest, due, person, at):
            faults.append(fault)
        elif key not in asked:
            faults.append(f"{month}{_colon()}{deadlines.not_asked(month.period)}")
        found.append((month, package.due))
    _refuse(faults)
    return found


@acting(Act.EXTEND_DEADLINE, about=None)  # a month of another's unit is a fault beside the others
@transaction.atomic
def extend_many(
    months: Sequence[Month], *, due: dt.date, reason: str, by: Person, at: dt.datetime
) -> list[DeadlineExtension]:
    """Extend every one of the months as `deadlines.extend` does one: each is journalled and told by itself.

    Raises a Refusal that names every month which can't be, and why; then none is extended.
    """
    reason = two_people.reason_of(reason)
    looked_at(months, due, by, at)
    packages = sorted((_locked(month, at) for month in months), key=lambda package: package.pk)
    latest = _Latest(packages, at)
    faults = [
        f"{package.unit} · {package.period}{_colon()}{fault}"
        for package in packages
        if (fault := deadlines.fault_of(package, due, latest.of(package), at))
    ]
    _refuse(faults)
    made = [deadlines.grant(package, due, reason, by, at) for package in packages]
    facts: dict[str, Any] = {"count": len(made), "due": due.isoformat(), "reason": reason}
    journal.record("deadline.extended_many", by.authority or by, by=by, at=at, seals_subject=False, **facts)
    return made


def _locked(month: Month, at: dt.datetime) -> Package:
    kept = package_of(month.unit, month.sector, month.period, calendar.local_day(at))
    package = Package.objects.select_for_update().get(pk=kept.pk)
    package.unit = month.unit
    return package


def _asked(months: Iterable[Month]) -> set[deadlines.Period]:
    """What the directories ask of the units in the sectors and years. Two queries for each of these."""
    units = {month.unit.pk for month in months}
    return {
        (unit, sector, period)
        for sector, year in {(month.sector, int(month.period[:4])) for month in months}
        for unit, periods in asked_of(units, sector, year).items()
        for period in periods
    }


def _not_begun(month: Month, days: deadlines.Dues) -> Package:
    """The package that the month will get, not kept."""
    due = days.of(month.unit.pk, month.sector, month.period)
    return Package(unit=month.unit, sector=month.sector, period=month.period, due=due)


def _fault(month: Month, package: Package, latest: _Latest, due: dt.date, by: Person, at: dt.datetime) -> str:
    """What is wrong with one of the months, in a sentence that names it."""
    if not access.reaches(by, Act.EXTEND_DEADLINE, month.unit):
        return _("A unit of another authority is among them.")
    try:
        upload_limits.refuse_too_early(month.period, calendar.local_day(at))
    except Refusal as refusal:
        return f"{month}{_colon()}{refusal}"
    fault = deadlines.fault_of(package, due, latest.of(package), at)
    return f"{month}{_colon()}{fault}" if fault else ""


def _colon() -> str:
    return in_language("：", ": ")


def refuse_number(months: Sequence[Month]) -> None:
    """Raise unless there are months, and no more than a person can look through."""
    if not months:
        raise Refusal(_("No month is ticked: tick at least one."))
    if len(months) > MOST:
        raise Refusal(
            _("%(count)s months are chosen; at most %(most)s can be extended at once: narrow the filter.")
            % {"count": len(months), "most": MOST}
        )


def _refuse(faults: Sequence[str]) -> None:
    """Raise with all faults at once, each told once."""
    if told := list(dict.fromkeys(faults)):
        said = ngettext(
            "No deadline was extended: %(count)s month can't be.",
            "No deadline was extended: %(count)s months can't be.",
            len(faults),
        )
        raise Refusal(" ".join([said % {"count": len(faults)}, *told]))
