"""Which lines a balance value hangs on: how far the root moves when one line is left out of the equation.

Leaving out changes nothing else: the other lines keep their emissions, their intensities and their cases. Floats only choose which lines
are looked at; the root without each of those is solved exactly (`balance.Equation`), of more than a hundred lines inside the limit by its
first thirty decimals, so that a shift is off by less than 2·10⁻³⁰.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from allocation.method import balance
from allocation.method.balance import Equation, NoBalanceValueError, Weight
from allocation.method.determination import case_without_intensity
from allocation.method.line_facts import LineInput
from allocation.method.plan_rules import IntensityTerms, Rules
from registry.values.exact import half_up

Floats = NDArray[np.float64]

MOST = 10
# So many more than are wanted are solved exactly, for floats can't tell the nearly equal apart.
_SPARE = 5
_STEPS = 70
_ZERO = 1e-11  # of all emissions: nearer to zero the left side counts as zero


@dataclass(frozen=True, slots=True)
class Influence:
    """A line, and the root and the rounded value without it; None where nothing balances any more. `shift` is the root's."""

    line: LineInput
    intensity: Fraction
    root: Fraction | None
    value: Decimal | None
    shift: Fraction | None


def most_influential(lines: Sequence[LineInput], rules: Rules, most: int = MOST) -> list[Influence]:
    """The lines that move the root most, those without which nothing balances first; raises as `balance.solve` does."""
    taking_part = [line for line in lines if line.emissions and case_without_intensity(line, rules) is None]
    weights = [balance.weight_of(line) for line in taking_part]
    root = _middle(weights, rules.terms)
    places = int(rules.plan_year.number("balance_value.places"))
    known: dict[Weight, Fraction | None] = {}
    found = []
    for index in _candidates(weights, rules.terms, root, most + _SPARE):
        own = weights[index]
        if own not in known:
            known[own] = _without(weights, index, rules.terms)
        rest = known[own]
        value, shift = (None, None) if rest is None else (half_up(rest, places), rest - root)
        found.append(Influence(taking_part[index], own.intensity, rest, value, shift))
    found.sort(key=lambda one: (one.shift is not None, -abs(one.shift or 0), one.line.line))
    return found[:most]


def _middle(weights: Sequence[Weight], terms: IntensityTerms) -> Fraction:
    low, high = Equation(weights, terms).solve()
    return (low + high) / 2


def _without(weights: Sequence[Weight], index: int, terms: IntensityTerms) -> Fraction | None:
    try:
        return _middle([*weights[:index], *weights[index + 1 :]], terms)
    except NoBalanceValueError:
        return None


def _candidates(weights: Sequence[Weight], terms: IntensityTerms, root: Fraction, count: int) -> list[int]:
    """The lines whose absence moves the root most as far as floats can tell; all lines where there are no more."""
    if len(weights) <= count:
        return list(range(len(weights)))
    emissions = np.array([float(weight.emissions) for weight in weights])
    intensities = np.array([float(weight.intensity) for weight in weights])
    shifts = np.abs(_roots_without(emissions, intensities, terms) - float(root))
    return [int(index) for index in np.argsort(-shifts, kind="stable")[:count]]


def _roots_without(emissions: Floats, intensities: Floats, terms: IntensityTerms) -> Floats:
    """For every line the root without it, all of them bisected at once over running sums."""
    slope, cap, limit = float(terms.slope), float(terms.cap), float(terms.limit)
    order = np.argsort(intensities)
    points = intensities[order]
    sums = np.concatenate([[0.0], np.cumsum(emissions[order])])
    products = np.concatenate([[0.0], np.cumsum(emissions[order] * points)])

    def left(bp: Floats) -> Floats:
        upper = np.searchsorted(points, bp * (1 - limit), side="right")
        lower = np.maximum(np.searchsorted(points, bp * (1 + limit), side="left"), upper)
        clipped = cap * (sums[upper] - (sums[-1] - sums[lower]))
        inside = slope * ((sums[lower] - sums[upper]) - (products[lower] - products[upper]) / bp)
        own = emissions * np.clip(slope * (1 - intensities / bp), -cap, cap)
        others: Floats = clipped + inside - own
        return others

    top = points[-1] / (1 - limit) * 2 + 1e-9
    zero = _ZERO * sums[-1]

    def bisected(beyond: float) -> Floats:
        low, high = np.full_like(emissions, top * 1e-12), np.full_like(emissions, top)
        for _step in range(_STEPS):
            middle = (low + high) / 2
            above = left(middle) > beyond
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return high

    return (bisected(-zero) + bisected(zero)) / 2
