"""From settled data to verified results: one immutable row for each line, a new version where there was one before."""

import datetime as dt
import json
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from registry.models import JournalEntry, Line, Person
from registry.refusal import Refusal
from registry.values.exact import half_up, whole_tonnes
from reporting.accounting import items
from reporting.models import Verification, VerifiedResult
from reporting.verification import table as settling

__all__ = ["departures", "record", "write"]


def write(verification: Verification, *, by: Person, at: dt.datetime) -> list[VerifiedResult]:
    """Write the results of a verification that is being approved, within its transaction."""
    values, exact = _by_line(verification), _in_full(verification)
    latest = _latest(verification, list(values))
    late = [result for result in latest.values() if result.approved_at > at]
    if late:
        raise Refusal(_("A later result is already in force: an older approval can't replace it."))
    return VerifiedResult.objects.bulk_create(
        _result(verification, line, found, exact.get(line, {}), latest.get(line.pk), by, at)
        for line, found in values.items()
    )


def record(result: VerifiedResult) -> dict[str, Any]:
    """What the journal's entry of the approval says of a result."""
    return {
        "line": result.line_id,
        "version": result.version,
        "emissions": result.emissions,
        "main_emissions": str(result.main_emissions),
        "output": str(result.output),
        "kind": result.kind,
        "details": result.details,
    }


def departures(keys: Collection[int]) -> list[VerifiedResult]:
    """Of the results with these keys those that are not (any more) what the journal says was approved. Two queries."""
    rows = list(VerifiedResult.objects.filter(pk__in=keys).select_related("line", "unit").order_by("pk"))
    about = {str(result.verification_id) for result in rows}
    entries = JournalEntry.objects.filter(
        subject_type=Verification._meta.label_lower, subject_id__in=about, act="verification.approved"
    )
    approved = {
        (entry.subject_id, said["line"]): _compared(said)
        for entry in entries
        for said in json.loads(entry.facts)["results"]
    }
    return [row for row in rows if approved.get((str(row.verification_id), row.line_id)) != _compared(record(row))]


def _compared(said: dict[str, Any]) -> dict[str, Any]:
    """A record with its decimals as numbers: the database gives them back with all their places."""
    return said | {name: Decimal(said[name]) for name in ("main_emissions", "output")}


def _by_line(verification: Verification) -> dict[Line, dict[str, Decimal]]:
    values: dict[Line, dict[str, Decimal]] = {}
    for row in settling.table(verification):
        if row.datum.line is not None and row.settled is not None:
            values.setdefault(row.datum.line, {})[row.datum.item] = half_up(row.settled.value, row.item.places)
    return values


def _in_full(verification: Verification) -> dict[Line, dict[str, str]]:
    """What the report states rounded and the verifier left as it is, in full. A corrected value is what was typed, no more and no less."""
    unrounded = settling.in_full(verification)
    found: dict[Line, dict[str, str]] = {}
    for row in settling.table(verification) if unrounded else ():
        line = row.datum.line
        if line is not None and row.is_same and (exact := unrounded.get(line.code, {}).get(row.datum.item)):
            found.setdefault(line, {})[row.datum.item + items.EXACT] = str(exact)
    return found


def _latest(verification: Verification, lines: list[Line]) -> dict[int, VerifiedResult]:
    """The newest version of each line's result of that year, by the line's id."""
    results = VerifiedResult.objects.filter(line__in=lines, year=verification.year)
    return {result.line_id: result for result in results.order_by("version")}


def _result(
    verification: Verification,
    line: Line,
    values: dict[str, Decimal],
    exact: dict[str, str],
    before: VerifiedResult | None,
    by: Person,
    at: dt.datetime,
) -> VerifiedResult:
    emissions = whole_tonnes(values[items.EMISSIONS])
    totals = (items.EMISSIONS, items.MAIN_EMISSIONS, items.OUTPUT)
    return VerifiedResult(
        verification=verification,
        unit=verification.unit,
        line=line,
        sector=verification.sector,
        year=verification.year,
        version=1 if before is None else before.version + 1,
        supersedes=before,
        emissions=emissions,
        # Only a steel works has main processes; of any other line they are the whole of it.
        main_emissions=values.get(items.MAIN_EMISSIONS, Decimal(emissions)),
        output=values[items.OUTPUT],
        kind=line.kind,
        details={name: str(value) for name, value in values.items() if name not in totals} | exact,
        approved_by=by,
        approved_at=at,
    )
