"""Who does the jobs while a country is built."""

from quota_site.celery import app


def answer_at_once() -> None:
    """Have the process that rings do the job itself, by the worker's own task, right after its transaction: no broker is up yet."""
    app.conf.task_always_eager = True
