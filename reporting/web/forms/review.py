"""The forms of the officer's desk, and the one in which a clerk answers them."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Person
from registry.values import printed
from reporting import queries
from reporting.content import Content
from reporting.content.places import Spot, spots_by_row
from reporting.evidence.forms import ManyFilesField, ManyFilesInput
from reporting.evidence.kinds import ACCEPT
from reporting.models import FindingAnswer, FindingRow, Package, Submission
from reporting.review import Noted, Refused, assigning
from reporting.workbook import names as naming

LONGEST = 2000


class ReturnForm(forms.Form):
    """Why a version is sent back. The data are numbered as reporting.content.places does; an empty field says that a datum is all right."""

    reason = forms.CharField(
        label=gettext_lazy("Overall: what is wrong and what to correct"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, submission: Submission, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        package = submission.package
        content = Content.from_json(submission.stored_content()) if submission.is_readable else None
        self._rows = []
        self._spots: dict[str, Spot] = {}
        for row, whole, data in spots_by_row(content) if content else ():
            title = naming.row_name(package.sector, package.period, row.key)
            names = [naming.datum_name(package.sector, package.period, row.key, spot.name) for spot in data]
            if len(data) > 1:
                self._add(whole, _("%(row)s: the whole row") % {"row": title})
            for spot, name in zip(data, names, strict=True):
                self._add(spot, f"{title}: {name}")
            self._rows.append((title, whole, list(zip(names, data, strict=True))))
        self.answered = [
            (row, answers[-1]) for row in queries.findings_of(submission) if (answers := list(row.answers.all()))
        ]
        for finding, _answer in self.answered:
            self.fields[f"refuse-{finding.pk}"] = _reason(_("Why the reason is not accepted"))

    def _add(self, spot: Spot, label: str) -> None:
        self._spots[f"at-{spot.number}"] = spot
        self.fields[f"at-{spot.number}"] = _reason(label)

    def rows(self) -> Iterator[tuple[str, forms.BoundField | None, list[tuple[str, Spot, forms.BoundField]]]]:
        """Each row with its title and field (None where it has one datum only), and its data with their names, spots and fields."""
        for title, whole, data in self._rows:
            name = f"at-{whole.number}"
            field = self[name] if name in self.fields else None
            yield title, field, [(label, spot, self[f"at-{spot.number}"]) for label, spot in data]

    def answers(self) -> Iterator[tuple[FindingRow, FindingAnswer, forms.BoundField]]:
        """The answers given for warnings, each with the field in which it is refused."""
        for finding, answer in self.answered:
            yield finding, answer, self[f"refuse-{finding.pk}"]

    def notes(self) -> list[Noted]:
        """The data for which a reason was written."""
        given = ((spot, self.cleaned_data[name].strip()) for name, spot in self._spots.items())
        return [Noted(spot, reason) for spot, reason in given if reason]

    def refused(self) -> list[Refused]:
        """The answers that are refused."""
        given = ((answer, self.cleaned_data[f"refuse-{finding.pk}"].strip()) for finding, answer in self.answered)
        return [Refused(answer, reason) for answer, reason in given if reason]


def _reason(label: str) -> forms.CharField:
    attributes = {"class": "control", "aria-label": label}
    return forms.CharField(required=False, max_length=LONGEST, label=label, widget=forms.TextInput(attrs=attributes))


class QuestionForm(forms.Form):
    """A question about a version: about one datum of it, or in general."""

    spot_number = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Your question"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, submission: Submission, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        package = submission.package
        content = Content.from_json(submission.stored_content()) if submission.is_readable else None
        self._spots: dict[str, Spot] = {}
        groups: list[tuple[str, Any]] = [("", _("in general"))]
        for row, _whole, data in spots_by_row(content) if content else ():
            self._spots |= {spot.number: spot for spot in data}
            named = [
                (spot.number, f"{naming.datum_name(package.sector, package.period, row.key, spot.name)} · {spot.value}")
                for spot in data
            ]
            groups.append((naming.row_name(package.sector, package.period, row.key), named))
        field = self.fields["spot_number"]
        if isinstance(field, forms.ChoiceField):
            field.choices = groups

    def spot(self) -> Spot | None:
        """The datum that it is about; None for a question in general."""
        return self._spots.get(self.cleaned_data["spot_number"])


class ReviewerForm(forms.Form):
    """Which officer reviews a package; nobody in particular where none is chosen."""

    to = forms.ModelChoiceField(
        Person.objects.none(),
        required=False,
        label=gettext_lazy("Reviewed by"),
        empty_label=gettext_lazy("nobody in particular"),
    )
    seen = printed.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, package: Package, posted: QueryDict | None = None) -> None:
        now = package.reviewer_id
        super().__init__(posted, initial={"to": now, "seen": now}, auto_id="reviewer-%s")
        field = self.fields["to"]
        if isinstance(field, forms.ModelChoiceField):
            # Whoever has it stays named, though they may have left.
            left = Person.objects.filter(pk=now or 0)
            field.queryset = assigning.officers_of(package.unit.authority_id) | left


class NoteForm(forms.Form):
    """What the authority notes for itself."""

    text = forms.CharField(
        label=gettext_lazy("Internal note"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReplyForm(forms.Form):
    """The unit's answer to a question."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    attached = ManyFilesField(
        label=gettext_lazy("Files that prove it, if any"),
        required=False,
        allow_empty_file=True,  # refused with the others' faults, by name
        max_length=None,
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
    )

    def given(self) -> list["UploadedFile[bytes]"]:
        """The files chosen; there may be none."""
        return [file for file in self.cleaned_data["attached"] if file]
