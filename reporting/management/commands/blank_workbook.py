"""Write the workbook that read_workbook reads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.law import NotInForceError, clock
from registry.refusal import Refusal
from registry.terminal import UNUSABLE, TerminalCommand, refuse_unusable_database, why_unopened
from registry.values.sectors import Sector
from reporting.content import first_day, is_year, last_day
from reporting.periods import due_day
from reporting.workbook import BlankSpec, LineSpec, blank
from reporting.workbook.sector import of as workbook_of


class Command(TerminalCommand):
    help = "Writes the blank workbook of a sector and month (or year). Without --unit it needs no database."
    needs_database = False
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sector", required=True, choices=Sector.values)
        parser.add_argument("--month", required=True, help="YYYY-MM, or YYYY for a year workbook")
        parser.add_argument(
            "--unit", default="", help="credit code of a unit; its lines and control plan are taken from the database"
        )
        parser.add_argument("-o", "--output", required=True, type=Path)

    def handle(self, *args: Any, sector: str, month: str, unit: str, output: Path, **options: Any) -> None:
        try:
            due_day(month)  # refuses a period that nothing is asked for
            spec = _of_unit(sector, month, unit) if unit else _of_nobody(sector, month)
            output.write_bytes(blank(spec))
        except (Refusal, NotInForceError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except OSError as error:
            raise CommandError(f"{output}: {why_unopened(error)}", returncode=UNUSABLE) from error
        self.stdout.write(str(output))


def _of_nobody(sector: str, month: str) -> BlankSpec:
    return BlankSpec(sector, month, "", "", (LineSpec("1", workbook_of(sector).example),))


def _of_unit(sector: str, month: str, code: str) -> BlankSpec:
    """The blank of a unit that the registry knows, with the lines that exist in the month, and what the control plan in force fixes."""
    # Only here, so that a generic blank needs no database.
    from registry.models import Unit  # noqa: PLC0415
    from reporting.filing import blanks  # noqa: PLC0415
    from reporting.submissions import control_plans  # noqa: PLC0415

    refuse_unusable_database()
    unit = Unit.objects.filter(credit_code=code).first()
    if unit is None:
        raise CommandError(_("There is no unit %(code)s.") % {"code": code}, returncode=UNUSABLE)
    begin, end = first_day(month), last_day(month)
    lines = tuple(
        LineSpec(line.code, line.name, line.kind)
        for line in unit.lines.filter(sector=sector).order_by("code")
        if line.runs_in(begin, end)
    )
    if not lines:
        message = _("The unit %(code)s has no line of the sector “%(sector)s” in %(period)s.")
        said = {"code": code, "sector": Sector(sector).label, "period": month}
        raise CommandError(message % said, returncode=UNUSABLE)
    plans = () if is_year(month) else control_plans.in_force(unit.pk, sector, begin, end, clock.now())
    return blanks.planned(BlankSpec(sector, month, code, unit.name, lines), plans)
