"""`manage.py compare_runs`: two runs line by line, with what each cause contributed."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from allocation.models import Run
from allocation.proof.comparison import CAUSES, compare, totals
from registry.refusal import Refusal

UNUSABLE = 2


class Command(BaseCommand):
    help = (
        "Compares two runs of one authority, sector and kind line by line: how much scope, verified result, plan and balance value, "
        "exchanged in this order, contributed. Exit 2 if they can't be compared."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("earlier", type=int, metavar="A")
        parser.add_argument("later", type=int, metavar="B")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changes = compare(_manifest(options["earlier"]), _manifest(options["later"]))
        except Refusal as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        if options["json"]:
            lines = [{**asdict(row), "difference": row.difference} for row in changes]
            told = {"earlier": options["earlier"], "later": options["later"], "totals": totals(changes), "lines": lines}
            self.stdout.write(json.dumps(told, indent=2))
            return
        names = ("before", "after", "difference", *CAUSES)
        self.stdout.write("\t".join(("line", *names)))
        for row in changes:
            self.stdout.write("\t".join([row.line, *(_text(getattr(row, name)) for name in names)]))
        sums = totals(changes)
        self.stdout.write("\t".join([_("total"), *(str(sums[name]) for name in names)]))


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _manifest(number: int) -> dict[str, Any]:
    run = Run.objects.filter(pk=number).first()
    if run is None or not run.manifest:
        raise CommandError(_("There is no computed run %(run)s.") % {"run": number}, returncode=UNUSABLE)
    return run.inputs
