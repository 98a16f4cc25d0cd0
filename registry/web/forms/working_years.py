"""The form by which a year's working days are entered."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.parameters.working_years import days_written
from registry.values import printed


class WorkingYearForm(forms.Form):
    """A year's calendar from the State Council's notice; `off` and `worked` come out as lists of days."""

    year = printed.IntegerField(min_value=2024, max_value=2999, label=_("Year"))
    off = forms.CharField(
        label=_("Holidays"),
        help_text=_("Every day of each holiday, including weekends within it: 2027-02-05..2027-02-11, 2027-04-05"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    worked = forms.CharField(
        label=_("Make-up working days"),
        help_text=_("Saturdays and Sundays that the notice makes working days; leave empty if there are none."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    notice = forms.CharField(
        label=_("Notice"), help_text=_("The State Council's notice: its number and date."), max_length=200
    )

    def clean_off(self) -> list[dt.date]:
        return self._days("off")

    def clean_worked(self) -> list[dt.date]:
        return self._days("worked")

    def _days(self, name: str) -> list[dt.date]:
        try:
            return days_written(self.cleaned_data[name])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
