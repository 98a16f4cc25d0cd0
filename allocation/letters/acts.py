"""Official letters: the province writes one over its approved runs, with the official tables, and sends it to the registrar."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from allocation.letters import official_tables
from allocation.models import Letter, Run, Settlement
from allocation.scope import runs_in_force
from registry import files, journal, two_people
from registry.access import acting
from registry.database import locking
from registry.models import Authority, Person
from registry.permissions import Act
from registry.refusal import Refusal

__all__ = ["discard", "send", "tables", "waiting_runs", "write"]

State = Letter.State


@dataclass(frozen=True, slots=True)
class _Enclosed:
    """What a letter over these runs says: its tables, kept, and what they come to in tonnes."""

    runs: tuple[Run, ...]
    tables_sha256: str
    total: int
    to_return: int


def waiting_runs(authority: Authority, year: int, kind: str) -> list[Run]:
    """The authority's runs in force of the year and kind that no letter speaks of yet."""
    return list(_waiting(authority, year, kind).select_related("authority", "balance_value").order_by("sector"))


def _waiting(authority: Authority, year: int, kind: str) -> QuerySet[Run]:
    return runs_in_force.runs().filter(authority=authority, year=year, kind=kind, letter__isnull=True)


@acting(Act.SEND_LETTER)
def write(authority: Authority, year: int, kind: str, *, number: str, by: Person, at: dt.datetime) -> Letter:
    """Draft a letter over all approved runs that no letter speaks of yet, enclosing their tables."""
    number = number.strip()
    _refuse_number(authority, number)
    # The tables are made before anything is locked, from runs that never change; whether they are still those that wait is asked
    # under the lock.
    return _write(authority, year, kind, number, _enclosed(authority, year, kind, number, at), by, at)


@transaction.atomic
def _write(
    authority: Authority, year: int, kind: str, number: str, enclosed: _Enclosed, by: Person, at: dt.datetime
) -> Letter:
    # Two officers at once must not write two letters over one run. Whoever writes the journal of this authority need not wait.
    locking.hold(Authority, pk=authority.pk)
    waiting = _waiting(authority, year, kind).order_by("sector").values_list("pk", flat=True)
    if list(waiting) != [run.pk for run in enclosed.runs]:
        enclosed = _enclosed(authority, year, kind, number, at)
    if not enclosed.runs:
        raise Refusal(_("Every approved run already has a letter; approve a run first."))
    _refuse_number(authority, number)
    letter = Letter.objects.create(
        authority=authority,
        year=year,
        kind=kind,
        number=number,
        tables_sha256=enclosed.tables_sha256,
        total=enclosed.total,
        to_return=enclosed.to_return,
        written_by=by,
        written_at=at,
    )
    Run.objects.filter(pk__in=[run.pk for run in enclosed.runs]).update(letter=letter)
    journal.record(
        "letter.written",
        letter,
        by=by,
        at=at,
        number=number,
        tables=letter.tables_sha256,
        total=letter.total,
        results=[run.result_sha256 for run in enclosed.runs],
    )
    return letter


def _refuse_number(authority: Authority, number: str) -> None:
    if not number:
        raise Refusal(_("A letter needs its number."), field="number")
    if Letter.objects.filter(authority=authority, number=number).exclude(state=State.DISCARDED).exists():
        raise Refusal(_("Another letter has the number %(number)s.") % {"number": number}, field="number")


def _enclosed(authority: Authority, year: int, kind: str, number: str, at: dt.datetime) -> _Enclosed:
    runs = waiting_runs(authority, year, kind)
    if not runs:
        return _Enclosed((), "", 0, 0)
    sheets = official_tables.sheets_of(authority, year, kind, runs)
    amounts = Settlement.objects.filter(run__in=runs).aggregate(
        total=Sum("issued_now", filter=Q(issued_now__gt=0), default=0),
        back=Sum("issued_now", filter=Q(issued_now__lt=0), default=0),
    )
    book = official_tables.workbook(sheets, at, marks=official_tables.marks_of(number, runs))
    return _Enclosed(tuple(runs), files.keep(book), amounts["total"], -amounts["back"])


@acting(Act.SEND_LETTER)
@transaction.atomic
def send(letter: Letter, *, by: Person, at: dt.datetime) -> Letter:
    """The letter goes to the registrar; from now on it stays as it is."""
    letter = locked(letter, State.DRAFTED)
    letter.state, letter.sent_by, letter.sent_at = State.SENT, by, at
    letter.save(update_fields=["state", "sent_by", "sent_at"])
    journal.record("letter.sent", letter, by=by, at=at, number=letter.number, tables=letter.tables_sha256)
    return letter


@acting(Act.SEND_LETTER)
@transaction.atomic
def discard(letter: Letter, *, reason: str, by: Person, at: dt.datetime) -> Letter:
    """A draft with a mistake is put away; its runs wait for another letter."""
    letter = locked(letter, State.DRAFTED)
    reason = two_people.reason_of(reason)
    letter.runs.update(letter=None)
    letter.state = State.DISCARDED
    letter.save(update_fields=["state"])
    journal.record("letter.discarded", letter, by=by, at=at, number=letter.number, reason=reason)
    return letter


def tables(letter: Letter) -> bytes:
    """The workbook that the letter encloses, as it was written; raises registry.files.originals.DamagedFileError."""
    return files.read(letter.tables_sha256)


def locked(letter: Letter, *states: Letter.State) -> Letter:
    """The letter, locked, if it is in one of the states; else somebody was faster."""
    return locking.in_state(Letter.objects.select_related("authority"), letter, *states)
