"""`manage.py reconcile`: recompute every holding from the entries; a disagreement freezes the account and exits 1."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from allocation import accounts
from registry import clock


class Command(BaseCommand):
    help = "Check what every account holds against its entries and open requests; freezes accounts that disagree."

    def handle(self, *args: Any, **options: Any) -> None:
        found = accounts.reconcile(clock.now())
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
        if found:
            said = _("%(count)d holdings disagree with their entries; the accounts are frozen.") % {"count": len(found)}
            raise CommandError(said, returncode=1)
        self.stdout.write(_("Every holding agrees with its entries."))
