"""The API for enterprises' own systems, under /api/v1/: a token instead of a session, the pages' own services behind it.

A `token` opens it; `packages` and `supporting` files come in as `bodies`, and go out as `outcomes`, `problems` and
`shapes`; `words` has what its document says for the page that shows it.
"""

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.cache import patch_vary_headers
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from registry.refusal import Refusal
from reporting.web.api import problems
from reporting.web.api.packages import router as packages
from reporting.web.api.supporting import router as supporting
from reporting.web.api.token import BearerToken

__all__ = ["api", "urls"]

_log = logging.getLogger(__name__)

api = NinjaAPI(
    title="Carbon quota administration: monthly packages",
    version="1",
    description="Upload monthly workbooks and their supporting files, fetch what was found, submit. See docs/api.md.",
    urls_namespace="api",
    docs_url=None,  # its page loads scripts from elsewhere, which our content security policy refuses
    auth=BearerToken(),
)
api.add_router("", packages)
api.add_router("", supporting)


@api.exception_handler(problems.Problem)
def _problem(_request: HttpRequest, problem: problems.Problem) -> HttpResponse:
    return problem.response()


@api.exception_handler(Refusal)
def _refusal(_request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problems.refused(str(refusal)).response()


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.invalid(error).response()


@api.exception_handler(HttpError)
def _unreadable(_request: HttpRequest, _error: HttpError) -> HttpResponse:
    return problems.unreadable().response()


@api.exception_handler(Http404)
def _missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problems.not_found().response()


@api.exception_handler(Exception)
def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """Whatever else happens: told to the log with its traceback, and to the caller in the one shape."""
    _log.error("%s %s", request.method, request.path, exc_info=error)
    return problems.of_error(error).response()


def urls() -> tuple[list[URLPattern], str, str]:
    """The API's addresses, for the site. The sign-in page and the CSRF check are for browsers; here the token is the key."""
    patterns, app, namespace = api.urls
    endpoints = [
        path(str(pattern.pattern), _endpoint(pattern.callback), name=pattern.name)
        for pattern in patterns
        if isinstance(pattern, URLPattern)
    ]
    return [*endpoints, path("<path:rest>", _endpoint(problems.unknown))], app, namespace


def _endpoint(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @functools.wraps(view, assigned=())
    def endpoint(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            response = problems.not_found().response()
        if response.status_code == 405 and not response.headers["Content-Type"].startswith("application/json"):
            response = problems.not_allowed(response.headers["Allow"]).response()
        response.headers["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Accept-Language", "Authorization"])
        return response

    endpoint.csrf_exempt = True  # type: ignore[attr-defined]
    return login_not_required(endpoint)
