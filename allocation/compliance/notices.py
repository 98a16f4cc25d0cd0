"""Compliance notices 履约通知书: what a unit owes for a year, and by when."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from allocation import notifications
from allocation.models import Award, LeftOut, Notice, Run
from allocation.plans import ccer
from allocation.scope import runs_in_force
from registry import directory, journal
from registry.access import acting
from registry.database import locking
from registry.law import calendar
from registry.models import Authority, Person, Unit
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values.sectors import with_quota

__all__ = ["Outstanding", "outstanding", "send"]


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A unit without a notice for the year. `by_sector` is what its approved determinations say is due, in tonnes; `waits_for`
    the sectors in whose directory it stands without an approved determination of all its lines: its notice, which is sent
    once and over everything, has to wait for them."""

    unit: Unit
    by_sector: dict[str, int]
    waits_for: tuple[str, ...]

    @property
    def due(self) -> int:
        return sum(self.by_sector.values())

    @property
    def largest(self) -> str:
        """The sector with most of it."""
        return min(self.by_sector, key=lambda sector: (-self.by_sector[sector], sector))

    @property
    def is_ready(self) -> bool:
        return self.due > 0 and not self.waits_for


def outstanding(authority: Authority, year: int, day: dt.date) -> list[Outstanding]:
    """The authority's units that have no notice of the year: ready for one, or waiting for a sector. One query where all have theirs."""
    noticed = Notice.objects.filter(unit__authority=authority, year=year).order_by().values("unit")
    units = list(Unit.objects.filter(authority=authority).exclude(pk__in=noticed).order_by("credit_code"))
    if not units:
        return []
    keys = [unit.pk for unit in units]
    due: dict[int, dict[str, int]] = defaultdict(dict)
    approved = runs_in_force.runs().filter(authority=authority, year=year, kind=Run.Kind.DETERMINATION)
    awards = Award.objects.filter(run__in=approved, unit__in=keys).order_by()
    for unit, sector, tonnes in awards.values_list("unit", "run__sector").annotate(Sum("due")):
        due[unit][sector] = tonnes
    waits = _waits(keys, year, day, approved, due)
    return [
        Outstanding(unit, due[unit.pk], tuple(sorted(waits[unit.pk])))
        for unit in units
        if due[unit.pk] or waits[unit.pk]
    ]


def _waits(
    units: Collection[int], year: int, day: dt.date, approved: QuerySet[Run], due: dict[int, dict[str, int]]
) -> dict[int, set[str]]:
    """By unit, the sectors in which it is listed and was given nothing, or in which a line of it waits for its result."""
    waits: dict[int, set[str]] = defaultdict(set)
    for sector in with_quota():
        listed = directory.allocated(year, sector, day).filter(unit__in=units)
        for unit in listed.order_by().values_list("unit", flat=True):
            if sector not in due[unit]:
                waits[unit].add(sector)
    silent = LeftOut.objects.filter(run__in=approved, unit__in=units, reason=LeftOut.Reason.NO_VERIFIED_RESULT)
    for unit, code in silent.order_by().values_list("unit", "run__sector").distinct():
        waits[unit].add(code)
    return waits


@acting(Act.SEND_NOTICE)
@transaction.atomic
def send(authority: Authority, year: int, *, by: Person, at: dt.datetime) -> list[Notice]:
    """Send the year's notice to every unit that is ready for one and hasn't got it; the notices sent.

    Due are the verified emissions of the approved determinations; a unit in several sectors gets one notice over all of them.
    """
    locking.hold(Authority, pk=authority.pk)  # two officers at once must not number twice
    deadline = calendar.yearly_deadline("surrender", year)
    if deadline is None:
        raise Refusal(_("The calendar contains no surrender deadline for %(year)s.") % {"year": year})
    ready = [each for each in outstanding(authority, year, calendar.local_day(at)) if each.is_ready]
    if not ready:
        raise Refusal(
            _("No unit is ready for a notice: all its determinations must be approved, and no notice sent yet.")
        )
    begun = Notice.objects.filter(unit__authority=authority, year=year).count()
    conditions = {sector: ccer.conditions(sector, year) for each in ready for sector in each.by_sector}
    rows = [
        Notice(
            unit=each.unit,
            year=year,
            number=f"LY-{year}-{authority.code}-{place:04d}",
            sector=each.largest,
            by_sector=each.by_sector,
            due=each.due,
            deadline=deadline,
            ccer=conditions[each.largest],
            sent_by=by,
            sent_at=at,
        )
        for place, each in enumerate(ready, begun + 1)
    ]
    sent = Notice.objects.bulk_create(rows, batch_size=500)
    notifications.notices_sent([row.unit_id for row in sent], year, deadline, at)
    facts: dict[str, Any] = {"year": year, "notices": len(sent), "due": sum(row.due for row in sent)}
    journal.record("notices.sent", authority, by=by, at=at, papers=sent, **facts)
    return sent
