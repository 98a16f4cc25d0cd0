"""The forms of a balance value, and of a year of one line as it might have been."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from allocation.web.forms.years import YearForm
from registry.values import printed
from registry.values.exact import half_up
from registry.values.sectors import quota_choices


class BalanceValueForm(YearForm):
    """Which sector's value of which year is to be computed."""

    sector = forms.ChoiceField(choices=quota_choices(), label=gettext_lazy("Sector"))
    field_order = ("sector", "year")


class WhatIfForm(forms.Form):
    """A line's year as it might have been: as many digits as a verified result has."""

    emissions = printed.IntegerField(min_value=0, max_value=10**15, label=gettext_lazy("Verified emissions (tCO₂e)"))
    main_emissions = printed.DecimalField(
        min_value=0, max_digits=15, decimal_places=2, label=gettext_lazy("Emissions in the intensity (tCO₂e)")
    )
    output = printed.DecimalField(min_value=0, max_digits=15, decimal_places=2, label=gettext_lazy("Output (t)"))


class LineWhatIfForm(WhatIfForm):
    """Of a sector in which the emissions of the line are those of its intensity: asked once, exact; E is their whole tonnes."""

    emissions = None  # type: ignore[assignment]
    main_emissions = printed.DecimalField(
        min_value=0, max_digits=15, decimal_places=2, label=gettext_lazy("Emissions of the line (tCO₂e)")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "main_emissions" in cleaned:
            cleaned["emissions"] = int(half_up(cleaned["main_emissions"], 0))
        return cleaned
