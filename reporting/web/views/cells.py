"""A version's data one by one, each at an address of its own: `#at-12.closing` is the same datum for ever."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from registry import access
from registry.access import SignedInRequest
from registry.permissions import Act
from reporting import queries
from reporting.content import Content, Key
from reporting.content.places import Spot, spots_by_row
from reporting.models import Package, Remark, Submission
from reporting.queries import cells
from reporting.queries.cells import Cell
from reporting.web.views.packages import supporting_files
from reporting.workbook import names


@access.page(Act.VIEW_PACKAGE)
@require_GET
def version_cells(request: SignedInRequest, pk: int, version: int) -> HttpResponse:
    """Every datum of a version with its sheet, its cell and its supporting files; `?line=` narrows them to what a line comes from."""
    package = access.get(request.user, Act.VIEW_PACKAGE, queries.packages(), pk=pk)
    readable = queries.submissions(request.user).exclude(content="").select_related("upload")
    submission = get_object_or_404(readable, package=package, version=version)
    content = Content.from_json(submission.stored_content())
    line = request.GET.get("line", "")
    line = line if line in content.lines else ""
    said = reasons_at(submission)
    found = cells.cells(content, supporting_files(request, package, submission), line)
    context = {
        "package": package,
        "submission": submission,
        "line": line,
        "lines": content.lines,
        "groups": [_group(package, key, data, said) for key, data in found],
        "said": [(spot.number, remark) for spot, remark in _spots(content, said)],
    }
    return render(request, "reporting/cells.html", context)


def reasons_at(submission: Submission) -> dict[tuple[Key, str], list[Remark]]:
    """What the version was sent back for, by row and datum ("" for the whole row). One query."""
    found: dict[tuple[Key, str], list[Remark]] = {}
    for remark in Remark.objects.filter(event__submission=submission).order_by("pk"):
        key = (remark.table, remark.line, remark.process, remark.item, remark.part)
        found.setdefault((key, remark.name), []).append(remark)
    return found


def _spots(content: Content, said: dict[tuple[Key, str], list[Remark]]) -> Iterator[tuple[Spot, Remark]]:
    """The reasons in the workbook's order, each at its datum, or at the first of its row."""
    for row, _whole, data in spots_by_row(content):
        for spot in data:
            yield from ((spot, remark) for remark in said.get((row.key, spot.name), []))
        yield from ((data[0], remark) for remark in said.get((row.key, ""), []) if data)


def _group(package: Package, key: Key, data: list[Cell], said: dict[tuple[Key, str], list[Remark]]) -> dict[str, Any]:
    """A row of the workbook: its name, and each datum."""
    return {
        "name": names.row_name(package.sector, package.period, key),
        "said": said.get((key, ""), []),
        "cells": [
            {
                "is": cell,
                "name": names.datum_name(package.sector, package.period, key, cell.spot.name),
                "value": names.value_name(package.sector, package.period, key, cell.spot.name, cell.datum),
                "said": said.get((key, cell.spot.name), []),
                "how": names.how_name(cell.datum.how),
            }
            for cell in data
        ],
    }
