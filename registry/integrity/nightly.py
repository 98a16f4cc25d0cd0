"""Nightly integrity checks of the journal: is its chain whole, does its time run forward, are papers and states of record what it says? The
sweeper's: is its end there?"""

import datetime as dt
import logging

from django.db import IntegrityError, transaction
from django.utils import translation

from registry import journal
from registry.jobs import Lease
from registry.jobs.nightly import every_night
from registry.journal import chain_end as journal_end
from registry.journal.seals.check import check
from registry.law import clock
from registry.models import JournalEntry, JournalHead

logger = logging.getLogger(__name__)

# Of a chain that is broken in very many places the journal itself says the first ones; verify_journal says all.
MOST_TOLD = 20


@every_night("registry.verify_journal")
def verify_journal(lease: Lease) -> None:
    """Verify the chain; what is broken is written at its end, where it can't be unwritten unnoticed either."""
    with translation.override("en"):  # the journal is written in one language, whoever verifies it
        faults = [*journal.verify(lease.progress), *_newly_backdated()]
    with lease.finishing({"faults": len(faults)}):
        if faults:
            _write_down(faults, lease.job.asked_at)


def _newly_backdated() -> list[str]:
    """The entries whose time runs backwards, each once: nobody can mend them, and what is said every night is read no more."""
    found = [str(each) for each in journal.backdated()[0]][:MOST_TOLD]
    told = JournalEntry.objects.filter(act="journal.broken")
    return [fault for fault in found if not told.filter(facts__contains=fault).exists()]


def _write_down(faults: list[str], at: dt.datetime) -> None:
    head = JournalHead.objects.get(pk=1)
    try:
        with transaction.atomic():
            journal.record("journal.broken", head, by=None, at=at, count=len(faults), faults=faults[:MOST_TOLD])
    except IntegrityError:
        # Something stands where the next entry belongs. The job's outcome, which homes show, says it all the same.
        logger.exception("the journal takes no more entries: %s", faults[:MOST_TOLD])


@every_night("registry.verify_papers")
def verify_papers(lease: Lease) -> None:
    """Check every paper and state of record against the journal; the journal names those that depart."""
    found = check(lease.progress).departures
    with translation.override("en"):
        told = [str(each) for each in found[:MOST_TOLD]]
    with lease.finishing({"faults": len(found)}):
        if found:
            head = JournalHead.objects.get(pk=1)
            journal.record("papers.depart", head, by=None, at=lease.job.asked_at, count=len(found), faults=told)


def keep_end() -> None:
    """Compare the journal's end with the one seen last, and keep it; one that is gone is told in the log each time, in the journal once."""
    with translation.override("en"):
        found = journal_end.keep()
    for fault in found:
        logger.error("the journal's end: %s", fault)
    head = JournalHead.objects.filter(pk=1).first()
    if not found or head is None or JournalEntry.objects.filter(act="journal.cut", facts__contains=_seen()).exists():
        return
    journal.record("journal.cut", head, by=None, at=clock.now(), faults=found, seen=_seen())


def _seen() -> str:
    """The hash of the end that is kept: what is told of it is told once."""
    end = journal_end.kept()
    return end.hash if end else ""
