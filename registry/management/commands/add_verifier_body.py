"""Add a technical service body, so that its verifiers can be given seats."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from registry import journal
from registry.law import clock
from registry.models import VerifierBody
from registry.terminal import TerminalCommand


class Command(TerminalCommand):
    help = "Add a technical service body 技术服务机构."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("name")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        body, created = VerifierBody.objects.get_or_create(code=options["code"], defaults={"name": options["name"]})
        if not created:
            raise CommandError(
                _("A body with the code %(code)s already exists: %(name)s.") % {"code": body.code, "name": body.name}
            )
        journal.record("verifier_body.added", body, by=None, at=clock.now(), code=body.code, name=body.name)
        self.stdout.write(_("%(name)s is already recorded under %(code)s.") % {"name": body.name, "code": body.code})
