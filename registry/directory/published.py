"""What of the directory is published, and what only those are told who may know of proposals.

Until an exit is approved the unit is listed for everybody else: neither day nor ground nor reason of the proposal is told, nor that
one was refused. The grounds are published; the sentence written beside each is for the unit, its authority, the ministry and the auditor.
"""

import datetime as dt
import json
from dataclasses import dataclass

from django.db.models import Case, F, Q, QuerySet, Value, When

from registry.access import scoped
from registry.models import DirectoryEntry, JournalEntry, Person
from registry.permissions import Act

__all__ = ["Step", "entered_by", "visible"]

State = DirectoryEntry.State
PUBLISHED = (State.LISTED, State.EXIT_PROPOSED, State.LEFT)


@dataclass(frozen=True, slots=True)
class Step:
    """Who proposed or decided something, and when."""

    by: Person | None
    at: dt.datetime


def visible(person: Person) -> QuerySet[DirectoryEntry]:
    """What is published, and what waits in the person's own reach: `is_told` is whether the entry's proposals are any of theirs,
    `knows_why` whether what was written beside the published grounds is, `shown_state` and `shown_exit` are its state and its day of
    leaving as the person is told them."""
    told = scoped(person, Act.VIEW_DIRECTORY_PROPOSAL, DirectoryEntry.objects.all())
    concerned = scoped(person, Act.VIEW_DIRECTORY_REASON, DirectoryEntry.objects.all())
    rows = DirectoryEntry.objects.select_related("unit__authority").annotate(
        knows_why=Case(When(pk__in=concerned.values("pk"), then=Value(True)), default=Value(False)),
        is_told=Case(When(pk__in=told.values("pk"), then=Value(True)), default=Value(False)),
        shown_state=Case(When(state=State.EXIT_PROPOSED, is_told=False, then=Value(State.LISTED)), default=F("state")),
        shown_exit=Case(When(shown_state=State.LISTED, then=None), default=F("left_on")),
    )
    return rows.filter(Q(state__in=PUBLISHED) | Q(is_told=True))


def entered_by(entry: DirectoryEntry) -> list[Step]:
    """Who had the unit entered, and who approved it. Of an entry whose row names those of its exit, as the journal has it: one query."""
    if not entry.is_about_leaving:
        decided = [Step(entry.decided_by, entry.decided_at)] if entry.decided_at else []
        return [Step(entry.proposed_by, entry.proposed_at), *decided]
    rows = JournalEntry.objects.filter(
        subject_type=DirectoryEntry._meta.label_lower,
        subject_id=str(entry.pk),
        act__in=["directory.entry_proposed", "directory.decided"],
    )
    proposed: JournalEntry | None = None
    for row in rows.select_related("actor").order_by("sequence"):
        if row.act == "directory.entry_proposed":
            proposed = row
        elif proposed is not None and json.loads(row.facts)["approved"]:
            return [Step(proposed.actor, proposed.at), Step(row.actor, row.at)]
    return []
