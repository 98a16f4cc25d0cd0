"""What pages ask: awards, accounts and duties (`pages`), and how all of a year stand (`compliance_board`); a unit's quota year by year
(`quota_years`), what a forecast would bring (`prospect`); the runs of a year (`run_board`) and the scope of one
(`run_scope`); what of a sector the quota does not answer to (`quota_gap`); what waits for whom (`todo`), of each kind
`gathered` into one line, what was prepared and waits for a second person (`awaiting`), and who is reminded
(`reminders`); what is found (`search`); what stands on a unit's and a line's page (`dossier`).
"""

from allocation.queries.compliance_board import Board, Row, behind, board, totals
from allocation.queries.pages import (
    Held,
    awards,
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
    "totals",
]
