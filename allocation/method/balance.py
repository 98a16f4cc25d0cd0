"""The balance value 行业平衡值: the BP at which a sector's quota equals its emissions.

    Σ E_i · clip(slope · (BP − I_i) / BP, −cap, +cap) = 0        over the lines whose intensity decides

Between the points I_i/(1+limit), where a line leaves the lower cap, and I_i/(1−limit), where it reaches the upper one, the left side is
a − b/BP. It never falls as BP rises: bisection over the points finds the one piece that crosses zero, and that piece is solved.

Everything is done in whole numbers. The denominators of Σ E·I would grow with every line, so ratios are cut at so many decimals that no
comparison of two points can come out otherwise, and a sum is taken again as an exact fraction wherever the cut could matter.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from django.utils.translation import gettext as _

from allocation.method.determination import case_without_intensity, main_and_output, usable
from allocation.method.line_facts import LineInput
from allocation.method.plan_rules import IntensityTerms, Rules
from registry.values.exact import floor, half_up

# The root of more lines inside the limit would be a fraction of thousands of digits: it is given by its first decimals instead.
EXACT_UP_TO = 100
DECIMALS_BEYOND = 30


class NoBalanceValueError(ValueError):
    """No BP balances the lines; the message is for people."""


@dataclass(frozen=True, slots=True)
class BalanceValue:
    """The solution. `value` is `root` rounded as the plan says; `interval` is None unless a whole interval balances: `root` is its middle.

    `root` is the exact fraction for up to EXACT_UP_TO lines inside the limit, beyond that its first DECIMALS_BEYOND decimals.
    """

    value: Decimal
    root: Fraction
    interval: tuple[Fraction, Fraction] | None


class Weight(NamedTuple):
    """What a line brings into the equation: its emissions E, and its intensity I as main / output in whole numbers."""

    emissions: int
    main: int
    output: int

    @property
    def intensity(self) -> Fraction:
        return Fraction(self.main, self.output)


def solve(lines: Iterable[LineInput], rules: Rules) -> BalanceValue:
    """The balance value of a sector's lines, rounded half-up as the plan says.

    Raises NoBalanceValueError where nothing balances, UnusableLinesError for lines that can't be determined.
    """
    lines = usable(lines, rules)
    equation = Equation(weights(lines, rules), rules.terms)
    low, high = equation.solve()
    root = (low + high) / 2
    value = half_up(root, int(rules.plan_year.number("balance_value.places")))
    return BalanceValue(value, root, (low, high) if low < high else None)


def weights(lines: Iterable[LineInput], rules: Rules) -> list[Weight]:
    """The lines that take part: their intensity decides, and they emitted something."""
    return [weight_of(line) for line in lines if line.emissions and case_without_intensity(line, rules) is None]


def weight_of(line: LineInput) -> Weight:
    """The line's E and I in whole numbers; raises UnusableLineError where it has no intensity."""
    main, output = main_and_output(line)
    above, below = main.as_integer_ratio()
    over, under = output.as_integer_ratio()
    return Weight(line.emissions, above * under, below * over)


