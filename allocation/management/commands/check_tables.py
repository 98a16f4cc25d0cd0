"""`manage.py check_tables FILE --letter ID | --run ID …`: a file of official tables against what it should say; 1 where it differs."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from allocation.letters import official_tables
from allocation.models import Letter, Run
from registry.terminal import TerminalCommand, why_unopened


class Command(TerminalCommand):
    help = "Checks a workbook of official tables cell by cell; all differences at once. Exit 1: it differs, 2: it can't be read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        against = parser.add_mutually_exclusive_group(required=True)
        against.add_argument("--letter", type=int)
        against.add_argument("--run", type=int, nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {why_unopened(error)}", returncode=2) from error
        sheets, digest = _of_letter(options["letter"]) if options["letter"] else (_of_runs(options["run"]), "")
        checked = official_tables.check(data, options["file"].name, sheets, digest)
        if checked.refusal:
            raise CommandError(checked.refusal, returncode=2)
        if checked.same_file:
            self.stdout.write(_("This is the file enclosed with the letter (sha256 %s).") % checked.sha256)
        for one in checked.differences:
            said = _("%(sheet)s %(cell)s %(what)s: expected %(expected)s, found %(found)s")
            self.stdout.write(said % {name: getattr(one, name) for name in one.__slots__})
        if checked.differences:
            raise CommandError(_("%d differences.") % len(checked.differences), returncode=1)
        self.stdout.write(_("All cells match."))


def _of_letter(pk: int) -> tuple[list[official_tables.Sheet], str]:
    letter = Letter.objects.filter(pk=pk).select_related("authority").first()
    if letter is None:
        raise CommandError(_("There is no letter %d.") % pk, returncode=2)
    return official_tables.sheets_of_letter(letter), letter.tables_sha256


def _of_runs(numbers: list[int]) -> list[official_tables.Sheet]:
    runs = list(Run.objects.filter(pk__in=numbers).select_related("authority", "balance_value"))
    if len(runs) < len(set(numbers)) or len({(run.authority_id, run.year, run.kind) for run in runs}) != 1:
        raise CommandError(_("Name runs that exist, of one authority, year and kind."), returncode=2)
    return official_tables.sheets_of(runs[0].authority, runs[0].year, runs[0].kind, runs)
