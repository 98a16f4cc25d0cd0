"""Official letters: the province writes one over its approved runs, with the official tables, and sends it to the registrar."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from allocation import in_force, official_tables
from allocation.models import Letter, Run, Settlement
from registry import journal
from registry.models import Authority, Person
from registry.refusal import Refusal
from reporting import files

__all__ = ["discard", "send", "tables", "waiting_runs", "write"]

State = Letter.State


def waiting_runs(authority: Authority, year: int, kind: str) -> list[Run]:
    """The authority's runs in force of the year and kind that no letter speaks of yet."""
    runs = in_force.runs().filter(authority=authority, year=year, kind=kind, letter__isnull=True)
    return list(runs.select_related("authority", "balance_value").order_by("sector"))


@transaction.atomic
def write(authority: Authority, year: int, kind: str, *, number: str, by: Person, at: dt.datetime) -> Letter:
    """Draft a letter over all approved runs that no letter speaks of yet, enclosing their tables."""
    # Two officers at once must not write two letters over one run. Whoever writes the journal of this authority need not wait.
    Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
    runs = waiting_runs(authority, year, kind)
    if not runs:
        raise Refusal(_("There is no approved run without a letter; approve a run first."))
    number = number.strip()
    if not number:
        raise Refusal(_("A letter needs its number."))
    if Letter.objects.filter(authority=authority, number=number).exclude(state=State.DISCARDED).exists():
        raise Refusal(_("Another letter has the number %(number)s.") % {"number": number})
    sheets = official_tables.sheets_of(authority, year, kind, runs)
    amounts = Settlement.objects.filter(run__in=runs).aggregate(
        total=Sum("issued_now", filter=Q(issued_now__gt=0), default=0),
        back=Sum("issued_now", filter=Q(issued_now__lt=0), default=0),
    )
    letter = Letter.objects.create(
        authority=authority,
        year=year,
        kind=kind,
        number=number,
        tables_sha256=files.keep(official_tables.workbook(sheets, at, marks=official_tables.marks_of(number, runs))),
        total=amounts["total"],
        to_return=-amounts["back"],
        written_by=by,
        written_at=at,
    )
    Run.objects.filter(pk__in=[run.pk for run in runs]).update(letter=letter)
    journal.record(
        "letter.written",
        letter,
        by=by,
        at=at,
        number=number,
        tables=letter.tables_sha256,
        total=letter.total,
        results=[run.result_sha256 for run in runs],
    )
    return letter


@transaction.atomic
def send(letter: Letter, *, by: Person, at: dt.datetime) -> Letter:
    """The letter goes to the registrar; from now on it stays as it is."""
    letter = locked(letter, State.DRAFTED)
    letter.state, letter.sent_by, letter.sent_at = State.SENT, by, at
    letter.save(update_fields=["state", "sent_by", "sent_at"])
    journal.record("letter.sent", letter, by=by, at=at, number=letter.number, tables=letter.tables_sha256)
    return letter


@transaction.atomic
def discard(letter: Letter, *, reason: str, by: Person, at: dt.datetime) -> Letter:
    """A draft with a mistake is put away; its runs wait for another letter."""
    letter = locked(letter, State.DRAFTED)
    if not reason.strip():
        raise Refusal(_("Discarding a letter needs a reason."))
    letter.runs.update(letter=None)
    letter.state = State.DISCARDED
    letter.save(update_fields=["state"])
    journal.record("letter.discarded", letter, by=by, at=at, number=letter.number, reason=reason)
    return letter


def tables(letter: Letter) -> bytes:
    """The workbook that the letter encloses, as it was written; raises reporting.files.DamagedFileError."""
    return files.read(letter.tables_sha256)


def locked(letter: Letter, *states: Letter.State) -> Letter:
    """The letter, locked, if it is in one of the states; else somebody was faster."""
    letter = Letter.objects.select_for_update(of=("self",)).select_related("authority").get(pk=letter.pk)
    if letter.state not in states:
        raise Refusal(_("Somebody else has dealt with this letter in the meantime; look at it again."))
    return letter
