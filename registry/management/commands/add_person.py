"""Give somebody a seat: the way the first people get in."""

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from registry import journal
from registry.law import clock
from registry.models import Authority, Person, Unit, VerifierBody
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
        person = Person(
            username=options["username"],
            name=options["name"],
            role=options["role"],
            unit=self._one(Unit, "credit_code", options["unit"]),
            authority=self._one(Authority, "code", options["authority"]),
            body=self._one(VerifierBody, "code", options["body"]),
        )
        password = self._password()
        try:
            person.clean_fields(exclude=["password"])
            validate_password(password, person)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        person.set_password(password)
        try:
            with transaction.atomic():
                person.save()
                journal.record("person.added", person, by=None, at=clock.now(), role=person.role)
        except IntegrityError as error:
            message = _("The user name is taken, or the organisation does not fit the role (unit, authority or body).")
            raise CommandError(message) from error
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
