"""What is said of digits that don't count: of a file once a sheet, at the first such cell, since one export may hold hundreds of them."""

from collections.abc import Sequence

from reporting.findings import Finding, both
from reporting.workbook.reading import cells

__all__ = ["CODE", "params", "together"]

CODE = "number.rounded"
NAMED = 8
"""Cells that one finding names."""


def params(cell: str, found: object, counted: object) -> dict[str, str]:
    """Of one cell."""
    return {"count": "1", "cells": f"{cell} {cells.shown(found)} → {cells.shown(counted)}"}


def together(findings: Sequence[Finding]) -> list[Finding]:
    """The findings with one for all of a sheet's rounded numbers, where the first of them stood."""
    by_sheet: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.code == CODE:
            by_sheet.setdefault(finding.sheet, []).append(finding)
    firsts = {id(found[0]): _one(found) for found in by_sheet.values()}
    return [firsts.get(id(each), each) for each in findings if each.code != CODE or id(each) in firsts]


def _one(found: Sequence[Finding]) -> Finding:
    listed = both("；", "; ").join(each.params["cells"] for each in found[:NAMED])
    if len(found) > NAMED:
        listed += both(" 等", "; …")
    return Finding(CODE, found[0].sheet, found[0].cell, {"count": str(len(found)), "cells": listed})
