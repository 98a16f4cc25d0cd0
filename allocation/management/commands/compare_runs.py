"""`manage.py compare_runs`: two runs line by line, with what each cause contributed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tables2 import Table

from allocation import runs
from allocation.models import Run
from allocation.runs.proof.comparison import CAUSES, compare, totals
from allocation.runs.proof.issuing import ISSUE_CAUSES, compare_issued, issued_totals
from allocation.web.tables.comparisons import ComparisonTable, IssueTable
from registry.refusal import Refusal
from registry.terminal import UNUSABLE, TerminalCommand


class Command(TerminalCommand):
    help = (
        "Compares two runs of one authority, sector and kind line by line: how much scope, verified result, plan and balance value, "
        "exchanged in this order, contributed; and unit by unit what is issued: how much quota, deductions and what had been issued "
        "before contributed. Exit 2 if they can't be compared."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("earlier", type=int, metavar="A")
        parser.add_argument("later", type=int, metavar="B")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        earlier, later = _run(options["earlier"]), _run(options["later"])
        try:
            changes = compare(earlier.inputs, later.inputs)
        except Refusal as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        before, after = (runs.stored_result(run)["settlements"] for run in (earlier, later))
        units = compare_issued(before, after, later.kind)
        if options["json"]:
            told = {"earlier": earlier.pk, "later": later.pk, "totals": totals(changes), "lines": _as_rows(changes)}
            told["issued"] = {"totals": issued_totals(units), "units": _as_rows(units)}
            self.stdout.write(json.dumps(told, indent=2))
            return
        self._write(ComparisonTable, "line", CAUSES, changes, totals(changes))
        self.stdout.write("")
        self._write(IssueTable, "unit", ISSUE_CAUSES, units, issued_totals(units))

    def _write(
        self, page: type[Table], first: str, causes: Sequence[str], changes: Sequence[Any], sums: Mapping[str, int]
    ) -> None:
        """A row for each change under the headings that the page's table has."""
        names = ("before", "after", "difference", *causes)
        self.stdout.write("\t".join(str(page.base_columns[name].verbose_name) for name in (first, *names)))
        for row in changes:
            self.stdout.write("\t".join([getattr(row, first), *(_text(getattr(row, name)) for name in names)]))
        self.stdout.write("\t".join([_("total"), *(str(sums[name]) for name in names)]))


def _as_rows(changes: Sequence[Any]) -> list[dict[str, Any]]:
    return [{**asdict(row), "difference": row.difference} for row in changes]


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _run(number: int) -> Run:
    run = Run.objects.filter(pk=number).first()
    if run is None or not run.manifest:
        raise CommandError(_("There is no computed run %(run)s.") % {"run": number}, returncode=UNUSABLE)
    return run
