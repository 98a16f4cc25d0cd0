"""Jobs: ask for work, do it once, survive a worker that is killed at any instant.

A handler is a function `handler(lease)` registered under a kind. It works outside any transaction, tells its progress with
`lease.progress(done, total)` (which also renews the lease), and writes its results inside `with lease.finishing(outcome):`, one
transaction that ends the job too. That transaction checks that the lease is still the worker's own, so a job whose worker was
thought dead and came back is finished by exactly one of the two.
"""

import contextlib
import datetime as dt
import functools
import gc
import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from registry.models import Job, JobItem, Person, Unit
from registry.refusal import Refusal

__all__ = ["Lease", "LeaseLostError", "cancel", "enqueue", "handler", "run", "sweep"]

logger = logging.getLogger(__name__)

TASK = "registry.do_job"  # the one Celery task (registry.tasks)
LEASE_SECONDS = 60
MOST_ATTEMPTS = 5
RING_AGAIN_SECONDS = 20
_OBJECTS = 100_000  # new ones between two looks for garbage

Handler = Callable[["Lease"], None]
_handlers: dict[str, Handler] = {}


class LeaseLostError(Exception):
    """Another worker has taken the job over; whatever this one was about to write is rolled back."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register a function as the one that does jobs of `kind`."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def enqueue(
    kind: str,
    *,
    key: str,
    by: Person | None,
    at: dt.datetime,
    payload: dict[str, Any] | None = None,
    unit: Unit | None = None,
    is_first: bool = False,
) -> Job:
    """Ask for a job; the same `key` asks for the same job. The task message is sent once the caller's transaction has committed.

    It is one item until its handler tells otherwise by `progress`. `is_first`: nobody can have asked by this key before, because
    it names a row that the caller has just written; then nobody is looked for.
    """
    asked: dict[str, Any] = {"kind": kind, "payload": payload or {}, "asked_by": by, "asked_at": at, "unit": unit}
    # Written as rung beforehand: should the task message be lost, the sweeper sends it again as it does for one that nobody received.
    asked |= {"total_items": 1, "messaged_at": timezone.now()}
    if is_first:
        job, created = Job.objects.create(key=key, **asked), True
    else:
        job, created = Job.objects.get_or_create(key=key, defaults=asked)
    if created:
        transaction.on_commit(functools.partial(_send_message, job.pk))
    return job


def run(job_id: int, worker: str = "") -> None:
    """Do the job if it is waiting, or if its worker's lease ran out; else leave it to whoever has it."""
    lease = _take(job_id, worker or secrets.token_hex(8))
    if lease is None:
        return
    try:
        with _collecting_rarely():
            _handlers[lease.job.kind](lease)
    except LeaseLostError:
        logger.warning("job %s was taken over by another worker", job_id)
    except Refusal as refusal:
        _fail(lease, str(refusal))
    except Exception as error:
        # A fault of ours or of the machine: tried again until the attempts are used up, then shown as failed.
        logger.exception("job %s failed in attempt %s", job_id, lease.job.attempts)
        if lease.job.attempts >= MOST_ATTEMPTS:
            _fail(lease, f"{type(error).__name__}: {error}")
        else:
            _release(lease)


def cancel(job: Job) -> bool:
    """Cancel a job that no worker has begun; whether that was still possible."""
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING)
    return bool(waiting.update(state=Job.State.CANCELLED, finished_at=timezone.now()))


def sweep() -> int:
    """Send the task message again for jobs whose task message was lost or whose worker died; how many."""
    now = timezone.now()
    stale = now - dt.timedelta(seconds=RING_AGAIN_SECONDS)
    forgotten = Job.objects.filter(
        Q(state=Job.State.WAITING) & (Q(messaged_at__isnull=True) | Q(messaged_at__lt=stale))
        | Q(state=Job.State.RUNNING, lease_until__lt=now)
    )
    ids = list(forgotten.order_by("pk").values_list("pk", flat=True)[:1000])
    for job_id in ids:
        if _send_message(job_id):
            Job.objects.filter(pk=job_id).update(messaged_at=now)
    return len(ids)


@dataclass
class Lease:
    """The right to work on one job, for a while."""

    job: Job
    token: str

    def progress(self, done: int, total: int, stage: str = "") -> None:
        """Say how far the work is (items, of a stage) and renew the lease; raises LeaseLostError if the job is no longer ours."""
        changed = self._mine().update(done_items=done, total_items=total, stage=stage, lease_until=_lease_end())
        if not changed:
            raise LeaseLostError

    def keep(self, how_long: dt.timedelta) -> None:
        """Renew the lease for a stretch within which nothing can be told; raises LeaseLostError if the job is no longer ours."""
        if not self._mine().update(lease_until=timezone.now() + how_long):
            raise LeaseLostError

    @contextlib.contextmanager
    def finishing(self, outcome: dict[str, Any] | None = None, items: list[JobItem] | None = None) -> Iterator[Job]:
        """One transaction for the results and the end of the job: both are written, or neither."""
        with transaction.atomic():
            if not self._mine().select_for_update().values_list("pk", flat=True).first():
                raise LeaseLostError
            yield self.job
            JobItem.objects.bulk_create(items or [], batch_size=1000)
            Job.objects.filter(pk=self.job.pk).update(
                state=Job.State.DONE,
                outcome=outcome or {},
                finished_at=timezone.now(),
                done_items=F("total_items"),
                stage="",
                lease="",
                lease_until=None,
            )

    def item(self, key: str, succeeded: bool, message: str = "") -> JobItem:
        """The outcome of one item, to be given to `finishing`."""
        return JobItem(job=self.job, key=key, succeeded=succeeded, message=message)

    def _mine(self) -> QuerySet[Job]:
        return Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, lease=self.token)


@contextlib.contextmanager
def _collecting_rarely() -> Iterator[None]:
    """A job makes very many objects that live to its end: to look through them for garbage again and again was a fifth of a run's time."""
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _take(job_id: int, token: str) -> Lease | None:
    now = timezone.now()
    free = Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free, pk=job_id).update(
        state=Job.State.RUNNING, lease=token, lease_until=_lease_end(), attempts=F("attempts") + 1
    )
    if not taken:
        return None
    job = Job.objects.get(pk=job_id)
    lease = Lease(job, token)
    if job.attempts > MOST_ATTEMPTS:
        _fail(lease, "its worker died in every attempt")
        return None
    return lease


def _fail(lease: Lease, message: str) -> None:
    lease._mine().update(state=Job.State.FAILED, error=message, finished_at=timezone.now(), lease="", lease_until=None)


def _release(lease: Lease) -> None:
    if lease._mine().update(state=Job.State.WAITING, lease="", lease_until=None, messaged_at=timezone.now()):
        logger.info("job %s waits for another attempt", lease.job.pk)


def _lease_end() -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=LEASE_SECONDS)


def _send_message(job_id: int) -> bool:
    """Tell the broker, and whether it listened; a broker that is down loses nothing, the sweeper sends it again."""
    try:
        current_app.tasks[TASK].delay(job_id)
    except Exception as error:
        logger.warning("the broker did not take the task message for job %s: %s", job_id, error)
        return False
    return True
