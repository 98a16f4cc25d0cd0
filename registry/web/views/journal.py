"""The journal's page."""

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from registry.access import SignedInRequest, journal_entries
from registry.permissions import Act
from registry.web.filters import JournalFilter
from registry.web.listing import list_page, listed
from registry.web.tables.journal import JournalTable


@list_page(Act.VIEW_JOURNAL)
def entries(request: SignedInRequest) -> HttpResponseBase:
    """What was done within the person's reach, newest first."""
    chosen = JournalFilter(request.GET, queryset=journal_entries.readable(request.user), request=request)
    return listed(
        request,
        JournalTable(chosen.qs),
        chosen,
        title=_("Journal"),
        lead=_(
            "Record of all actions. Each entry carries the hash of the preceding one, so that no change or removal goes unnoticed."
        ),
        per_page=50,
    )
