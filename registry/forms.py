"""The registry's forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import DirectoryEntry, Person, Unit
from registry.sectors import Sector


class EntryProposalForm(forms.Form):
    """A unit's entry into the directory, proposed by its own authority's officer."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"))
    year = forms.IntegerField(min_value=2024, max_value=2100, label=_("Directory year"))
    sector = forms.ChoiceField(choices=Sector.choices, label=_("Sector"))
    on = forms.DateField(label=_("Entered on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    ground = forms.ChoiceField(choices=DirectoryEntry.EntryGround.choices, label=_("Ground"))
    reason = forms.CharField(max_length=200, label=_("Reason, with the figures it rests on"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Unit.objects.filter(authority=person.authority_id)


class ExitProposalForm(forms.Form):
    """A listed unit's leaving, with its ground."""

    on = forms.DateField(label=_("Leaves on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    ground = forms.ChoiceField(choices=DirectoryEntry.ExitGround.choices, label=_("Ground"))
    reason = forms.CharField(max_length=200, label=_("Reason, with the figures it rests on"))


class DecisionForm(forms.Form):
    """A second person's decision; refusing needs a reason (the service insists)."""

    decision = forms.ChoiceField(choices=[("approve", _("Approve")), ("refuse", _("Refuse"))], widget=forms.RadioSelect)
    reason = forms.CharField(max_length=200, required=False, label=_("Reason (needed to refuse)"))
