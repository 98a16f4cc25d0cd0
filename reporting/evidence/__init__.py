"""Supporting files 支撑材料: what a month needs, what a file is, attaching and withdrawing, and what went with a submission.

    attach(package, files, covers=codes, reason="", by=, at=) -> list[Evidence]     all or none; `files` are django.core.files.base.File
    withdraw(evidence, by=, at=)
    present(package), of_submission(submission) -> QuerySet[Evidence]               as of now; as submitted
    missing(package, submission) -> list[Requirement]                               what submitting it now would be refused for
    checklist(package, submission, files) -> Checklist                              for the page
    requirements(sector, period), needed(content) -> tuple[Requirement, ...]        the guideline's, without a database

intake.submit calls `needed_by`, `for_submission` and `freeze`.

What a month `needs`, which `kinds` of file there are (`pdf`) and whether one is `fit`; `attaching` and what is
`standing`; its `comparison` with the month's values, its `forms`, and the certificates of a plan's meters
(`plan_certificates`).
"""

from reporting.evidence.attaching import attach, for_submission, freeze, withdraw
from reporting.evidence.kinds import ACCEPT, KINDS, UnfitError, told_from
from reporting.evidence.needs import Requirement, needed, requirements
from reporting.evidence.standing import Checklist, changed_since, checklist, missing, needed_by, of_submission, present

__all__ = [
    "ACCEPT",
    "KINDS",
    "Checklist",
    "Requirement",
    "UnfitError",
    "attach",
    "changed_since",
    "checklist",
    "for_submission",
    "freeze",
    "missing",
    "needed",
    "needed_by",
    "of_submission",
    "present",
    "requirements",
    "told_from",
    "withdraw",
]
