"""What is done once a night: each task is a job, asked for by the sweeper after 02:00 in Shanghai.

A task is a job handler marked with `every_night`. The job's key holds the night, so however often and by however many sweepers it
is asked for, it is one job; nights on which nothing ran are caught up by one, not by as many as were missed.
A task that looks for faults ends with `{"faults": how many}` as its outcome: homes of the ministry and the auditor show it.
"""

import datetime as dt
from collections.abc import Callable

from registry.jobs import acts as jobs
from registry.law.calendar import local_day
from registry.models import Job

__all__ = ["ask", "every_night", "latest", "night_of"]

BEGINS = dt.timedelta(hours=2)
# How many nights back a fault is still the latest news.
NIGHTS_SHOWN = 3

_kinds: list[str] = []


def every_night(kind: str) -> Callable[[jobs.Handler], jobs.Handler]:
    """Register a handler of jobs of `kind`, and have such a job asked for every night."""

    def register(function: jobs.Handler) -> jobs.Handler:
        if kind not in _kinds:
            _kinds.append(kind)
        return jobs.handler(kind)(function)

    return register


def night_of(at: dt.datetime) -> dt.date:
    """The local day whose night's work is due at the instant: until 02:00 it is still the day before."""
    return local_day(at - BEGINS)


def ask(at: dt.datetime) -> list[Job]:
    """Ask for what the night lacks. One query where it lacks nothing."""
    night = night_of(at)
    keys = {_key(kind, night): kind for kind in _kinds}
    known = set(Job.objects.filter(key__in=keys).values_list("key", flat=True))
    return [jobs.enqueue(kind, key=key, by=None, at=at) for key, kind in keys.items() if key not in known]


def latest(at: dt.datetime) -> list[Job]:
    """Of each task the job that ended last, if that was in these nights. One query."""
    nights = [night_of(at) - dt.timedelta(days=back) for back in range(NIGHTS_SHOWN)]
    keys = [_key(kind, night) for kind in _kinds for night in nights]
    over = Job.objects.filter(key__in=keys, state__in=[Job.State.DONE, Job.State.FAILED]).order_by("asked_at", "pk")
    return list({job.kind: job for job in over}.values())


def _key(kind: str, night: dt.date) -> str:
    return f"nightly:{kind}:{night.isoformat()}"
