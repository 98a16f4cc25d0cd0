"""What somebody did, as the journal has it: the number to refer to, what was done, who does what next."""

import json
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
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
    told = (
        asks.after(request, entry, row)
        if asks and asks.after and row is not None
        else _as_recorded(request, entry, asks)
    )
    context = {
        "entry": entry,
        "told": told,
        "page": asks.page(row) if asks and asks.page and row is not None else "",
        "declared": json.loads(entry.facts).get("declared", ""),
    }
    return render(request, "done.html", context)


def _as_recorded(request: SignedInRequest, entry: JournalEntry, asks: Consequential | None) -> After:
    together = _together(request, entry)
    facts = list(display.pairs(entry.facts, entry.subject_type))
    if len(together) > 1:
        facts = [(_("Done together"), str(len(together))), *_each(together)]
    return After(labels.act(entry.act), facts=facts, then=str(asks.then) if asks else "")


def _together(request: SignedInRequest, entry: JournalEntry) -> list[JournalEntry]:
    """What the same person did to things of one kind in the same act: entries of one instant, one behind the other."""
    rows = access.scoped(request.user, Act.VIEW_ACT_RECEIPT, JournalEntry.objects.all())
    same = rows.filter(act=entry.act, actor=entry.actor_id, at=entry.at, subject_type=entry.subject_type)
    return list(same.order_by("sequence"))


def _each(entries: list[JournalEntry]) -> list[tuple[str, str]]:
    """Each of them by its number in the journal, with the thing that it was done to."""
    model: type[Model] = apps.get_model(entries[0].subject_type)
    things = model._default_manager.in_bulk([int(entry.subject_id) for entry in entries])
    said = _("entry %(number)s")
    return [(said % {"number": entry.sequence}, str(things.get(int(entry.subject_id), ""))) for entry in entries]


def _subject(entry: JournalEntry) -> Any:
    """What the act was done to, as it is now."""
    model: type[Model] = apps.get_model(entry.subject_type)
    return model._default_manager.filter(pk=entry.subject_id).first()
