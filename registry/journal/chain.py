"""Append to the journal and verify its chain."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _

from registry.journal.seals.content import sealed, sealed_each
from registry.models import JournalEntry, JournalHead, Person
from registry.values import figures
from registry.values.canonical import canonical, chained

__all__ = [
    "Backwards",
    "backdated",
    "backwards",
    "content_of",
    "holds",
    "instant",
    "is_whole",
    "record",
    "record_each",
    "told_as_late",
    "verify",
]

GENESIS = "0" * 64
CHUNK = 2000


@transaction.atomic(savepoint=False)  # an act without its entry must not stand: there is nothing to go back to
def record(
    act: str,
    subject: Model,
    *,
    by: Person | None,
    at: dt.datetime,
    papers: Iterable[Model] = (),
    seals_subject: bool = True,
    **facts: Any,
) -> JournalEntry:
    """Write one act at the end of the chain, inside the caller's transaction.

    `facts` must be canonical (no floats). Whom the act concerns is read off the subject, so officers see their province's journal.
    Subject and `papers`, what else the act made or changed, are bound to the entry as they stand in the database now
    (registry.journal.seals).
    Who only found something wrong with the subject must not bind it so: `seals_subject=False`.
    Call it last in a service: the head stays locked until the transaction ends.
    """
    return _append(act, subject, by, at, facts | sealed([*papers, *([subject] if seals_subject else [])]))


@transaction.atomic(savepoint=False)
def record_each(
    act: str, subjects: Sequence[Model], *, by: Person | None, at: dt.datetime, facts: Callable[[Any], dict[str, Any]]
) -> None:
    """Write an act that was done to each of these rows of a model, one entry a row; they are asked for once, not each."""
    for row, seal in zip(subjects, sealed_each(subjects), strict=True):
        _append(act, row, by, at, facts(row) | seal)


def _append(act: str, subject: Model, by: Person | None, at: dt.datetime, facts: dict[str, Any]) -> JournalEntry:
    unit = _concerned_unit(subject)
    sequence, previous_hash = _locked_head()
    entry = JournalEntry(
        sequence=sequence + 1,
        at=at,
        actor=by,
        act=act,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        unit_id=unit,
        authority_id=_concerned_authority(subject, unit),
        facts=canonical(facts),
        previous_hash=previous_hash,
    )
    entry.hash = chained(entry.previous_hash, content_of(entry))
    entry.save(force_insert=True)
    _move_head(entry)
    return entry


# In plain SQL: every act waits for this row, and Django would take ten times as long to put the two statements together.
def _locked_head() -> tuple[int, str]:
    """Sequence and hash of the last entry, whose row stays locked until the transaction ends."""
    ask = "SELECT sequence, hash FROM registry_journalhead WHERE id = 1"
    with connection.cursor() as cursor:
        cursor.execute(f"{ask} FOR UPDATE" if connection.features.has_select_for_update else ask)
        found: tuple[int, str] | None = cursor.fetchone()
    if found is None:
        raise JournalHead.DoesNotExist
    return found


def _move_head(entry: JournalEntry) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_journalhead SET sequence = %s, hash = %s WHERE id = 1", [entry.sequence, entry.hash]
        )


def verify(progress: Callable[[int, int], None] | None = None) -> Iterator[str]:
    """Every fault of the chain, in its order and in the active language; nothing when it is whole. What is appended meanwhile is left to
    the next time.

    `progress` is told now and then how many entries of how many were seen.
    """
    # What stands there before the head is read can't be beyond it: both are written together.
    last = JournalEntry.objects.aggregate(last=Max("sequence"))["last"] or 0
    head = JournalHead.objects.get(pk=1)
    previous, expected = GENESIS, 1
    for entry in _entries(head.sequence):
        if progress and entry.sequence % CHUNK == 0:
            progress(entry.sequence, head.sequence)
        if entry.sequence != expected:
            yield _("%(sequence)d: missing") % {"sequence": expected}
        if entry.previous_hash != previous:
            yield _("%(sequence)d: does not follow the entry before it") % {"sequence": entry.sequence}
        if not is_whole(entry):
            yield _("%(sequence)d: its content was changed") % {"sequence": entry.sequence}
        previous, expected = entry.hash, entry.sequence + 1
    if (head.sequence, head.hash) != (expected - 1, previous):
        said = {"sequence": head.sequence, "end": expected - 1}
        yield _("%(sequence)d: the chain ends at %(end)d, its end was cut off") % said
    if last > head.sequence:
        beyond = JournalEntry.objects.filter(sequence__gt=head.sequence, sequence__lte=last)
        for sequence in beyond.order_by("sequence").values_list("sequence", flat=True)[:CHUNK]:
            message = _("%(sequence)d: beyond the end of the chain; nothing can be appended until it is removed")
            yield message % {"sequence": sequence}


# An act is dated when it was asked for: a job under way, or one that waited for its worker, is written down after what happened meanwhile.
# What is dated earlier than that isn't explained by work that took its time.
LONGEST_WORK = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Backwards:
    """An entry dated before the one before it."""

    sequence: int
    at: dt.datetime
    before: dt.datetime

    @property
    def is_fault(self) -> bool:
        """Whether it is dated further back than any work takes."""
        return self.before - self.at > LONGEST_WORK

    def __str__(self) -> str:
        said = {"sequence": self.sequence, "at": figures.instant(self.at), "before": figures.instant(self.before)}
        return _("%(sequence)d: dated %(at)s, though the entry before it is dated %(before)s") % said


def backwards() -> Iterator[Backwards]:
    """Every entry whose time runs backwards, in the chain's order."""
    before: dt.datetime | None = None
    for sequence, at in _instants():
        if before is not None and at < before:
            yield Backwards(sequence, at, before)
        before = at


