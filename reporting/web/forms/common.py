"""Reporting's forms."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import VerifierBody
from registry.values import figures, printed
from reporting.findings import halves, in_one
from reporting.models import FindingRow, ReportedDatum, Verification, VerifiedDatum
from reporting.verification import Decision
from reporting.verification import table as settling
from reporting.verification.dependents import Expected

XLSX = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Place = tuple[str, str, str]


class UploadForm(forms.Form):
    """A workbook; its kind is judged by the reader, which says what is wrong with it."""

    workbook = forms.FileField(
        label=gettext_lazy("The filled-in workbook"),
        widget=forms.FileInput(attrs={"accept": XLSX}),
        error_messages={"empty": gettext_lazy("The file is empty: choose the saved workbook and upload it again.")},
    )

    def clean_workbook(self) -> "UploadedFile[bytes]":
        """Refused by its size before it is read into memory."""
        file: UploadedFile[bytes] = self.cleaned_data["workbook"]
        if file.size is not None and file.size > settings.UPLOAD_LIMIT_BYTES:
            limits = {"size": figures.tonnes(file.size), "limit": figures.tonnes(settings.UPLOAD_LIMIT_BYTES)}
            message = _(
                "The file has %(size)s bytes; at most %(limit)s are taken. Remove pictures and sheets of your own."
            )
            raise forms.ValidationError(message % limits)
        return file


class BulkForm(forms.Form):
    """A zip of workbooks; what is in it is judged file by file."""

    archive = forms.FileField(
        label=gettext_lazy("The zip of filled-in workbooks"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_archive(self) -> "UploadedFile[bytes]":
        """Refused by its size before it is read into memory."""
        file: UploadedFile[bytes] = self.cleaned_data["archive"]
        if file.size is not None and file.size > settings.BULK_LIMIT_BYTES:
            limits = {"size": figures.tonnes(file.size), "limit": figures.tonnes(settings.BULK_LIMIT_BYTES)}
            raise forms.ValidationError(
                _("The archive has %(size)s bytes; at most %(limit)s are taken. Send it in parts.") % limits
            )
        return file


class BulkFilterForm(forms.Form):
    """Which files of a zip are shown: those with one of the outcomes that it has."""

    outcome = forms.ChoiceField(required=False, label=gettext_lazy("Outcome"))

    def __init__(self, *args: Any, outcomes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All")), *outcomes]


class ReasonForm(forms.Form):
    """Why something is sent back."""

    reason = forms.CharField(
        label=gettext_lazy("What is wrong, and what to correct"), widget=forms.Textarea(attrs={"rows": 4})
    )


class ExtensionForm(forms.Form):
    """A later day for one unit's period, and why."""

    due = forms.DateField(
        label=gettext_lazy("New last day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(max_length=2000, label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 4}))


class AssignForm(forms.Form):
    """The body that is to verify."""

    body = forms.ModelChoiceField(VerifierBody.objects.all(), label=gettext_lazy("Technical service body"))


class AssignAgainForm(AssignForm):
    """The body that is to verify once more what has a result, and why it is to."""

    ground = forms.ChoiceField(choices=[("", "---------"), *Verification.Ground.choices], label=gettext_lazy("Ground"))
    reason = forms.CharField(
        max_length=2000,
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The finding, decision or request, with its number and day; the unit reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswersForm(forms.Form):
    """A written reason for each warning, as many as the person likes at once; an unchanged one isn't given again.

    `remembered` are the reasons given for the same warnings of earlier versions, by code, sheet and cell: offered, not given.
    """

    def __init__(
        self, findings: Iterable[FindingRow], *args: Any, remembered: Mapping[Place, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.warnings = {self.name_of(finding): finding for finding in findings if not finding.blocks}
        for name, finding in self.warnings.items():
            earlier = (remembered or {}).get((finding.code, finding.sheet, finding.cell), "")
            self.fields[name] = forms.CharField(
                required=False,
                max_length=2000,
                label=gettext_lazy("Reason, if the value is right"),
                initial=self._given_before(finding) or earlier,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @staticmethod
    def name_of(finding: FindingRow) -> str:
        return f"answer-{finding.pk}"

    @staticmethod
    def _given_before(finding: FindingRow) -> str:
        given = list(finding.answers.all())
        return given[-1].reason if given else ""

    @classmethod
    def placed(cls, findings: Iterable[FindingRow], typed: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
        """Reasons typed for whatever version, at the findings of the same code and place; and those that found no place any more."""
        keys = [name.removeprefix("answer-") for name in typed if name.startswith("answer-")]
        rows = FindingRow.objects.filter(pk__in=[key for key in keys if key.isdecimal() and len(key) < 19])
        reasons = {(row.code, row.sheet, row.cell): typed[cls.name_of(row)] for row in rows}
        initial = {}
        for finding in findings:
            reason = reasons.pop((finding.code, finding.sheet, finding.cell), "")
            if reason:
                initial[cls.name_of(finding)] = reason
        return initial, list(reasons.values())

    def is_overtaken(self) -> bool:
        """Whether a reason was typed for a finding of another version than the one shown now."""
        return any(
            name.startswith("answer-") and name not in self.fields and str(value).strip()
            for name, value in self.data.items()
        )

    def given(self) -> Iterator[tuple[FindingRow, str]]:
        """The warnings whose reason is new or was changed."""
        for name, finding in self.warnings.items():
            reason = self.cleaned_data[name].strip()
            if reason and reason != self._given_before(finding):
                yield finding, reason


class SettlingForm(forms.Form):
    """The table of a verification: for every datum the value found, a reason, and a tick. All faults show at once.

    With every row goes the key of what it showed as settled, so that nobody writes over what she has not seen.
    """

    def __init__(self, rows: Iterable[settling.Row], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.rows = list(rows)
        for row in self.rows:
            self._add(row)
        self.overtaken = {
            row.datum.pk for row in self.rows if self.is_bound and self._posted(row) != settling.key_of(row)
        }

    def _posted(self, row: settling.Row) -> str:
        return str(self.data.get(f"seen-{row.datum.pk}") or "0")

    @staticmethod
    def seen(row: settling.Row) -> SafeString:
        """The hidden field: what is settled now, also in a form that comes back with faults."""
        return format_html('<input type="hidden" name="seen-{}" value="{}">', row.datum.pk, settling.key_of(row))

    def _offered(self, row: settling.Row) -> SafeString:
        """The hidden field beside a reason that the platform wrote: what it says to readers of either language."""
        key, reason = row.datum.pk, row.settled.reason if row.settled else row.offered_reason
        offered = self.data.get(f"both-{key}", "") if self.is_bound else reason if in_one(reason) != reason else ""
        return format_html('<input type="hidden" name="both-{}" value="{}">', key, offered) if offered else SafeString()

    def _add(self, row: settling.Row) -> None:
        key, settled = row.datum.pk, row.settled
        name = f"{row.datum.line.code if row.datum.line else ''} {row.item.label}"
        value = row.offered if settled is None else settled.value
        places = row.item.places
        self.fields[f"value-{key}"] = printed.DecimalField(
            min_value=0,
            max_digits=11 + places,
            decimal_places=places,
            initial=f"{value:.{places}f}",
            widget=forms.TextInput(attrs=_attributes(_("%(item)s: verified") % {"item": name}, inputmode="decimal")),
        )
        self.fields[f"reason-{key}"] = forms.CharField(
            required=False,
            max_length=2000,
            initial=in_one(row.offered_reason if settled is None else settled.reason),
            widget=forms.TextInput(attrs=_attributes(_("%(item)s: reason") % {"item": name})),
        )
        self.fields[f"ok-{key}"] = forms.BooleanField(
            required=False,
            initial=settled is not None,
            widget=forms.CheckboxInput(attrs={"aria-label": _("%(item)s: checked") % {"item": name}}),
        )

    def lines(
        self,
    ) -> Iterator[tuple[settling.Row, forms.BoundField, forms.BoundField, forms.BoundField, SafeString]]:
        """Each row of the table with its three fields and the hidden one."""
        for row in self.rows:
            key = row.datum.pk
            yield (
                row,
                self[f"value-{key}"],
                self[f"reason-{key}"],
                self[f"ok-{key}"],
                self.seen(row) + self._offered(row),
            )

    def clean(self) -> dict[str, Any]:
        for row in self.rows:
            key, value, reason = row.datum.pk, self.cleaned_data.get(f"value-{row.datum.pk}"), self._reason(row.datum)
            if value is not None and value != row.datum.value and not reason:
                self.add_error(f"reason-{key}", _("A corrected value needs a reason."))
            if key in self.overtaken and value is not None and self._decides(row, value, reason):
                message = _(
                    "Settled as %(value)s by %(person)s in the meantime: enter that, or save again to replace it."
                )
                by = row.settled.by if row.settled else ""
                self.add_error(f"value-{key}", message % {"value": row.verified_text, "person": by})
        return self.cleaned_data

    def decisions(self) -> list[Decision]:
        """What is to be settled: the rows ticked or corrected, where that isn't settled so already."""
        return [
            Decision(row.datum, value, reason, seen=int(settling.key_of(row)))
            for row in self.rows
            for value, reason in [(self._value(row.datum), self._reason(row.datum))]
            if self._decides(row, value, reason)
        ]

    def values(self) -> dict[int, Decimal]:
        """By datum the values typed, as far as they are numbers."""
        typed = ((row.datum.pk, self.cleaned_data.get(f"value-{row.datum.pk}")) for row in self.rows)
        return {key: value for key, value in typed if value is not None}

    def with_recomputed(self, new: Mapping[int, Expected], reasons: Mapping[int, str]) -> dict[str, Any]:
        """What was typed, with the recomputed data in their places; a reason of its own stays, else it is told why (`reasons`)."""
        data = {name: str(value) for name, value in self.data.items()}
        for key, found in new.items():
            data[f"value-{key}"] = f"{found.value:.{found.item.places}f}"
            if not data.get(f"reason-{key}", "").strip():
                data[f"reason-{key}"], data[f"both-{key}"] = in_one(reasons[key]), reasons[key]
        return data

    def seal_with(self, settled: Iterable[VerifiedDatum]) -> str:
        """The seal of the table as the person saw it, with what she has settled since: what she concludes."""
        keys = {row.datum.pk: self._posted(row) for row in self.rows}
        return settling.seal_of(keys | {row.datum_id: str(row.pk) for row in settled})

    def _decides(self, row: settling.Row, value: Decimal, reason: str) -> bool:
        if row.settled is not None and (row.settled.value, row.settled.reason) == (value, reason):
            return False
        return bool(self.cleaned_data[f"ok-{row.datum.pk}"]) or value != row.offered

    def _value(self, datum: ReportedDatum) -> Decimal:
        value: Decimal = self.cleaned_data[f"value-{datum.pk}"]
        return value

    def _reason(self, datum: ReportedDatum) -> str:
        """As typed; what the platform offered and nobody changed stays a reason for readers of either language."""
        typed, offered = (
            str(self.cleaned_data.get(f"reason-{datum.pk}", "")).strip(),
            self.data.get(f"both-{datum.pk}", ""),
        )
        return offered if offered and typed in halves(offered) else typed


def corrections(rows: Iterable[settling.Row], typed: Mapping[str, str]) -> list[str]:
    """In words what was typed into a SettlingForm: the values that are not as reported, and the reasons."""
    found = []
    for row in rows:
        value, reason = (typed.get(f"{part}-{row.datum.pk}", "").strip() for part in ("value", "reason"))
        if reason or value not in ("", f"{row.datum.value:.{row.item.places}f}"):
            line = row.datum.line.code if row.datum.line else ""
            found.append(f"{line} {row.item.label}: {value} {reason}".strip())
    return found


def _attributes(name: str, **more: str) -> dict[str, str]:
    """A field within a table has no label beside it: its name is said to whoever can't see the table."""
    return {"aria-label": name, "class": "control", **more}


class PlanChangeForm(forms.Form):
    """From which day of the year a changed control plan is valid, and why it changes."""

    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it changes"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, year: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.fields["valid_from"].widget.attrs |= {"min": f"{year}-01-01", "max": f"{year}-12-31"}

    def clean_valid_from(self) -> dt.date:
        day: dt.date = self.cleaned_data["valid_from"]
        if day.year != self.year:
            raise forms.ValidationError(
                _("A change is valid from a day of %(year)s: choose one.") % {"year": self.year}
            )
        return day
