"""The form by which an authority sets by which day it wants to have reviewed a month."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.law import calendar
from registry.values import printed
from registry.web.fields import DayField


class OwnDayForm(forms.Form):
    """A number of days after the month's end, and from when it counts."""

    days = printed.IntegerField(
        required=False,
        label=gettext_lazy("Reviewed by day"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
    )
    since = DayField(label=gettext_lazy("Counts from"))

    def __init__(self, *args: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = calendar.monthly_days(day)
        said = _(
            "Days after the month's end, 1 to %(last)s: the law's day is day %(most)s. Empty: no own day any more."
        )
        self.fields["days"].help_text = said % {"last": most - 1, "most": most}
