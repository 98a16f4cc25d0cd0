"""The balance value of very many lines at once, rounded as the plan says: the value that `balance.solve` gives, without its root.

Floats find a candidate and then decide about it, where they can. The left side never falls as BP rises, so a value v of so many places
is the rounded balance value if the left side lies below zero at v − half a place and above zero at v + half a place: whatever balances
lies between the two, and rounds to v. Neither sum needs the lines in an order. Each is taken in float64 together with a bound of its
error, and its sign counts only where it lies beyond that bound; where one does not, `balance.solve` decides in whole numbers.

The bound, with u = 2⁻⁵³ and r = I/BP of a line: r is off by six u of itself at most (three conversions, a division, a multiplication),
so 1 − r is off by fourteen u where r ≤ 2; where r is larger both the true and the computed one are clipped, by a limit below 1.
Clipping never widens a difference. Multiplied with E, a term is off by less than 20 u·E. A sum of n terms in whatever order is off by
less than n·u·Σ|term|·1.01, and no term is larger than E.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from allocation.method import balance
from allocation.method.determination import usable
from allocation.method.line_facts import LineInput
from allocation.method.plan_rules import IntensityTerms, Rules
from allocation.method.vector import Columns
from registry.values.exact import half_up

Floats = NDArray[np.float64]

_U = 2.0**-53
_TERM = 20
_WIDEST_LIMIT = Fraction(9, 10)
# No number of a line may be larger, so that its conversion to float64 loses no more than one u of it.
_LARGEST = 2**62
# Newton's steps from the mean; a few do, and what they don't find the exact way does.
_MOST_STEPS = 40
_CLOSE = 1e-13
# A line so far inside the limit, as a share of BP, is inside whatever float64 did to it.
_SURELY = 1e-9


@dataclass(frozen=True, slots=True)
class Rounded:
    """A balance value rounded as the plan says, and the interval that balances where more than one value does."""

    value: Decimal
    interval: tuple[Fraction, Fraction] | None


def solve(lines: Iterable[LineInput], rules: Rules) -> Rounded:
    """Value and interval as `balance.solve` gives them, raising as it does."""
    lines = usable(lines, rules)
    weights = balance.weights(lines, rules)
    if weights and max(map(max, weights)) <= _LARGEST:
        value = certified(Columns.of(weights), rules.terms, _places(rules))
        if value is not None:
            return Rounded(value, None)
    solution = balance.solve(lines, rules)
    return Rounded(solution.value, solution.interval)


def certified(columns: Columns, terms: IntensityTerms, places: int) -> Decimal | None:
    """The rounded balance value, if float64 can prove it and that nothing beside one BP balances; else None.

    Every line takes part: its output is above zero. No number is larger than 2⁶².
    """
    emissions, intensity = columns.emissions.astype(float), columns.main / columns.output
    limit = float(terms.limit)
    guess = _guess(emissions, intensity, limit)
    if guess is None:
        return None
    value = half_up(Fraction(guess), places)
    half = Fraction(1, 2 * 10**places)
    low, high = Fraction(value) - half, Fraction(value) + half
    if low <= 0 or terms.limit > _WIDEST_LIMIT:
        return None
    bound = (_TERM + 1.01 * len(emissions)) * _U * 1.01 * float(emissions.sum())
    below, above = _clipped(intensity, low, limit), _clipped(intensity, high, limit)
    if not (float(emissions @ below) < -bound and float(emissions @ above) > bound):
        return None
    # One line inside all the way from `low` to `high` makes the left side rise there, so it is zero at one BP.
    inside = (np.abs(below) < limit - _SURELY) & (np.abs(above) < limit - _SURELY)
    return value if bool(np.any(inside & (columns.main > 0) & (columns.emissions > 0))) else None


def _clipped(intensity: Floats, bp: Fraction, limit: float) -> Floats:
    """clip((BP − I)/BP, ±limit): the coefficient, but for the slope."""
    ratio = intensity * float(1 / bp)
    np.subtract(1.0, ratio, out=ratio)
    return np.clip(ratio, -limit, limit, out=ratio)


def _guess(emissions: Floats, intensity: Floats, limit: float) -> float | None:
    """Where the left side is about zero: it falls, piece by straight piece, as 1/BP rises. None where no steps lead there."""
    products = emissions * intensity
    total = float(products.sum())
    if not total:
        return None
    inverse = float(emissions.sum()) / total
    for _step in range(_MOST_STEPS):
        x = 1.0 - intensity * inverse
        steepness = float(products @ (np.abs(x) < limit))
        if not steepness:
            return None
        step = float(emissions @ np.clip(x, -limit, limit, out=x)) / steepness
        inverse += step
        if inverse <= 0:
            return None
        if abs(step) <= _CLOSE * inverse:
            break
    return 1 / inverse


def _places(rules: Rules) -> int:
    return int(rules.plan_year.number("balance_value.places"))
