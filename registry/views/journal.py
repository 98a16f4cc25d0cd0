"""The journal's page."""

from django.http import HttpResponse
from django.shortcuts import render

from registry import access
from registry.access import Act, SignedInRequest
from registry.filters import JournalFilter
from registry.models import JournalEntry
from registry.paging import paged
from registry.tables import JournalTable


@access.page(Act.VIEW_JOURNAL)
def entries(request: SignedInRequest) -> HttpResponse:
    """What was done within the person's reach, newest first."""
    rows = access.scoped(request.user, Act.VIEW_JOURNAL, JournalEntry.objects.select_related("actor", "unit"))
    chosen = JournalFilter(request.GET, queryset=rows)
    table = JournalTable(chosen.qs)
    paged(request, table, per_page=50)
    return render(request, "registry/journal.html", {"table": table, "filter": chosen})
