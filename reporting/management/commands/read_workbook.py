"""Read and account a workbook without a database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.terminal import UNUSABLE, TerminalCommand, why_unopened
from registry.values.sectors import Sector
from reporting import checks
from reporting.accounting import Accounts, account
from reporting.filing import accounts_told as told
from reporting.findings import Finding
from reporting.workbook import Reading


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
    try:
        return told.read_file(file)
    except OSError as error:
        raise CommandError(f"{file}: {why_unopened(error)}", returncode=UNUSABLE) from error


def _as_json(reading: Reading, findings: list[Finding], accounts: Accounts | None) -> str:
    document = {
        "sector": reading.sector,
        "month": reading.period,
        "unit": reading.unit,
        "findings": [told.finding_as_json(finding) for finding in findings],
        "terms": [told.term_as_json(term) for term in accounts.terms] if accounts else [],
        "totals": told.totals_as_json(accounts.totals if accounts else None),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _as_text(reading: Reading, findings: list[Finding], accounts: Accounts | None) -> Iterator[str]:
    """For people: in the words of the form, each finding with what to do."""
    sector, period = reading.sector, reading.period
    identity = (str(Sector(sector).label) if sector else "", period, reading.unit)
    if any(identity):
        yield " · ".join(filter(None, identity))
    for finding in findings:
        yield from told.finding_in_words(finding)
    if accounts is None:
        return
    for term in accounts.terms:
        yield f"{term.emissions:>18,f}  {told.term_in_words(sector, period, term)}"
    enterprise = _("Emissions of the enterprise")
    yield f"{accounts.totals.enterprise:>18,f}  {enterprise}"
    for code, total in accounts.totals.lines.items():
        yield f"{total.emissions:>18,f}  {code}: {told.line_in_words(sector, total)}"
