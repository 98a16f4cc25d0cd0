"""Allocation's forms."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation import labels
from allocation.models import Run
from allocation.queries import Held
from registry.values import figures, printed
from registry.values.exact import half_up
from registry.values.sectors import quota_choices


class YearForm(forms.Form):
    """An emission year."""

    year = printed.IntegerField(min_value=2024, max_value=2100, label=gettext_lazy("Year"))


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


class ScopeForm(YearForm):
    """Which run's scope is asked for before there is a run."""

    kind = forms.ChoiceField(choices=Run.Kind.choices, label=gettext_lazy("Kind"))
    sector = forms.ChoiceField(choices=quota_choices(), label=gettext_lazy("Sector"))
    field_order = ("kind", "sector", "year")


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


class ReasonForm(forms.Form):
    """Why something is refused, discarded or frozen."""

    reason = forms.CharField(max_length=300, label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class FileForm(forms.Form):
    """The sha256 of the file that the approver has before them."""

    sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)


class LetterForm(YearForm):
    """A letter over the approved runs of a year and kind."""

    kind = forms.ChoiceField(choices=Run.Kind.choices, label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    number = forms.CharField(
        max_length=60, label=gettext_lazy("Document number"), help_text=gettext_lazy("As your authority registered it.")
    )
    field_order = ("kind", "year", "number")


class TablesForm(forms.Form):
    """A workbook of official tables to be checked."""

    tables = forms.FileField(
        label=gettext_lazy("Workbook of tables (XLSX)"), widget=forms.FileInput(attrs={"accept": ".xlsx"})
    )

    def clean_tables(self) -> "UploadedFile[bytes]":
        """Refused by its size before it is read into memory."""
        file: UploadedFile[bytes] = self.cleaned_data["tables"]
        if file.size is not None and file.size > settings.UPLOAD_LIMIT_BYTES:
            limit = figures.tonnes(settings.UPLOAD_LIMIT_BYTES)
            raise forms.ValidationError(_("At most %(limit)s bytes are accepted.") % {"limit": limit})
        return file


class TradesForm(forms.Form):
    """The exchange's record as a CSV table."""

    table = forms.FileField(
        label=gettext_lazy("The exchange's record (CSV or XLSX)"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_table(self) -> "UploadedFile[bytes]":
        """Refused by its size before it is read into memory."""
        file: UploadedFile[bytes] = self.cleaned_data["table"]
        if file.size is not None and file.size > settings.UPLOAD_LIMIT_BYTES:
            limit = figures.tonnes(settings.UPLOAD_LIMIT_BYTES)
            raise forms.ValidationError(_("At most %(limit)s bytes are accepted.") % {"limit": limit})
        return file


class SurrenderForm(forms.Form):
    """How many tonnes of each vintage that may settle the year; one field per vintage."""

    def __init__(self, *args: Any, vintages: Iterable[int], held: Iterable[Held], missing: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free: dict[int, int] = defaultdict(int)
        for row in held:
            free[row.vintage] += row.free or 0
        for vintage in vintages:
            help_text = _("%(free)s t available.") % {"free": figures.tonnes(free.get(vintage, 0))}
            offered = min(free.get(vintage, 0), missing)
            missing -= offered
            self.fields[f"v{vintage}"] = printed.IntegerField(
                min_value=0,
                required=False,
                initial=offered or None,
                label=_("Vintage %(vintage)s (t)") % {"vintage": vintage},
                help_text=help_text,
            )

    def quantities(self) -> dict[int, int]:
        """Tonnes by vintage, of a valid form."""
        return {int(name[1:]): quantity for name, quantity in self.cleaned_data.items() if quantity}
