"""The form in which supporting files are attached."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy

from registry.values.bilingual import name_of
from reporting.evidence.kinds import ACCEPT
from reporting.evidence.standing import Checklist


class ManyFilesInput(forms.FileInput):
    """A file field in which several files are chosen, or dropped, at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or more files; what they are is judged when they are attached."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[bytes]"]:
        return [super(ManyFilesField, self).clean(file, initial) for file in data or [None]]


class EvidenceForm(forms.Form):
    """Supporting files of a package, and what they support."""

    supporting = ManyFilesField(
        label=gettext_lazy("Supporting files"),
        allow_empty_file=True,  # refused with the others' faults, by name
        max_length=None,
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
        error_messages={"required": gettext_lazy("Choose the supporting files.")},
    )
    covers = forms.MultipleChoiceField(
        label=gettext_lazy("They support"),
        required=False,
        help_text=gettext_lazy("A file that the workbook names beside a value is assigned automatically."),
        widget=forms.CheckboxSelectMultiple,
    )
    reuse_reason = forms.CharField(
        label=gettext_lazy("Reason, if a file was already used for another package"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, checklist: Checklist, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(entry.requirement.code, name_of(entry.requirement)) for entry in checklist.entries]
        covers: forms.MultipleChoiceField = self.fields["covers"]  # type: ignore[assignment]
        covers.choices = choices
