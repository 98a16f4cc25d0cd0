"""Take units and their lines in from a table."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from registry import clock, unit_import
from registry.terminal import TerminalCommand


class Command(TerminalCommand):
    help = "Take units and lines in from a CSV or XLSX table, all of it or nothing. Columns: " + ", ".join(
        unit_import.COLUMNS
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            table = unit_import.read_table(options["table"])
            done = unit_import.import_units(table, by=None, at=clock.now())
        except unit_import.UnusableTableError as error:
            raise CommandError("\n".join(error.faults), returncode=2) from error
        self.stdout.write(
            _("New: %(units)d units, %(lines)d lines; %(closed)d lines closed.")
            % {"units": done.units, "lines": done.lines, "closed": done.closed}
        )
