"""Where a request came from, and the page of what an address acts on."""

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db.models import Model
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from reporting.models import Evidence, Question, Submission

__all__ = ["came_from", "page_of"]

_PART = re.compile(r"/reporting/(?P<kind>submissions|questions|evidence)/(?P<pk>\d+)/.*")
# What has no page of its own, and by which path its package is found.
_OF_A_PACKAGE: dict[str, tuple[type[Model], str]] = {
    "submissions": (Submission, "package"),
    "questions": (Question, "package"),
    "evidence": (Evidence, "package"),
}


def came_from(request: HttpRequest) -> str:
    """Path and query of our own page that sent the request; where that is unknown, the form's own page, where it posts to its own address,
    or the page of what the request acts on, else the home page, and that too where the refused page itself was asked for."""
    source = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    parts = urlsplit(source)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    ours = url_has_allowed_host_and_scheme(source, {request.get_host()}) and target[:2] != "//"
    asked_for_itself = request.method in ("GET", "HEAD") and target == request.get_full_path()
    if ours and not asked_for_itself:
        return target
    if request.method in ("GET", "HEAD"):
        return reverse("home")
    return request.path if _is_page(request.path) else page_of(request.path)


def page_of(path: str) -> str:
    """The page of what an address acts on: of a package for its evidence, else the nearest one above; the home page where there is none."""
    part = _PART.fullmatch(path)
    if part is not None:
        model, lookup = _OF_A_PACKAGE[part["kind"]]
        package = model._default_manager.filter(pk=part["pk"]).values_list(lookup, flat=True).first()
        return reverse("reporting:package", args=[package]) if package else reverse("home")
    above = path.rstrip("/")
    while above := above.rpartition("/")[0]:
        if _is_page(f"{above}/"):
            return f"{above}/"
    return reverse("home")


def _is_page(path: str) -> bool:
    """Whether something can be looked at there: Django's `require_POST` says in a closure what it lets through."""
    try:
        view: Any = resolve(path).func
    except Resolver404:
        return False
    while view is not None:
        free = view.__code__.co_freevars if hasattr(view, "__code__") else ()
        if "request_method_list" in free:
            return "GET" in view.__closure__[free.index("request_method_list")].cell_contents
        view = getattr(view, "__wrapped__", None)
    return True
