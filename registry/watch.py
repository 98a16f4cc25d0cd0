"""The night's look at the journal: is its chain whole?"""

from registry import journal
from registry.jobs import Lease
from registry.models import JournalHead
from registry.nightly import every_night

# Of a chain that is broken in very many places the journal itself says the first ones; verify_journal says all.
MOST_TOLD = 20


@every_night("registry.verify_journal")
def verify_journal(lease: Lease) -> None:
    """Verify the chain; what is broken is written at its end, where it can't be unwritten unnoticed either."""
    faults = list(journal.verify(lease.progress))
    with lease.finishing({"faults": len(faults)}):
        if faults:
            head, at = JournalHead.objects.get(pk=1), lease.job.asked_at
            journal.record("journal.broken", head, by=None, at=at, count=len(faults), faults=faults[:MOST_TOLD])
