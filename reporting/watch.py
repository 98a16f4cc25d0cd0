"""The night's look at the receipts given since the night before."""

from registry import journal
from registry.jobs import Lease
from registry.models import Job
from registry.nightly import every_night
from reporting import receipting
from reporting.models import Receipt

KIND = "reporting.verify_receipts"
STEP = 200


@every_night(KIND)
def verify_receipts(lease: Lease) -> None:
    """Check them against journal, files and stored data. A receipt that fails is looked at again every night, and what follows it."""
    until = last = _checked_until()
    total, done = Receipt.objects.filter(pk__gt=last).count(), 0
    broken: list[tuple[Receipt, list[str]]] = []
    # By the chunk, with no cursor left open: the lease is renewed in between.
    while chunk := _given_after(last):
        for receipt in chunk:
            if faults := receipting.faults_of(receipt):
                broken.append((receipt, faults))
            until = until if broken else receipt.pk
        last, done = chunk[-1].pk, done + len(chunk)
        lease.progress(done, max(done, total))
    with lease.finishing({"faults": len(broken), "until": until}):
        for receipt, faults in broken:
            journal.record(
                "receipt.broken", receipt.package, by=None, at=lease.job.asked_at, receipt=receipt.pk, faults=faults
            )


def _given_after(last: int) -> list[Receipt]:
    rows = Receipt.objects.filter(pk__gt=last).select_related("entry", "package__unit", "event__submission")
    return list(rows.order_by("pk")[:STEP])


def _checked_until() -> int:
    """The last receipt up to which all are known to be right."""
    last = Job.objects.filter(kind=KIND, state=Job.State.DONE).order_by("-pk").first()
    return 0 if last is None else int(last.outcome.get("until", 0))
