"""`MATRIX[act][role]` says how far the role reaches for the act. A role that is missing may not do it at all."""

from collections.abc import Iterable

from registry.permissions.acts import Act, Whose
from registry.permissions.roles import (
    MINISTRY_ROLES,
    NATIONAL_ROLES,
    PROVINCIAL_ROLES,
    REGISTRAR_ROLES,
    UNIT_ROLES,
    Role,
)

__all__ = ["MANDATED", "MATRIX"]


def _reach(**groups: Iterable[Role]) -> dict[Role, Whose]:
    """The roles named under `own_unit`, `own_authority`, `assigned`, `own_person`, `everything`, each with that reach."""
    names = {
        "own_unit": Whose.OWN_UNIT,
        "own_authority": Whose.OWN_AUTHORITY,
        "assigned": Whose.ASSIGNED,
        "own_person": Whose.OWN_PERSON,
        "everything": Whose.ALL,
    }
    return {role: names[group] for group, roles in groups.items() for role in roles}


_EVERYONE = _reach(everything=Role)
_READERS = _reach(own_unit=UNIT_ROLES, own_authority=PROVINCIAL_ROLES, everything=NATIONAL_ROLES)
_READERS_AND_VERIFIER = {**_READERS, Role.VERIFIER: Whose.ASSIGNED}
_OFFICERS = _reach(own_authority=PROVINCIAL_ROLES, everything=NATIONAL_ROLES)
_MINISTRY = _reach(everything=(*MINISTRY_ROLES, Role.AUDITOR))
_OFFICER = _reach(own_authority=[Role.PROVINCIAL_OFFICER])
_APPROVER = _reach(own_authority=[Role.PROVINCIAL_APPROVER])
_CLERK = _reach(own_unit=[Role.UNIT_CLERK])
_UNIT_APPROVER = _reach(own_unit=[Role.UNIT_APPROVER])
_OPERATOR = _reach(everything=[Role.REGISTRAR_OPERATOR])
_REGISTRAR_APPROVER = _reach(everything=[Role.REGISTRAR_APPROVER])


