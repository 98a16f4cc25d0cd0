"""Give somebody a seat: the way the first people get in."""

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from registry.law import clock
from registry.models import Authority, Person, Unit, VerifierBody
from registry.people.seats import Seat, against, create
from registry.permissions.roles import Role
from registry.terminal import TerminalCommand


class Command(TerminalCommand):
    help = "Add a person with one seat. The password is asked for, or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--unit", metavar="CREDIT_CODE")
        parser.add_argument("--authority", metavar="CODE")
        parser.add_argument("--body", metavar="CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        seat = Seat(
            username=options["username"],
            name=options["name"],
            role=options["role"],
            unit=self._one(Unit, "credit_code", options["unit"]),
            authority=self._one(Authority, "code", options["authority"]),
            body=self._one(VerifierBody, "code", options["body"]),
        )
        if why := against(seat):
            raise CommandError(why)
        password = self._password()
        try:
            validate_password(password, Person(username=seat.username, name=seat.name))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with transaction.atomic():
            person = create(seat, by=None, at=clock.now(), password=password)
        self.stdout.write(
            _("%(name)s can sign in as %(username)s.") % {"name": person.name, "username": person.username}
        )

    def _one(self, model: Any, field: str, value: str | None) -> Any:
        if value is None:
            return None
        found = model.objects.filter(**{field: value}).first()
        if found is None:
            raise CommandError(
                _("There is no %(what)s %(value)s.") % {"what": model._meta.verbose_name, "value": value}
            )
        return found

    def _password(self) -> str:
        return getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
