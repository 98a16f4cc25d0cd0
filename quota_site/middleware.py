"""What the whole site does around a view."""

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import is_valid_path, reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from registry import asof, clock, typed
from registry.refusal import Refusal
from reporting.api import problems
from reporting.models import Evidence, Question, Submission

_REFUSED = "quota.refused"


METHODS = ("GET", "HEAD", "POST")
API = "/api/"


class MethodMiddleware:
    """A page is asked for and a form is sent: whatever else comes (PUT, DELETE, TRACE, made up ones) would be answered like GET by a view
    that knows no difference, and is refused. The API's own methods are told by its doors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in METHODS or request.path.startswith(API):
            return self.get_response(request)
        response = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        response.headers["Allow"] = ", ".join(METHODS)
        return response


class ApiAnswersMiddleware:
    """Below /api/ every answer that refuses is JSON with a stable code, also one that was given before a door was reached."""

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


class AsOfMiddleware:
    """Refuse a day that isn't one, or is still to come, on every page: also on those that can't show another day than today."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> None:
        if request.method == "GET" and "as_of" in request.GET and request.user.is_authenticated:
            asof.refuse_unknown_day(request)


def _was_refused(request: HttpRequest) -> bool:
    return _REFUSED in request.META


def _came_from(request: HttpRequest) -> str:
    """Path and query of our own page that sent the request; where that is unknown, the page of what the request acts on, else the home
    page, and that too where the refused page itself was asked for."""
    source = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    parts = urlsplit(source)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    ours = url_has_allowed_host_and_scheme(source, {request.get_host()}) and target[:2] != "//"
    asked_for_itself = request.method in ("GET", "HEAD") and target == request.get_full_path()
    if ours and not asked_for_itself:
        return target
    return (_page_of(request.path) if request.method == "POST" else "") or reverse("home")


_ACT = re.compile(r"(?P<page>/[a-z]+/(?P<kind>[a-z-]+)/(?P<pk>\d+)/).+")
# What has no page of its own, and by which path its package is found.
_OF_A_PACKAGE: dict[str, tuple[type[Model], str]] = {
    "submissions": (Submission, "package"),
    "questions": (Question, "package"),
    "evidence": (Evidence, "package"),
}


def _page_of(path: str) -> str:
    """The page of what an address acts on: of a run, say, which it refuses. "" where there is none."""
    act = _ACT.fullmatch(path)
    if act is None:
        return ""
    if act["kind"] in _OF_A_PACKAGE:
        model, lookup = _OF_A_PACKAGE[act["kind"]]
        package = model._default_manager.filter(pk=act["pk"]).values_list(lookup, flat=True).first()
        return reverse("reporting:package", args=[package]) if package else ""
    return act["page"] if is_valid_path(act["page"]) else ""
