"""Verify the journal's hash chain."""

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry import journal
from registry.models import JournalHead
from registry.terminal import TerminalCommand


class Command(TerminalCommand):
    help = (
        "Verify the journal's hash chain from its first entry to its last, and that its time runs forward. Exit 0 if whole, 1 if not,"
        " with every fault."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        head = JournalHead.objects.filter(pk=1).first()
        if head is None:
            raise CommandError(_("The journal's head is missing: where the journal ends is unknown."), returncode=1)
        back, small = journal.backdated()
        faults = [*journal.verify(), *map(str, back)]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(_("The journal has %(count)d faults.") % {"count": len(faults)}, returncode=1)
        if small:
            self.stdout.write(journal.told_as_late(small))
        self.stdout.write(
            _("The journal is intact: %(count)d entries, ending in %(hash)s.")
            % {"count": head.sequence, "hash": head.hash}
        )
