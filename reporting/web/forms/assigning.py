"""Forms about who verifies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import VerifierBody
from reporting.models import Verification


class AssignForm(forms.Form):
    """The body that is to verify."""

    body = forms.ModelChoiceField(VerifierBody.objects.all(), label=_("Technical service body"))


class AssignAgainForm(AssignForm):
    """The body that is to verify again what has a result, and why it is to."""

    ground = forms.ChoiceField(choices=[("", "---------"), *Verification.Ground.choices], label=_("Ground"))
    reason = forms.CharField(
        max_length=2000,
        label=_("Reason"),
        help_text=_("The finding, decision or request, with its number and day; the unit reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReassignForm(forms.Form):
    """Why a report is taken from a body that has not begun, and which body gets it instead, if any."""

    body = forms.ModelChoiceField(
        VerifierBody.objects.none(),
        required=False,
        label=_("Technical service body instead"),
        empty_label=_("none yet: withdraw only"),
    )
    reason = forms.CharField(
        max_length=2000, label=_("Reason (both bodies read it)"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, verification: Verification, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body = self.fields["body"]
        if isinstance(body, forms.ModelChoiceField):
            body.queryset = VerifierBody.objects.exclude(pk=verification.body_id)
