"""The fast determination equals the exact one in every tonne and every case, most of all where it is hard."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation import plans
from allocation.method import determination, vector
from allocation.method.balance import Weight
from allocation.method.line_facts import LineInput, UnusableLinesError
from allocation.method.plan_rules import Case, rules_of

PLAN = plans.load_plan("2024-2025-final")
RULES = rules_of(PLAN, "cement", 2025)
AT_085 = RULES.at(Decimal("0.85"))
D = Decimal


def exact(emissions, main, output, bp):
    """The formula in whole numbers, apart from the code under test: floor(E · (1 + 3·(bp·output − main) / (20·bp·output))), capped."""
    above, below = bp.numerator * output - bp.denominator * main, bp.numerator * output
    if 5 * above >= below:
        return emissions + emissions * 3 // 100, Case.CLIPPED_ABOVE
    if 5 * above <= -below:
        return emissions + -emissions * 3 // 100, Case.CLIPPED_BELOW
    return emissions + emissions * 3 * above // (20 * below), Case.WITHIN


def check(columns, rules):
    quota, case = vector.quotas(columns, rules)
    rows = zip(columns.emissions.tolist(), columns.main.tolist(), columns.output.tolist(), strict=True)
    wrong = [
        (row, tonnes, kind)
        for row, tonnes, kind in zip(rows, quota.tolist(), case.tolist(), strict=True)
        if (tonnes, vector.CASES[kind]) != exact(*row, rules.bp)
    ]
    assert wrong == []


def columns_of(*parts):
    return vector.Columns(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def hard(half, sixth):
    """Half are ordinary. The rest are made for BP = 17/20: exactly whole, a hair beside a whole tonne, at ±20 % or a hair beside it."""
    draw = np.random.default_rng(20251117).integers
    ordinary = draw(0, 10**8, half), draw(0, 10**9, half), draw(10**7, 10**9, half)
    # output = 20n, so BP·output = 17n; main = 17n − 17k·n/1000 makes X = k/1000 and A = E + 3·E·k/20,000, whole for these E
    n, k, whole = draw(1, 10**5, sixth) * 1000, draw(-199, 200, sixth), draw(1, 5000, sixth) * 20_000
    main, output = 17 * n - 17 * n // 1000 * k, 20 * n
    beside = main + draw(0, 2, sixth) * 2 - 1
    # main/output = 0.68 or 1.02, the limits of 0.85
    at_limit = 17 * n // 10 * (8 + 4 * draw(0, 2, sixth)) + draw(-1, 2, sixth)
    return columns_of(
        ordinary, (whole, main, output), (whole, beside, output), (draw(0, 10**8, sixth), at_limit, output)
    )


def test_a_million_lines():
    check(hard(500_000, 166_667), AT_085)


def test_hundreds_of_lines():
    check(hard(300, 100), AT_085)


ANY = st.builds(Weight, st.integers(0, 2**46), st.integers(0, 2**40), st.integers(1, 2**40))
HUGE = st.builds(Weight, st.integers(0, 2**61), st.integers(0, 2**61), st.integers(1, 2**61))


@given(st.lists(ANY | HUGE, min_size=1, max_size=20), st.fractions(Fraction(1, 10**6), 10**6))
def test_numbers_of_every_size(weights, bp):
    check(vector.Columns.of(weights), RULES.at(bp))


def test_a_balance_value_of_many_digits_is_no_trouble():
    check(
        vector.Columns.of([Weight(10**7, 85, 100), Weight(10**7, 70, 100)]), RULES.at(Fraction(10**40 + 1, 10**40 + 3))
    )


def test_numbers_beyond_64_bits_are_refused_by_columns_and_determined_one_by_one():
    with pytest.raises(OverflowError):
        vector.Columns.of([Weight(1, 2**63, 1)])
    lines = [LineInput("L", 10**19, D("1e30"), D("3e30")), LineInput("M", 10**6, D("0.9"), D(1))]
    assert vector.determine_under(AT_085, lines) == determination.determine_under(AT_085, lines)


def test_lines_of_every_case():
    lines = [
        LineInput("A", 10**6, D("0.9"), D(1)),
        LineInput("B", 10**6, D("0.68"), D(1)),
        LineInput("C", 10**6, D("1.02"), D(1)),
        LineInput("D", 10**6, kind="white"),
        LineInput("E", 10**6, closed=dt.date(2026, 1, 1)),
        LineInput("F", 0, D(0), D(0)),
        LineInput("G", 10**6, D("900000.01"), D("1000000.123")),
        LineInput("H", 0, D(0), D(0), kind="carbide_slag"),
    ]
    assert vector.determine_under(AT_085, lines) == determination.determine_under(AT_085, lines)
    assert vector.determine_under(AT_085, []) == []
    assert vector.determine_under(AT_085, lines[3:6]) == determination.determine_under(AT_085, lines[3:6])


def test_faults_are_the_same():
    lines = [LineInput("A", 10**6, D(1), D(0)), LineInput("B", 5, D(1), D(1)), LineInput("C", 5)]
    with pytest.raises(UnusableLinesError) as fast:
        vector.determine_under(AT_085, lines)
    with pytest.raises(UnusableLinesError) as slow:
        determination.determine_under(AT_085, lines)
    assert fast.value.faults == slow.value.faults


def test_without_lines_there_is_nothing_to_do():
    quota, case = vector.quotas(vector.Columns.of([]), AT_085)
    assert (quota.dtype, len(quota), len(case)) == (np.int64, 0, 0)


def test_blocks_are_worked_on_one_after_another(monkeypatch):
    monkeypatch.setattr(vector, "_BLOCK", 64)
    check(hard(300, 100), AT_085)
