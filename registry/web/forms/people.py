"""The forms by which people are given seats."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Authority, Person, Unit, VerifierBody
from registry.people.seats import Seat, against
from registry.permissions.roles import PROVINCIAL_ROLES, UNIT_ROLES, Role
from registry.web.fields import TABLE, UploadField


class SeatForm(forms.Form):
    """Somebody and the seat. A province gives its own seats and those of its units; the ministry all."""

    username = forms.CharField(max_length=60, label=_("User name"))
    name = forms.CharField(max_length=60, label=_("Name"))
    role = forms.ChoiceField(label=_("Role"))
    unit = forms.ModelChoiceField(
        Unit.objects.none(), required=False, label=_("Unit"), help_text=_("For people of an enterprise.")
    )
    authority = forms.ModelChoiceField(
        Authority.objects.all(), required=False, label=_("Authority"), help_text=_("For people of a province.")
    )
    body = forms.ModelChoiceField(
        VerifierBody.objects.all(),
        required=False,
        label=_("Technical service body"),
        help_text=_(
            "For verifiers; a body is added by the platform's operator (<code>manage.py add_verifier_body</code>)."
        ),
    )
    email = forms.EmailField(required=False, label=_("E-mail"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = person.authority
        roles = [*UNIT_ROLES, *PROVINCIAL_ROLES] if self._own else list(Role)
        units = Unit.objects.filter(authority=self._own) if self._own else Unit.objects.all()
        role, unit = self.fields["role"], self.fields["unit"]
        if isinstance(role, forms.ChoiceField):
            role.choices = [(each.value, each.label) for each in roles]
        if isinstance(unit, forms.ModelChoiceField):
            unit.queryset = units.order_by("name")
        if self._own:
            del self.fields["authority"], self.fields["body"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if {"username", "name", "role"} <= set(given) and (why := against(self.seat())):
            raise forms.ValidationError(why)
        return given

    def seat(self) -> Seat:
        """What a valid form says."""
        given = self.cleaned_data
        own = self._own if given["role"] in PROVINCIAL_ROLES else None
        return Seat(
            given["username"],
            given["name"],
            given["role"],
            unit=given.get("unit"),
            authority=own or given.get("authority"),
            body=given.get("body"),
            email=given.get("email") or "",
        )


class SeatTableForm(forms.Form):
    """A table of people."""

    table = UploadField(accept=TABLE, label=_("Table of people"))
