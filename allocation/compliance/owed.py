"""What a unit owes for a year at an instant: what its compliance notice said, changed by the adjustment notices sent since.

A notice is never written anew. A determination that is made again changes the tonnes due (allocation.md §4), by adjustment notices;
a year that was met may be open again by that, or met though nothing was surrendered in between.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from allocation.models import AdjustmentNotice, Notice, SurrenderItem, SurrenderRequest
from registry.law.calendar import end_of

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

__all__ = ["Met", "by_sector", "deadlines", "due", "met", "stated", "surrenders"]


class Stated(TypedDict):
    """`due_then` are the tonnes due at an instant."""

    due_then: int


def stated(notices: QuerySet[Notice], at: dt.datetime) -> "QuerySet[WithAnnotations[Notice, Stated]]":
    """The notices sent by `at`, each with the tonnes that were due then."""
    since = AdjustmentNotice.objects.filter(
        unit=OuterRef("unit"), year=OuterRef("year"), sent_at__gt=OuterRef("sent_at"), sent_at__lte=at
    )
    change = since.order_by().values("unit").annotate(sum=Sum(F("due_after") - F("due_before"))).values("sum")
    return notices.filter(sent_at__lte=at).annotate(due_then=F("due") + Coalesce(Subquery(change), 0))


class Met(Stated):
    """Tonnes surrendered by the end of the day, and `punctual` of them by the end of the deadline."""

    surrendered: int
    punctual: int


def deadlines(notices: QuerySet[Notice]) -> list[dt.date]:
    """The days by which they are due; of a year there are few. One query."""
    return list(notices.order_by().values_list("deadline", flat=True).distinct())


def met(
    notices: QuerySet[Notice], day: dt.date, deadlines: Iterable[dt.date]
) -> "QuerySet[WithAnnotations[Notice, Met]]":
    """The notices sent by the end of the day, due on one of these days, each with what was due then and what was surrendered."""
    end = end_of(day)
    executed = SurrenderItem.objects.filter(
        request__notice=OuterRef("pk"),
        request__state=SurrenderRequest.State.EXECUTED,
        request__executed_at__lte=end,
    ).order_by()
    in_time = Q(pk__in=[])
    for deadline in deadlines:
        in_time |= Q(request__notice__deadline=deadline, request__executed_at__lte=end_of(deadline))

    def sum_of(items: QuerySet[SurrenderItem]) -> Coalesce:
        found = items.values("request__notice").annotate(sum=Sum("quantity")).values("sum")
        return Coalesce(Subquery(found), 0, output_field=BigIntegerField())

    return stated(notices, end).annotate(surrendered=sum_of(executed), punctual=sum_of(executed.filter(in_time)))


def by_sector(notices: QuerySet[Notice], at: dt.datetime) -> dict[int, Counter[str]]:
    """The tonnes due at the instant by sector, of each notice by its id; they add up to what `stated` says. Two queries.

    What a notice owes is the sum of its determinations, each of one sector, and an adjustment changes one of them.
    """
    sent = notices.filter(sent_at__lte=at).order_by()
    found = {pk: Counter(stated) for pk, stated in sent.values_list("pk", "by_sector")}
    since = AdjustmentNotice.objects.filter(
        unit__notices__in=notices.order_by(),
        year=F("unit__notices__year"),
        sent_at__gt=F("unit__notices__sent_at"),
        sent_at__lte=at,
    ).order_by()
    change = Sum(F("due_after") - F("due_before"))
    for notice, sector, tonnes in since.values_list("unit__notices", "settlement__run__sector").annotate(change=change):
        if notice in found:
            found[notice][sector] += tonnes
    return found


def due(notice: Notice, at: dt.datetime) -> int:
    """The tonnes due at the instant for the notice's year; as the notice said where it was sent later than that."""
    since = AdjustmentNotice.objects.filter(
        unit=notice.unit_id, year=notice.year, sent_at__gt=notice.sent_at, sent_at__lte=at
    )
    return notice.due + sum(after - before for after, before in since.values_list("due_after", "due_before"))


def surrenders(notices: QuerySet[Notice], end: dt.datetime) -> dict[int, list[tuple[dt.datetime, int]]]:
    """(instant, tonnes) of what was executed up to `end`, by the notice's id."""
    found: dict[int, list[tuple[dt.datetime, int]]] = defaultdict(list)
    executed = SurrenderItem.objects.filter(
        request__notice__in=notices, request__state=SurrenderRequest.State.EXECUTED, request__executed_at__lte=end
    )
    for notice, instant, quantity in executed.values_list("request__notice", "request__executed_at", "quantity"):
        if instant is not None:
            found[notice].append((instant, quantity))
    return found
