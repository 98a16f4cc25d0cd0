"""Points of a job at which a test can hold the worker, and kill it exactly there.

The test lays a marker `<folder>/<kind> <point>`; a worker that gets there notes its process id in `<folder>/<kind> <point> reached`
and stays, its lease renewed, until the marker is gone. The points, in the order of a job:

    begun     the lease is taken, nothing is read yet
    computed  everything is computed, the transaction that stores it has not begun
    written   every row of the result is written, the transaction has not ended

Whoever has ended that transaction notes it in `<folder>/<kind> stored`.
"""

import contextlib
import datetime as dt
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone

from quota_site.management.commands import sweep
from registry.jobs import Lease, LeaseLostError
from registry.jobs import acts as jobs
from registry.models import Job

POINTS = ("begun", "computed", "written")
LONGEST = 120.0  # seconds; a test that ended badly must not leave a worker behind
LEASE_SECONDS = 5  # a reading on a busy machine must fit in
MOST_ATTEMPTS = 12  # three kills, and some more where that machine was too busy all the same


def install(folder: Path) -> None:
    """Have the leases of this process stop at the markers in `folder`."""
    jobs.LEASE_SECONDS, jobs.MOST_ATTEMPTS = LEASE_SECONDS, MOST_ATTEMPTS
    sweep.EVERY_SECONDS = 1  # each kill waits for the sweeper to see that the lease ran out
    take, finishing = jobs._take, Lease.finishing

    def held_take(job_id: int, token: str) -> Lease | None:
        lease = take(job_id, token)
        if lease is not None:
            _stay(folder, lease, "begun")
        return lease

    @contextlib.contextmanager
    def held_finishing(lease: Lease, *args: Any, **kwargs: Any) -> Iterator[Job]:
        _stay(folder, lease, "computed")
        with finishing(lease, *args, **kwargs) as job:
            yield job
            _stay(folder, lease, "written")
        _note(stored(folder, lease.job.kind))

    jobs._take = held_take
    Lease.finishing = held_finishing  # type: ignore[assignment]


def marker(folder: Path, kind: str, point: str) -> Path:
    return folder / f"{kind} {point}"


def reached(folder: Path, kind: str, point: str) -> Path:
    """The file with a line for each worker that was held there: its process id."""
    return folder / f"{kind} {point} reached"


def stored(folder: Path, kind: str) -> Path:
    """The file with a line for each worker that stored the job's result."""
    return folder / f"{kind} stored"


def _stay(folder: Path, lease: Lease, point: str) -> None:
    """Only whoever holds the lease is held: a worker that lost it goes the way that it goes in earnest."""
    kind, noted, deadline = lease.job.kind, False, time.monotonic() + LONGEST
    while marker(folder, kind, point).exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nobody took the marker of {kind} {point} away")
        until = timezone.now() + dt.timedelta(seconds=LEASE_SECONDS)
        if not lease._mine().update(lease_until=until):
            raise LeaseLostError
        if not noted:
            _note(reached(folder, kind, point))
            noted = True
        time.sleep(0.05)


def _note(path: Path) -> None:
    with path.open("a") as file:
        file.write(f"{os.getpid()}\n")
