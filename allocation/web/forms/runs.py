"""The forms by which runs are prepared, looked for and approved."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation import labels
from allocation.models import Run
from allocation.queries import run_scope
from allocation.web.forms.years import YearForm
from registry.values.sectors import quota_choices
from registry.web.listing.in_memory import one_of


class RunForm(YearForm):
    """What is to be determined or allocated in advance."""

    kind = forms.ChoiceField(choices=Run.Kind.choices, label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    ALL = "all"
    sector = forms.ChoiceField(
        choices=[(ALL, gettext_lazy("all where I have units")), *quota_choices()], label=gettext_lazy("Sector")
    )
    ground = forms.ChoiceField(
        choices=[("", gettext_lazy("determined for the first time")), *Run.Ground.choices],
        required=False,
        label=gettext_lazy("Re-determined because of"),
        help_text=gettext_lazy("Only where the quota of the sector and year is determined already."),
    )
    reason = forms.CharField(
        required=False,
        max_length=500,
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "Appears on the adjustment notices: state which results changed, and under which document."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("kind", "sector", "year", "ground", "reason")

    def clean(self) -> dict[str, Any]:
        """What is re-determined is determined for a reason of its own, sector by sector."""
        asked = super().clean() or {}
        if asked.get("ground") and not asked.get("sector"):
            self.add_error("sector", _("Choose the sector whose quota is re-determined."))
        return asked


class RollForm(forms.Form):
    """Which lines of a run's scope are looked at."""

    part = one_of(run_scope.Part.choices, label=gettext_lazy("Included?"))
    reason = one_of(run_scope.REASONS.items(), label=gettext_lazy("Reason"))
    q = forms.CharField(required=False, label=gettext_lazy("Name or credit code"))
    contested = forms.BooleanField(required=False, label=gettext_lazy("Under objection only"))


class ScopeForm(YearForm, RollForm):
    """Which run's scope is asked for before there is a run, and which of its lines."""

    kind = forms.ChoiceField(choices=Run.Kind.choices, label=gettext_lazy("Kind"))
    sector = forms.ChoiceField(choices=quota_choices(), label=gettext_lazy("Sector"))
    field_order = ("kind", "sector", "year", "part", "reason", "q", "contested")


class RunBoardForm(YearForm):
    """Which runs the board is about."""

    kind = forms.ChoiceField(choices=Run.Kind.choices, label=gettext_lazy("Kind"))
    state = forms.ChoiceField(
        choices=[("", gettext_lazy("All")), *labels.RUN_BOARD_STATES.items()],
        required=False,
        label=gettext_lazy("State"),
    )


class ApprovalForm(forms.Form):
    """The hashes of what the approver has before them."""

    manifest_sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
    result_sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
