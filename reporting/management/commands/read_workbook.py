"""Read and account a workbook without a database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.sectors import Sector
from registry.terminal import UNUSABLE, TerminalCommand
from reporting import checks, wording
from reporting.accounting import Accounts, LineTotal, Term, account
from reporting.findings import Finding
from reporting.items import OUTPUT, item
from reporting.workbook import Limits, Reading, read


class Command(TerminalCommand):
    help = "Reads and accounts a monthly workbook: findings, terms, totals. Exits 2 if the file can't be read."
    needs_database = False
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, file: Path, json: bool, **options: Any) -> None:
        reading = _read(file)
        accounts = account(reading.content) if reading.content else None
        findings = list(reading.findings)
        if reading.content and accounts:
            findings += checks.run(reading.content, accounts)
        lines = [_as_json(reading, findings, accounts)] if json else _as_text(reading, findings, accounts)
        for line in lines:
            self.stdout.write(line)
        if reading.content is None:
            why = "; ".join(finding.message for finding in findings if finding.blocks)
            raise CommandError(f"{file}: {why}", returncode=UNUSABLE)


def _read(file: Path) -> Reading:
    limits = Limits()
    try:
        with file.open("rb") as stream:
            data = stream.read(limits.file_bytes + 1)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}", returncode=UNUSABLE) from error
    return read(data, file.name, limits=limits)


def _as_json(reading: Reading, findings: list[Finding], accounts: Accounts | None) -> str:
    document = {
        "sector": reading.sector,
        "month": reading.period,
        "unit": reading.unit,
        "findings": [_finding(finding) for finding in findings],
        "terms": [_term(term) for term in accounts.terms] if accounts else [],
        "totals": _totals(accounts),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _finding(finding: Finding) -> dict[str, Any]:
    names = ("code", "severity", "blocks", "sheet", "cell", "message", "rule")
    return {name: getattr(finding, name) for name in names}


def _term(term: Term) -> dict[str, Any]:
    names = ("level", "line", "source", "formula")
    stated = {name: getattr(term, name) for name in names}
    return {**stated, "inputs": dict(term.inputs), "emissions": str(term.emissions), "article": term.article}


def _totals(accounts: Accounts | None) -> dict[str, Any]:
    if accounts is None:
        return {"enterprise": None, "ironmaking": None, "sintering": None, "lines": {}}
    totals = accounts.totals
    return {
        "enterprise": str(totals.enterprise),
        "ironmaking": None if totals.ironmaking is None else str(totals.ironmaking),
        "sintering": None if totals.sintering is None else str(totals.sintering),
        "lines": {code: _line(total) for code, total in totals.lines.items()},
    }


def _line(total: LineTotal) -> dict[str, str | None]:
    intensity = None if total.intensity is None else str(total.intensity)
    return {"emissions": str(total.emissions), "output": str(total.output), "intensity": intensity}


def _as_text(reading: Reading, findings: list[Finding], accounts: Accounts | None) -> Iterator[str]:
    """For people: in the words of the form, each finding with what to do."""
    sector, period = reading.sector, reading.period
    identity = (str(Sector(sector).label) if sector else "", period, reading.unit)
    if any(identity):
        yield " · ".join(filter(None, identity))
    for finding in findings:
        yield from _finding_in_words(finding)
    if accounts is None:
        return
    for term in accounts.terms:
        yield f"{term.emissions:>18,f}  {_term_in_words(sector, period, term)}"
    enterprise = _("Emissions of the enterprise")
    yield f"{accounts.totals.enterprise:>18,f}  {enterprise}"
    for code, total in accounts.totals.lines.items():
        yield f"{total.emissions:>18,f}  {code}: {_line_in_words(sector, total)}"


def _finding_in_words(finding: Finding) -> Iterator[str]:
    severity = _("Error") if finding.severity == "error" else _("Warning")
    said = f"{finding.message} ({finding.code})"
    yield " · ".join(filter(None, (severity, _place(finding), said)))
    yield _("    What to do: %(remedy)s") % {"remedy": finding.remedy}
    yield _("    Rule: %(rule)s") % {"rule": finding.rule}


def _place(finding: Finding) -> str:
    return f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet


def _term_in_words(sector: str, period: str, term: Term) -> str:
    level = str(wording.LEVELS.get(term.level, term.level))
    where = " ".join(filter(None, (level, term.line)))
    numbers = wording.in_place(term.formula, term.inputs)
    return f"{where} · {wording.source_name(sector, period, term.source)}: {term.formula} = {numbers}"


def _line_in_words(sector: str, total: LineTotal) -> str:
    output = f"{item(sector, OUTPUT).label} {total.output:,f} t"
    if total.intensity is None:
        return _("%(output)s, and so no intensity") % {"output": output}
    return _("%(output)s, intensity %(intensity)s t/t") % {"output": output, "intensity": total.intensity}
