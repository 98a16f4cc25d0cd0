"""The forms by which a unit's entry into the directory and its leaving are proposed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import DirectoryEntry, Person, Unit
from registry.values import printed
from registry.values.sectors import Sector
from registry.web.fields import DayField


class EntryProposalForm(forms.Form):
    """A unit's entry into the directory, proposed by its own authority's officer."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"))
    year = printed.IntegerField(min_value=2024, max_value=2100, label=_("Directory year"))
    sector = forms.ChoiceField(choices=Sector.choices, label=_("Sector"))
    on = DayField(label=_("Entered on"))
    ground = forms.ChoiceField(choices=DirectoryEntry.EntryGround.choices, label=_("Ground"))
    reason = forms.CharField(max_length=200, label=_("Reason, with the figures it rests on"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Unit.objects.filter(authority=person.authority_id)


class EntriesProposalForm(forms.Form):
    """What many units' entries have in common; which units is ticked beside it."""

    on = DayField(label=_("Entered on"))
    ground = forms.ChoiceField(choices=DirectoryEntry.EntryGround.choices, label=_("Ground"))
    reason = forms.CharField(max_length=200, label=_("Reason, with the figures it rests on"))


class ExitProposalForm(forms.Form):
    """A listed unit's leaving, with its ground."""

    on = DayField(label=_("Leaves on"))
    ground = forms.ChoiceField(choices=DirectoryEntry.ExitGround.choices, label=_("Ground"))
    reason = forms.CharField(max_length=200, label=_("Reason, with the figures it rests on"))
