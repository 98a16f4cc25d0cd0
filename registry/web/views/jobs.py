"""Jobs: what a person asked for and what became of it."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from registry import access, labels
from registry.access import SignedInRequest
from registry.models import Job
from registry.permissions import Act
from registry.web.acting import progress as progress_of
from registry.web.downloads import Download
from registry.web.filters import JobFilter
from registry.web.listing import by_job, list_page, listed
from registry.web.tables.jobs import JobTable

MOST_NAMED = 500  # of the items that succeeded


@list_page(Act.VIEW_JOB)
def jobs(request: SignedInRequest) -> HttpResponseBase:
    """The person's own jobs (an auditor sees everybody's)."""
    rows = access.scoped(request.user, Act.VIEW_JOB, Job.objects.all())
    chosen = JobFilter(request.GET, queryset=rows, request=request)
    lead = _("Work that takes time goes on here while you do something else.")
    return listed(request, JobTable(chosen.qs), chosen, title=_("Jobs"), lead=lead)


@access.page(Act.VIEW_JOB)
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    """One job with the outcome of each item."""
    found = access.get(request.user, Act.VIEW_JOB, Job.objects.select_related("asked_by"), pk=pk)
    context = {
        "job": found,
        "failed": found.items.filter(succeeded=False),
        "items": found.items.count(),
        "done": list(found.items.filter(succeeded=True).values_list("key", flat=True)[:MOST_NAMED]),
        "done_count": found.items.filter(succeeded=True).count(),
    }
    return render(request, "registry/job.html", context)


@access.page(Act.TAKE_LIST)
@require_GET
def file(request: SignedInRequest, pk: int) -> Download:
    """The list that the job wrote, for whoever asked for it."""
    return by_job.file_of(access.get(request.user, Act.TAKE_LIST, Job.objects.all(), pk=pk))


@access.page(Act.VIEW_JOB)
def progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """The job's progress as a fragment that pages poll; when the job is over, the page reloads."""
    found = access.get(request.user, Act.VIEW_JOB, Job.objects.all(), pk=pk)
    return progress_of(request, found, labels.job(found.kind))
