"""The supporting files of two versions side by side: of one month the files, of two months the kinds of evidence.

From month to month every file has another name and other bytes; what matters is whether a kind of evidence is there.
"""

from dataclasses import dataclass

from reporting.evidence import needs, standing
from reporting.evidence.needs import Requirement
from reporting.models import Evidence, PackageEvent, Submission

__all__ = ["ATTACHED", "MISSING", "NOT_NEEDED", "KindBeside", "files_beside", "kinds_beside"]

ATTACHED, MISSING, NOT_NEEDED = "attached", "missing", "not needed"


@dataclass(frozen=True, slots=True)
class KindBeside:
    """A kind of evidence, and how it stands on either side."""

    requirement: Requirement
    before: str
    after: str


def files_beside(before: Submission, after: Submission) -> tuple[list[Evidence], list[Evidence]]:
    """The files that came, and those that went, between two versions of a package."""
    old, new = _files(before), _files(after)
    was, now = ({file.sha256 for file in side} for side in (old, new))
    return [file for file in new if file.sha256 not in was], [file for file in old if file.sha256 not in now]


def kinds_beside(before: Submission, after: Submission) -> list[KindBeside]:
    """The kinds of evidence that stand otherwise in the one month than in the other."""
    old, new = _states(before), _states(after)
    known = {each.code: each for side in (before, after) for each in _requirements(side)}
    beside = (KindBeside(each, old.get(code, NOT_NEEDED), new.get(code, NOT_NEEDED)) for code, each in known.items())
    return [each for each in beside if each.before != each.after]


def _states(submission: Submission) -> dict[str, str]:
    covered = {code for file in _files(submission) for code in file.covers}
    needed = {each.code for each in standing.needed_by(submission)}
    return {code: ATTACHED if code in covered else MISSING for code in covered | needed}


def _requirements(submission: Submission) -> tuple[Requirement, ...]:
    return tuple(needs.requirements(submission.package.sector, submission.package.period))


def _files(submission: Submission) -> list[Evidence]:
    """The files that a version was submitted with; of a draft those that stand now."""
    submitted = submission.events.filter(kind=PackageEvent.Kind.SUBMITTED).exists()
    return list(standing.of_submission(submission) if submitted else standing.present(submission.package))