class Equation:
    """The left side of the equation: lines sorted by intensity, with running sums of E and of E·I."""

    def __init__(self, weights: Sequence[Weight], terms: IntensityTerms) -> None:
        if not weights:
            raise NoBalanceValueError(_("No line takes part in the balance value."))
        self._terms = terms
        self._scale = _scale(max(weight.output for weight in weights), terms.limit)
        self._weights = sorted(weights, key=self._key)
        self._keys = [self._key(weight) for weight in self._weights]
        self._emissions = [0, *accumulate(weight.emissions for weight in self._weights)]
        self._products = [0, *accumulate(self._product(weight) for weight in self._weights)]

    def _key(self, weight: Weight) -> int:
        return weight.main * self._scale // weight.output

    def _product(self, weight: Weight) -> int:
        return weight.emissions * weight.main * self._scale // weight.output

    def solve(self) -> tuple[Fraction, Fraction]:
        """The lowest and the highest BP that balance: two where nobody stands inside the limit, else one and the same."""
        leaving = self._crossing(1 / (1 + self._terms.limit))
        reaching = self._crossing(1 / (1 - self._terms.limit))
        below, zero, above = (left + right for left, right in zip(leaving, reaching, strict=True))
        if zero:
            return min(zero), max(zero)
        if not below:
            raise NoBalanceValueError(
                _(
                    "Quota exceeds emissions at every balance value: too many lines have no emissions from their "
                    "main processes."
                )
            )
        root = self._root(*self._clipped(max(below), min(above)))
        return root, root

    def _crossing(self, factor: Fraction) -> tuple[list[Fraction], ...]:
        """Of the points I·factor: the last with the left side below zero, the first and last at zero, the first above; if any."""

        def sign(weight: Weight) -> int:
            return self.sign(weight.intensity * factor)

        first = bisect_left(self._weights, 0, key=sign)
        after = bisect_right(self._weights, 0, lo=first, key=sign)
        below = self._weights[max(0, first - 1) : first]
        zero = self._weights[first:after]
        above = self._weights[after : after + 1]
        return tuple([weight.intensity * factor for weight in found] for found in (below, zero[:1] + zero[-1:], above))

    def sign(self, bp: Fraction) -> int:
        """−1, 0 or 1 as the left side at BP is below, at or above zero, exact; BP is one of the points. At 0 it is the limit."""
        upper, lower = self._clipped(bp, bp)
        a = self._a(upper, lower)
        if upper == lower:
            return (a > 0) - (a < 0)
        low, high = self._b(upper, lower)
        if low <= a * bp <= high:
            low = high = self._exact_b(upper, lower)
        return (a * bp > high) - (a * bp < low)

    def _clipped(self, low: Fraction, high: Fraction) -> tuple[int, int]:
        """Between two neighbouring points: lines before the first index are at the upper cap, lines from the second at the lower."""
        upper = bisect_right(self._keys, floor((1 - self._terms.limit) * low * self._scale))
        lower = bisect_left(self._keys, floor((1 + self._terms.limit) * high * self._scale))
        return upper, max(upper, lower)

    def _a(self, upper: int, lower: int) -> Fraction:
        at_upper = self._emissions[upper]
        at_lower = self._emissions[-1] - self._emissions[lower]
        inside = self._emissions[lower] - at_upper
        return self._terms.cap * (at_upper - at_lower) + self._terms.slope * inside

    def _b(self, upper: int, lower: int) -> tuple[Fraction, Fraction]:
        """slope · Σ E·I of the lines inside the limit, from below and from above; each cut lost less than one part of the scale."""
        cut = self._products[lower] - self._products[upper]
        slope = self._terms.slope / self._scale
        return slope * cut, slope * (cut + lower - upper)

    def _exact_b(self, upper: int, lower: int) -> Fraction:
        return self._terms.slope * sum_of_products(self._weights[upper:lower])

    def _root(self, upper: int, lower: int) -> Fraction:
        a = self._a(upper, lower)
        if lower - upper <= EXACT_UP_TO:
            return self._exact_b(upper, lower) / a
        low, high = (floor(b / a * 10**DECIMALS_BEYOND) for b in self._b(upper, lower))
        if low != high:
            low = floor(self._exact_b(upper, lower) / a * 10**DECIMALS_BEYOND)
        return Fraction(low, 10**DECIMALS_BEYOND)


def sum_of_products(weights: Sequence[Weight]) -> Fraction:
    """Σ E·I, exact: first over equal outputs, then by halves, which keeps the factors of each multiplication of one size."""
    by_output: defaultdict[int, int] = defaultdict(int)
    for weight in weights:
        by_output[weight.output] += weight.emissions * weight.main
    above, below = _sum([(total, output) for output, total in by_output.items()] or [(0, 1)])
    return Fraction(above, below)


def _sum(ratios: Sequence[tuple[int, int]]) -> tuple[int, int]:
    if len(ratios) == 1:
        return ratios[0]
    half = len(ratios) // 2
    (a, b), (c, d) = _sum(ratios[:half]), _sum(ratios[half:])
    return a * d + c * b, b * d


def _scale(largest_output: int, limit: Fraction) -> int:
    """A power of ten so large that two different points, or a point and an intensity, differ by more than one part of it.

    Such numbers are I_i and I_j·(1−limit)/(1+limit): if they differ, then by at least 1 / (output_i · output_j · the factor's
    denominator).
    """
    apart = largest_output**2 * (limit.numerator + limit.denominator)
    places = max(DECIMALS_BEYOND + 20, len(str(apart)))
    return int(10**places)
