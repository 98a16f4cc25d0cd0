"""What the API takes and gives."""

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from registry.models import Job, Unit
from registry.values import figures
from registry.values.bilingual import name_of
from reporting.evidence import Checklist
from reporting.models import Evidence, Package, Upload
from reporting.periods import due_day
from reporting.web.api.outcomes import as_json, reading_of, submission_of

Period = Annotated[str, StringConstraints(pattern="^[0-9]{4}(-(0[1-9]|1[0-2]))?$")]

_STATES = {Job.State.WAITING: "waiting", Job.State.RUNNING: "reading", Job.State.DONE: "read"}


class PackageOut(Schema):
    """One period of one unit and sector. `version` is the current one's number, `null` before a workbook was read;
    `errors` are its findings that block."""

    unit: str = Field(description="credit code")
    sector: str
    period: str
    state: str = Field(description="open, read, submitted, accepted or returned")
    handed_over: bool = Field(False, description="with the enterprise's approver, whose confirmation submits it")
    due: dt.date
    late: bool
    version: int | None = None
    errors: int | None = None
    warnings: int | None = None


class UploadOut(Schema):
    """A workbook that was taken in; `outcome` is there once it was read, in the shape of `read_workbook --json`."""

    id: int
    state: str = Field(description="waiting, reading, read or failed")
    name: str
    size: int
    sha256: str
    received_at: str
    package: PackageOut
    known_as: int | None = Field(
        None, description="of bytes that were a version before and are read once more: that version's number"
    )
    outcome: dict[str, Any] | None = None


class EvidenceOut(Schema):
    """A supporting file; `covers` are codes of what it supports."""

    id: int
    name: str
    size: int
    sha256: str
    media_type: str
    covers: list[str]
    attached_at: str


class RequirementOut(Schema):
    """A kind of supporting file; `files` are ids. `needed` is `null` as long as no workbook says what the period states."""

    code: str
    name: str
    article: str
    needed: bool | None = None
    present: bool
    files: list[int]


class ChecklistOut(Schema):
    """What the current version needs beside the files; `unattached` are names that the workbook gives and no file has."""

    package: PackageOut
    requirements: list[RequirementOut]
    files: list[EvidenceOut]
    unattached: list[str]


# PostgreSQL keeps no null character.
WITHOUT_NULL = r"^[^\x00]*$"


class AnswerIn(Schema):
    finding: int = Field(description="number of the warning within the version")
    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=WITHOUT_NULL)
    ]


class SubmitIn(Schema):
    version: int
    declared: Literal[True] = Field(
        description="That the data and their supporting material are true, accurate and complete, on behalf of the unit"
    )
    answers: Annotated[list[AnswerIn], Field(max_length=1000)] = []


def package_out(package: Package) -> PackageOut:
    current = package.submission
    return PackageOut(
        unit=package.unit.credit_code,
        sector=package.sector,
        period=package.period,
        state=package.state,
        handed_over=package.handing_id is not None,
        due=package.due,
        late=package.late,
        version=None if current is None else current.version,
        errors=None if current is None else current.errors,
        warnings=None if current is None else current.warnings,
    )


def unopened(unit: Unit, sector: str, period: str) -> PackageOut:
    """A period that the directory asks for and that nobody has begun."""
    state = Package.State.OPEN
    return PackageOut(
        unit=unit.credit_code,
        sector=sector,
        period=period,
        state=state,
        due=due_day(period),
        late=False,
        handed_over=False,
    )


def upload_out(upload: Upload, *, told: bool = True) -> UploadOut:
    """`told`: whether the asker may read what was found, not only that it was taken."""
    job, submission = reading_of(upload), submission_of(upload)
    state = "failed" if job is None else _STATES.get(Job.State(job.state), "failed")
    return UploadOut(
        id=upload.pk,
        state=state,
        name=upload.name,
        size=upload.size,
        sha256=upload.sha256,
        received_at=figures.instant(upload.at),
        package=package_out(upload.package),
        known_as=upload.known_as,
        outcome=as_json(submission) if told and submission is not None and state == "read" else None,
    )


def evidence_out(file: Evidence) -> EvidenceOut:
    columns = {name: getattr(file, name) for name in ("name", "size", "sha256", "media_type", "covers")}
    return EvidenceOut(id=file.pk, attached_at=figures.instant(file.at), **columns)


def checklist_out(package: PackageOut, found: Checklist) -> ChecklistOut:
    return ChecklistOut(
        package=package,
        requirements=[
            RequirementOut(
                code=entry.requirement.code,
                name=name_of(entry.requirement),
                article=entry.requirement.article,
                needed=entry.is_needed,
                present=bool(entry.files),
                files=[file.pk for file in entry.files],
            )
            for entry in found.entries
        ],
        files=[evidence_out(file.evidence) for file in found.files],
        unattached=[name for name, _data in found.unattached],
    )
