"""Which supporting files a package has, which a version was submitted with, and what is still missing."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from reporting.content import Content, Datum
from reporting.evidence import needs
from reporting.evidence.needs import Requirement
from reporting.models import Evidence, Package, PackageEvent, Submission

__all__ = [
    "Checklist",
    "Entry",
    "File",
    "changed_since",
    "checklist",
    "missing",
    "needed_by",
    "of_submission",
    "present",
    "uncovered",
]


def present(package: Package) -> QuerySet[Evidence]:
    """The package's files that were not withdrawn, as the next submission would take them."""
    return Evidence.objects.filter(package=package, withdrawal__isnull=True).order_by("pk")


def of_submission(submission: Submission, until: PackageEvent | None = None) -> QuerySet[Evidence]:
    """The files with which the version was submitted last (up to an event of it), whatever became of them; none for a draft."""
    events = submission.events.filter(kind=PackageEvent.Kind.SUBMITTED)
    if until is not None:
        events = events.filter(pk__lte=until.pk)
    return Evidence.objects.filter(submitted__event=events.order_by("-pk").values("pk")[:1]).order_by("pk")


def needed_by(submission: Submission) -> Sequence[Requirement]:
    """The kinds of evidence without which the version may not be submitted. No query."""
    return needs.needed(Content.from_json(submission.stored_content())) if submission.is_readable else ()


def missing(package: Package, submission: Submission) -> list[Requirement]:
    """The kinds of evidence that the version needs and the package's present files don't support."""
    return uncovered(needed_by(submission), present(package))


def uncovered(needed: Iterable[Requirement], files: Iterable[Evidence]) -> list[Requirement]:
    """Those of the kinds that none of the files supports."""
    covered = {code for file in files for code in file.covers}
    return [each for each in needed if each.code not in covered]


def changed_since(package: Package, at: dt.datetime) -> bool:
    """Whether files were attached or withdrawn after that instant."""
    files = Evidence.objects.filter(package=package)
    return files.filter(Q(at__gt=at) | Q(withdrawal__at__gt=at)).exists()


@dataclass(frozen=True, slots=True)
class File:
    """A file with what it supports and the cells that name it."""

    evidence: Evidence
    supports: tuple[Requirement, ...]
    cells: tuple[Datum, ...]

    @property
    def more(self) -> int:
        """How many cells name it beside the first."""
        return max(len(self.cells) - 1, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of evidence of the period; `is_needed` None while no readable workbook says what the month states."""

    requirement: Requirement
    is_needed: bool | None
    files: tuple[Evidence, ...]

    @property
    def is_missing(self) -> bool:
        return bool(self.is_needed) and not self.files


@dataclass(frozen=True, slots=True)
class Checklist:
    """All kinds of evidence of a package, its files, and the files that the workbook names and nobody attached."""

    entries: tuple[Entry, ...]
    files: tuple[File, ...]
    unattached: tuple[tuple[str, tuple[Datum, ...]], ...]

    @property
    def needed(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_needed]

    @property
    def has_assumed(self) -> bool:
        """Whether no source states some of what is needed."""
        return any(entry.requirement.assumed for entry in self.needed)

    @property
    def missing(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_missing]


def checklist(package: Package, submission: Submission | None, files: Sequence[Evidence]) -> Checklist:
    """The files beside what the version needs. No query."""
    readable = submission is not None and submission.is_readable
    content = Content.from_json(submission.stored_content()) if submission is not None and readable else None
    known = needs.requirements(package.sector, package.period)
    cells = {} if content is None else needs.cited(content)
    attached = {needs.comparable(file.name) for file in files}
    return Checklist(
        entries=tuple(
            Entry(
                each,
                None if content is None else each.is_needed(content),
                tuple(file for file in files if each.code in file.covers),
            )
            for each in known
        ),
        files=tuple(
            File(
                file,
                tuple(each for each in known if each.code in file.covers),
                tuple(cells.get(needs.comparable(file.name), ())),
            )
            for file in files
        ),
        unattached=tuple(
            (_as_written(name, data), tuple(data)) for name, data in cells.items() if name not in attached
        ),
    )


def _as_written(name: str, data: list[Datum]) -> str:
    """The name as the workbook has it."""
    return next(text for text in needs.names_in(data[0].evidence) if needs.comparable(text) == name)
