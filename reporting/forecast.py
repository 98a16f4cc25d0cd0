"""What a year may come to: the months that are known, and for each missing one an estimate from the same months of earlier years.

    base of a month       the mean of the same month of the earlier years, of those that are known
    scale                 Σ known months / Σ their bases
    estimate of a month   its base × scale; a month without a base is taken as the mean of the known months
    range                 the same with the lowest and with the highest ratio of a known month to its base in place of the scale (and
                          with the lowest and highest known month in place of the mean); a single month has none

An estimate is no fact: nothing is decided by it, and nothing of it is stored. The arithmetic is exact; whole tonnes are for display.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.exact import whole_tonnes

__all__ = ["Forecast", "forecast"]

Amounts = Mapping[str, Decimal | int]
"""Amounts by month, "2025-07"."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A year from its known months: their sum, and the whole year as expected, at the lowest and at the highest."""

    known: tuple[str, ...]
    missing: tuple[str, ...]
    so_far: Fraction
    expected: Fraction
    low: Fraction
    high: Fraction
    scale: Fraction | None  # None where no known month has a base
    by_mean: bool  # whether a missing month has no base
    compared: int  # how many known months the lowest and the highest were looked for in

    @property
    def has_range(self) -> bool:
        """One month alone spreads over nothing: its lowest and highest are the estimate itself and would seem certain."""
        return self.compared > 1

    @property
    def tonnes(self) -> int:
        return whole_tonnes(self.expected)

    @property
    def lowest(self) -> int:
        return whole_tonnes(self.low)

    @property
    def highest(self) -> int:
        return whole_tonnes(self.high)


def forecast(months: Sequence[str], known: Amounts, earlier: Amounts) -> Forecast | None:
    """The year of these months; None as long as none of them is known.

    `known` are amounts of the year's months, `earlier` those of earlier years.
    """
    stated = {month: Fraction(known[month]) for month in months if month in known}
    if not stated:
        return None
    missing = tuple(month for month in months if month not in stated)
    bases = {month: base for month in months if (base := _base(month, earlier)) is not None}
    # A month of nothing can't be scaled: a works that stood still then says nothing of a works that runs.
    ratios = {month: amount / bases[month] for month, amount in stated.items() if bases.get(month, 0) > 0}
    whole = sum((bases[month] for month in ratios), Fraction(0))
    scale = sum((stated[month] for month in ratios), Fraction(0)) / whole if ratios else None
    so_far, mean = sum(stated.values(), Fraction(0)), sum(stated.values(), Fraction(0)) / len(stated)

    def year(scale: Fraction | None, otherwise: Fraction) -> Fraction:
        based = bases if scale is not None else {}
        return so_far + sum(
            (based[month] * (scale or 0) if month in based else otherwise for month in missing), Fraction(0)
        )

    by_mean = any(scale is None or month not in bases for month in missing)
    return Forecast(
        known=tuple(stated),
        missing=missing,
        so_far=so_far,
        expected=year(scale, mean),
        low=year(min(ratios.values(), default=None), min(stated.values())),
        high=year(max(ratios.values(), default=None), max(stated.values())),
        scale=scale,
        by_mean=by_mean,
        compared=len(stated) if by_mean else len(ratios),
    )


def _base(month: str, earlier: Amounts) -> Fraction | None:
    """The mean of the same months of earlier years; None where none is known."""
    same = [Fraction(amount) for other, amount in earlier.items() if other[4:] == month[4:] and other < month]
    return sum(same, Fraction(0)) / len(same) if same else None
