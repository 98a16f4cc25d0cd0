"""The fast balance value: it is the one that whole numbers give, and where float64 can't prove it, it leaves the matter to them."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation import plans
from allocation.method import balance, vector_balance
from allocation.method.balance import Equation, NoBalanceValueError, Weight
from allocation.method.line_facts import LineInput, UnusableLinesError
from allocation.method.plan_rules import rules_of
from allocation.method.vector import Columns
from registry.values.exact import half_up

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


def certified_of(*weights, terms=RULES.terms):
    return vector_balance.certified(Columns.of([Weight(*each) for each in weights]), terms, PLACES)


def test_what_float64_can_prove_needs_no_whole_numbers(monkeypatch):
    """(1·0.80 + 3·0.90)/4 = 0.875, and (1·0.75016 + 1·0.94992)/2 = 0.85004, four fifths of the way to the next rounded value.

    With I = 0.5 at the upper cap, +0.03·1000 = 30, the others, E = 4000 and ΣE·I = 3500, make −30: 0.15·(4000 − 3500/BP) = −30,
    4000 − 3500/BP = −200, BP = 35/42 = 0.8333…, and 0.5 ≤ 0.8·BP indeed.
    """
    monkeypatch.setattr(balance, "solve", lambda *_given: pytest.fail("float64 left it to whole numbers"))
    for weights, expected in (
        ([(1000, 80, 100), (3000, 90, 100)], "0.8750"),
        ([(1000, 75_016, 100_000), (1000, 94_992, 100_000)], "0.8500"),
        ([(1000, 50, 100), (1000, 80, 100), (3000, 90, 100)], "0.8333"),
    ):
        lines = [line(Weight(*each)) for each in weights]
        found = vector_balance.solve([*lines, LineInput("idle", 0, D(0), D(0))], RULES)
        assert (found.value, found.interval) == (D(expected), None)


def test_an_interval_narrower_than_a_place_is_not_certified():
    """I = 1 reaches the upper cap at 1/0.8 = 1.25, I = 1.50001 leaves the lower one at 1.50001/1.2 = 1.250008…: between them all balance.

    Beside 1.25 both sides have the signs of a single root, and no line stands inside from one to the other.
    """
    assert certified_of((1000, 1, 1), (1000, 150_001, 100_000)) is None
    # The same with a few tonnes of the second at I = 100, so that floats come to the edge of the interval from beside it.
    beside = (1000, 1, 1), (998, 150_001, 100_000), (2, 100, 1)
    assert certified_of(*beside) is None
    # A line inside all the way that emitted nothing changes nothing about it.
    assert certified_of(*beside, (0, 125, 100)) is None


def test_a_root_on_a_tie_is_never_certified_whichever_way_float64_errs():
    for main in range(80_005, 100_005, 10):
        assert certified_of((1000, main, 100_000)) is None


def test_the_bound_of_the_error_holds_for_limits_up_to_nine_tenths():
    wide = replace(RULES.terms, limit=Fraction(9, 10))
    assert certified_of((1000, 80, 100), (3000, 90, 100), terms=wide) == D("0.8750")
    wider = replace(RULES.terms, limit=Fraction(91, 100))
    assert certified_of((1000, 80, 100), (3000, 90, 100), terms=wider) is None


def test_a_value_of_less_than_half_a_place_is_left_to_whole_numbers():
    assert certified_of((1000, 1, 100_000)) is None
    assert certified_of((1000, 0, 100_000)) is None


def test_one_line_is_its_own_balance_value():
    """Of a single tonne too, and above 1 as below it."""
    assert certified_of((1, 1, 1)) == D("1.0000")
    assert certified_of((1000, 2, 1)) == D("2.0000")
