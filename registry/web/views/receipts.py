"""What somebody did, as the journal has it: the number to refer to, what was done, who does what next."""

import json
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from registry import access, labels
from registry.access import SignedInRequest
from registry.journal import display
from registry.models import JournalEntry
from registry.permissions import Act
from registry.web import confirming
from registry.web.confirming import After, Consequential


@access.page(Act.VIEW_ACT_RECEIPT)
@require_GET
def receipt(request: SignedInRequest, sequence: int) -> HttpResponse:
    """The receipt of an act: it can be loaded again, kept and linked to."""
    rows = JournalEntry.objects.select_related("actor", "unit", "authority")
    entry = get_object_or_404(access.scoped(request.user, Act.VIEW_ACT_RECEIPT, rows), sequence=sequence)
    asks, row = confirming.told_of(entry.act), _subject(entry)
    told = asks.after(request, entry, row) if asks and asks.after and row is not None else _as_recorded(entry, asks)
    context = {
        "entry": entry,
        "told": told,
        "page": asks.page(row) if asks and asks.page and row is not None else "",
        "declared": json.loads(entry.facts).get("declared", ""),
    }
    return render(request, "done.html", context)


def _as_recorded(entry: JournalEntry, asks: Consequential | None) -> After:
    facts = list(display.pairs(entry.facts, entry.subject_type))
    return After(labels.act(entry.act), facts=facts, then=str(asks.then) if asks else "")


def _subject(entry: JournalEntry) -> Any:
    """What the act was done to, as it is now."""
    model: type[Model] = apps.get_model(entry.subject_type)
    return model._default_manager.filter(pk=entry.subject_id).first()
