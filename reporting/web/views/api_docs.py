"""The API as a page to read: what its OpenAPI document says, in the reader's language."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reporting.web.api import api
from reporting.web.api.words import ERRORS, FIELDS

_PREFIX = "/api/v1/"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_not_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Every endpoint with its parameters, bodies, answers and an example; the shapes of the answers; the errors."""
    schema: dict[str, Any] = api.get_openapi_schema(path_prefix=_PREFIX)
    host = request.build_absolute_uri("/").rstrip("/")
    context = {
        "endpoints": [
            _endpoint(method, path, said, host)
            for path, methods in schema["paths"].items()
            for method, said in methods.items()
        ],
        "shapes": [
            (name, _said(shape.get("description", "")), _fields(shape))
            for name, shape in schema["components"]["schemas"].items()
            if "properties" in shape
        ],
        "errors": [(status, code, _said(when)) for status, code, when in ERRORS],
    }
    return render(request, "reporting/api_docs.html", context)


def _said(text: str) -> SafeString:
    """A description's sentences in the reader's language, what stands between backticks as code; "" stays so (its translation is the
    catalogue's header)."""
    plain = " ".join(text.split())
    parts = _(plain).split("`") if plain else []
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in enumerate(parts))
    )


def _endpoint(method: str, path: str, said: dict[str, Any], host: str) -> dict[str, Any]:
    bodies = list(said.get("requestBody", {}).get("content", {}))
    return {
        "method": method.upper(),
        "path": path,
        "title": _said(said["summary"]),
        "note": _said(said.get("description", "")),
        "parameters": [
            (each["name"], each["in"], each.get("required", False), _said(FIELDS.get(each["name"], "")))
            for each in said.get("parameters", [])
        ],
        "bodies": bodies,
        "answers": [(status, _shape(answer)) for status, answer in said["responses"].items() if int(status) < 400],
        "refusals": [status for status in said["responses"] if int(status) >= 400],
        "example": _example(method.upper(), path, bodies, host),
    }


def _shape(answer: dict[str, Any]) -> str:
    """The name of the shape that an answer has."""
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    reference = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
    name = reference.rsplit("/", 1)[-1]
    return f"[{name}]" if "items" in schema else name


def _fields(shape: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """A shape's fields: name, type, whether it is always there."""
    needed = shape.get("required", [])
    return [(name, _type(field), name in needed) for name, field in shape["properties"].items()]


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " | ".join(map(_type, field["anyOf"]))
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[-1]
    inner = field.get("items")
    return f"[{_type(inner)}]" if inner else str(field.get("format") or field.get("type") or "object")


def _example(method: str, path: str, bodies: list[str], host: str) -> str:
    """What to type in a shell."""
    filled = path.replace("{sector}", "steel").replace("{period}", "2026-03").replace("{id}", "4711")
    words = ['curl -H "Authorization: Bearer $TOKEN"']
    if method != "GET":
        words.append(f"-X {method}")
    if _XLSX in bodies or "application/pdf" in bodies:
        kind, name = (_XLSX, "2026-03.xlsx") if bodies[0] == _XLSX else ("application/pdf", "2026-03.pdf")
        words += [
            f'-H "Content-Type: {kind}"',
            f"-H \"Content-Disposition: attachment; filename*=UTF-8''{name}\"",
            f"--data-binary @{name}",
        ]
    elif bodies:
        words += ['-H "Content-Type: application/json"', """--data '{"version": 1, "answers": []}'"""]
    return " \\\n  ".join([*words, f'"{host}{filled}"'])
