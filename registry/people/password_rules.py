"""What a new password must be: long enough, and none that was used before, be it the present one."""

from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.law import clock
from registry.models import FormerPassword, Person
from registry.people.guessing import most

__all__ = ["LongEnoughValidator", "NeverAgainValidator"]


class LongEnoughValidator:
    """Django's own, whose words its Chinese catalogue lacks."""

    def __init__(self, least: int = 10) -> None:
        self.least = least

    def validate(self, password: str, _user: Any = None) -> None:
        if len(password) < self.least:
            message = _("This password is too short: it needs at least %(least)d characters.") % {"least": self.least}
            raise ValidationError(message, code="password_too_short")

    def get_help_text(self) -> str:
        return _("Your password needs at least %(least)d characters.") % {"least": self.least}


class NeverAgainValidator:
    """One of AUTH_PASSWORD_VALIDATORS. Django tells it of every password that was set, of which it keeps the hash."""

    def validate(self, password: str, user: Any = None) -> None:
        if not isinstance(user, Person) or user.pk is None:
            return
        kept = FormerPassword.objects.filter(person=user).order_by("-pk").values_list("hash", flat=True)
        known = [_present(user), *kept[: most("password.kept", clock.now())]]
        # By the function and not the person's own method: that would write the hash anew where it is of an older kind.
        if any(check_password(password, each) for each in known if each):
            raise ValidationError(_("This password has been used before: choose another."), code="password_used_before")

    def password_changed(self, _password: str, user: Any = None) -> None:
        if isinstance(user, Person) and user.pk is not None:
            FormerPassword.objects.create(person=user, hash=user.password, at=clock.now())

    def get_help_text(self) -> str:
        return _("Your password can't be one that you used before.")


def _present(person: Person) -> str:
    """As it is stored: the form has set the new one on the object already."""
    return Person.objects.filter(pk=person.pk).values_list("password", flat=True).first() or ""
