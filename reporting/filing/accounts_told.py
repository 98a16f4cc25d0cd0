"""Workbooks and accounts as commands tell them: JSON for programs, lines in the form's words for people. No database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from registry.values.measures import measure
from reporting.accounting import LineTotal, Term, Totals
from reporting.accounting.items import OUTPUT, item
from reporting.findings import Finding
from reporting.labels import terms_in_words
from reporting.workbook import Limits, Reading, read

__all__ = [
    "finding_as_json",
    "finding_in_words",
    "line_in_words",
    "read_file",
    "term_as_json",
    "term_in_words",
    "totals_as_json",
]


def read_file(file: Path) -> Reading:
    """What a workbook says; raises OSError where the file can't be opened."""
    limits = Limits()
    with file.open("rb") as stream:
        data = stream.read(limits.file_bytes + 1)
    return read(data, file.name, limits=limits)


def finding_as_json(finding: Finding) -> dict[str, Any]:
    names = ("code", "severity", "blocks", "sheet", "cell", "message", "rule")
    return {name: getattr(finding, name) for name in names}


def term_as_json(term: Term) -> dict[str, Any]:
    names = ("level", "line", "source", "formula")
    stated = {name: getattr(term, name) for name in names}
    return {**stated, "inputs": dict(term.inputs), "emissions": str(term.emissions), "article": term.article}


def totals_as_json(totals: Totals | None) -> dict[str, Any]:
    """Tonnes as decimal strings, None where a sector has no such; all None of a file that could not be read."""
    if totals is None:
        return {"enterprise": None, "ironmaking": None, "sintering": None, "lines": {}}
    return {
        "enterprise": str(totals.enterprise),
        "ironmaking": None if totals.ironmaking is None else str(totals.ironmaking),
        "sintering": None if totals.sintering is None else str(totals.sintering),
        "lines": {code: _line(total) for code, total in totals.lines.items()},
    }


def _line(total: LineTotal) -> dict[str, str | None]:
    intensity = None if total.intensity is None else str(total.intensity)
    return {"emissions": str(total.emissions), "output": str(total.output), "intensity": intensity}


def finding_in_words(finding: Finding) -> Iterator[str]:
    severity = _("Error") if finding.severity == "error" else _("Warning")
    said = f"{finding.message} ({finding.code})"
    yield " · ".join(filter(None, (severity, _place(finding), said)))
    yield _("    What to do: %(remedy)s") % {"remedy": finding.remedy}
    yield _("    Rule: %(rule)s") % {"rule": finding.rule}


def _place(finding: Finding) -> str:
    return f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet


def term_in_words(sector: str, period: str, term: Term) -> str:
    level = str(terms_in_words.LEVELS.get(term.level, term.level))
    where = " ".join(filter(None, (level, term.line)))
    numbers = terms_in_words.in_place(term.formula, term.inputs)
    return f"{where} · {terms_in_words.source_name(sector, period, term.source)}: {term.formula} = {numbers}"


def line_in_words(sector: str, total: LineTotal) -> str:
    made = item(sector, OUTPUT)
    output = f"{made.label} {total.output:,f} {measure(made.measure)}"
    if total.intensity is None:
        return _("%(output)s, and so no intensity") % {"output": output}
    return _("%(output)s, intensity %(intensity)s t/t") % {"output": output, "intensity": total.intensity}
