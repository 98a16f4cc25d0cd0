"""Review by the province: the officer's queue (`queue`), what each package in it stands beside (`beside`), which officer
reviews it (`assigning`), by which day the authority itself wants to be done (`own_days`), what its authority notes for itself
(`notes`), questions that leave the month where it is (`questions`), accepting, returning and reopening (`acts`), and many clean
packages at once (`bulk_accept`).
"""

from reporting.review.acts import (
    Noted,
    Refused,
    accept,
    contradictions,
    locked,
    refuse_own,
    reopen,
    send_back,
    stands_in_filed_report,
)

__all__ = [
    "Noted",
    "Refused",
    "accept",
    "contradictions",
    "locked",
    "refuse_own",
    "reopen",
    "send_back",
    "stands_in_filed_report",
]
