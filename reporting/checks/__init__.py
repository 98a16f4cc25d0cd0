"""Checks of what a workbook says; they come after reading and accounting, and find everything at once.

    run(content: Content, accounts: Accounts, context: CheckContext = CheckContext()) -> list[Finding]
    between(months: Sequence[Content]) -> list[tuple[str, Finding]]      what the months of a year say against each other, by period

    beside(month: Content, others: Sequence[Content]) -> list[tuple[str, Finding]]      what one month and the others say against each other

    CheckContext(lines: {code: LineFacts(code, kind, capacity, commissioned, closed)} | None, earlier: tuple[Content, ...],
                 last_accounts: Accounts | None, intensities: {code: tuple[Decimal, ...]}, today: date | None,
                 peers: {kind: PeerFacts}, law: Law | None, plans: tuple[Plan, ...] | None)

A check is a function named by what should hold; its docstring is the rule. None says anything of a period before the sector's
guideline, or before its own threshold, is in force.

What a check is given stands in `context`, what a `sector` has of its own in sectors; the checks are parted by what
they are about: `lines`, `parameters`,
`measuring`, `boundary`, `plans`, `ledgers`, `moisture`, `plausibility`, `peers`.
"""

from collections.abc import Callable, Iterator, Sequence

from registry.law import NotInForceError
from reporting.accounting import Accounts, account
from reporting.checks import boundary, ledgers, lines, measuring, moisture, parameters, peers, plans, plausibility
from reporting.checks.context import CheckContext, Checked, LineFacts, PeerFacts
from reporting.checks.parameters import at_default, measured_fuels
from reporting.content import Content
from reporting.findings import Finding
from reporting.guidelines import for_period

Check = Callable[[Checked], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    *lines.CHECKS,
    *parameters.CHECKS,
    *measuring.CHECKS,
    *boundary.CHECKS,
    *plans.CHECKS,
    *ledgers.CHECKS,
    *moisture.CHECKS,
    *plausibility.CHECKS,
    *peers.CHECKS,
)


def run(content: Content, accounts: Accounts, context: CheckContext | None = None) -> list[Finding]:
    """Every finding of every check."""
    checked = Checked(content, accounts, context or CheckContext())
    return [finding for check in CHECKS for finding in found_by(check, checked)]


def found_by(check: Check, checked: Checked) -> list[Finding]:
    """What one check finds; nothing where its law is not in force yet."""
    try:
        for_period(checked.content.sector, checked.content.period)
        return list(check(checked))
    except NotInForceError:
        return []


def between(months: Sequence[Content]) -> list[tuple[str, Finding]]:
    """What blocks when months stand side by side: each was checked against those known then, and they may come in any order."""
    months = sorted(months, key=lambda content: content.period)
    return [found for number, content in enumerate(months) for found in _against(content, months[:number])]


def beside(month: Content, others: Sequence[Content]) -> list[tuple[str, Finding]]:
    """What blocks when a month is put beside others that don't contradict each other; with the period of the later of the two."""
    others = sorted(others, key=lambda content: content.period)
    found = _against(month, [other for other in others if other.period < month.period])
    return found + [each for later in others if later.period > month.period for each in _against(later, [month])]


def _against(content: Content, earlier: Sequence[Content]) -> list[tuple[str, Finding]]:
    """What blocks in a month beside earlier ones, given in their order."""
    if not earlier:
        return []
    checked = Checked(content, account(content), CheckContext(earlier=tuple(reversed(earlier))))
    return [
        (content.period, finding)
        for check in (ledgers.stock_continues, parameters.choice_holds)
        for finding in found_by(check, checked)
        if finding.blocks
    ]


__all__ = [
    "CHECKS",
    "CheckContext",
    "Checked",
    "LineFacts",
    "PeerFacts",
    "at_default",
    "beside",
    "between",
    "found_by",
    "measured_fuels",
    "run",
]
