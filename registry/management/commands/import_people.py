"""Give people seats from a table; each is handed a link to choose a password with."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from registry.law import clock
from registry.people import seat_table, seats
from registry.refusal import Refusal
from registry.terminal import UNUSABLE, TerminalCommand, why_unopened


class Command(TerminalCommand):
    help = (
        "Add people from a CSV or XLSX table (username, name, role, place, email; place: a credit code, an authority, a body), "
        "all of it or nothing. Prints for each the path of the page on which the first password is chosen."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("table", type=Path, nargs="?", help="CSV (UTF-8 or GB 18030) or XLSX")
        what.add_argument("--template", type=Path, metavar="OUT.xlsx", help="write a workbook to fill in")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"]:
            seat_table.write_template(options["template"])
            self.stdout.write(_("Written: %(path)s") % {"path": options["template"]})
            return
        try:
            wanted = seat_table.read(options["table"].read_bytes())
            with transaction.atomic():
                people = [seats.create(seat, by=None, at=clock.now()) for seat in wanted]
        except OSError as error:
            raise CommandError(f"{options['table']}: {why_unopened(error)}", returncode=UNUSABLE) from error
        except (seat_table.SeatFaultsError, Refusal) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        for person in people:
            self.stdout.write(f"{person.username},{person.name},{seats.link_of(person)}")
        self.stderr.write(_("Each link works once, for %(days)d days.") % {"days": seats.link_days()})
