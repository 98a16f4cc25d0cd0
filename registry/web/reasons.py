"""Reasons that people type: one form for all of them, what a page shows of it, and what comes back."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.access import SignedInRequest
from registry.law import clock
from registry.refusal import Refusal
from registry.web import kept_input

__all__ = ["DecisionForm", "ReasonForm", "ToCorrectForm", "WithdrawalForm", "reason_form", "reason_of"]


class ReasonForm(forms.Form):
    """Why something is refused, taken back or frozen."""

    reason = forms.CharField(max_length=300, label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class ToCorrectForm(ReasonForm):
    """Why something is sent back to whoever wrote it."""

    reason = forms.CharField(
        label=gettext_lazy("What is wrong and what to correct"), widget=forms.Textarea(attrs={"rows": 4})
    )


class WithdrawalForm(ReasonForm):
    """Why whoever proposed something takes it back."""

    reason = forms.CharField(max_length=200, label=gettext_lazy("Reason"))


class DecisionForm(ReasonForm):
    """A second person's decision; refusing needs a reason (the service insists)."""

    decision = forms.ChoiceField(
        choices=[("approve", gettext_lazy("Approve")), ("refuse", gettext_lazy("Refuse"))],
        widget=forms.RadioSelect,
        label=gettext_lazy("Decision"),
    )
    reason = forms.CharField(
        max_length=200,
        required=False,
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Required to refuse, not to approve."),
    )
    field_order = ("decision", "reason")

    def given(self) -> dict[str, Any]:
        """What a valid form says, as the services take it."""
        return {"approve": self.cleaned_data["decision"] == "approve", "reason": self.cleaned_data["reason"]}


def reason_form(request: SignedInRequest, pk: int, *names: str, kind: type[ReasonForm] = ReasonForm) -> ReasonForm:
    """A form for a reason; where one of the acts on the thing was refused, with the reason that was typed."""
    urls = [reverse(name, args=[pk]) for name in names]
    return kind(initial=kept_input.given(request, clock.now(), *urls))


def reason_of(request: SignedInRequest, kind: type[ReasonForm] = ReasonForm) -> str:
    """The reason that a page's form posted; raises Refusal where it is missing, too long or not text."""
    form = kind(request.POST)
    if not form.is_valid():
        raise Refusal(_("Reason: %(faults)s") % {"faults": " ".join(map(str, form.errors["reason"]))})
    return str(form.cleaned_data["reason"])
