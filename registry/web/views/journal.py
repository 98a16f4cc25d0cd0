"""The journal's page."""

from django.http import HttpResponse
from django.shortcuts import render

from registry import access
from registry.access import SignedInRequest, journal_entries
from registry.permissions import Act
from registry.web.filters import JournalFilter
from registry.web.paging import paged
from registry.web.tables.journal import JournalTable


@access.page(Act.VIEW_JOURNAL)
def entries(request: SignedInRequest) -> HttpResponse:
    """What was done within the person's reach, newest first."""
    chosen = JournalFilter(request.GET, queryset=journal_entries.readable(request.user))
    table = JournalTable(chosen.qs)
    paged(request, table, per_page=50)
    return render(request, "registry/journal.html", {"table": table, "filter": chosen})
