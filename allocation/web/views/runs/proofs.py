"""What proves a run: its signed bundle."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from allocation.models import Run
from allocation.runs.proof import bundle
from registry import access
from registry.access import SignedInRequest
from registry.permissions import Act
from registry.web.downloads import attachment

ZIP = "application/zip"


@access.page(Act.VIEW_RUN)
@require_GET
def run_bundle(request: SignedInRequest, pk: int) -> HttpResponse:
    """The run's signed bundle as a download."""
    found = access.get(request.user, Act.VIEW_RUN, Run.objects.select_related("authority"), pk=pk)
    return attachment(bundle.bundle(found), bundle.name_of(found), ZIP)
