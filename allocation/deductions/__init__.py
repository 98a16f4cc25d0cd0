"""Decisions that deduct from a unit's quota 核减: read from a table (`decision_table`), entered and approved beside what is
known (`acts`, `figures`), taken from quota until nothing is outstanding (`balances`), revoked (`revocations`) as if
they had never been (`after_revocation`).
"""

from allocation.deductions.acts import (
    COLUMNS,
    FIRST_YEAR,
    LONGEST_NUMBER,
    Decision,
    DeductionFaultsError,
    DoubtfulDeductionError,
    approve,
    doubtful,
    enter,
    grounds,
    import_table,
    refuse,
    seen,
    waiting,
)

__all__ = [
    "COLUMNS",
    "FIRST_YEAR",
    "LONGEST_NUMBER",
    "Decision",
    "DeductionFaultsError",
    "DoubtfulDeductionError",
    "approve",
    "doubtful",
    "enter",
    "grounds",
    "import_table",
    "refuse",
    "seen",
    "waiting",
]
