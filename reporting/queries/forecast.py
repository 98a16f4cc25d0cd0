"""What a year may come to: the months that are known, and for each missing one an estimate from the same months of earlier years.

    share of a month      the part of its days on which the line exists: 1 but for the months in which it begins or ends
    base of a month       the mean of the same month of the earlier years, of those that are known and whole
    scale                 Σ known months / Σ their bases × shares
    estimate of a month   its base × scale × share; a month without a base is taken as the mean of the known months, Σ amounts / Σ shares,
                          × share
    range                 the same with the lowest and with the highest ratio of a known month to its base × share in place of the scale
                          (and with the lowest and highest known month, made whole, in place of the mean), and never without what plain
                          scaling gives, the mean for every missing month; a single month has none

A month in which the line began says little of the same month a year later: made whole from a few days it would scale the year by chance.

An estimate is no fact: nothing is decided by it, and nothing of it is stored. The arithmetic is exact; whole tonnes are for display.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from registry.values.exact import whole_tonnes

__all__ = ["Forecast", "forecast", "together"]

WHOLE: Mapping[str, Fraction] = MappingProxyType({})

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
    by_lines: bool = False  # whether it is the sum of several lines', each with a scale of its own

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


def forecast(
    months: Sequence[str], known: Amounts, earlier: Amounts, shares: Mapping[str, Fraction] = WHOLE
) -> Forecast | None:
    """The year of these months; None as long as none of them is known.

    `known` are amounts of the year's months, `earlier` those of earlier years; `shares` of the months that are not whole.
    """
    stated = {month: Fraction(known[month]) for month in months if month in known}
    if not stated:
        return None
    missing = tuple(month for month in months if month not in stated)
    wholes = {month: amount for month, amount in earlier.items() if shares.get(month, 1) == 1}
    bases = {month: base for month in months if (base := _base(month, wholes)) is not None}
    # What is stated of a month in which nothing existed is taken as it stands.
    parts = {month: shares.get(month) or Fraction(1) for month in stated}
    # A month of nothing can't be scaled: a works that stood still then says nothing of a works that runs.
    expected = {month: bases[month] * parts[month] for month in stated if bases.get(month, 0) > 0}
    ratios = {month: stated[month] / base for month, base in expected.items()}
    scale = sum((stated[month] for month in ratios), Fraction(0)) / sum(expected.values()) if ratios else None
    so_far = sum(stated.values(), Fraction(0))
    mean = so_far / sum(parts.values())
    made_whole = [amount / parts[month] for month, amount in stated.items()]

    def year(scale: Fraction | None, otherwise: Fraction) -> Fraction:
        based = bases if scale is not None else {}
        whole = {month: based[month] * (scale or 0) if month in based else otherwise for month in missing}
        return so_far + sum((amount * shares.get(month, 1) for month, amount in whole.items()), Fraction(0))

    by_mean = any(scale is None or month not in bases for month in missing)
    plain = year(None, mean)
    return Forecast(
        known=tuple(stated),
        missing=missing,
        so_far=so_far,
        expected=year(scale, mean),
        low=min(plain, year(min(ratios.values(), default=None), min(made_whole))),
        high=max(plain, year(max(ratios.values(), default=None), max(made_whole))),
        scale=scale,
        by_mean=by_mean,
        compared=len(stated),
    )


def together(months: Sequence[str], known: Amounts, parts: Sequence[Forecast]) -> Forecast | None:
    """The year of a whole from its parts' forecasts: what is known of itself, and of the missing months what the parts expect."""
    so_far = sum((Fraction(known[month]) for month in months if month in known), Fraction(0))
    if not parts or not any(month in known for month in months):
        return None
    return Forecast(
        known=tuple(month for month in months if month in known),
        missing=tuple(month for month in months if month not in known),
        so_far=so_far,
        expected=so_far + sum((part.expected - part.so_far for part in parts), Fraction(0)),
        low=so_far + sum((part.low - part.so_far for part in parts), Fraction(0)),
        high=so_far + sum((part.high - part.so_far for part in parts), Fraction(0)),
        scale=parts[0].scale if len(parts) == 1 else None,
        by_mean=any(part.by_mean for part in parts),
        compared=max(part.compared for part in parts),
        by_lines=len(parts) > 1,
    )


def _base(month: str, earlier: Amounts) -> Fraction | None:
    """The mean of the same months of earlier years; None where none is known."""
    same = [Fraction(amount) for other, amount in earlier.items() if other[4:] == month[4:] and other < month]
    return sum(same, Fraction(0)) / len(same) if same else None
