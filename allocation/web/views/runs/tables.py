"""The official tables of one run on the screen and as a file, before there is a letter that encloses them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from allocation import labels
from allocation.letters import official_tables
from allocation.models import Run
from registry import access
from registry.access import SignedInRequest
from registry.permissions import Act
from registry.web.downloads import attachment


@access.page(Act.VIEW_RUN)
@require_GET
def of_run(request: SignedInRequest, pk: int) -> HttpResponse:
    """Table by table as a letter would enclose it; a run that has no result has none."""
    rows = Run.objects.select_related("authority", "balance_value", "letter").defer("manifest")
    found = access.get(request.user, Act.VIEW_RUN, rows, pk=pk)
    of = (found.authority, found.year, found.kind)
    sheets = official_tables.sheets_of(*of, [found]) if found.result_sha256 else []
    english = (get_language() or "").startswith("en")
    if sheets and request.GET.get("_export") == "xlsx":
        marks = official_tables.marks_of("", [found])
        file = official_tables.workbook(sheets, found.requested_at, "en" if english else "zh", marks)
        return attachment(file, f"{found.authority.code}-{found.year}-{found.kind}-{found.sector}.xlsx")
    context = {
        "run": found,
        "tone": labels.RUN_TONES[Run.State(found.state)],
        "sheets": sheets,
        "english": english,
    }
    return render(request, "allocation/run_tables.html", context)
