"""`manage.py verify_bundle`: check a run's bundle offline, and compute its result again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from allocation.runs.proof import verifying
from registry.journal.seals import signing
from registry.terminal import UNUSABLE, TerminalCommand, why_unopened
from reporting import receipts

MOST_TOLD = 20


class Command(TerminalCommand):
    help = (
        "Checks a run's bundle: signature, key, hashes, and its result computed again from its manifest. Needs no database. Exit 0 if "
        "all stands, 1 if a check fails, 2 if the file can't be used."
    )
    needs_database = False
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("bundle", type=Path, metavar="FILE")
        parser.add_argument("--keys", type=Path, help="published keys (keys.json); default: those of this installation")

    def handle(self, *args: Any, **options: Any) -> None:
        keys = options["keys"]
        try:
            known = receipts.published_keys(keys.read_bytes()) if keys else signing.public_keys()
            checks = verifying.verify(options["bundle"].read_bytes(), known)
        except (verifying.UnusableBundleError, receipts.UnusableReceiptError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {why_unopened(error)}", returncode=UNUSABLE) from error
        for check in checks:
            self.stdout.write(f"{'ok' if check.stands else 'FAILED':8} {check.code:10} {check.text}")
            for place in check.places[:MOST_TOLD]:
                self.stdout.write(f"{'':19} {place}")
        if not all(check.stands for check in checks):
            raise CommandError(_("The bundle is not valid."), returncode=1)
        self.stdout.write(_("The bundle is valid."))
