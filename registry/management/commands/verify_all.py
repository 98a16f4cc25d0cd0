"""`manage.py verify_all`: chain, papers and states of record, holdings, results, runs, receipts, stored files, keys, all at once."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from registry.integrity import verifying
from registry.integrity.verifying import Looked
from registry.terminal import TerminalCommand


class Command(TerminalCommand):
    help = (
        "Verifies everything: chain and end of the journal, papers and states of record, results, submissions, receipts,"
        " stored files, keys, holdings, transactions, balance values, runs. Writes nothing. Exit 0 if all is whole, 1 with what is wrong"
        " and where, 2 without a database that can be used."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="a JSON object with every check and every fault")

    def handle(self, *args: Any, **options: Any) -> None:
        said, wrong, unsaid = [], 0, False
        for code, name, looked in verifying.verify():
            said.append(_as_json(code, name, looked))
            wrong, unsaid = wrong + len(looked.faults), unsaid or bool(looked.notes)
            if not options["json"]:
                self._tell(name, looked)
        if options["json"]:
            self.stdout.write(json.dumps({"whole": not wrong, "checks": said}, ensure_ascii=False, indent=2))
        if wrong:
            raise CommandError(_("%(count)d faults.") % {"count": wrong}, returncode=1)
        if not options["json"]:
            closing = _("No faults in what could be checked; the notes list what could not.")
            self.stdout.write(closing if unsaid else _("No faults."))

    def _tell(self, name: str, looked: Looked) -> None:
        self.stdout.write(
            _("%(name)s: %(checked)d checked, %(faults)d faults")
            % {"name": name, "checked": looked.checked, "faults": len(looked.faults)}
        )
        for note in looked.notes:
            self.stdout.write(f"  {note}")
        for fault in looked.faults:
            self.stderr.write(f"  {fault}")


def _as_json(code: str, name: str, looked: Looked) -> dict[str, Any]:
    return {
        "check": code,
        "name": name,
        "checked": looked.checked,
        "faults": [{"where": fault.where, "what": fault.what} for fault in looked.faults],
        "notes": looked.notes,
    }
