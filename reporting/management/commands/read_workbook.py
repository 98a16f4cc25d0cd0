"""Read and account a workbook without a database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reporting import checks
from reporting.accounting import Accounts, LineTotal, Term, account
from reporting.findings import Finding
from reporting.workbook import Limits, Reading, read

UNREADABLE = 2


class Command(BaseCommand):
    help = "Reads and accounts a monthly workbook: findings, terms, totals. Exits 2 if the file can't be read."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, file: Path, json: bool, **options: Any) -> None:
        reading = _read(file)
        accounts = account(reading.content) if reading.content else None
        findings = list(reading.findings)
        if reading.content and accounts:
            findings += checks.run(reading.content, accounts)
        lines = [_as_json(reading, findings, accounts)] if json else list(_as_text(reading, findings, accounts))
        for line in lines:
            self.stdout.write(line)
        if reading.content is None:
            why = "; ".join(finding.message for finding in findings if finding.blocks)
            raise CommandError(f"{file}: {why}", returncode=UNREADABLE)


def _read(file: Path) -> Reading:
    limits = Limits()
    try:
        with file.open("rb") as stream:
            data = stream.read(limits.file_bytes + 1)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}", returncode=UNREADABLE) from error
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


def _as_text(reading: Reading, findings: list[Finding], accounts: Accounts | None) -> list[str]:
    if accounts is None:
        return []
    lines = [f"{reading.sector} {reading.period} {reading.unit}".rstrip()]
    for finding in findings:
        place = f"{finding.sheet}!{finding.cell}" if finding.sheet else "-"
        lines.append(f"{finding.severity:8} {finding.code:22} {place}: {finding.message}")
    for term in accounts.terms:
        inputs = ", ".join(f"{name} = {value}" for name, value in term.inputs.items())
        lines.append(f"{term.emissions:>18,f}  {term.level} {term.line} {term.source}: {term.formula}; {inputs}")
    lines.append(f"{accounts.totals.enterprise:>18,f}  enterprise")
    for code, total in accounts.totals.lines.items():
        lines.append(f"{total.emissions:>18,f}  {code}: output {total.output:,f}, intensity {total.intensity}")
    return lines
