"""The one place that says how numbers are rounded: half-up where the rules round, floor where they floor, never by float."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

# Wide enough that no quantity of the rules is ever rounded by the context itself.
_WIDE = Context(prec=60)


def half_up(value: Decimal | Fraction | int, places: int) -> Decimal:
    """`value` rounded half-up (away from zero on a tie) to `places` decimals."""
    if isinstance(value, Fraction):
        twice = 2 * abs(value.numerator) * 10**places
        whole = (twice + value.denominator) // (2 * value.denominator)
        return Decimal(-whole if value < 0 else whole).scaleb(-places, _WIDE)
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_WIDE)


def decimal_of(value: Fraction) -> Decimal:
    """A ratio as a decimal of 60 digits: far more than two different ratios of recorded quantities can share, so it lies on the same
    side of any limit of the law as the ratio itself."""
    return _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))


def whole_tonnes(value: Decimal | Fraction | int) -> int:
    """`value` in tonnes rounded half-up to whole tonnes."""
    return int(half_up(value, 0))


def floor(value: Fraction) -> int:
    """The greatest whole number not above `value`."""
    return value.numerator // value.denominator