def backdated() -> tuple[list[Backwards], list[Backwards]]:
    """The entries dated before the one before them: those that are faults, and those that work which took its time explains."""
    found = list(backwards())
    return [each for each in found if each.is_fault], [each for each in found if not each.is_fault]


def told_as_late(small: list[Backwards]) -> str:
    """In words that entries are dated when their acts were asked for."""
    said = {"count": len(small), "first": small[0]}
    return (
        _(
            "%(count)d entries are dated up to a day before the preceding one (acts are dated when they are "
            "requested): %(first)s"
        )
        % said
    )


def _instants() -> Iterator[tuple[int, dt.datetime]]:
    """Sequence and instant of every entry, by the chunk, as `_entries`."""
    last = 0
    rows = JournalEntry.objects.order_by("sequence").values_list("sequence", "at")
    while chunk := list(rows.filter(sequence__gt=last)[:CHUNK]):
        yield from chunk
        last = chunk[-1][0]


def _entries(until: int) -> Iterator[JournalEntry]:
    """The entries up to a sequence, in order, by the chunk: SQLite lets nobody write while it has an open cursor on an older state."""
    last = 0
    while chunk := list(
        JournalEntry.objects.filter(sequence__gt=last, sequence__lte=until).order_by("sequence")[:CHUNK]
    ):
        yield from chunk
        last = chunk[-1].sequence


def holds(sequence: int, hash: str) -> bool:
    """Whether the journal has that entry with that hash, and the entry's content is still what the hash covers."""
    entry = JournalEntry.objects.filter(sequence=sequence, hash=hash).first()
    return entry is not None and is_whole(entry)


def is_whole(entry: JournalEntry) -> bool:
    """Whether the entry's content is what its hash covers."""
    try:
        return entry.hash == chained(entry.previous_hash, content_of(entry))
    except (ValueError, TypeError):  # facts that are no longer canonical JSON
        return False


def content_of(entry: JournalEntry) -> dict[str, Any]:
    """What an entry's hash covers, beside the hash of the entry before it; canonical."""
    return {
        "sequence": entry.sequence,
        "at": instant(entry.at),
        "actor": entry.actor_id,
        "act": entry.act,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "unit": entry.unit_id,
        "authority": entry.authority_id,
        "facts": json.loads(entry.facts),
    }


def instant(at: dt.datetime) -> str:
    """An instant as canonical text: in UTC, so that it reads the same from every database."""
    return at.astimezone(dt.UTC).isoformat()


def _concerned_unit(subject: Model) -> int | None:
    unit: int | None = subject.pk if subject._meta.label == "registry.Unit" else getattr(subject, "unit_id", None)
    return unit


def _concerned_authority(subject: Model, unit: int | None) -> int | None:
    owner: Any = subject
    if unit is not None and subject._meta.label != "registry.Unit":
        owner = owner.unit
    authority: int | None = (
        subject.pk if subject._meta.label == "registry.Authority" else getattr(owner, "authority_id", None)
    )
    return authority
