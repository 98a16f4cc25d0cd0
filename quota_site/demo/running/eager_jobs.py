"""Who does the jobs while a country is built: no broker is up yet, so whoever rings also answers."""

import contextlib
from collections.abc import Iterator

from django.db import connection

from quota_site.celery import app
from registry import jobs
from registry.models import Job


def answer_at_once() -> None:
    """Have the process that rings do the job itself, by the worker's own task, as soon as its transaction has committed."""
    app.conf.task_always_eager = True


@contextlib.contextmanager
def answered_at_once() -> Iterator[None]:
    """The same for the time of a block."""
    before = app.conf.task_always_eager
    answer_at_once()
    try:
        yield
    finally:
        app.conf.task_always_eager = before


def answer_now(job: Job | None) -> None:
    """Do a job whose bell can't have rung yet, because all this happens in one transaction of the caller's (tests)."""
    if job is not None and connection.in_atomic_block:
        jobs.run(job.pk)


def answer_all() -> None:
    """The same for whatever waits, where an act asks for a job that it doesn't name."""
    if connection.in_atomic_block:
        for waiting in Job.objects.filter(state=Job.State.WAITING).order_by("pk"):
            jobs.run(waiting.pk)
