"""Who reads what of the journal: within the person's reach, without what an app keeps from them for the time being."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from registry.access import asking as access
from registry.models import JournalEntry, Person
from registry.permissions import Act

__all__ = ["keep_back", "readable"]

Kept = Callable[[Person], Q | None]
_KEPT: list[Kept] = []


def keep_back(kept: Kept) -> None:
    """Add what an app keeps back: the condition on entries that the person may not read yet, None where they may read all."""
    if kept not in _KEPT:
        _KEPT.append(kept)


def readable(person: Person) -> QuerySet[JournalEntry]:
    """The entries that the person may read."""
    rows = access.scoped(person, Act.VIEW_JOURNAL, JournalEntry.objects.select_related("actor", "unit"))
    for kept in _KEPT:
        if (condition := kept(person)) is not None:
            rows = rows.exclude(condition)
    return rows
