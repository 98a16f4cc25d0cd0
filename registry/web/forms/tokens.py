"""The form by which an access token is granted."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import ApiToken, Person
from registry.people import tokens
from registry.permissions.roles import Role
from registry.web.fields import DayField


class TokenForm(forms.Form):
    """An access token for a clerk of the approver's own unit."""

    name = forms.CharField(max_length=60, label=_("Name"), help_text=_("Which system will use it, such as “ERP”."))
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Acts as"))
    scopes = forms.MultipleChoiceField(
        choices=ApiToken.Scope.choices,
        label=_("Allowed to"),
        widget=forms.CheckboxSelectMultiple,
        initial=["read", "upload"],
    )
    until = DayField(
        label=_("Valid until"),
        help_text=_("At most a year."),
    )

    def __init__(self, *args: Any, person: Person, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, forms.ModelChoiceField):
            clerks = Person.objects.filter(unit=person.unit_id, role=Role.UNIT_CLERK, is_active=True)
            field.queryset = clerks.order_by("name", "pk")
        self.first, self.last = day, day + tokens.LONGEST - dt.timedelta(days=1)
        self.fields["until"].widget.attrs |= {"min": self.first.isoformat(), "max": self.last.isoformat()}

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if not self.first <= until <= self.last:
            raise forms.ValidationError(_("Choose a day between today and a year from now."))
        return until
