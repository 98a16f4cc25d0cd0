"""Nightly integrity checks: does every account hold what its entries say, is every approved run what follows from its manifest?"""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from allocation.ledger import accounts, soundness
from allocation.models import Run
from allocation.runs.proof.rerun import UnusableManifestError, rerun
from registry import journal
from registry.jobs import Lease
from registry.jobs.nightly import every_night
from registry.models import Job

RERUN = "allocation.rerun"
# Of a run that differs in very many places the journal names the first ones; `manage.py rerun` says all.
MOST_TOLD = 20


@every_night("allocation.reconcile")
def reconcile(lease: Lease) -> None:
    """Freeze the accounts that disagree or that unsound transactions name; the journal says which and by how much."""
    unsound = soundness.unsound(progress=lease.progress)
    outcome = {"faults": 0}
    with lease.finishing(outcome):
        outcome["faults"] = len(accounts.reconcile(lease.job.asked_at)) + len(unsound)
        accounts.freeze_unsound(unsound, lease.job.asked_at)


@every_night(RERUN)
def rerun_approved(lease: Lease) -> None:
    """Compute again what was approved since this was last done without a fault; the journal names what departs."""
    numbers = list(_unproven(lease.job.asked_at).values_list("pk", flat=True))
    found: list[tuple[Run, list[str]]] = []
    for done, number in enumerate(numbers):
        lease.progress(done, len(numbers))
        run = Run.objects.get(pk=number)
        if said := departures(run):
            found.append((run, said))
    with lease.finishing({"runs": len(numbers), "faults": len(found)}):
        for run, said in found:
            told: dict[str, Any] = {"count": len(said), "faults": said[:MOST_TOLD]}
            journal.record("run.differs", run, by=None, at=lease.job.asked_at, seals_subject=False, **told)


def _unproven(at: dt.datetime) -> QuerySet[Run]:
    """The runs approved up to `at` and not before the last such night that found no fault."""
    rows = Run.objects.filter(state=Run.State.APPROVED, approved_at__lte=at).order_by("pk")
    clean = Job.objects.filter(kind=RERUN, state=Job.State.DONE, outcome__faults=0, asked_at__lt=at)
    last = clean.order_by("-asked_at").first()
    return rows.filter(approved_at__gt=last.asked_at) if last else rows


def departures(run: Run) -> list[str]:
    """Where the stored run departs from what follows from its manifest, as words that name the place."""
    try:
        again = rerun(run)
    except UnusableManifestError as error:
        return [str(error)]
    places = [f"{each.part} {each.row} {each.field}".strip() for each in again.differences]
    return [] if again.is_identical else places or ["sha256"]
