"""How the exact ratios are written for people. A ratio that is shown decides nothing: quota is computed from the unrounded one.

Deviation and coefficient are fractions, as in the formula. Eight decimals of the coefficient reproduce a quota of up to a hundred
million tonnes to the tonne or one beside it.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.values.exact import half_up

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


# How many digits of a root a page shows: of the fraction, both numbers together, and after the point.
MOST_DIGITS = 60
ROOT_PLACES = 12


@dataclass(frozen=True, slots=True)
class Bounded:
    """An exact number as far as a page can bear it: the whole of it where it is short, its first decimals, how long it is in full.

    `decimals` are cut, not rounded, and `ends` says whether nothing follows them. `full` is empty where the number is too long, `above`
    and `below` are None where it is itself known by its first decimals only.
    """

    decimals: str
    ends: bool
    full: str
    above: int | None
    below: int | None


def bounded(value: Fraction, *, cut: bool = False) -> Bounded:
    """`cut` says that the value is the first decimals of a longer number, so that no fraction of it is the number."""
    first = Fraction(value.numerator * 10**ROOT_PLACES // value.denominator, 10**ROOT_PLACES)
    decimals = format(half_up(first, ROOT_PLACES), "f")
    if cut:
        return Bounded(decimals, False, "", None, None)
    above, below = len(str(value.numerator)), len(str(value.denominator))
    return Bounded(decimals, first == value, str(value) if above + below <= MOST_DIGITS else "", above, below)


def _decimals(denominator: int) -> int | None:
    """How many decimals a fraction of that denominator has; None where it has no end."""
    places = 0
    while denominator % 10 == 0:
        denominator, places = denominator // 10, places + 1
    for factor in (2, 5):
        while denominator % factor == 0:
            denominator, places = denominator // factor, places + 1
    return places if denominator == 1 else None
