"""Objections to quota 异议: the clerk drafts, the unit's approver files or returns; an officer proposes, an approver
decides (`acts`), and grants nothing that has been determined otherwise since (`overtaken`).
"""

from allocation.objections.acts import (
    Contest,
    can_be_contested,
    contestable,
    contests,
    decide,
    draft,
    file,
    last_day,
    obstacle,
    propose,
    redraft,
    return_to_clerk,
    seen,
    send_back,
    to_be_followed,
    under_objection,
    withdraw,
)

__all__ = [
    "Contest",
    "can_be_contested",
    "contestable",
    "contests",
    "decide",
    "draft",
    "file",
    "last_day",
    "obstacle",
    "propose",
    "redraft",
    "return_to_clerk",
    "seen",
    "send_back",
    "to_be_followed",
    "under_objection",
    "withdraw",
]
