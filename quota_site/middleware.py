"""What the whole site does around a view."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from registry import clock, typed
from registry.refusal import Refusal

_REFUSED = "quota.refused"


class RefusalMiddleware:
    """Turn a Refusal into its message on the page that the person came from, so views needn't catch it; what she typed is kept.

    Nothing was changed by then: the service's transaction was rolled back when the Refusal left it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < HTTPStatus.BAD_REQUEST and not _was_refused(request):
            typed.forget(request, _came_from(request))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        target = _came_from(request)
        if request.method in ("GET", "HEAD") and target == request.get_full_path():
            return None  # even the home page refuses: a redirect would go round in circles
        messages.error(request, str(exception))
        if request.method == "POST":
            typed.keep(request, target, clock.now())
            request.META[_REFUSED] = True
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(target)
        return HttpResponseRedirect(target)


def _was_refused(request: HttpRequest) -> bool:
    return _REFUSED in request.META


def _came_from(request: HttpRequest) -> str:
    """Path and query of our own page that sent the request; the home page where that is unknown or the refused page itself."""
    source = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    parts = urlsplit(source)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    ours = url_has_allowed_host_and_scheme(source, {request.get_host()}) and target[:2] != "//"
    asked_for_itself = request.method in ("GET", "HEAD") and target == request.get_full_path()
    return target if ours and not asked_for_itself else reverse("home")
