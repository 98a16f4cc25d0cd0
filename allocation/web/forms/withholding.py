"""The forms around differentiated units."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from allocation.plans import all_plans
from allocation.templatetags.allocation_law import law_value
from registry.models import Person, Unit
from registry.values import printed
from registry.values.sectors import quota_choices


class MarkForm(forms.Form):
    """Which unit's quota is to be withheld, and on which of the plan's grounds; the service insists that the plan of the year names it."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"))
    sector = forms.ChoiceField(choices=quota_choices(), label=_("Sector"))
    year = printed.IntegerField(min_value=2024, max_value=2100, label=_("Year"))
    ground = forms.ChoiceField(label=_("Ground for differentiated issuance"), widget=forms.RadioSelect)
    facts = forms.CharField(
        max_length=300,
        label=_("Circumstances"),
        help_text=_("Appears in the official table, after the ground."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units, ground = self.fields["unit"], self.fields["ground"]
        if isinstance(units, forms.ModelChoiceField):
            units.queryset = Unit.objects.filter(authority=person.authority_id).order_by("name")
        if isinstance(ground, forms.ChoiceField):
            ground.choices = [(word, law_value(word)) for word in _grounds()]


class ReleaseForm(forms.Form):
    """The province's word that what remains is released."""

    number = forms.CharField(max_length=60, label=_("Document number"), help_text=_("As your authority registered it."))


def _grounds() -> list[str]:
    """Every ground that a final plan names in any year, in the order of the plans."""
    words: dict[str, None] = {}
    for plan in all_plans():
        parameter = plan.parameters.get("issue.differentiated")
        for row in parameter.values if parameter and plan.in_force else ():
            for word in row.value if isinstance(row.value, tuple) else (row.value,):
                words[str(word)] = None
    return list(words)
