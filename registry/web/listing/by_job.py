"""A list too long to be waited for: a job writes it, the job's page leads to the file, and after a day it is gone.

The job asks the list's own view again, as the person who wants it: what they may see then is what they get.
"""

import datetime as dt
import os
import secrets
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registry import jobs
from registry.access import SignedInRequest
from registry.jobs import nightly
from registry.law import clock
from registry.models import Job
from registry.refusal import Refusal
from registry.values.canonical import sha256
from registry.web.downloads import Download

__all__ = ["KIND", "MOST_AT_ONCE", "TooLongError", "ask", "file_of", "is_at_it"]

KIND = "registry.take_list"
MOST_AT_ONCE = 20_000  # rows
MOST_OPEN = 3  # of one person
KEPT_FOR = dt.timedelta(days=1)
_AT_IT = "quota.list_job"
# The snapshot that is read lets nothing be written, not even that the work goes on.
_LEASE = dt.timedelta(minutes=20)


class TooLongError(Exception):
    """The list has more rows than are written while somebody waits."""


def ask(request: SignedInRequest) -> HttpResponse:
    """Have the list written, and lead to the job's page; asked twice in a minute it is one job."""
    at, address = clock.now(), request.get_full_path()
    mine = Job.objects.filter(kind=KIND, asked_by=request.user, state__in=[Job.State.WAITING, Job.State.RUNNING])
    if mine.count() >= MOST_OPEN:
        raise Refusal(
            _("%(count)s of your lists are still being written; wait for one of them.") % {"count": MOST_OPEN}
        )
    key = f"list:{request.user.pk}:{at:%Y%m%d%H%M}:{sha256(address.encode())[:16]}"
    said = {"address": address, "language": translation.get_language()}
    job = jobs.enqueue(KIND, key=key, by=request.user, at=at, payload=said)
    messages.info(
        request, _("The list is long and is being written. The file will be on this page, for a day and for you alone.")
    )
    onward: HttpResponse = redirect("registry:job", pk=job.pk)
    return onward


def is_at_it(request: HttpRequest) -> bool:
    """Whether it is the job that asks."""
    return _AT_IT in request.META


@jobs.handler(KIND)
def write(lease: jobs.Lease) -> None:
    """Write the file of one list."""
    lease.keep(_LEASE)
    with translation.override(lease.job.payload["language"]):
        taken = _asked_again(lease.job)
    path = _folder() / f"{lease.job.pk}-{secrets.token_hex(8)}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        shutil.copyfileobj(taken.file, file)
        file.flush()
        os.fsync(file.fileno())
    taken.file.close()  # closing the answer would tell Django that a request has ended, and the database with it
    with lease.finishing({"file": path.name, "name": taken.name}):
        pass


def _asked_again(job: Job) -> Download:
    path, _mark, query = job.payload["address"].partition("?")
    request = HttpRequest()
    request.method, request.path, request.GET = "GET", path, QueryDict(query)
    request.META[_AT_IT] = True
    if job.asked_by is None or not job.asked_by.is_active:
        raise Refusal(_("The person who asked for this list has no access any more."))
    request.user = job.asked_by
    request.resolver_match = resolve(path)
    try:
        answer = request.resolver_match.func(request, **request.resolver_match.kwargs)
    except (Http404, PermissionDenied) as error:
        raise Refusal(_("The list is not open to you any more.")) from error
    if not isinstance(answer, Download):
        raise Refusal(_("There is nothing to take away."))
    return answer


def file_of(job: Job) -> Download:
    """The file that a job wrote; refused where there is none any more."""
    path = _folder() / job.outcome.get("file", "")
    kept = job.kind == KIND and job.finished_at is not None and timezone.now() < job.finished_at + KEPT_FOR
    if not kept or not path.is_file():
        raise Refusal(_("The file is kept for a day only; take the list again."))
    return Download(path.open("rb"), job.outcome["name"])


@nightly.every_night("registry.drop_lists")
def drop(lease: jobs.Lease) -> None:
    """Delete the files whose day is over."""
    old = [path for path in _folder().glob("*") if path.stat().st_mtime < time.time() - KEPT_FOR.total_seconds()]
    for path in old:
        path.unlink(missing_ok=True)
    with lease.finishing({"count": len(old)}):
        pass


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "lists"
