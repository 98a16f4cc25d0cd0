"""Checks of what a workbook says; they come after reading and accounting, and find everything at once.

run(content: Content, accounts: Accounts, context: CheckContext = CheckContext()) -> list[Finding]

CheckContext(lines: {code: LineFacts(code, kind, capacity, commissioned)} | None, earlier: tuple[Content, ...],
             last_accounts: Accounts | None, intensities: {code: tuple[Decimal, ...]}, today: date | None)
"""

from reporting.checks.context import CheckContext, LineFacts

__all__ = ["CheckContext", "LineFacts"]
