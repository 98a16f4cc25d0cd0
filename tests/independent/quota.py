"""Quota: determined, balanced and settled, written down from the rules; whole tonnes are ints, ratios Fractions."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

CAP, LIMIT, SLOPE = Fraction(3, 100), Fraction(20, 100), Fraction(15, 100)

# What each plan says: the carbide-slag rate above which A = E, whether new and closed lines stay inside, the small unit's limit.
PLANS = {
    "2024-2025-final": (Fraction(15, 100), False, None),
    "2024-2025-draft": (Fraction(15, 100), False, None),
    "2026-draft": (Fraction(30, 100), True, 26_000),
}
ALWAYS_EQUAL = {"white", "gypsum_acid"}


@dataclass(frozen=True)
class Line:
    """A line's verified year; `unit_emissions` are those of its whole unit."""

    emissions: int
    main: Fraction
    output: Fraction
    kind: str = ""
    rate: Fraction | None = None
    commissioned: dt.date | None = None
    closed: dt.date | None = None
    unit_emissions: int = 0


def outside(line: Line, plan: str, year: int, on: dt.date) -> bool:
    _, new_and_closed_stay, _ = PLANS[plan]
    if new_and_closed_stay:
        return False
    return _new(line, year) or _closed(line, on)


def equals_emissions(line: Line, plan: str, year: int, on: dt.date) -> bool:
    limit, new_and_closed_stay, small = PLANS[plan]
    if year == 2024 or line.kind in ALWAYS_EQUAL:
        return True
    if new_and_closed_stay and (_new(line, year) or _closed(line, on) or line.kind == "oxygen_furnace"):
        return True
    if line.rate is not None and line.rate > limit:
        return True
    return small is not None and line.unit_emissions <= small


def _new(line: Line, year: int) -> bool:
    return line.commissioned is not None and line.commissioned.year == year


def _closed(line: Line, on: dt.date) -> bool:
    return line.closed is not None and line.closed <= on


def quota(line: Line, plan: str, year: int, bp: Fraction, on: dt.date) -> tuple[int, int]:
    """Determined quota and tonnes due."""
    if outside(line, plan, year, on):
        return 0, 0
    if equals_emissions(line, plan, year, on):
        return line.emissions, line.emissions
    x = (bp - line.main / line.output) / bp
    alpha = CAP if x >= LIMIT else -CAP if x <= -LIMIT else SLOPE * x
    exact = line.emissions * (1 + alpha)
    return exact.numerator // exact.denominator, line.emissions


def balances(lines: Sequence[Line], bp: Fraction) -> Decimal:
    """Quota less emissions before flooring, to eighty digits: zero at the balance value, and never falling as it rises."""
    with localcontext() as wide:
        wide.prec = 80
        value, total = Decimal(bp.numerator) / bp.denominator, Decimal(0)
        for line in lines:
            main = Decimal(line.main.numerator) / line.main.denominator
            intensity = main * line.output.denominator / line.output.numerator
            share = Decimal("0.15") * (value - intensity) / value
            total += line.emissions * max(Decimal("-0.03"), min(Decimal("0.03"), share))
        return total


def is_balance_value(lines: Sequence[Line], bp: Fraction) -> bool:
    """Whether the root rounds half-up to these four decimals: it lies from half a last place below to half a last place above."""
    half = Fraction(1, 20_000)
    return balances(lines, bp - half) <= 0 <= balances(lines, bp + half)


@dataclass(frozen=True)
class Settled:
    """The columns of the official tables 1-5 and 2-5, of one unit and sector."""

    deducted_in_advance: tuple[int, ...]
    issued_in_advance: int
    top_up: int  # ①
    back: tuple[int, ...]  # ② by decision
    deducted: tuple[int, ...]  # ③ by decision
    issued_now: int  # ⑤
    issued: int  # ⑥
    left: tuple[int, ...]


def pre_allocation(rate: Fraction, verified: int | None) -> int:
    return 0 if verified is None else int(rate * verified)


def settle(advance: int, determined: int, balances: Sequence[int]) -> Settled:
    """Both stages; `balances` are what earlier decisions take, the oldest first."""
    early = _take(balances, advance)
    left = [balance - taken for balance, taken in zip(balances, early, strict=True)]
    too_much = max(0, sum(early) - determined)
    back = _take(early[::-1], too_much)[::-1]  # the latest decision's deduction is undone first
    left = [balance + given for balance, given in zip(left, back, strict=True)]
    top_up = determined - advance
    late = _take(left, max(0, top_up))
    issued_early = advance - sum(early)
    now = top_up - sum(late) + sum(back)
    left = [balance - taken for balance, taken in zip(left, late, strict=True)]
    return Settled(tuple(early), issued_early, top_up, tuple(back), tuple(late), now, issued_early + now, tuple(left))


def _take(balances: Sequence[int], available: int) -> list[int]:
    taken = []
    for balance in balances:
        taken.append(min(balance, available))
        available -= taken[-1]
    return taken
