"""A year's directory made at once: who is still to be listed, proposing them together, approving those that were looked at.

Each entry is proposed and decided by itself, with its own row in the journal; together they stand or fall.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from registry.access import acting
from registry.directory.acts import decide, propose_entry
from registry.models import DirectoryEntry, Person, SectorMembership
from registry.permissions import Act
from registry.refusal import Refusal
from registry.values import canonical
from registry.values.bilingual import listed
from registry.values.sectors import with_quota

__all__ = ["approve_entries", "ground_of", "propose_entries", "seal_of", "to_be_listed"]

# So many reasons of a refused proposal are told; the rest would be more of the same.
_TOLD = 5
_Ground = DirectoryEntry.EntryGround


def to_be_listed(year: int) -> QuerySet[SectorMembership]:
    """The units and sectors that no entry of the year stands or waits for; one that was refused can be proposed anew."""
    taken = DirectoryEntry.objects.filter(unit=OuterRef("unit"), sector=OuterRef("sector"), year=year)
    rows = SectorMembership.objects.exclude(Exists(taken.exclude(state=DirectoryEntry.State.REFUSED)))
    return rows.select_related("unit").order_by("unit__name", "sector", "pk")


def ground_of(sector: str, year: int, ground: str) -> str:
    """The ground chosen for many, but for sectors without quota, whose units only report."""
    return ground if sector in with_quota(year) else _Ground.REPORTS_ONLY


@acting(Act.PROPOSE_DIRECTORY)
@transaction.atomic
def propose_entries(
    places: Sequence[SectorMembership],
    year: int,
    *,
    on: dt.date,
    ground: str,
    reason: str,
    by: Person,
    at: dt.datetime,
) -> list[DirectoryEntry]:
    """Propose an entry for each of the places, all or none; raises Refusal with what speaks against them."""
    made, against = [], []
    for place in places:
        fitting = ground_of(place.sector, year, ground)
        try:
            made.append(
                propose_entry(place.unit, year, place.sector, on=on, ground=fitting, reason=reason, by=by, at=at)
            )
        except Refusal as refusal:
            against.append(_("%(unit)s: %(why)s") % {"unit": place.unit, "why": refusal})
    if against:
        raise Refusal(_("Nothing was proposed. %(why)s") % {"why": " ".join(against[:_TOLD])})
    return made


def seal_of(entries: Iterable[DirectoryEntry]) -> str:
    """Another one as soon as any of the entries says something else than it did."""
    return canonical.digest(
        [
            [entry.pk, entry.state, str(entry.entered_on), entry.entry_ground, entry.entry_reason]
            for entry in sorted(entries, key=lambda entry: entry.pk)
        ]
    )


@acting(Act.APPROVE_DIRECTORY)
@transaction.atomic
def approve_entries(
    entries: Sequence[DirectoryEntry], *, shown: str, by: Person, at: dt.datetime
) -> list[DirectoryEntry]:
    """Approve proposed entries as they were shown (`shown`: their seal), all or none."""
    rows = DirectoryEntry.objects.select_related("unit").filter(pk__in=[entry.pk for entry in entries])
    waiting = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if seal_of(waiting) != shown or len(waiting) != len(entries):
        raise Refusal(_("What was proposed has changed since this page was opened. Look at it again."))
    wrong = [str(entry.unit) for entry in waiting if entry.state != DirectoryEntry.State.PROPOSED]
    if wrong:
        raise Refusal(_("These are no longer waiting for approval: %(units)s.") % {"units": listed(wrong)})
    return [decide(entry, approve=True, by=by, at=at) for entry in waiting]
