"""Checks of what a workbook says; they come after reading and accounting, and find everything at once.

    run(content: Content, accounts: Accounts, context: CheckContext = CheckContext()) -> list[Finding]

    CheckContext(lines: {code: LineFacts(code, kind, capacity, commissioned)} | None, earlier: tuple[Content, ...],
                 last_accounts: Accounts | None, intensities: {code: tuple[Decimal, ...]}, today: date | None)

A check is a function named by what should hold; its docstring is the rule. Checks against a line's peers need other units' data
and are not here.
"""

from collections.abc import Callable, Iterator

from reporting.accounting import Accounts
from reporting.checks import ledgers, lines, parameters, plausibility
from reporting.checks.context import CheckContext, Checked, LineFacts
from reporting.content import Content
from reporting.findings import Finding

CHECKS: tuple[Callable[[Checked], Iterator[Finding]], ...] = (
    *lines.CHECKS,
    *parameters.CHECKS,
    *ledgers.CHECKS,
    *plausibility.CHECKS,
)


def run(content: Content, accounts: Accounts, context: CheckContext | None = None) -> list[Finding]:
    """Every finding of every check."""
    checked = Checked(content, accounts, context or CheckContext())
    return [finding for check in CHECKS for finding in check(checked)]


__all__ = ["CHECKS", "CheckContext", "LineFacts", "run"]
