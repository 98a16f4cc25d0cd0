"""A version's data one by one, each at an address of its own: `#at-12.closing` is the same datum for ever."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from registry import access
from registry.access import Act, SignedInRequest
from reporting import cells, naming, selectors
from reporting.cells import Cell
from reporting.content import Content, Key
from reporting.models import Package
from reporting.views.packages import supporting_files


@access.page(Act.VIEW_PACKAGE)
@require_GET
def version_cells(request: SignedInRequest, pk: int, version: int) -> HttpResponse:
    """Every datum of a version with its sheet, its cell and its supporting files; `?line=` narrows them to what a line comes from."""
    package = access.get(request.user, Act.VIEW_PACKAGE, selectors.packages(), pk=pk)
    readable = selectors.submissions(request.user).exclude(content="").select_related("upload")
    submission = get_object_or_404(readable, package=package, version=version)
    content = Content.from_json(submission.stored_content())
    line = request.GET.get("line", "")
    line = line if line in content.lines else ""
    found = cells.cells(content, supporting_files(request, package, submission), line)
    context = {
        "package": package,
        "submission": submission,
        "line": line,
        "lines": content.lines,
        "groups": [_group(package, key, data) for key, data in found],
    }
    return render(request, "reporting/cells.html", context)


def _group(package: Package, key: Key, data: list[Cell]) -> dict[str, Any]:
    """A row of the workbook: its name, and each datum."""
    return {
        "name": naming.row_name(package.sector, package.period, key),
        "cells": [
            {
                "is": cell,
                "name": naming.datum_name(package.sector, package.period, key, cell.spot.name),
                "value": naming.value_name(package.sector, package.period, key, cell.spot.name, cell.datum),
                "how": naming.how_name(cell.datum.how),
            }
            for cell in data
        ],
    }
