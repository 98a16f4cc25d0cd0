"""The night's look at the journal: is its chain whole?"""

import datetime as dt
import logging

from django.db import IntegrityError, transaction
from django.utils import translation

from registry import journal
from registry.jobs import Lease
from registry.models import JournalHead
from registry.nightly import every_night

logger = logging.getLogger(__name__)

# Of a chain that is broken in very many places the journal itself says the first ones; verify_journal says all.
MOST_TOLD = 20


@every_night("registry.verify_journal")
def verify_journal(lease: Lease) -> None:
    """Verify the chain; what is broken is written at its end, where it can't be unwritten unnoticed either."""
    with translation.override("en"):  # the journal is written in one language, whoever verifies it
        faults = list(journal.verify(lease.progress))
    with lease.finishing({"faults": len(faults)}):
        if faults:
            _write_down(faults, lease.job.asked_at)


def _write_down(faults: list[str], at: dt.datetime) -> None:
    head = JournalHead.objects.get(pk=1)
    try:
        with transaction.atomic():
            journal.record("journal.broken", head, by=None, at=at, count=len(faults), faults=faults[:MOST_TOLD])
    except IntegrityError:
        # Something stands where the next entry belongs. The job's outcome, which homes show, says it all the same.
        logger.exception("the journal takes no more entries: %s", faults[:MOST_TOLD])
