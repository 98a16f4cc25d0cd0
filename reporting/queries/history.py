"""What happened to a package, step by step, as far as a person may know it."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Subquery

from registry import access
from registry.models import JournalEntry, Person
from registry.permissions import Act
from reporting.models import DeadlineExtension, HandingOver, Package, PackageEvent, Upload
from reporting.queries.pages import uploads

__all__ = ["Again", "Handed", "history_of"]


@dataclass(frozen=True, slots=True)
class Again:
    """That a version's bytes came in again (`again` "received"), or that it became the current one again ("current")."""

    pk: int
    at: dt.datetime
    by: Person | None
    again: str
    version: int | None
    name: str = ""


AGAIN = {"package.uploaded_again": "received", "package.made_current": "current"}


def _again(package: Package, person: Person, seen: Iterable[Upload]) -> Iterator[Again]:
    """From the journal; whoever may not see drafts reads of what was submitted later, and nothing of other versions."""
    mine = {"subject_type": package._meta.label_lower, "subject_id": str(package.pk), "act__in": list(AGAIN)}
    entries = JournalEntry.objects.filter(**mine).select_related("actor")
    if not access.may(person, Act.VIEW_DRAFT):
        last = package.events.filter(kind=PackageEvent.Kind.SUBMITTED).order_by("-pk").values("at")[:1]
        entries = entries.filter(at__lte=Subquery(last))
    shown = {upload.sha256 for upload in seen}
    for entry in entries:
        facts = json.loads(entry.facts)
        if facts["sha256"] in shown:
            about = facts.get("version"), facts.get("name", "")
            yield Again(entry.sequence, entry.at, entry.actor, AGAIN[entry.act], *about)


@dataclass(frozen=True, slots=True)
class Handed:
    """That a version was handed to the unit's approver (`step` "open"), or came back from there ("returned", "taken_back")."""

    pk: int
    at: dt.datetime
    by: Person | None
    step: str
    version: int
    reason: str = ""


def _handed(package: Package, person: Person) -> Iterator[Handed]:
    """Of a confirmation the submission speaks, which it is. One query; nothing for whoever may not see drafts."""
    if not access.may(person, Act.VIEW_DRAFT):
        return
    rows = access.scoped(person, Act.VIEW_DRAFT, package.handings.select_related("by", "ended_by", "submission"))
    for row in rows:
        yield Handed(row.pk, row.at, row.by, HandingOver.State.OPEN, row.submission.version)
        if row.ended_at is not None and row.state != HandingOver.State.CONFIRMED:
            yield Handed(row.pk, row.ended_at, row.ended_by, row.state, row.submission.version, row.reason)


Happened = PackageEvent | Upload | DeadlineExtension | Again | Handed


def history_of(package: Package, person: Person) -> list[Happened]:
    """Everything that happened to a package and that the person may see, the latest first."""
    came = list(uploads(person).filter(package=package).select_related("by"))
    happened: list[Happened] = [
        *package.extensions.select_related("by"),
        *came,
        *_again(package, person, came),
        *_handed(package, person),
        *package.events.select_related("by", "submission"),
    ]
    return sorted(happened, key=lambda entry: (entry.at, isinstance(entry, PackageEvent), entry.pk), reverse=True)
