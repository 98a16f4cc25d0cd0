"""The form in which a clerk gives reasons for warnings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from reporting.findings import grouped
from reporting.models import FindingRow

Place = tuple[str, str, str]


class ReasonField(forms.CharField):
    """A reason; `offered_from` is the version that it is offered from, 0 where none is."""

    def __init__(self, *, offered_from: int, **how: Any) -> None:
        super().__init__(**how)
        self.offered_from = offered_from


class AnswersForm(forms.Form):
    """A written reason for each warning, as many as the person likes at once; an unchanged one isn't given again. What follows from a
    cause has no field of its own.

    `remembered` are the reasons given for the same warnings of earlier versions, by code, sheet and cell, with
    the version: offered, not given. Where the very same warning returned the reason is given already (reporting.filing.carrying).
    """

    def __init__(
        self,
        findings: Sequence[FindingRow],
        *args: Any,
        remembered: Mapping[Place, tuple[str, int]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        causes = grouped([finding.finding for finding in findings])
        self.warnings = {self.name_of(findings[cause]): findings[cause] for cause, _follow in causes}
        self.warnings = {name: finding for name, finding in self.warnings.items() if not finding.blocks}
        self._following = {findings[cause].pk: [findings[each] for each in follow] for cause, follow in causes}
        for name, finding in self.warnings.items():
            given = self._given_before(finding)
            earlier, version = (remembered or {}).get((finding.code, finding.sheet, finding.cell), ("", 0))
            self.fields[name] = ReasonField(
                required=False,
                max_length=2000,
                label=gettext_lazy("Reason, if the value is right"),
                initial=given or earlier,
                widget=forms.Textarea(attrs={"rows": 2}),
                offered_from=0 if given else version,
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
        """The warnings whose reason is new or was changed; a cause's reason is that of what follows from it."""
        for name, finding in self.warnings.items():
            reason = self.cleaned_data[name].strip()
            for each in [finding, *self._following[finding.pk]] if reason else ():
                if reason != self._given_before(each):
                    yield each, reason
