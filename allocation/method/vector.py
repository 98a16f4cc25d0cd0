"""The same determination for very many lines at once: equal to `determination` in every tonne, a hundred times faster on arrays.

Floats only find the neighbourhood. For each line the excess A − E = slope·X·E is estimated in float64 and rounded to a whole number k,
which is less than one away from the truth. Whether the true excess lies below k is then decided in whole numbers:

    excess ≥ k   ⇔   sn·E·num − k·sd·den ≥ 0          X = num/den, slope = sn/sd

The two products overflow 64 bits, their difference does not: it is less than sd·den, and arithmetic modulo 2⁶⁴ gives a number that
fits exactly. Lines so large that even this could overflow are determined one by one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from allocation.method.balance import Weight, weight_of
from allocation.method.determination import (
    Determination,
    case_without_intensity,
    coefficient,
    determine_line,
    determined_quota,
    deviation,
    usable,
)
from allocation.method.line_facts import LineInput
from allocation.method.plan_rules import Case, Rules

Integers = NDArray[np.int64]

CASES = (Case.WITHIN, Case.CLIPPED_ABOVE, Case.CLIPPED_BELOW)
_WITHIN, _ABOVE, _BELOW = range(3)

# Rows worked on at a time: what stays in the processor's cache.
_BLOCK = 16_384
# The estimate of an excess up to so many tonnes is off by less than a tenth of a tonne.
_LARGEST_EMISSIONS = 2**46
_LARGEST_PRODUCT = 2**62


@dataclass(frozen=True, slots=True)
class Columns:
    """Lines whose intensity decides, as whole numbers: E, and I = main / output. All three have the same length."""

    emissions: Integers
    main: Integers
    output: Integers

    @classmethod
    def of(cls, weights: Iterable[Weight]) -> "Columns":
        """Raises OverflowError for a number beyond 64 bits."""
        table = np.array(list(weights), dtype=np.int64).reshape(-1, 3)
        return cls(*(np.ascontiguousarray(column) for column in table.T))


def determine_under(rules: Rules, lines: Iterable[LineInput]) -> list[Determination]:
    """As `determination.determine_under`, for very many lines."""
    lines = usable(lines, rules)
    results: dict[int, Determination] = {}
    weights: dict[int, Weight] = {}
    for index, line in enumerate(lines):
        if case_without_intensity(line, rules) or max(weight := weight_of(line)) >= _LARGEST_PRODUCT:
            results[index] = determine_line(line, rules)
        else:
            weights[index] = weight
    if weights:
        quota, case = quotas(Columns.of(weights.values()), rules)
        for index, tonnes, kind in zip(weights, quota.tolist(), case.tolist(), strict=True):
            line = lines[index]
            results[index] = Determination(line, CASES[kind], quota=tonnes, due=line.emissions, rules=rules)
    return [results[index] for index in range(len(lines))]


def quotas(columns: Columns, rules: Rules) -> tuple[Integers, NDArray[np.int8]]:
    """Each line's determined quota, and its case as an index into CASES."""
    quota = np.zeros_like(columns.emissions)
    case = np.zeros(len(quota), dtype=np.int8)
    largest_main, largest_output = _largest(rules)
    if largest_main and largest_output:
        for start in range(0, len(quota), _BLOCK):
            rows = slice(start, start + _BLOCK)
            block = columns.emissions[rows], columns.main[rows], columns.output[rows]
            _block(*block, rules, quota[rows], case[rows])
    beyond = (
        (columns.emissions > _LARGEST_EMISSIONS) | (columns.main > largest_main) | (columns.output > largest_output)
    )
    for row in np.flatnonzero(beyond):
        quota[row], case[row] = _one(columns, int(row), rules)
    return quota, case


def _block(
    emissions: Integers, main: Integers, output: Integers, rules: Rules, quota: Integers, case: NDArray[np.int8]
) -> None:
    """Write the rows' quota and case into the last two."""
    bp, terms = rules.bp, rules.terms
    den = output * bp.numerator
    num = den - main * bp.denominator
    # Rows beyond the limits of `_largest` may wrap into a division by zero here; they are determined again one by one.
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = num / den
        estimate *= emissions
        estimate *= float(terms.slope)
        excess = np.rint(estimate, out=estimate).astype(np.int64)
    remainder = emissions * num
    remainder *= terms.slope.numerator
    remainder -= excess * (den * terms.slope.denominator)
    remainder >>= 63  # −1 where it lies below zero, else 0
    excess += remainder
    num *= terms.limit.denominator
    den *= terms.limit.numerator
    above = num >= den
    below = num <= np.negative(den, out=den)
    for rows, cap in ((np.flatnonzero(above), terms.cap), (np.flatnonzero(below), -terms.cap)):
        excess[rows] = emissions[rows] * cap.numerator // cap.denominator
    np.add(emissions, excess, out=quota)
    np.multiply(below.view(np.int8), _BELOW, out=case)
    case += above.view(np.int8)  # _ABOVE is 1


def _largest(rules: Rules) -> tuple[int, int]:
    """The largest main and output with which no number in `_block` that must fit 64 bits can fail to."""
    terms, bp = rules.terms, rules.bp
    factor = max(terms.limit.numerator, terms.limit.denominator, terms.slope.denominator)
    return _LARGEST_PRODUCT // (bp.denominator * factor), _LARGEST_PRODUCT // (bp.numerator * factor)


def _one(columns: Columns, row: int, rules: Rules) -> tuple[int, int]:
    intensity = Fraction(int(columns.main[row]), int(columns.output[row]))
    case, alpha = coefficient(deviation(intensity, rules.bp), rules.terms)
    return determined_quota(int(columns.emissions[row]), alpha), CASES.index(case)
