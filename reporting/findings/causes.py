"""One cause, one finding: what else was found because of the same thing is told under it, and not counted beside it."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from reporting.findings.finding import Finding

__all__ = ["grouped"]

# What is computed from a cell's value and others: where several of them stand at one cell, the value there is what they are about.
DERIVED = ("change.", "intensity.", "outlier.", "use.", "output.", "fuel.without_output")


def grouped(findings: Sequence[Finding]) -> list[tuple[int, list[int]]]:
    """By their places in the sequence: each cause with what follows from it, in the causes' order.

    What follows is a warning, or its cause an error: none is hidden under a lesser one.
    """
    cause_of: dict[int, int] = {}
    for place, finding in enumerate(findings):
        found = next((each for each in _candidates(place, findings) if follows(finding, findings[each])), None)
        if found is not None and _root(found, cause_of) != place:
            cause_of[place] = _root(found, cause_of)
    causes: dict[int, list[int]] = {place: [] for place in range(len(findings)) if place not in cause_of}
    for place in cause_of:
        causes[_root(place, cause_of)].append(place)
    return list(causes.items())


def follows(finding: Finding, cause: Finding) -> bool:
    """Whether `finding` says again, of something else, what `cause` says already."""
    special = SPECIAL.get((cause.code, finding.code))
    return special(cause.params, finding.params) if special else _stands_on(finding, cause)


def _stands_on(finding: Finding, cause: Finding) -> bool:
    """Whether a figure worked out from a cell is told at that cell after something else was told there."""
    is_derived = finding.code.startswith(DERIVED)
    return is_derived and bool(finding.cell) and (finding.sheet, finding.cell) == (cause.sheet, cause.cell)


def _candidates(place: int, findings: Sequence[Finding]) -> list[int]:
    """Where the cause may be: before the finding; after it only what is no derived figure itself."""
    later = [each for each in range(place + 1, len(findings)) if not findings[each].code.startswith(DERIVED)]
    return [*range(place), *later]


def _root(place: int, cause_of: Mapping[int, int]) -> int:
    while place in cause_of:
        place = cause_of[place]
    return place


Params = Mapping[str, str]


def _same_gap(opening: Params, ledger: Params) -> bool:
    """The ledger is out by just what the opening stock differs by: with last month's closing stock it would add up."""
    if opening["item"] != ledger["item"]:
        return False
    try:
        gap = Decimal(opening["opening"]) - Decimal(opening["closing"])
        return Decimal(ledger["sum"]) - Decimal(ledger["consumed"]) == gap
    except InvalidOperation:
        return False


def _same_item(missing: Params, use: Params) -> bool:
    """Nothing is stated to have been consumed, so whatever was used is more."""
    return missing["item"].startswith(f"{use['item']} · ")


def _same_line(missing: Params, line: Params) -> bool:
    """A line's output isn't stated, so that there is none."""
    return missing["item"].startswith(f"{line['line']} · ")


SPECIAL: Mapping[tuple[str, str], Callable[[Params, Params], bool]] = {
    ("ledger.discontinuous", "ledger.broken"): _same_gap,
    ("value.missing", "use.above_supply"): _same_item,
    ("value.missing", "fuel.without_output"): _same_line,
}
