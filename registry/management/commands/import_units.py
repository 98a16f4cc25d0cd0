"""Take units and their lines in from a table."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from registry.directory import unit_import
from registry.directory.unit_import.columns import MEANINGS
from registry.law import clock
from registry.refusal import Refusal
from registry.terminal import UNUSABLE, TerminalCommand


class Command(TerminalCommand):
    help = (
        "Take units and lines in from a CSV or XLSX table, all of it or nothing; --template writes one to fill in. "
        "Columns, by code or Chinese name: "
        + "; ".join(
            f"{column.code} ({column.words[0]}): {MEANINGS[column.code]}" for column in unit_import.BY_CODE.values()
        )
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("table", type=Path, nargs="?", help="CSV (UTF-8 or GB 18030) or XLSX")
        what.add_argument("--template", type=Path, metavar="OUT.xlsx", help="write a workbook to fill in")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"]:
            unit_import.write_template(options["template"])
            self.stdout.write(_("Written: %(path)s") % {"path": options["template"]})
            return
        try:
            table = unit_import.read_table(options["table"])
            done = unit_import.import_units(table, by=None, at=clock.now())
        except unit_import.UnusableTableError as error:
            raise CommandError("\n".join(error.faults), returncode=UNUSABLE) from error
        except Refusal as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        if table.note:
            self.stderr.write(self.style.WARNING(table.note))
        said = {"units": done.units, "lines": done.lines, "closed": done.closed, "changed": done.changed}
        self.stdout.write(
            _("New: %(units)d units, %(lines)d lines; %(closed)d lines closed; %(changed)d changes.") % said
        )
