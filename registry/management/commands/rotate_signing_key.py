"""Replace the key that signs receipts."""

from base64 import b64encode
from typing import Any

from django.utils.translation import gettext as _

from registry import journal
from registry.journal.seals import signing
from registry.law import clock
from registry.models import JournalHead
from registry.terminal import TerminalCommand


class Command(TerminalCommand):
    help = (
        "Makes a new signing key. The old private key is deleted; its public key stays published, "
        "so everything that it signed can still be checked."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        new = signing.rotate()
        public = b64encode(signing.public_keys()[new]).decode()
        head = JournalHead.objects.get(pk=1)
        journal.record("signing_key.rotated", head, by=None, at=clock.now(), key=new, public_key=public)
        self.stdout.write(_("The key %(key)s signs from now on.") % {"key": new})
