"""Which lines, runs and tonnes count: the lines of a year's directory with their verified results (`lines`), the
approved runs in force (`runs_in_force`), what was issued so far (`issued`), what a letter moves (`movements`), what
trades come to (`trade_totals`), what followed a granted objection (`after_objection`), and what stands of units that left
the directory within its year (`left_directory`).
"""

from allocation.scope.lines import (
    Scope,
    before_commissioning,
    line_input,
    line_inputs,
    line_key,
    lines_of,
    listed_lines,
    missing_lines,
    of_balance_value,
    of_run,
    rate_of,
)

__all__ = [
    "Scope",
    "before_commissioning",
    "line_input",
    "line_inputs",
    "line_key",
    "lines_of",
    "listed_lines",
    "missing_lines",
    "of_balance_value",
    "of_run",
    "rate_of",
]
