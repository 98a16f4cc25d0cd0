"""The form by which an accepted control plan is changed."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.web.fields import DayField


class PlanChangeForm(forms.Form):
    """From which day of the year a changed control plan is valid, and why it changes."""

    valid_from = DayField(label=gettext_lazy("Valid from"))
    reason = forms.CharField(
        label=gettext_lazy("Why it changes"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, year: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.fields["valid_from"].widget.attrs |= {"min": f"{year}-01-01", "max": f"{year}-12-31"}

    def clean_valid_from(self) -> dt.date:
        day: dt.date = self.cleaned_data["valid_from"]
        if day.year != self.year:
            raise forms.ValidationError(
                _("A change is valid from a day of %(year)s: choose one.") % {"year": self.year}
            )
        return day
