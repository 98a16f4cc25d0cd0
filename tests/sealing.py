"""Rows that a test's fixtures put into tables without an act are bound to the journal as they stand."""

from django.apps import apps

from registry import journal
from registry.journal.seals.check import check
from registry.models import JournalEntry, JournalHead
from tests.cast import at


def unbound() -> dict[str, set[int]]:
    """The keys of the rows that no entry binds, by model."""
    found: dict[str, set[int]] = {}
    for each in check().departures:
        if each.why == "unbound":
            found.setdefault(each.model, set()).add(each.key)
    return found


def bind_what_stands() -> dict[str, set[int]]:
    """Bind them by one entry; which they were."""
    found = unbound()
    papers = [
        row for model, keys in found.items() for row in apps.get_model(model)._default_manager.filter(pk__in=keys)
    ]
    if papers:
        last = JournalEntry.objects.order_by("-sequence").first()
        then = last.at if last else at("2020-01-01")  # the journal's time runs forward
        journal.record("test.act", JournalHead.objects.get(pk=1), by=None, at=then, papers=papers)
    return found
