"""The forms by which decisions on deductions are entered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from allocation.deductions import FIRST_YEAR, LONGEST_NUMBER, Decision
from allocation.models import Deduction
from registry.models import Person, Unit
from registry.values import printed
from registry.values.sectors import quota_choices
from registry.web.fields import TABLE, DayField, UploadField


class DeductionForm(forms.Form):
    """One decision, against a unit of the officer's own authority."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Unit"))
    sector = forms.ChoiceField(choices=quota_choices(), label=gettext_lazy("Sector"))
    number = forms.CharField(max_length=LONGEST_NUMBER, label=gettext_lazy("Document number"))
    decided_on = DayField(label=gettext_lazy("Decision of"))
    year = printed.IntegerField(
        min_value=FIRST_YEAR,
        max_value=2100,
        label=gettext_lazy("For the year"),
        help_text=gettext_lazy("The emission year of the breach; each has its column in the official tables."),
    )
    tonnes = printed.IntegerField(min_value=1, max_value=10**15 - 1, label=gettext_lazy("Tonnes"))
    ground = forms.ChoiceField(
        choices=Deduction.Ground.choices, label=gettext_lazy("Ground of the deduction"), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Unit.objects.filter(authority=person.authority_id).order_by("name")

    def decision(self) -> Decision:
        """What a valid form says."""
        return Decision(**{**self.cleaned_data, "unit": self.cleaned_data["unit"].credit_code})


class RevocationForm(forms.Form):
    """The document by which a decision is revoked."""

    number = forms.CharField(max_length=LONGEST_NUMBER, label=gettext_lazy("Document number"))
    decided_on = DayField(label=gettext_lazy("Decision of"))
    reason = forms.CharField(max_length=300, label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class DeductionTableForm(forms.Form):
    """Decisions as a CSV table."""

    table = UploadField(label=gettext_lazy("Table of decisions (CSV or XLSX)"), accept=TABLE)
