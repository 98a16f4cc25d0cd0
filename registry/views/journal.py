"""The journal's page."""

from django.http import HttpResponse
from django.shortcuts import render
from django_tables2 import RequestConfig

from registry import access
from registry.access import Act, SignedInRequest
from registry.filters import JournalFilter
from registry.models import JournalEntry
from registry.tables import JournalTable


@access.page(Act.VIEW_JOURNAL)
def entries(request: SignedInRequest) -> HttpResponse:
    """What was done within the person's reach, newest first."""
    rows = access.scoped(request.user, Act.VIEW_JOURNAL, JournalEntry.objects.select_related("actor", "unit"))
    chosen = JournalFilter(request.GET, queryset=rows)
    table = JournalTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return render(request, "registry/journal.html", {"table": table, "filter": chosen})
