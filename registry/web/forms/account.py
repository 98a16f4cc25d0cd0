"""The form by which a person says how to reach them."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

_PHONE = RegexValidator(
    r"^\+?[0-9][0-9 ()-]{4,28}$", _("A telephone number has digits, spaces, hyphens and brackets only.")
)


class PhoneForm(forms.Form):
    """A telephone number, or none."""

    phone = forms.CharField(
        required=False,
        max_length=30,
        validators=[_PHONE],
        label=_("Telephone"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
