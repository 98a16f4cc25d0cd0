"""The forms of a balance value, and of a year of one line as it might have been."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from allocation.web.forms.years import YearForm
from allocation.web.tables.missing_results import Stage
from allocation.web.tables.recomputations import Change
from registry.law import calendar, clock
from registry.models import Authority
from registry.values import printed
from registry.values.exact import half_up
from registry.values.sectors import quota_choices, with_quota
from registry.web.as_of import year_asked
from registry.web.listing.in_memory import one_of


class BalanceValueForm(YearForm):
    """Which sector's value of which year is to be computed."""

    sector = forms.ChoiceField(choices=quota_choices(), label=gettext_lazy("Sector"))
    field_order: tuple[str, ...] = ("sector", "year")


def _provinces() -> list[tuple[str, str]]:
    return [(one.code, str(one)) for one in Authority.objects.all()]


class MissingForm(BalanceValueForm):
    """Of which sector and year verified results are missing, and which of these are looked at."""

    province = one_of(_provinces, label=gettext_lazy("Province"))
    stage = one_of(Stage.choices, label=gettext_lazy("Stage"))
    q = forms.CharField(required=False, label=gettext_lazy("Name or credit code"))
    field_order = ("sector", "year", "province", "stage", "q")


class ChangedForm(forms.Form):
    """Which of the lines with changed results are looked at."""

    province = one_of(_provinces, label=gettext_lazy("Province"))
    change = one_of(Change.choices, label=gettext_lazy("Change"))
    q = forms.CharField(required=False, label=gettext_lazy("Name or credit code"))


def usual(request: HttpRequest) -> dict[str, Any]:
    """The first sector with quota, and the year that is asked for or at hand."""
    return {"sector": with_quota()[0].value, "year": year_asked(request, calendar.compliance_year(clock.today()))}


def asked_in(request: HttpRequest) -> dict[str, Any]:
    """The sector and year that the address asks for; where there can't be such, what is usual."""
    first = usual(request)
    form = BalanceValueForm({**first, **request.GET.dict()})
    return form.cleaned_data if form.is_valid() else first


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
