"""What the API says when it doesn't do what was asked: one shape, in the caller's language, with what to do about it."""

import errno
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Schema
from ninja.errors import ValidationError

from registry.values.bilingual import listed

Words = str | Promise


class ProblemOut(Schema):
    """`code` is for programs and never changes; `message` and `remedy` are for people, in the language of `Accept-Language`."""

    code: str
    message: str
    remedy: str


def faults(*statuses: int) -> dict[int, type[ProblemOut]]:
    """What a URL may answer beside its success, for the OpenAPI document."""
    return dict.fromkeys((401, 403, *statuses, 429), ProblemOut)


@dataclass
class Problem(Exception):
    """Ends a request with this answer."""

    status: int
    code: str
    message: Words
    remedy: Words
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> JsonResponse:
        said = {"code": self.code, "message": str(self.message), "remedy": str(self.remedy)}
        return JsonResponse(said, status=self.status, headers=self.headers, json_dumps_params={"ensure_ascii": False})


def bad_token() -> Problem:
    """One answer for every reason, so that it tells nothing about the token."""
    return Problem(
        401,
        "token_invalid",
        gettext_lazy("The access token is missing, wrong, expired or revoked."),
        gettext_lazy("Send “Authorization: Bearer …” with a token in force; your approver grants them."),
        {"WWW-Authenticate": "Bearer"},
    )


def no_scope(scope: str) -> Problem:
    message = _("This token may not do that: it lacks the scope “%(scope)s”.") % {"scope": scope}
    return Problem(403, "scope_missing", message, _("Have your approver grant a token with this scope."))


def not_found() -> Problem:
    return Problem(
        404,
        "not_found",
        gettext_lazy("Not found, or not accessible to you."),
        gettext_lazy("Check the address against the OpenAPI document, and the id against earlier answers."),
    )


def not_allowed(allowed: str) -> Problem:
    remedy = _("Use one of: %(methods)s.") % {"methods": allowed}
    return Problem(405, "method_not_allowed", _("This URL does not accept that method."), remedy, {"Allow": allowed})


def refused(why: str) -> Problem:
    """A refusal of the same services that serve the pages; its words say what to do."""
    return Problem(409, "refused", why, _("Fetch the package's state, do what the message says, then try again."))


def too_large(limit: int) -> Problem:
    message = _("The file is larger than %(limit)s bytes.") % {"limit": limit}
    remedy = _("Remove pictures and sheets of your own from a workbook; divide any other file. Then send it again.")
    return Problem(413, "too_large", message, remedy)


def wrong_type(expected: Sequence[str]) -> Problem:
    message = _("The body is not declared as a file that is taken here.")
    remedy = _("Send “Content-Type: %(type)s”.") % {"type": " | ".join(expected)}
    return Problem(415, "wrong_type", message, remedy)


def empty_body() -> Problem:
    message = _("The body is empty.")
    return Problem(422, "empty", message, _("Send the file's bytes as the body, with a Content-Length."))


def unknown_requirements(codes: Sequence[str]) -> Problem:
    message = _("No such kind of supporting file: %(codes)s.") % {"codes": listed(codes)[:300]}
    return Problem(422, "invalid", message, _("Fetch the checklist of the package and take the codes from there."))


def invalid(error: ValidationError) -> Problem:
    """Which parameters are wrong; what was sent is not repeated."""
    places = sorted({".".join(map(str, fault.get("loc", ()))) for fault in error.errors})
    message = _("The request is not as described: %(places)s.") % {"places": listed(places)[:300]}
    return Problem(422, "invalid", message, _("Compare it with the OpenAPI document."))


def unreadable() -> Problem:
    return Problem(400, "unreadable", _("The body is not JSON."), _("Send one JSON object in UTF-8."))


def storage_full() -> Problem:
    """The disk, or the database's, takes nothing more. Nothing was kept; it is no fault of the caller's."""
    return Problem(
        503,
        "storage_full",
        gettext_lazy("Nothing can be stored at the moment."),
        gettext_lazy("Nothing was stored: send it again later. If the error recurs, inform the operator."),
        {"Retry-After": "300"},
    )


def internal() -> Problem:
    """A fault of ours; what it was stands in the log and not in the answer."""
    return Problem(
        500,
        "internal",
        gettext_lazy("This could not be done because of a system error."),
        gettext_lazy("Send it again later. If the error recurs, inform the operator of the time."),
    )


def of_status(status: int) -> Problem:
    """What is said of an answer that something before or behind the views gave, by its status."""
    if status == 404:
        return not_found()
    if status >= 500:
        return internal()
    return Problem(
        status,
        "bad_request",
        gettext_lazy("The request can't be understood."),
        gettext_lazy("Compare it with the OpenAPI document."),
    )


def of_error(error: Exception) -> Problem:
    """What is said of an exception that no view expects."""
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return storage_full() if full or (isinstance(error, DatabaseError) and _is_full(error)) else internal()


def _is_full(error: DatabaseError) -> bool:
    """SQLite says it in words, PostgreSQL by its code for a full disk."""
    cause = error.__cause__
    return getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL or getattr(cause, "sqlstate", "") == "53100"


def too_many(limit: int, seconds: int) -> Problem:
    message = _("More than %(limit)s requests within %(seconds)s seconds.") % {"limit": limit, "seconds": seconds}
    remedy = _("Wait for the time given in Retry-After; poll for an outcome every few seconds at most.")
    return Problem(429, "too_many", message, remedy, {"Retry-After": str(seconds)})


def unknown(_request: HttpRequest, **_address: str) -> HttpResponse:
    """The view of every address below the API's that leads nowhere."""
    return not_found().response()
