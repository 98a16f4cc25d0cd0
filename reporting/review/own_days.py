"""By which of the 40 days an authority wants to have reviewed a month: a day of its own, before the law's, for its people's eyes alone.

"By day 30" of the 40 that the law gives is ten days before the law's day. A month whose day is another (extended, reopened, listed late,
back-filled) keeps that distance. It binds nobody: it orders, marks and counts what waits.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from registry import access, journal
from registry.access import acting
from registry.database import locking
from registry.law import calendar
from registry.models import Authority, Person
from registry.permissions import Act
from registry.refusal import Refusal
from reporting.models import OwnReviewDay, Package

__all__ = ["ahead_of", "beyond", "choose", "in_force", "margins", "refuse", "waiting_beyond"]


def in_force(authority: Authority | int, day: dt.date) -> int | None:
    """By which day after a month's end the authority wants it reviewed; None where it has no day of its own. One query."""
    rows = OwnReviewDay.objects.filter(authority=authority, since__lte=day)
    return rows.order_by("-since", "-pk").values_list("days", flat=True).first()


def margins(person: Person, day: dt.date) -> Mapping[int, int]:
    """How many days before the law's day those authorities want to be done whose own day the person may know of. One query, none for
    whoever may know of none."""
    rows = access.scoped(person, Act.VIEW_OWN_DAY, OwnReviewDay.objects.filter(since__lte=day))
    latest = dict(rows.order_by("since", "pk").values_list("authority", "days"))
    return {authority: ahead_of(days, day) for authority, days in latest.items() if days is not None}


def ahead_of(days: int, day: dt.date) -> int:
    """How many days before the law's day an authority wants to be done that wants it by so many days after the month's end."""
    return calendar.monthly_days(day) - days


def beyond(rows: QuerySet[Package], person: Person, known: Mapping[int, int], day: dt.date) -> QuerySet[Package]:
    """Those of a queue whose authority's own day (`margins`) is past. Whoever sits in an authority sees its packages alone: whose they are
    isn't asked again, for a database would enter the queue by it."""
    if person.authority_id:
        return rows.filter(due__lt=day + dt.timedelta(known[person.authority_id]))
    past = Q(pk__in=())
    for authority, margin in known.items():
        past |= Q(unit__authority=authority, due__lt=day + dt.timedelta(margin))
    return rows.filter(past)


def waiting_beyond(authority: Authority | int, days: int | None, day: dt.date) -> QuerySet[Package]:
    """What of the authority's waits for review past the day that so many days after a month's end make; nothing without a number."""
    waiting = Package.objects.filter(state=Package.State.SUBMITTED, unit__authority=authority)
    return waiting.none() if days is None else waiting.filter(due__lt=day + dt.timedelta(ahead_of(days, day)))


@acting(Act.SET_OWN_DAY)
@transaction.atomic
def choose(authority: Authority, *, days: int | None, since: dt.date, by: Person, at: dt.datetime) -> OwnReviewDay:
    """Set the day, from a day on that is not past; None: the authority has none any more."""
    authority = locking.hold(Authority, pk=authority.pk)
    refuse(authority, days, since, calendar.local_day(at))
    chosen = OwnReviewDay.objects.create(authority=authority, days=days, since=since, by=by, at=at)
    journal.record("review.own_day_set", authority, by=by, at=at, papers=[chosen], days=days, since=since.isoformat())
    return chosen


def refuse(authority: Authority, days: int | None, since: dt.date, today: dt.date) -> None:
    """Raise Refusal where the day can't be set so."""
    most = calendar.monthly_days(today)
    if days is not None and not 1 <= days < most:
        said = _("The day lies before the law's day %(most)s: give a number from 1 to %(last)s.")
        raise Refusal(said % {"most": most, "last": most - 1})
    if since < today:
        raise Refusal(_("The day from which it counts is past: choose today or a later one."))
    if in_force(authority, since) == days:
        raise Refusal(_("This is the authority's own day already."))
