"""The form by which a mandate is offered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Unit
from registry.web.fields import DayField


class MandateForm(forms.Form):
    """A mandate for another unit, named by its credit code: nobody browses the other units here."""

    holder = forms.ModelChoiceField(
        Unit.objects.all(),
        to_field_name="credit_code",
        widget=forms.TextInput(attrs={"maxlength": 18, "autocomplete": "off"}),
        label=_("Credit code of the unit that will file for yours"),
        error_messages={"invalid_choice": _("There is no unit with this credit code.")},
    )
    may_submit = forms.BooleanField(
        required=False,
        label=_("May also submit"),
        help_text=_("Otherwise it uploads only, and your own clerk submits."),
    )
    since = DayField(label=_("From"))
    until = DayField(label=_("Valid until"))
