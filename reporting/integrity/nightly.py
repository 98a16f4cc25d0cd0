"""Nightly integrity checks of the receipts (those given since last night, those found broken before, in turn all the others) and of
the verified results, which are what runs are made from."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import F, Q

from registry import journal
from registry.jobs import Lease
from registry.jobs.nightly import every_night, night_of
from registry.models import Job
from reporting.models import Receipt, VerifiedResult
from reporting.receipts import giving as receipting
from reporting.verification import results

KIND = "reporting.verify_receipts"
STEP = 200
# What was right when it was given may be tampered with years later: within so many nights every receipt is looked at again.
NIGHTS = 28


@every_night(KIND)
def verify_receipts(lease: Lease) -> None:
    """Check them against journal, files and stored data. A receipt that fails is looked at again every night until it is right."""
    until, broken_before = _last_night()
    keys = _to_look_at(until, broken_before, night_of(lease.job.asked_at).toordinal() % NIGHTS)
    broken: list[tuple[Receipt, list[str]]] = []
    done = 0
    # By the chunk, with no cursor left open: the lease is renewed in between.
    for chunk in _chunks(keys):
        broken += [(receipt, faults) for receipt in chunk if (faults := receipting.faults_of(receipt))]
        done += len(chunk)
        lease.progress(done, len(keys))
    outcome = {
        "faults": len(broken),
        "until": max([until, *keys]),
        "broken": [receipt.pk for receipt, _faults in broken],
    }
    with lease.finishing(outcome):
        for receipt, faults in broken:
            journal.record(
                "receipt.broken",
                receipt.package,
                by=None,
                at=lease.job.asked_at,
                seals_subject=False,
                receipt=receipt.pk,
                faults=faults,
            )


@every_night("reporting.verify_results")
def verify_results(lease: Lease) -> None:
    """Check every verified result against the journal's entry of its approval; the journal names those that depart."""
    keys = list(VerifiedResult.objects.order_by("pk").values_list("pk", flat=True))
    found: list[VerifiedResult] = []
    for done in range(0, len(keys), STEP):
        found += results.departures(keys[done : done + STEP])
        lease.progress(min(done + STEP, len(keys)), len(keys))
    with lease.finishing({"faults": len(found)}):
        for result in found:
            journal.record(
                "result.departs",
                result,
                by=None,
                at=lease.job.asked_at,
                seals_subject=False,
                line=result.line_id,
                year=result.year,
            )


def _to_look_at(until: int, broken: Iterable[int], turn: int) -> list[int]:
    """The keys of the night's receipts; a receipt's turn is what its key leaves, divided by NIGHTS. One query."""
    rows = Receipt.objects.annotate(turn=F("pk") % NIGHTS).filter(Q(pk__gt=until) | Q(turn=turn))
    return sorted({*broken, *rows.values_list("pk", flat=True)})


def _chunks(keys: Sequence[int]) -> Iterator[list[Receipt]]:
    rows = Receipt.objects.select_related("entry", "package__unit", "event__submission").order_by("pk")
    for start in range(0, len(keys), STEP):
        yield list(rows.filter(pk__in=keys[start : start + STEP]))


def _last_night() -> tuple[int, list[int]]:
    """The last receipt that was ever looked at, and those that were broken."""
    last = Job.objects.filter(kind=KIND, state=Job.State.DONE).order_by("-pk").first()
    return (0, []) if last is None else (int(last.outcome.get("until", 0)), last.outcome.get("broken", []))
