"""The journal's page."""

from django.http import HttpResponse
from django.shortcuts import render

from registry import access, journal_reading
from registry.access import Act, SignedInRequest
from registry.filters import JournalFilter
from registry.paging import paged
from registry.tables import JournalTable


@access.page(Act.VIEW_JOURNAL)
def entries(request: SignedInRequest) -> HttpResponse:
    """What was done within the person's reach, newest first."""
    chosen = JournalFilter(request.GET, queryset=journal_reading.readable(request.user))
    table = JournalTable(chosen.qs)
    paged(request, table, per_page=50)
    return render(request, "registry/journal.html", {"table": table, "filter": chosen})