MATRIX: dict[Act, dict[Role, Whose]] = {
    Act.VIEW_UNIT: _READERS_AND_VERIFIER,
    Act.ENTER_UNITS: {**_OFFICER, **_reach(everything=[Role.MINISTRY_ANALYST])},
    Act.VIEW_DIRECTORY: _EVERYONE,
    # The ground is published; what was written beside it has the unit's figures and speaks to those concerned.
    Act.VIEW_DIRECTORY_REASON: {**_reach(own_unit=UNIT_ROLES, own_authority=PROVINCIAL_ROLES), **_MINISTRY},
    Act.VIEW_DIRECTORY_PROPOSAL: {**_reach(own_authority=PROVINCIAL_ROLES), **_MINISTRY},
    Act.PROPOSE_DIRECTORY: _OFFICER,
    Act.APPROVE_DIRECTORY: _APPROVER,
    Act.VIEW_PERSON: {**_reach(own_authority=PROVINCIAL_ROLES), **_MINISTRY},
    Act.PROPOSE_PERSON: {**_OFFICER, **_reach(everything=[Role.MINISTRY_ANALYST])},
    Act.APPROVE_PERSON: {**_APPROVER, **_reach(everything=[Role.MINISTRY_APPROVER])},
    Act.VIEW_JOURNAL: _OFFICERS,
    Act.VIEW_ACT_RECEIPT: {**_reach(own_person=Role), Role.AUDITOR: Whose.ALL},
    Act.VIEW_JOB: {**_reach(own_person=Role), Role.AUDITOR: Whose.ALL},
    # What somebody was told is nobody else's business; choosing whether e-mails come, too.
    Act.VIEW_NOTIFICATION: _reach(own_person=Role),
    # What a person keeps for themselves, and what was written for them.
    Act.KEEP_VIEW: _reach(own_person=Role),
    Act.TAKE_LIST: _reach(own_person=Role),
    Act.VIEW_MANDATE: _reach(own_unit=UNIT_ROLES, everything=[Role.AUDITOR]),
    Act.OFFER_MANDATE: _UNIT_APPROVER,
    Act.ACCEPT_MANDATE: _UNIT_APPROVER,
    Act.END_MANDATE: _UNIT_APPROVER,
    Act.VIEW_TOKEN: _reach(own_unit=UNIT_ROLES, everything=[Role.AUDITOR]),
    Act.GRANT_TOKEN: _UNIT_APPROVER,
    Act.REVOKE_TOKEN: _reach(own_unit=UNIT_ROLES),
    Act.VIEW_PARAMETERS: _EVERYONE,
    # How many findings a change would make, all over the country, is asked by whoever prepares, decides or audits it.
    Act.VIEW_PARAMETER_EFFECT: _MINISTRY,
    Act.PROPOSE_PARAMETER: _reach(everything=[Role.MINISTRY_ANALYST]),
    Act.APPROVE_PARAMETER: _reach(everything=[Role.MINISTRY_APPROVER]),
    Act.VIEW_PACKAGE: _READERS_AND_VERIFIER,
    # What an enterprise has uploaded and not submitted is its own business until it submits it.
    Act.VIEW_DRAFT: _reach(own_unit=UNIT_ROLES, everything=[Role.AUDITOR]),
    Act.UPLOAD_PACKAGE: _CLERK,
    Act.SUBMIT_PACKAGE: _CLERK,
    Act.CONFIRM_PACKAGE: _UNIT_APPROVER,
    Act.VIEW_WAY_OF_SUBMITTING: _reach(own_unit=UNIT_ROLES, everything=[Role.AUDITOR]),
    Act.CHOOSE_WAY_OF_SUBMITTING: _UNIT_APPROVER,
    Act.REVIEW_PACKAGE: _OFFICER,
    Act.VIEW_QUEUE: _OFFICERS,
    # What an authority asks of its own people is no word to the units, nor to the country.
    Act.VIEW_OWN_DAY: _reach(own_authority=PROVINCIAL_ROLES, everything=[Role.AUDITOR]),
    Act.SET_OWN_DAY: _APPROVER,
    Act.ASSIGN_REVIEW: _reach(own_authority=PROVINCIAL_ROLES),
    # What an authority's people write to one another is neither the unit's nor the country's; the auditor reads everything.
    Act.VIEW_NOTE: _reach(own_authority=PROVINCIAL_ROLES, everything=[Role.AUDITOR]),
    Act.WRITE_NOTE: _reach(own_authority=PROVINCIAL_ROLES),
    Act.REPLY_QUESTION: _CLERK,
    Act.EXTEND_DEADLINE: _OFFICER,
    # Not the approver: it tells of other units' drafts, which a mandate opens to clerks only.
    Act.VIEW_BULK_UPLOAD: _reach(own_unit=[Role.UNIT_CLERK], everything=[Role.AUDITOR]),
    Act.BULK_UPLOAD: _CLERK,
    Act.VERIFY_RECEIPT: _EVERYONE,
    Act.VIEW_CONTROL_PLAN: _READERS_AND_VERIFIER,
    Act.EDIT_CONTROL_PLAN: _CLERK,
    Act.SUBMIT_CONTROL_PLAN: _UNIT_APPROVER,
    Act.REVIEW_CONTROL_PLAN: _OFFICER,
    Act.VIEW_ANNUAL_REPORT: _READERS_AND_VERIFIER,
    Act.PREPARE_ANNUAL_REPORT: _CLERK,
    Act.FILE_ANNUAL_REPORT: _UNIT_APPROVER,
    Act.RETURN_ANNUAL_REPORT: _OFFICER,
    Act.VIEW_VERIFICATION: _READERS_AND_VERIFIER,
    Act.ASSIGN_VERIFICATION: _OFFICER,
    Act.VERIFY: _reach(assigned=[Role.VERIFIER]),
    # What a verifier has found so far, and what the province wrote to the verifier, is nobody else's until the result is told.
    Act.VIEW_FINDINGS_BEFORE_TOLD: {
        **_reach(assigned=[Role.VERIFIER], own_authority=PROVINCIAL_ROLES),
        **_MINISTRY,
    },
    Act.APPROVE_VERIFICATION: _APPROVER,
    Act.VIEW_VERIFIED_RESULT: _READERS_AND_VERIFIER,
    Act.VIEW_PLAN: _EVERYONE,
    Act.VIEW_BALANCE_VALUE: _EVERYONE,
    Act.COMPUTE_BALANCE_VALUE: _reach(everything=[Role.MINISTRY_ANALYST]),
    Act.PUBLISH_BALANCE_VALUE: _reach(everything=[Role.MINISTRY_APPROVER]),
    # Single lines and provinces of the whole country: whoever prepares, decides or audits.
    Act.STUDY_BALANCE_VALUE: _MINISTRY,
    Act.VIEW_RUN: _OFFICERS,
    Act.PREPARE_RUN: _OFFICER,
    Act.APPROVE_RUN: _APPROVER,
    Act.VIEW_AWARD: _READERS,
    Act.VIEW_LETTER: _OFFICERS,
    Act.SEND_LETTER: _OFFICER,
    Act.PREPARE_ISSUE: _OPERATOR,
    Act.EXECUTE_ISSUE: _REGISTRAR_APPROVER,
    Act.VIEW_ACCOUNT: _READERS,
    Act.FREEZE_ACCOUNT: _REGISTRAR_APPROVER,
    Act.VIEW_TRADES: _reach(everything=NATIONAL_ROLES),
    Act.PROPOSE_TRADES: _OPERATOR,
    Act.EXECUTE_TRADES: _REGISTRAR_APPROVER,
    Act.VIEW_NOTICE: _READERS,
    Act.SEND_NOTICE: _OFFICER,
    Act.VIEW_SURRENDER: _READERS,
    Act.REQUEST_SURRENDER: _CLERK,
    Act.CONFIRM_SURRENDER: _UNIT_APPROVER,
    Act.APPROVE_SURRENDER: _APPROVER,
    Act.EXECUTE_SURRENDER: _reach(everything=REGISTRAR_ROLES),
    Act.VIEW_CERTIFICATE: _READERS,
    Act.VIEW_OBJECTION: {**_reach(own_unit=UNIT_ROLES, own_authority=PROVINCIAL_ROLES), **_MINISTRY},
    Act.DRAFT_OBJECTION: _CLERK,
    Act.FILE_OBJECTION: _UNIT_APPROVER,
    Act.WITHDRAW_OBJECTION: _reach(own_unit=UNIT_ROLES),
    Act.ANSWER_OBJECTION: _OFFICER,
    Act.DECIDE_OBJECTION: _APPROVER,
    Act.VIEW_DEDUCTION: {**_reach(own_unit=UNIT_ROLES, own_authority=PROVINCIAL_ROLES), **_MINISTRY},
    # The table as it was uploaded names other units, too.
    Act.VIEW_DEDUCTION_TABLE: {**_reach(own_authority=PROVINCIAL_ROLES), **_MINISTRY},
    Act.ENTER_DEDUCTION: _OFFICER,
    Act.APPROVE_DEDUCTION: _APPROVER,
    Act.VIEW_DIFFERENTIATION: _READERS,
    Act.MARK_DIFFERENTIATION: _OFFICER,
    Act.APPROVE_DIFFERENTIATION: _APPROVER,
    Act.PROPOSE_RELEASE: _OFFICER,
    Act.APPROVE_RELEASE: _APPROVER,
    Act.EXECUTE_RELEASE: _reach(everything=REGISTRAR_ROLES),
    Act.VIEW_COMPLIANCE: _READERS,
}


# What a mandate opens to the clerks of the unit that holds it, on top of their own unit, and nothing else.
MANDATED = frozenset({Act.VIEW_PACKAGE, Act.VIEW_DRAFT, Act.UPLOAD_PACKAGE, Act.SUBMIT_PACKAGE, Act.REPLY_QUESTION})
