"""What the API takes and gives."""

import datetime as dt
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import StringConstraints

from registry import figures
from registry.models import Job, Unit
from reporting.api.outcomes import as_json, reading_of, submission_of
from reporting.models import Package, Upload
from reporting.periods import due_day

Period = Annotated[str, StringConstraints(pattern="^[0-9]{4}(-(0[1-9]|1[0-2]))?$")]

_STATES = {Job.State.WAITING: "waiting", Job.State.RUNNING: "reading", Job.State.DONE: "read"}


class PackageOut(Schema):
    """One period of one unit and sector. `version` is the current one's number, null before a workbook was read;
    `errors` are its findings that block."""

    unit: str = Field(description="credit code")
    sector: str
    period: str
    state: str = Field(description="open, read, submitted, accepted or returned")
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
    outcome: dict[str, Any] | None = None


class AnswerIn(Schema):
    finding: int = Field(description="number of the warning within the version")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class SubmitIn(Schema):
    version: int
    answers: Annotated[list[AnswerIn], Field(max_length=1000)] = []


def package_out(package: Package) -> PackageOut:
    current = package.submission
    return PackageOut(
        unit=package.unit.credit_code,
        sector=package.sector,
        period=package.period,
        state=package.state,
        due=package.due,
        late=package.late,
        version=None if current is None else current.version,
        errors=None if current is None else current.errors,
        warnings=None if current is None else current.warnings,
    )


def unopened(unit: Unit, sector: str, period: str) -> PackageOut:
    """A period that the directory asks for and that nobody has begun."""
    state = Package.State.OPEN
    return PackageOut(unit=unit.credit_code, sector=sector, period=period, state=state, due=due_day(period), late=False)


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
        outcome=as_json(submission) if told and submission is not None and state == "read" else None,
    )
