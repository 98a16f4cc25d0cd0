"""What the whole site does around a view."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django_htmx.http import HttpResponseClientRedirect

from quota_site.way_back import came_from, page_of
from registry.law import clock
from registry.refusal import Refusal
from registry.web import as_of as asof
from registry.web import kept_input
from reporting.web.api import problems

_REFUSED = "quota.refused"


METHODS = ("GET", "HEAD", "POST")
API = "/api/"


class MethodMiddleware:
    """A page is asked for and a form is sent: whatever else comes (PUT, DELETE, TRACE, made up ones) would be answered like GET by a view
    that knows no difference, and is refused. The API's own methods are told by its views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in METHODS or request.path.startswith(API):
            return self.get_response(request)
        response = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        response.headers["Allow"] = ", ".join(METHODS)
        return response


class ApiAnswersMiddleware:
    """Below /api/ every answer that refuses is JSON with a stable code, also one that was given before a view was reached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        refuses = response.status_code >= HTTPStatus.BAD_REQUEST and request.path.startswith(API)
        if refuses and not response.headers.get("Content-Type", "").startswith("application/json"):
            with translation.override(translation.get_language_from_request(request)):
                said = problems.of_status(response.status_code).response()
            said.headers["Cache-Control"] = "no-store"
            return said
        return response


class RefusalMiddleware:
    """Turn a Refusal into its message on the page that the person came from, so views needn't catch it; what they typed is kept.

    Nothing was changed by then: the service's transaction was rolled back when the Refusal left it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < HTTPStatus.BAD_REQUEST and not _was_refused(request):
            kept_input.forget(request, came_from(request))
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and _looks(request):
            response = _shown_instead(request, response)
        if request.method == "GET" and response.status_code == HTTPStatus.FOUND:
            kept_input.follow(request, response.headers["Location"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        target = came_from(request)
        if request.method in ("GET", "HEAD") and target == request.get_full_path():
            return None  # even the home page refuses: a redirect would go round in circles
        messages.error(request, str(exception))
        if request.method == "POST":
            kept_input.keep(request, target, clock.now())
            mark_refused(request)
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(target)
        return HttpResponseRedirect(target)


class AsOfMiddleware:
    """Refuse a day that isn't one, or is still to come, on every page: also on those that can't show another day than today."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> None:
        if request.method == "GET" and "as_of" in request.GET and request.user.is_authenticated:
            asof.refuse_unknown_day(request)


def mark_refused(request: HttpRequest) -> None:
    """Nothing was done, although the answer leads on as after a success: what was typed is still of use."""
    request.META[_REFUSED] = True


def _was_refused(request: HttpRequest) -> bool:
    return _REFUSED in request.META


def _looks(request: HttpRequest) -> bool:
    """Whether a person looks at an address: a program is told as HTTP has it."""
    return request.method in ("GET", "HEAD") and not request.path.startswith(API)


def _shown_instead(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An address that only takes what a form sends was looked at, by reloading a page say: the page of what it acts on is shown."""
    page = HttpResponseRedirect(page_of(request.path))
    page.headers["Allow"] = response.headers["Allow"]
    return page
