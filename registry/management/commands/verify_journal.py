"""Verify the journal's hash chain."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from registry import journal
from registry.models import JournalHead


class Command(BaseCommand):
    help = (
        "Verify the journal's hash chain from its first entry to its last. Exit 0 if whole, 1 if not, with every fault."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(journal.verify())
        for fault in faults:
            self.stderr.write(fault)
        head = JournalHead.objects.get(pk=1)
        if faults:
            raise CommandError(_("The journal has %(count)d faults.") % {"count": len(faults)}, returncode=1)
        self.stdout.write(
            _("The journal is whole: %(count)d entries, ending in %(hash)s.")
            % {"count": head.sequence, "hash": head.hash}
        )
