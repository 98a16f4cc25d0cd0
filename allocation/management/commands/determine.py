"""`manage.py determine`: determine the quota of a table of lines, without a database."""

import json
import os
import stat
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from allocation import plans
from allocation.method import table
from allocation.method.balance import NoBalanceValueError
from allocation.method.report import totals
from registry.files.tables import cells
from registry.terminal import UNUSABLE, TerminalCommand, why_unopened
from registry.values.sectors import with_quota

# By this Chinese spreadsheet programs know UTF-8; without it they take it for GB 18030.
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Command(TerminalCommand):
    help = "Determine the quota of a table of lines; needs no database. Exit code 2: the input can't be used."
    needs_database = False
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "table", type=Path, metavar="TABLE.csv", help="CSV or XLSX; columns by code or Chinese name"
        )
        parser.add_argument("--sector", required=True, choices=with_quota())
        parser.add_argument("--year", required=True, type=int, help="the year in which the gas was emitted")
        parser.add_argument(
            "--plan", metavar="ID", help="default: the plan in force; a draft can be named and simulated"
        )
        value = parser.add_mutually_exclusive_group()
        value.add_argument("--balance-value", metavar="B", help="the published balance value")
        value.add_argument("--solve", action="store_true", help="compute the balance value from the table")
        parser.add_argument(
            "--determined-on",
            metavar="DATE",
            help="until when a closing counts, YYYY-MM-DD; default: the calendar's day of determination for that year",
        )
        parser.add_argument("-o", "--output", type=Path, metavar="OUT.csv", help="default: standard output")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        path, output = options["table"], options["output"]
        try:
            result = _determine(path, options)
            if output:
                _write(path, output, result)
        except (plans.PlanError, table.UnusableTableError, NoBalanceValueError) as error:
            raise CommandError(f"{path}: {error}", returncode=UNUSABLE) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {why_unopened(error)}", returncode=UNUSABLE) from error
        for note in result.notes:
            self.stderr.write(self.style.WARNING(note))
        if options["json"]:
            self.stdout.write(json.dumps(table.as_json(result), ensure_ascii=False, indent=1))
        elif output:
            self.stdout.write(_summary(result))
        else:
            _print(self.stdout, result)


def _determine(path: Path, options: dict[str, Any]) -> table.Result:
    sector, year = options["sector"], options["year"]
    plan = plans.load_plan(options["plan"]) if options["plan"] else plans.in_force(sector, year)
    return table.determine_table(
        path.read_bytes(),
        plan,
        sector=sector,
        year=year,
        balance_value=_option("--balance-value", options["balance_value"], cells.number),
        solve=options["solve"],
        determined_on=_option("--determined-on", options["determined_on"], cells.day),
    )


def _option(name: str, text: str | None, parse: Any) -> Any:
    try:
        return None if text is None else parse(text.strip())
    except cells.CellError as error:
        raise CommandError(f"{name}: {error}", returncode=UNUSABLE) from error


def _write(path: Path, output: Path, result: table.Result) -> None:
    if output.exists() and output.samefile(path):
        raise table.UnusableTableError(_("The output would overwrite the table."))
    with output.open("w", encoding="utf-8", newline="") as stream:
        stream.write(MARK)
        table.write_csv(stream, result)


def _print(stream: Any, result: table.Result) -> None:
    """To the standard output; marked where the shell has it go into a file, and not where a program reads it."""
    if _is_file(stream):
        stream.write(MARK, ending="")
    table.write_csv(stream, result)


def _is_file(stream: Any) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError, AttributeError):  # a stream in memory
        return False


def _summary(result: table.Result) -> str:
    sums = totals(result.determinations)
    message = _("%(lines)d lines: quota %(quota)d t, emissions %(emissions)d t, residue %(residue)d t.")
    return message % {
        "lines": len(result.determinations),
        "quota": sums.total_quota,
        "emissions": sums.total_emissions,
        "residue": sums.residue,
    }
