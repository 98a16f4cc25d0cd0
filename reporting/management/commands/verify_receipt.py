"""`manage.py verify_receipt`: check a receipt offline."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry import journal
from registry.journal.seals import signing
from registry.terminal import UNUSABLE, TerminalCommand, refuse_unusable_database, why_unopened
from reporting import receipts

CHUNK = 1 << 20


class Command(TerminalCommand):
    help = (
        "Checks a receipt: signature, key, journal entry, and the files given. Needs no database, unless --journal is given. "
        "Exit 0 if all stands, 1 if a check fails, 2 if the input can't be used."
    )
    needs_database = False
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("receipt", type=Path, metavar="FILE")
        parser.add_argument("--workbook", type=Path, metavar="F", help="the workbook that the receipt is for")
        parser.add_argument("--evidence", type=Path, metavar="F", nargs="+", default=[], help="evidence files")
        parser.add_argument("--keys", type=Path, help="published keys (keys.json); default: those of this installation")
        parser.add_argument("--journal", action="store_true", help="look the entry up in this installation's journal")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["journal"]:
            refuse_unusable_database()
        try:
            checks = _checks(options)
        except receipts.UnusableReceiptError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {why_unopened(error)}", returncode=UNUSABLE) from error
        for check in checks:
            self.stdout.write(f"{_word(check.stands):8} {check.code:10} {check.text}")
        if any(check.stands is False for check in checks):
            raise CommandError(_("The receipt is not valid."), returncode=1)
        self.stdout.write(_("The receipt is valid."))


def _checks(options: dict[str, Any]) -> list[receipts.Check]:
    keys = options["keys"]
    with options["receipt"].open("rb") as stream:
        envelope = receipts.parse(stream.read(receipts.LIMIT_BYTES + 1))
    return receipts.verify(
        envelope,
        receipts.published_keys(keys.read_bytes()) if keys else signing.public_keys(),
        workbook=_given(options["workbook"]) if options["workbook"] else None,
        evidence=[_given(path) for path in options["evidence"]],
        holds=journal.holds if options["journal"] else None,
    )


def _given(path: Path) -> receipts.Given:
    with path.open("rb") as stream:
        return receipts.given(path.name, iter(lambda: stream.read(CHUNK), b""))


def _word(stands: bool | None) -> str:
    return "-" if stands is None else "ok" if stands else "FAILED"
