"""The form in which supporting files are attached."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.values.bilingual import name_of
from reporting.evidence.kinds import ACCEPT
from reporting.evidence.standing import Checklist, Entry


class ManyFilesInput(forms.FileInput):
    """A file field in which several files are chosen, or dropped, at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or more files; what they are is judged when they are attached."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[bytes]"]:
        return [super(ManyFilesField, self).clean(file, initial) for file in data or [None]]


class EvidenceForm(forms.Form):
    """Supporting files of a package: a zone for each kind that the month needs, and one for whatever supports several or another."""

    supporting = ManyFilesField(
        label=gettext_lazy("Supporting files"),
        required=False,
        allow_empty_file=True,  # refused by name when it is attached
        max_length=None,
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
    )
    covers = forms.MultipleChoiceField(
        label=gettext_lazy("They support"),
        required=False,
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
        self._needed = checklist.needed
        choices = [(entry.requirement.code, name_of(entry.requirement)) for entry in checklist.entries]
        covers: forms.MultipleChoiceField = self.fields["covers"]  # type: ignore[assignment]
        covers.choices = choices
        for entry in self._needed:
            self.fields[zone_of(entry.requirement.code)] = ManyFilesField(
                label=name_of(entry.requirement),
                required=False,
                allow_empty_file=True,
                widget=ManyFilesInput(attrs={"accept": ACCEPT}),
            )

    def beside(self, checklist: Checklist) -> "EvidenceForm":
        """The form with the files as they stand now: some of what was sent may have been attached."""
        self._needed = checklist.needed
        return self

    @property
    def zones(self) -> list[tuple[Entry, forms.BoundField]]:
        """The kinds that the month needs, each with its field."""
        return [(entry, self[zone_of(entry.requirement.code)]) for entry in self._needed]

    @property
    def has_more(self) -> bool:
        """Whether something was typed or was wrong in what is folded away."""
        own = ("supporting", "covers", "reuse_reason")
        wrong = any(name in self.errors for name in own)
        return self.is_bound and (wrong or any(self.data.get(name) for name in own))

    def given(self) -> Iterator[tuple[str, list[str], "UploadedFile[bytes]"]]:
        """Each file with the field it came in and the kinds that it is said to support."""
        fields = [(zone_of(entry.requirement.code), [entry.requirement.code]) for entry in self._needed]
        for name, covers in [*fields, ("supporting", self.cleaned_data["covers"])]:
            yield from ((name, covers, file) for file in self.cleaned_data[name] if file is not None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(True for _each in self.given()):
            first = next((zone_of(entry.requirement.code) for entry in self._needed if entry.is_missing), "supporting")
            self.add_error(first, _("Choose the supporting files."))
        return cleaned


def zone_of(code: str) -> str:
    """The field of a kind of evidence."""
    return f"zone-{code}"
