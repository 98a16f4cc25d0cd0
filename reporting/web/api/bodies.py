"""Files that come as the body of a request: read only as far as they may be long, and named by Content-Disposition."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.http import parse_header_parameters

from reporting.web.api import problems

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_DIGITS = 18  # of a length; Python itself refuses to read numbers of thousands
_BINARY = {"schema": {"type": "string", "format": "binary"}}

__all__ = ["XLSX", "body", "described", "file_name"]


def described(*types: str) -> dict[str, object]:
    """A body of one of these media types, for the OpenAPI document."""
    return {"requestBody": {"required": True, "content": dict.fromkeys(types, _BINARY)}}


def body(request: HttpRequest, types: Sequence[str], limit: int) -> bytes:
    """The body, if it is declared as one of `types` and no longer than `limit` bytes."""
    if request.content_type not in types:
        raise problems.wrong_type(types)
    stated = request.headers.get("Content-Length", "")
    if stated.isdecimal() and (len(stated) > MOST_DIGITS or int(stated) > limit):
        raise problems.too_large(limit)
    data: bytes = request.read(limit + 1)
    if len(data) > limit:
        raise problems.too_large(limit)
    if not data:
        raise problems.empty_body()
    return data


def file_name(request: HttpRequest, otherwise: str) -> str:
    """The name in Content-Disposition, if it can be read; the services take folders and control characters out of it."""
    try:
        _kind, parameters = parse_header_parameters(request.headers.get("Content-Disposition", ""))
    except ValueError:  # in an encoding that there is not, or that can't say what stands there
        return otherwise
    return parameters.get("filename", "") or otherwise
