"""What pages ask: awards, accounts, duties and the compliance board (`pages`); a unit's quota year by year
(`quota_years`), what a forecast would bring (`prospect`); the runs of a year (`run_board`) and the scope of one
(`run_scope`); what of a sector the quota does not answer to (`quota_gap`); what waits for whom (`todo`), what was prepared
and waits for a second person (`awaiting`), and who is reminded (`reminders`); what is found (`search`); what stands on a unit's
and a line's page (`dossier`).
"""

from allocation.queries.pages import (
    Board,
    Held,
    Row,
    awards,
    behind,
    board,
    deductions,
    differentiations,
    entries,
    holdings,
    objections,
    standing,
    to_request,
)

__all__ = [
    "Board",
    "Held",
    "Row",
    "awards",
    "behind",
    "board",
    "deductions",
    "differentiations",
    "entries",
    "holdings",
    "objections",
    "standing",
    "to_request",
]
