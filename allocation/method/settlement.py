"""From determined quota to what is issued 配额发放: pre-allocation, top-up or return, deductions, differentiated issue.

Pure sums of whole tonnes for one unit in one sector; the circled numbers are the columns of tables 1-5 and 2-5. A balance is what
one earlier decision still takes from the unit's quota (核减).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from registry.values.exact import floor


@dataclass(frozen=True, slots=True)
class Balance:
    """What is still to be deducted under one decision, in whole tonnes."""

    decision: str
    tonnes: int


@dataclass(frozen=True, slots=True)
class PreStage:
    """Table 1-5: ① pre-allocated, ② deducted of each decision, ③ issued, ④ what the balances keep."""

    pre_allocated: int
    deductions: tuple[Balance, ...]
    issued: int
    balances: tuple[Balance, ...]

    @property
    def deducted(self) -> int:
        return total(self.deductions)


@dataclass(frozen=True, slots=True)
class DeterminationStage:
    """Table 2-5: ① to ⑦. `issued_now` below zero is what the unit returns."""

    determined: int
    top_up: int
    given_back: tuple[Balance, ...]
    deductions: tuple[Balance, ...]
    issued_before: int
    issued_now: int
    balances: tuple[Balance, ...]

    @property
    def returned(self) -> int:
        """② what goes back into the balances."""
        return total(self.given_back)

    @property
    def deducted(self) -> int:
        """③ what is deducted at determination."""
        return total(self.deductions)

    @property
    def issued_total(self) -> int:
        """⑥ = ④ + ⑤."""
        return self.issued_before + self.issued_now


@dataclass(frozen=True, slots=True)
class Released:
    """Differentiated issue 差异化: `used` of the quota held at the province settles the unit's tonnes due first, the rest is released."""

    used: int
    released: int
    still_due: int


def pre_allocated(verified_last_year: Decimal | int | None, rate: Decimal) -> int:
    """A line's pre-allocation 预分配: rate × last year's verified emissions, rounded down; 0 for a line without a verified last year."""
    return 0 if verified_last_year is None else floor(Fraction(rate) * Fraction(verified_last_year))


def pre_stage(pre_allocated: int, balances: Sequence[Balance]) -> PreStage:
    """Deduct from the unit's pre-allocation, the oldest decision first; `balances` stand in the order of their decisions."""
    deductions, left = _deduct(balances, pre_allocated)
    return PreStage(pre_allocated, deductions, pre_allocated - total(deductions), left)


def determination_stage(
    determined: int, before: PreStage, balances: Sequence[Balance] | None = None
) -> DeterminationStage:
    """Settle determined against pre-allocated quota 多退少补, then deduct what balances still hold.

    `balances` are those that stand now, by default what the pre-stage left; decisions made since come after the older ones.
    """
    balances = before.balances if balances is None else balances
    top_up = determined - before.pre_allocated
    given_back = _give_back(before.deductions, max(0, before.deducted - determined))
    balances = _refill(balances, given_back)
    deductions, left = _deduct(balances, max(0, top_up))
    return DeterminationStage(
        determined=determined,
        top_up=top_up,
        given_back=given_back,
        deductions=deductions,
        issued_before=before.issued,
        issued_now=top_up - total(deductions) + total(given_back),
        balances=left,
    )


def release(held_at_province: int, due: int) -> Released:
    """What becomes of a differentiated unit's quota: it settles the tonnes due first, only what remains is the unit's; the rest it owes."""
    used = min(held_at_province, due)
    return Released(used, held_at_province - used, due - used)


def first(balances: Sequence[Balance], tonnes: int) -> tuple[Balance, ...]:
    """So much of the balances, the first ones first: what a pre-stage deducted, for the part of a unit's lines that is determined now."""
    return _deduct(balances, tonnes)[0]


def total(balances: Iterable[Balance]) -> int:
    return sum(balance.tonnes for balance in balances)


def _deduct(balances: Sequence[Balance], available: int) -> tuple[tuple[Balance, ...], tuple[Balance, ...]]:
    """What is taken from each balance, the first ones first, up to `available`; and what each keeps."""
    taken, left = [], []
    for balance in balances:
        tonnes = min(balance.tonnes, available)
        available -= tonnes
        taken.append(replace(balance, tonnes=tonnes))
        left.append(replace(balance, tonnes=balance.tonnes - tonnes))
    return tuple(taken), tuple(left)


def _give_back(deductions: Sequence[Balance], excess: int) -> tuple[Balance, ...]:
    """Which deductions are undone: the latest decision's first, so that the oldest stays settled."""
    undone, _left = _deduct(deductions[::-1], excess)
    return undone[::-1]


def _refill(balances: Sequence[Balance], given_back: Sequence[Balance]) -> tuple[Balance, ...]:
    """The balances with what goes back into them; a balance that was empty and so no longer listed comes first, being older."""
    back = {balance.decision: balance.tonnes for balance in given_back}
    listed = {balance.decision for balance in balances}
    emptied = [balance for balance in given_back if balance.decision not in listed]
    return (
        *emptied,
        *(replace(balance, tonnes=balance.tonnes + back.get(balance.decision, 0)) for balance in balances),
    )
