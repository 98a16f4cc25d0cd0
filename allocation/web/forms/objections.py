"""The forms of an objection to quota."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation.models import Award, Objection
from registry.values import figures

LONGEST = 10_000
WHOLE = "whole"


class ObjectionForm(forms.Form):
    """What is contested: one line, or all that the run gave the unit; and why."""

    award = forms.ChoiceField(label=gettext_lazy("What you object to"), widget=forms.RadioSelect)
    grounds = forms.CharField(
        label=gettext_lazy("What is contested, and why"),
        help_text=gettext_lazy("State the figure, the value you consider correct, and your evidence."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, awards: Sequence[Award], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._awards = {str(award.pk): award for award in awards}
        field = self.fields["award"]
        if isinstance(field, forms.ChoiceField):
            lines = [
                (key, _("Line %(line)s: %(quota)s t") % {"line": award.line.code, "quota": figures.tonnes(award.quota)})
                for key, award in self._awards.items()
            ]
            field.choices = [(WHOLE, _("The whole determination")), *lines]

    def clean_award(self) -> Award | None:
        return self._awards.get(self.cleaned_data["award"])


class DecisionProposalForm(forms.Form):
    """What an officer proposes to decide."""

    outcome = forms.ChoiceField(
        choices=Objection.Outcome.choices, label=gettext_lazy("Decision"), widget=forms.RadioSelect
    )
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("Shown to the unit with the decision."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
