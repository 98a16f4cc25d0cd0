"""Who does the jobs while a country is built: no broker is up yet, so the process that sends the task message also does the job."""

import contextlib
from collections.abc import Iterator

from django.db import connection

from quota_site.celery import app
from registry import jobs
from registry.models import Job


def answer_at_once() -> None:
    """Have the process that sends the task message do the job itself, by the worker's task, once its transaction has committed."""
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
    """Do a job whose task message can't have been sent yet, because all this happens in one transaction of the caller's (tests)."""
    if job is not None and connection.in_atomic_block:
        jobs.run(job.pk)


def answer_all() -> None:
    """The same for whatever waits, where an act asks for a job that it doesn't name."""
    if connection.in_atomic_block:
        for waiting in Job.objects.filter(state=Job.State.WAITING).order_by("pk"):
            jobs.run(waiting.pk)
