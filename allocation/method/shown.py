"""How the exact ratios are written for people. A ratio that is shown decides nothing: quota is computed from the unrounded one.

Deviation and coefficient are fractions, as in the formula. Eight decimals of the coefficient reproduce a quota of up to a hundred
million tonnes to the tonne or one beside it.
"""

from decimal import Decimal
from fractions import Fraction

from registry.exact import half_up

INTENSITY_PLACES = 4
DEVIATION_PLACES = 6
COEFFICIENT_PLACES = 8


def intensity(value: Fraction | None) -> str:
    return rounded(value, INTENSITY_PLACES)


def deviation(value: Fraction | None) -> str:
    return rounded(value, DEVIATION_PLACES)


def coefficient(value: Fraction | None) -> str:
    return rounded(value, COEFFICIENT_PLACES)


def rounded(value: Fraction | None, places: int) -> str:
    """Half-up to so many decimals; empty where there is no value."""
    return "" if value is None else format(half_up(value, places), "f")


def exact(value: Fraction | Decimal | int) -> str:
    """The number in full: as a decimal where it has an end, else as numerator/denominator."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    places = _decimals(value.denominator)
    return str(value) if places is None else format(half_up(value, places), "f")


def _decimals(denominator: int) -> int | None:
    """How many decimals a fraction of that denominator has; None where it has no end."""
    places = 0
    while denominator % 10 == 0:
        denominator, places = denominator // 10, places + 1
    for factor in (2, 5):
        while denominator % factor == 0:
            denominator, places = denominator // factor, places + 1
    return places if denominator == 1 else None
