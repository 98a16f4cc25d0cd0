"""A month as its clerk works on it: four parts that are ticked off, the next step, and what is wrong, told first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from registry.law import clock
from registry.values import figures
from registry.web import buttons
from registry.web.buttons import Button
from reporting.evidence import Checklist
from reporting.filing import way_of_submitting
from reporting.models import FindingRow, Package, Submission
from reporting.periods import ended, opens_on

__all__ = ["Part", "Problem", "Work", "work"]

DATA, WARNINGS, EVIDENCE, SUBMIT = "data", "warnings", "evidence", "submit"
# More would hide the page behind its list of errors; the rest stands in the part itself.
MOST_PROBLEMS = 8


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the checklist: what is said of it, in which tone, and whether it is what comes next."""

    name: str
    title: str
    said: str
    tone: str
    is_next: bool

    @property
    def is_done(self) -> bool:
        return self.tone == "ok"

    @property
    def template(self) -> str:
        return f"reporting/working/{self.name}.html"


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in the list above the page, and where it is corrected."""

    message: str
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class Work:
    """What is shown to whoever works on the month; `form` is the form that the bar's button sends, "" for none."""

    parts: list[Part]
    problems: list[Problem]
    more_problems: int
    next: str
    form: str
    press: str
    ways: list[Button]
    said: str
    to_approver: bool


@dataclass(frozen=True, slots=True)
class _Month:
    """What the parts are judged by; `warnings` and `errors` are the causes, each with what follows from it."""

    package: Package
    submission: Submission | None
    evidence: Checklist
    errors: Sequence[Any]
    warnings: Sequence[Any]
    is_reading: bool
    has_failed: bool
    to_approver: bool  # that the unit's approver confirms it before it is submitted

    @property
    def is_read(self) -> bool:
        """Whether the data could be submitted as they stand."""
        read = self.submission is not None and self.submission.is_readable and not self.submission.errors
        return read and self.package.state == Package.State.READ and not self.is_reading and not self.has_failed

    @property
    def explained(self) -> int:
        return sum(bool(answers) for _row, _field, answers, _follow in self.warnings)

    @property
    def next(self) -> str:
        """The part that is to be done next; a reason for a warning is asked for before the files, and none is compulsory."""
        if not self.is_read:
            return DATA
        if self.explained < len(self.warnings):
            return WARNINGS
        return EVIDENCE if self.evidence.missing else SUBMIT


def work(package: Package, submission: Submission | None, context: dict[str, Any]) -> Work:
    """The checklist of a month, from what its page shows."""
    month = _Month(
        package,
        submission,
        context["evidence"],
        context.get("errors", []),
        context.get("warnings", []),
        context["reading"] is not None,
        context["failed"] is not None,
        way_of_submitting.is_confirmed(package.unit_id),
    )
    forms = [context.get(name) for name in ("upload_form", "answers_form", "evidence_form")]
    problems = [*_of_forms(filter(None, forms)), *_of_data(month)]
    form, press, ways = _acts(month)
    return Work(
        parts=[_part(month, name) for name in (DATA, WARNINGS, EVIDENCE, SUBMIT)],
        problems=problems[:MOST_PROBLEMS],
        more_problems=max(len(problems) - MOST_PROBLEMS, 0),
        next=month.next,
        form=form,
        press=press,
        ways=ways,
        said=_next_step(month),
        to_approver=month.to_approver,
    )


def _part(month: _Month, name: str) -> Part:
    titles = {
        DATA: pgettext("part of a month", "Data"),
        WARNINGS: _("Warnings"),
        EVIDENCE: _("Supporting files"),
        SUBMIT: _("Hand over") if month.to_approver else _("Submit"),
    }
    states = {DATA: _data, WARNINGS: _warnings, EVIDENCE: _evidence, SUBMIT: _submit}
    said, tone = states[name](month)
    return Part(name, titles[name], said, tone, is_next=name == month.next)


def _data(month: _Month) -> tuple[str, str]:
    if month.is_reading:
        return _("being read"), "info"
    if month.has_failed:
        return _("not read because of a system error"), "danger"
    if month.submission is None:
        return _("no workbook yet"), "neutral"
    if month.errors:
        count = len(month.errors)
        return ngettext("%(n)s error to correct", "%(n)s errors to correct", count) % {"n": count}, "danger"
    if month.package.state == Package.State.RETURNED:
        return _("sent back: to be corrected"), "danger"
    said = _("version %(number)s, no errors") % {"number": month.submission.version}
    if month.submission.emissions is not None:
        said += f" · {figures.tonnes(month.submission.emissions)} tCO₂e"
    return said, "ok"


