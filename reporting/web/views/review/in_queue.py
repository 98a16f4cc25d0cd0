"""Where an officer stands in their queue, and the way on from a package that they dealt with to the next one.

They came from the queue where the address says `desk`; what they had narrowed it by stands there too, and goes along.
"""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.access import SignedInRequest
from registry.web.acting import done
from reporting.models import Package
from reporting.review import queue as desk
from reporting.web.filters import QueueFilter

__all__ = ["go_on", "standing"]


def _came_from_it(request: SignedInRequest, package: Package) -> bool:
    return "desk" in request.GET and package.submitted_at is not None


def _narrowed(request: SignedInRequest) -> Any:
    chosen = QueueFilter(request.GET, queryset=desk.waiting(), request=request)
    return desk.queue(request.user, chosen.qs)


def standing(request: SignedInRequest, package: Package) -> dict[str, Any]:
    """What the package's page shows of the queue that the officer came from."""
    if not _came_from_it(request, package):
        return {}
    rows = _narrowed(request)
    return {
        "neighbours": desk.neighbours(rows, package),
        "queue_place": desk.place(rows, package),
        "desk_query": request.GET.urlencode(),
    }


def go_on(request: SignedInRequest, package: Package, said: str, to: str) -> HttpResponse:
    """Say what was done; then on to the package that comes next in the queue, back to the queue behind its last one.

    Who didn't come from the queue goes on to `to`.
    """
    if not _came_from_it(request, package):
        return done(request, said, to)
    about = _("%(package)s: %(said)s") % {"package": package, "said": said}
    query = request.GET.urlencode()
    if (following := desk.next_of(_narrowed(request), package)) is not None:
        about = _("%(said)s This is the next one.") % {"said": about}
        return done(request, about, f"{reverse('reporting:package', args=[following])}?{query}")
    about = _("%(said)s Nothing follows it in the queue.") % {"said": about}
    return done(request, about, f"{reverse('reporting:package_queue')}?{query}")
