"""Verification: an officer assigns a filed report to a body (`assigning`), the body settles every datum, an approver makes
it the result (`acts`). The table of data and values (`table`) knows what follows from what (`dependents`, by the rules of each
`sector`); results are
written once (`results`), the latest is asked for in `current`; what a verifier found is `confidential` until the
unit is told.
"""

from reporting.verification.acts import (
    Decision,
    approve,
    conclude,
    confirm_all,
    refuse_unless_at_work,
    refuse_unseen,
    send_back,
    settle,
    settle_all,
    take_back,
)
from reporting.verification.assigning import assign, assign_again, reassign, standing, stop, unassigned, withdraw

__all__ = [
    "Decision",
    "approve",
    "assign",
    "assign_again",
    "conclude",
    "confirm_all",
    "reassign",
    "refuse_unless_at_work",
    "refuse_unseen",
    "send_back",
    "settle",
    "settle_all",
    "standing",
    "stop",
    "take_back",
    "unassigned",
    "withdraw",
]