def _warnings(month: _Month) -> tuple[str, str]:
    if month.submission is None or not month.submission.is_readable:
        return _("after the data"), "neutral"
    if not month.warnings:
        return _("none"), "ok"
    numbers = {"done": month.explained, "all": len(month.warnings)}
    return _("%(done)s of %(all)s explained") % numbers, "ok" if month.explained == len(month.warnings) else "warn"


def _evidence(month: _Month) -> tuple[str, str]:
    needed = len(month.evidence.needed)
    if month.submission is None or not month.submission.is_readable:
        return _("after the data"), "neutral"
    if not needed:
        return _("none needed"), "ok"
    lacking = len(month.evidence.missing)
    said = _("%(done)s of %(all)s kinds attached") % {"done": needed - lacking, "all": needed}
    return said, "warn" if lacking else "ok"


def _submit(month: _Month) -> tuple[str, str]:
    if not ended(month.package.period, clock.today()):
        return _("from %(day)s") % {"day": figures.day(opens_on(month.package.period))}, "neutral"
    if month.is_read and not month.evidence.missing:
        return _("ready"), "info"
    return _("after the parts above"), "neutral"


def _next_step(month: _Month) -> str:
    """The sentence of the bar."""
    if month.is_reading:
        return _("The workbook is being read: this page goes on by itself.")
    if month.next == DATA:
        return _correcting(month)
    if month.next == WARNINGS:
        left = len(month.warnings) - month.explained
        return ngettext("Explain %(n)s warning", "Explain %(n)s warnings", left) % {"n": left}
    if month.next == EVIDENCE:
        left = len(month.evidence.missing)
        return ngettext("Attach %(n)s more kind of file", "Attach %(n)s more kinds of files", left) % {"n": left}
    if not _may_submit(month):
        opens = figures.day(opens_on(month.package.period))
        return _("All is ready. It can be submitted from %(day)s, after the period has ended.") % {"day": opens}
    return _("All is ready: hand it over to your approver") if month.to_approver else _("All is ready: submit it")


def _correcting(month: _Month) -> str:
    if month.has_failed:
        return _("Have the workbook read again")
    if month.submission is None:
        return _("Upload the workbook of this period")
    if month.package.state == Package.State.RETURNED and not month.errors:
        return _("Correct what was sent back")
    count = len(month.errors)
    return ngettext("Correct %(n)s error", "Correct %(n)s errors", count) % {"n": count}


def _acts(month: _Month) -> tuple[str, str, list[Button]]:
    """What the bar offers: the form it sends and the word on its button, and ways elsewhere."""
    pk = month.package.pk
    if month.is_reading:
        return "", "", []
    if month.next == DATA:
        if month.has_failed:
            return "read-again", _("Read it again"), []
        if month.submission is None:
            return "upload", _("Upload and check"), []
        return "", "", [buttons.link(_("Correct on the page"), "reporting:package_correct", pk, tone="primary")]
    submitting = [_submitting(month, "primary")] if _may_submit(month) else []
    if month.next == WARNINGS:
        unexplained = [_submitting(month, "outline-secondary")] if submitting and not month.evidence.missing else []
        return "answers", _("Keep these reasons"), unexplained
    if month.next == EVIDENCE:
        return "attach", _("Attach"), []
    return "", "", submitting


def _may_submit(month: _Month) -> bool:
    return ended(month.package.period, clock.today())


def _submitting(month: _Month, tone: str) -> Button:
    """The way to submitting the version; whose it is may submit it."""
    submission = month.submission
    said = _("Hand over to the approver") if month.to_approver else _("Submit this version")
    return buttons.press(said, "reporting:submission_submit", submission.pk if submission else 0, tone=tone)


def _of_forms(forms: Iterable[BaseForm]) -> Iterator[Problem]:
    """What was wrong with a form that came back, each at its field."""
    for form in forms:
        for name, messages in form.errors.items():
            bound = form[name] if name in form.fields else None
            url = f"#{bound.id_for_label}" if bound is not None else "#next"
            yield from (Problem(str(message), str(bound.label) if bound else "", url) for message in messages)


def _of_data(month: _Month) -> Iterator[Problem]:
    """The errors of the version, each at its cell in the editor; those of a file that can't be read stand below."""
    if month.is_reading:
        return
    editor = reverse("reporting:package_correct", args=[month.package.pk])
    readable = month.submission is not None and month.submission.is_readable
    for row, *_rest in month.errors:
        yield Problem(row.finding.message, _place(row), f"{editor if readable else ''}#finding-{row.number}")


def _place(row: FindingRow) -> str:
    return f"{row.sheet} {row.cell}".strip()
