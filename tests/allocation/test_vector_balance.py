"""The fast balance value: it is the one that whole numbers give, and where float64 can't prove it, it leaves the matter to them."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation import plans
from allocation.method import balance, vector_balance
from allocation.method.balance import Equation, NoBalanceValueError, Weight
from allocation.method.lines import LineInput, UnusableLinesError
from allocation.method.rules import rules_of
from allocation.method.vector import Columns
from registry.exact import half_up

RULES = rules_of(plans.load_plan("2024-2025-final"), "cement", 2025)
PLACES = 4
D = Decimal

# Few distinct intensities and small emissions: many coincidences of break points, plateaus, and roots on a tie.
COARSE = st.builds(Weight, st.integers(0, 4), st.sampled_from([0, 1, 2, 3, 10]), st.sampled_from([1, 2, 3]))
NEAR_TIES = st.builds(Weight, st.integers(1, 3), st.sampled_from([85004, 85005, 85006]), st.just(100_000))
FINE = st.builds(Weight, st.integers(1, 10**7), st.integers(1, 10**9), st.integers(1, 10**9))
HUGE = st.builds(Weight, st.integers(1, 2**61), st.integers(1, 2**61), st.integers(2**59, 2**61))
ANY = st.one_of(*(st.lists(kind, min_size=1, max_size=12) for kind in (COARSE, NEAR_TIES, FINE, HUGE)))


def line(weight, code="L"):
    return LineInput(code, weight.emissions, D(weight.main), D(weight.output))


def answer(solve, lines):
    try:
        found = solve(lines, RULES)
    except NoBalanceValueError as error:
        return str(error)
    return found.value, found.interval


@given(ANY)
def test_it_is_the_value_that_whole_numbers_give(weights):
    lines = [line(weight) for weight in weights]
    assert answer(vector_balance.solve, lines) == answer(balance.solve, lines)


@given(ANY)
def test_what_is_certified_is_the_only_value_that_balances(weights):
    columns = Columns.of([weight for weight in weights if weight.emissions])
    if len(columns.emissions) and (value := vector_balance.certified(columns, RULES.terms, PLACES)) is not None:
        low, high = Equation([weight for weight in weights if weight.emissions], RULES.terms).solve()
        assert (half_up(low, PLACES), high) == (value, low)


@pytest.mark.parametrize("seed", range(3))
def test_thousands_of_lines_are_certified_without_a_single_fraction(seed):
    draw = np.random.default_rng(seed).integers
    columns = Columns(draw(10**5, 10**7, 3000), draw(5 * 10**8, 12 * 10**8, 3000), draw(9 * 10**8, 10**9, 3000))
    weights = map(Weight, *(column.tolist() for column in (columns.emissions, columns.main, columns.output)))
    low, _high = Equation(list(weights), RULES.terms).solve()
    assert vector_balance.certified(columns, RULES.terms, PLACES) == half_up(low, PLACES)


@pytest.mark.parametrize("main", [85_005, 85_015])
def test_a_root_between_two_rounded_values_is_left_to_whole_numbers(main):
    weights = [Weight(1000 + n, main, 100_000) for n in range(200)]
    assert vector_balance.certified(Columns.of(weights), RULES.terms, PLACES) is None
    # half-up: 0.85005 → 0.8501, 0.85015 → 0.8502
    assert vector_balance.solve([line(each) for each in weights], RULES).value == (D(main) + 5) / 10**5


def test_a_root_a_hair_beside_the_tie_is_rounded_the_right_way():
    # I = 0.85005 ∓ 10⁻¹⁷: float64 knows neither from 0.85005 itself
    for beside, expected in ((-1, "0.8500"), (1, "0.8501")):
        weight = Weight(1000, 85_005 * 10**12 + beside, 10**17)
        assert vector_balance.certified(Columns.of([weight]), RULES.terms, PLACES) is None
        assert vector_balance.solve([line(weight)], RULES).value == D(expected)


def test_an_interval_is_reported_as_ever():
    # I = 1 at +cap from 1.25 on, I = 2 at −cap up to 5/3
    lines = [line(Weight(1000, 1, 1)), line(Weight(1000, 2, 1))]
    found = vector_balance.solve(lines, RULES)
    assert (found.value, found.interval) == (D("1.4583"), (Fraction(5, 4), Fraction(5, 3)))


def test_numbers_beyond_64_bits_are_left_to_whole_numbers():
    lines = [line(Weight(10**19, 9, 10)), line(Weight(10**19, 8, 10))]
    assert vector_balance.solve(lines, RULES).value == D("0.8500")


def test_lines_that_can_not_be_determined_are_named():
    with pytest.raises(UnusableLinesError):
        vector_balance.solve([LineInput("X", 5)], RULES)
