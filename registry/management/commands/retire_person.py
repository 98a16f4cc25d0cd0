"""End somebody's seat: they can't sign in any more; what they did stays theirs."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from registry.law import clock
from registry.models import Person
from registry.people import seats
from registry.permissions.roles import Role
from registry.terminal import TerminalCommand


class Command(TerminalCommand):
    help = "End a person's seat. Nobody is ever deleted: acts keep their actor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["username"], is_active=True).first()
        if person is None:
            raise CommandError(_("No user has the name %(username)s.") % {"username": options["username"]})
        seats.end(person, reason=options["reason"], by=None, at=clock.now())
        said = {"name": person.name, "username": person.username}
        self.stdout.write(_("%(name)s (%(username)s) can no longer sign in.") % said)
        if warning := _left_empty(person):
            self.stderr.write(self.style.WARNING(warning))


def _left_empty(person: Person) -> str:
    """That nobody of the role is left for the person's unit, authority or body; "" where somebody is."""
    if not seats.left_empty(person):
        return ""
    said = {"where": person.place or _("the whole country"), "role": Role(person.role).label}
    return _("%(where)s has no active person of the role “%(role)s” left: add one (manage.py add_person).") % said
