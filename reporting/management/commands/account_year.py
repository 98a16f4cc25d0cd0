"""`manage.py account_year FILE…`: the year that months make, and every process and line beside the sum of its months."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.terminal import UNUSABLE, TerminalCommand
from registry.values.exact import decimal_of
from registry.values.sectors import Sector
from reporting import checks
from reporting.accounting import CAUSES, Accounts, Difference, Span, account_year, differences, spans
from reporting.content import Content
from reporting.filing import accounts_told as told
from reporting.filing.year_files import UnusableYearError, YearFile, read_year
from reporting.queries.report_differences import CAUSE_NAMES, place_name


class Command(TerminalCommand):
    help = (
        "Accounts the monthly workbooks of one unit, sector and year as the annual report does; needs no database. "
        "Exits 2 if the files can't be read or make no year."
    )
    needs_database = False
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, files: list[Path], json: bool, **options: Any) -> None:
        try:
            read = read_year(files)
        except UnusableYearError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        contents = [each.content for each in read]
        parts = spans(contents)
        year, compared = account_year(parts), differences(contents)
        lines = [_as_json(read, parts, year, compared)] if json else _as_text(read, parts, year, compared)
        for line in lines:
            self.stdout.write(line)


def _as_json(read: Sequence[YearFile], parts: Sequence[Span], year: Accounts, compared: Sequence[Difference]) -> str:
    first = read[0].content
    document = {
        "sector": first.sector,
        "year": int(first.period[:4]),
        "unit": first.unit,
        "months": [each.content.period for each in read],
        "findings": [
            {"file": str(each.file), "month": each.content.period, **told.finding_as_json(finding)}
            for each in read
            for finding in (*each.findings, *_against_others(each.content, read))
        ],
        "spans": [_span(part) for part in parts],
        "terms": [told.term_as_json(term) for term in year.terms],
        "totals": _totals(year),
        "differences": [each.as_json() for each in compared],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _against_others(content: Content, read: Sequence[YearFile]) -> list[Any]:
    """What of a month contradicts the months before it."""
    found = checks.between([each.content for each in read])
    return [finding for period, finding in found if period == content.period]


def _span(part: Span) -> dict[str, str]:
    return {
        "first": part.periods[0],
        "last": part.periods[-1],
        "guideline": part.guideline.code,
        "emissions": str(part.emissions),
    }


def _totals(year: Accounts) -> dict[str, Any]:
    """As of a month; with the processes, and with the carbide-slag rate, which is the year's."""
    stated = told.totals_as_json(year.totals)
    for code, total in year.totals.lines.items():
        rate = total.carbide_slag_rate
        stated["lines"][code]["carbide_slag_rate"] = None if rate is None else f"{decimal_of(rate):f}"
    return {**stated, "processes": {name: str(tonnes) for name, tonnes in year.totals.processes.items()}}


def _as_text(
    read: Sequence[YearFile], parts: Sequence[Span], year: Accounts, compared: Sequence[Difference]
) -> Iterator[str]:
    first = read[0].content
    periods = ", ".join(each.content.period for each in read)
    yield " · ".join(filter(None, (str(Sector(first.sector).label), first.period[:4], first.unit, periods)))
    yield from _warned(read)
    for part in parts:
        if len(parts) > 1:
            yield f"{part.periods[0]}–{part.periods[-1]}: {part.guideline.code}"
        for term in part.terms:
            yield f"{term.emissions:>18,f}  {told.term_in_words(first.sector, part.periods[0], term)}"
    for code, total in year.totals.lines.items():
        yield f"{total.emissions:>18,f}  {code}: {told.line_in_words(first.sector, total)}"
    yield _("The year compared with the sum of its months")
    for each in compared:
        yield f"{each.year_terms:>18,f}  {_in_words(first.sector, each)}"


def _warned(read: Sequence[YearFile]) -> Iterator[str]:
    """Files with errors are accounted as far as they say something; a report is made of none such."""
    for each in read:
        errors = sum(finding.blocks for finding in (*each.findings, *_against_others(each.content, read)))
        if errors:
            message = _(
                "%(file)s: %(count)s errors, which read_workbook and --json tell; a report needs them corrected."
            )
            yield message % {"file": each.file, "count": errors}


def _in_words(sector: str, each: Difference) -> str:
    message = _("%(place)s: year %(year)s t, sum of months %(months)s t, year less months %(difference)s t")
    said = message % {
        "place": place_name(sector, each.level, each.code),
        "year": f"{each.year:,f}",
        "months": f"{each.months:,f}",
        "difference": f"{each.difference:+,f}",
    }
    why = [f"{CAUSE_NAMES[cause]} {tonnes:+,f}" for cause in CAUSES if (tonnes := getattr(each, cause))]
    return " · ".join([said, *why])
