"""What became of an upload, from the stored rows: the same findings, terms and totals that the package's page shows."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from registry.models import Job
from registry.values.exact import half_up
from reporting.models import FindingRow, LineTotalRow, Submission, TermRow, Upload

__all__ = ["as_json", "reading_of", "submission_of"]


def reading_of(upload: Upload) -> Job | None:
    """The job that reads, or last read, these bytes."""
    return Job.objects.filter(key__startswith=f"reporting.read:{upload.pk}:").order_by("-pk").first()


def submission_of(upload: Upload) -> Submission | None:
    """The latest version that these bytes were read as."""
    return upload.submissions.select_related("package__unit").order_by("-version").first()


def as_json(submission: Submission) -> dict[str, Any]:
    """The outcome in the shape of `read_workbook --json`, with the version and each finding's number. Three queries."""
    package = submission.package
    return {
        "sector": package.sector,
        "month": package.period,
        "unit": package.unit.credit_code,
        "version": submission.version,
        "findings": [_finding(row) for row in submission.findings.order_by("number")],
        "terms": [_term(row) for row in submission.terms.order_by("number")],
        "totals": _totals(submission),
    }


def _finding(row: FindingRow) -> dict[str, Any]:
    found = row.finding
    names = ("code", "severity", "blocks", "sheet", "cell", "message", "rule", "remedy")
    return {"number": row.number, **{name: getattr(found, name) for name in names}}


def _term(row: TermRow) -> dict[str, Any]:
    names = ("level", "line", "source", "formula", "inputs")
    return {**{name: getattr(row, name) for name in names}, "emissions": str(row.emissions), "article": row.article}


def _totals(submission: Submission) -> dict[str, Any]:
    stated = submission.totals
    lines = submission.line_totals.select_related("line").order_by("line__code")
    return {
        **{name: stated.get(name) for name in ("enterprise", "ironmaking", "sintering")},
        "lines": {row.line.code: _line(row) for row in lines},
    }


def _line(row: LineTotalRow) -> dict[str, str | None]:
    return {"emissions": str(row.emissions), "output": str(row.output), "intensity": _intensity(row)}


def _intensity(row: LineTotalRow) -> str | None:
    """As LineTotal.intensity: four decimals, none without output."""
    if row.output <= Decimal(0):
        return None
    return str(half_up(Fraction(row.main_emissions) / Fraction(row.output), 4))
