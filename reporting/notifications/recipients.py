"""Which acts are told to whom (docs/verification.md), and why the others need no message: every act of reporting is in one table."""

from collections.abc import Mapping

from registry.permissions.roles import Role

__all__ = ["QUIET", "TOLD"]

Kinds = Mapping[str, tuple[Role, ...]]

CLERK, UNIT_APPROVER, VERIFIER = Role.UNIT_CLERK, Role.UNIT_APPROVER, Role.VERIFIER
OFFICER, APPROVER = Role.PROVINCIAL_OFFICER, Role.PROVINCIAL_APPROVER

TOLD: Mapping[str, Kinds] = {
    # Whoever submitted it under a mandate is a clerk, too.
    "package.accepted": {"package.accepted": (CLERK,)},
    "package.returned": {"package.returned": (CLERK,), "package.reopened": (CLERK,)},
    "package.handed_over": {"package.handed_over": (UNIT_APPROVER,)},
    "package.not_confirmed": {"package.not_confirmed": (CLERK,)},
    "package.question_asked": {"question.asked": (CLERK,)},
    "package.question_answered": {"question.answered": (OFFICER,)},
    "package.reviewer_chosen": {"review.given": (OFFICER,), "review.taken": (OFFICER,)},
    "deadline.extended": {"deadline.extended": (CLERK,)},
    "control_plan.prepared": {"control_plan.prepared": (UNIT_APPROVER,)},
    "control_plan.submitted": {"control_plan.submitted": (OFFICER,)},
    "control_plan.accepted": {"control_plan.accepted": (CLERK, UNIT_APPROVER)},
    "control_plan.returned": {"control_plan.returned": (CLERK, UNIT_APPROVER)},
    "report.prepared": {"report.prepared": (UNIT_APPROVER,)},
    "report.filed": {"report.filed": (OFFICER,), "report.filed_own": (CLERK,)},
    "report.returned": {"report.returned": (CLERK, UNIT_APPROVER)},
    "verification.assigned": {"verification.assigned": (VERIFIER,)},
    # Whoever assigned it, where another took it back.
    "verification.withdrawn": {"verification.withdrawn": (VERIFIER,), "verification.withdrawn_own": (OFFICER,)},
    "verification.concluded": {"verification.concluded": (APPROVER,)},
    "verification.returned": {"verification.returned": (VERIFIER,)},
    "verification.taken_back": {"verification.taken_back": (APPROVER,)},
    "verification.approved": {
        "verification.told": (CLERK, UNIT_APPROVER),
        "verification.told_undated": (CLERK, UNIT_APPROVER),
        "verification.approved": (VERIFIER, OFFICER),
    },
}
"""By act the kinds of messages, and the roles that get each."""

_LISTED = "the unit is told that it is listed, and its year shows the days"
_OWN = "whoever did it sees it on the page, and nobody else has to act"

QUIET: Mapping[str, str] = {
    "deadline.listed": _LISTED,
    "package.uploaded": _OWN,
    "package.uploaded_again": _OWN,
    "package.read": _OWN,
    "package.made_current": _OWN,
    "package.warning_answered": _OWN,
    "package.answers_carried": _OWN,
    "package.answers_written": _OWN,
    "package.evidence_attached": _OWN,
    "package.evidence_withdrawn": _OWN,
    "package.taken_back": "the approver's list of what to do is shorter by it, and nobody has to act",
    "submitting.chosen": "each month's page says what its button does, and how the choice was made stands on its own page",
    "package.submitted": "a province gets thousands in a week: its officers work down a queue, which counts them",
    "review.own_day_set": "the queue and the list of what to do show the new day to everybody of the authority",
    "package.noted": "whoever of the authority opens the package reads it there",
    "package.bulk_acceptance_asked": "the acceptance of each package is told",
    "deadline.extended_many": "the extension of each month is told",
    "bulk.uploaded": _OWN,
    "bulk.submission_asked": _OWN,
    "control_plan.revised": "a change is the unit's draft until it is prepared, which is told",
    "verification.settled": "nobody reads the verifier's findings before they are concluded, which is told",
    "receipt.broken": "the ministry and the auditor have it on their lists of what to do",
    "result.departs": "the ministry and the auditor have it on their lists of what to do",
}
"""Acts that nobody is told of, and why."""
