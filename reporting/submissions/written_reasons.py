"""The reasons that a workbook holds for its own warnings, and those of them that explain nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from registry.values.canonical import digest
from reporting.findings import Explained, Finding, matched
from reporting.models import FindingAnswer, Package

__all__ = ["NO_WARNING", "REFUSED", "Written", "written"]

NO_WARNING, REFUSED = "no_warning", "refused"


@dataclass(frozen=True, slots=True)
class Written:
    """Reasons by the number of the finding that they explain; and the `unused` ones, each with its cell and why (NO_WARNING, REFUSED)."""

    given: dict[int, Explained] = field(default_factory=dict)
    unused: list[dict[str, str]] = field(default_factory=list)


def written(package: Package, findings: Sequence[Finding], rows: Sequence[Explained]) -> Written:
    """What was written in the workbook, at its findings. One query where anything was.

    What the province refused isn't given again in the same words for the very same warning: whoever answers it has to say more.
    """
    if not rows:
        return Written()
    found, left = matched(findings, rows)
    refused = _refused(package)
    again = {place for place, row in found.items() if (digest(findings[place].record()), row.reason) in refused}
    unused = {row.at: NO_WARNING for row in left} | {found[place].at: REFUSED for place in again}
    return Written(
        {place + 1: row for place, row in found.items() if place not in again},
        [{"cell": row.at, "why": unused[row.at]} for row in rows if row.at in unused],
    )


def _refused(package: Package) -> set[tuple[str, str]]:
    answers = FindingAnswer.objects.filter(finding__submission__package=package, refusal__isnull=False)
    return {(digest(each.finding.finding.record()), each.reason) for each in answers.select_related("finding")}
