"""The form that asks for an emission year."""

from django import forms
from django.utils.translation import gettext_lazy

from registry.values import printed


class YearForm(forms.Form):
    """An emission year."""

    year = printed.IntegerField(min_value=2024, max_value=2100, label=gettext_lazy("Year"))
