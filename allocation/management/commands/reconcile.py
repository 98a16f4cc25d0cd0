"""`manage.py reconcile`: recompute every holding from the entries; a disagreement freezes the account and exits 1."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allocation import accounts
from registry import clock


class Command(BaseCommand):
    help = "Check what every account holds against its entries and open requests; freezes accounts that disagree."

    def handle(self, *args: Any, **options: Any) -> None:
        found = accounts.reconcile(clock.now())
        for each in found:
            self.stderr.write(
                f"{each.account} {each.vintage}: holds {each.held}, entries say {each.entered}; "
                f"reserved {each.reserved}, open requests say {each.requested}"
            )
        if found:
            raise CommandError(
                f"{len(found)} holdings disagree with their entries; the accounts are frozen", returncode=1
            )
        self.stdout.write("Every holding agrees with its entries.")
