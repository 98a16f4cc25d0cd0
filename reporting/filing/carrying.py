"""Reasons for warnings that nobody has to give on the page: given for the very same warning of an earlier version, or in the workbook."""

import datetime as dt
from collections.abc import Iterable, Mapping

from registry import journal
from registry.values.canonical import digest
from reporting.findings import Explained
from reporting.models import FindingAnswer, FindingRow, Package, Submission

__all__ = ["carried_from", "carry_over", "take_written"]


def carry_over(package: Package, submission: Submission, at: dt.datetime) -> list[FindingAnswer]:
    """The reasons of earlier versions at the same warnings of a new one: the same code and place, and the same values that make it.

    They stay who gave them and when, so that they are told from those given for this version. An answer that the province refused
    is not given again. Must run in the transaction that stored the version.
    """
    if submission.version == 1:  # as most are: nothing is asked while the package is locked
        return []
    wanted = {_key(row): row for row in submission.findings.filter(blocks=False)}
    earlier = FindingAnswer.objects.filter(
        finding__submission__package=package, finding__submission__version__lt=submission.version
    )
    latest: dict[str, FindingAnswer] = {}
    for each in earlier.select_related("finding", "refusal").order_by("finding__submission__version", "pk"):
        latest[_key(each.finding)] = each
    carried = [
        FindingAnswer(
            finding=wanted[key],
            reason=given.reason,
            by_id=given.by_id,
            at=given.at,
            workbook_cell=given.workbook_cell,
        )
        for key, given in latest.items()
        if key in wanted and not hasattr(given, "refusal")
    ]
    if carried:
        answers = FindingAnswer.objects.bulk_create(carried)
        # As an answer that is typed: what was said only as a digest, for provinces read the journal and this is a draft.
        said = digest([[_key(each.finding), each.reason] for each in answers])
        journal.record(
            "package.answers_carried", package, by=None, at=at, papers=answers, version=submission.version, sha256=said
        )
    return carried


def take_written(
    package: Package, submission: Submission, written: Mapping[int, Explained], at: dt.datetime
) -> list[FindingAnswer]:
    """The reasons that a new version's workbook holds, by the number of the warning, given as whoever uploaded it would have on the page.

    One that was carried over in the same words stays who gave it first. Must run in the transaction that stored the version.
    """
    if not written:
        return []
    rows = submission.findings.filter(number__in=written, blocks=False).prefetch_related("answers")
    new = [
        FindingAnswer(
            finding=row, reason=said.reason, by_id=submission.upload.by_id, at=submission.read_at, workbook_cell=said.at
        )
        for row in rows
        if (said := written[row.number]).reason not in [given.reason for given in row.answers.all()]
    ]
    if new:
        answers = FindingAnswer.objects.bulk_create(new)
        sha256 = digest([[_key(each.finding), each.reason] for each in answers])  # a draft's, as those carried over
        journal.record(
            "package.answers_written",
            package,
            by=None,
            at=at,
            papers=answers,
            version=submission.version,
            sha256=sha256,
        )
        return answers
    return []


def carried_from(submission: Submission, answer: FindingAnswer, versions: Iterable[Submission]) -> int | None:
    """The version for which an answer of this one was given; None where it was given for this one."""
    if answer.at >= submission.read_at:
        return None
    given = [each.version for each in versions if each.version < submission.version and each.read_at <= answer.at]
    return max(given, default=None)


def _key(row: FindingRow) -> str:
    return digest(row.finding.record())
