"""`manage.py reconcile`: every holding from the entries, every transaction from its digest; a fault freezes accounts and exits 1."""

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from allocation.ledger import accounts, soundness
from registry.law import clock
from registry.terminal import TerminalCommand


class Command(TerminalCommand):
    help = (
        "Check what every account holds against its entries and open requests, and every transaction against what was posted; "
        "freezes accounts that disagree or that a faulty transaction names."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        unsound, now = soundness.unsound(), clock.now()
        found = accounts.reconcile(now)
        accounts.freeze_unsound(unsound, now)
        for each in found:
            self.stderr.write(
                _(
                    "%(account)s %(vintage)s: holds %(held)s, entries say %(entered)s; "
                    "reserved %(reserved)s, open requests say %(requested)s"
                )
                % {
                    name: getattr(each, name)
                    for name in ("account", "vintage", "held", "entered", "reserved", "requested")
                }
            )
        for transaction in unsound:
            self.stderr.write(f"{transaction.transaction.key}: {transaction.why}")
        if found or unsound:
            said = _(
                "%(holdings)d holdings don't match their entries, %(transactions)d transactions differ from what was "
                "posted; the accounts are frozen."
            )
            counts = {"holdings": len(found), "transactions": len(unsound)}
            raise CommandError(said % counts, returncode=1)
        self.stdout.write(_("All holdings match their entries, all transactions match what was posted."))
