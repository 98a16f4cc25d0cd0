"""Units that leave a year's directory though quota of that year was determined for them: what stands, and what nobody has followed up."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from allocation.models import Certificate, Notice, Run, Settlement
from allocation.scope import issued, runs_in_force
from registry.directory.standing import Figure, OpenEnd
from registry.models import DirectoryEntry
from registry.values import figures as shown
from registry.values.figures import tonnes

__all__ = ["figures", "open_ends", "unfollowed"]

_State = DirectoryEntry.State


def figures(entry: DirectoryEntry, at: dt.datetime) -> Iterator[Figure]:
    """The runs in force, the tonnes issued and the notice of the entry's unit, sector and year."""
    of = {"authority": entry.unit.authority_id, "sector": entry.sector, "year": entry.year}
    rows = Settlement.objects.filter(run__in=runs_in_force.runs(at).filter(**of), unit=entry.unit_id)
    for row in rows.select_related("run").order_by("run__approved_at"):
        run, pre = row.run, row.run.kind == Run.Kind.PRE_ALLOCATION
        quota = row.pre_allocated if pre else row.determined
        said = {"tonnes": tonnes(quota), "day": shown.instant(run.approved_at)}
        value = _("%(tonnes)s t, approved %(day)s") % said
        yield Figure(f"run:{run.pk}:{quota}", run.get_kind_display(), value)
    before = issued.by_unit(entry.unit.authority, entry.sector, entry.year).get(entry.unit.credit_code)
    if before and (total := before.issued + before.settled):
        yield Figure(f"issued:{total}", _("Issued so far"), _("%(tonnes)s t") % {"tonnes": tonnes(total)})
    notice = Notice.objects.filter(unit=entry.unit_id, year=entry.year, sent_at__lte=at).first()
    if notice:
        said = {"number": notice.number, "tonnes": tonnes(notice.due)}
        value = _("%(number)s, %(tonnes)s t due") % said
        yield Figure(f"notice:{notice.pk}:{notice.due}", _("Compliance notice"), value)


def unfollowed(entries: QuerySet[DirectoryEntry]) -> QuerySet[DirectoryEntry]:
    """Of the entries those that left after quota of their year was determined for the unit, which no later determination has taken into
    account, and whose duty isn't met either. What was only allocated in advance is settled by the determination to come."""
    scope = {"authority": OuterRef("unit__authority"), "sector": OuterRef("sector"), "year": OuterRef("year")}
    approved = Run.objects.filter(**scope, state=Run.State.APPROVED)
    since = approved.filter(kind=Run.Kind.DETERMINATION, approved_at__gt=OuterRef("decided_at"))
    given = Settlement.objects.filter(
        Q(determined__gt=0) | Q(due__gt=0),
        run__kind=Run.Kind.DETERMINATION,
        run__state=Run.State.APPROVED,
        run__sector=OuterRef("sector"),
        run__year=OuterRef("year"),
        run__approved_at__lte=OuterRef("decided_at"),
        unit=OuterRef("unit"),
    )
    met = Certificate.objects.filter(notice__unit=OuterRef("unit"), notice__year=OuterRef("year"))
    left = entries.filter(state=_State.LEFT, left_on__year__lte=F("year"))
    return left.filter(Exists(given), ~Exists(since), ~Exists(met))


def open_ends(entries: Sequence[DirectoryEntry]) -> Iterator[OpenEnd]:
    """The same, each with what is to be done and where."""
    rows = DirectoryEntry.objects.filter(pk__in=[entry.pk for entry in entries])
    for entry in unfollowed(rows).select_related("unit"):
        of: dict[str, str] = {
            "kind": Run.Kind.DETERMINATION,
            "sector": entry.sector,
            "year": str(entry.year),
            "ground": Run.Ground.SCOPE,
        }
        title = _(
            "%(unit)s left the directory for %(year)s after its quota was determined: re-determine the quota, or settle "
            "its obligation."
        ) % {"unit": entry.unit, "year": entry.year}
        yield OpenEnd(entry, title, f"{reverse('allocation:run_prepare')}?{urlencode(of)}")
