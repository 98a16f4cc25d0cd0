"""The balance value: hand-worked sectors, and that the left side crosses zero where the solver says."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation import plans
from allocation.method import balance
from allocation.method.balance import Equation, NoBalanceValueError, Weight
from allocation.method.line_facts import LineInput, UnusableLinesError
from allocation.method.plan_rules import rules_of
from allocation.method.report import report
from registry.values.canonical import canonical

PLAN = plans.load_plan("2024-2025-final")
RULES = rules_of(PLAN, "cement", 2025)
TERMS = RULES.terms
D = Decimal


def line(emissions, intensity, code="L", **fields):
    return LineInput(code, emissions, D(intensity) * 1000, D(1000), **fields)


def left_side(weights, bp):
    """Σ E · clip(slope · (BP − I)/BP, ±cap), straight from the rules."""
    return sum(w.emissions * max(-TERMS.cap, min(TERMS.cap, TERMS.slope * (bp - w.intensity) / bp)) for w in weights)


def test_with_nobody_clipped_it_is_the_weighted_mean_intensity():
    # (1·0.80 + 3·0.90) / 4 = 3.5 / 4 = 0.875; 0.80 and 0.90 lie within ±20 % of it
    found = balance.solve([line(1000, "0.80"), line(3000, "0.90")], RULES)
    assert (found.root, found.value, found.interval) == (Fraction(7, 8), D("0.8750"), None)


def test_with_one_line_clipped():
    # Suppose the worst, I = 2, E = 1000, is at the lower cap: it gives −0.03·1000 = −30.
    # The others, E = 4000 in all, ΣE·I = 3000·1 + 1000·1.1 = 4100: 0.15·(4000 − 4100/BP) = 30
    # → 4000 − 4100/BP = 200 → BP = 4100/3800 = 41/38 = 1.0789…; 2 ≥ 1.2·BP = 1.2947 indeed, 1 and 1.1 lie inside.
    found = balance.solve([line(3000, "1"), line(1000, "1.1"), line(1000, "2")], RULES)
    assert found.root == Fraction(41, 38)
    assert found.value == D("1.0789")


def test_where_nobody_stands_inside_an_interval_balances():
    # Equal emissions, I = 1 at the upper cap for BP ≥ 1/0.8 = 1.25, I = 2 at the lower for BP ≤ 2/1.2 = 5/3: +30 − 30 = 0 between.
    # The middle is (5/4 + 5/3)/2 = 35/24 = 1.458333…
    found = balance.solve([line(1000, "1"), line(1000, "2")], RULES)
    assert found.interval == (Fraction(5, 4), Fraction(5, 3))
    assert found.root == Fraction(35, 24)
    assert found.value == D("1.4583")


def test_a_root_on_a_break_point_is_no_interval():
    # I = 1 reaches the upper cap at BP = 1.25 exactly, where I = 1.25·1.2 = 1.5 leaves the lower one: zero there alone
    found = balance.solve([line(1000, "1"), line(1000, "1.5")], RULES)
    assert (found.root, found.interval) == (Fraction(5, 4), None)


def test_it_is_rounded_half_up_as_the_plan_says():
    # one line balances at its own intensity: 0.85005 → 0.8501, 0.85004999 → 0.8500
    assert balance.solve([line(7, "0.85005")], RULES).value == D("0.8501")
    assert balance.solve([line(7, "0.85004999")], RULES).value == D("0.8500")


def test_lines_whose_intensity_does_not_decide_take_no_part():
    outside = line(9000, "5", closed=RULES.determined_on)
    white = line(9000, "5", kind="white")
    nothing = line(0, "5")
    found = balance.solve([line(1000, "0.80"), line(3000, "0.90"), outside, white, nothing], RULES)
    assert found.value == D("0.8750")


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [line(1000, "0.9", kind="white")],
        [line(0, "0.9")],
        # three quarters of the emissions have no main emissions: they get +3 % at any BP, the rest can lose 3 % at most
        [line(3000, "0"), line(1000, "1")],
        [line(1000, "0")],
    ],
)
def test_where_nothing_balances_there_is_no_value(lines):
    with pytest.raises(NoBalanceValueError):
        balance.solve(lines, RULES)


def test_where_the_lines_without_main_emissions_weigh_as_much_everything_low_balances():
    # I = 0 is at +3 % always, I = 6 at −3 % for BP ≤ 6/1.2 = 5: [0, 5], middle 2.5
    found = balance.solve([line(1000, "0"), line(1000, "6")], RULES)
    assert (found.interval, found.value) == ((Fraction(0), Fraction(5)), D("2.5000"))


def test_lines_that_can_not_be_determined_are_named():
    with pytest.raises(UnusableLinesError):
        balance.solve([line(1000, "1"), LineInput("X", 5)], RULES)


# Few distinct intensities and small emissions: many coincidences of break points, plateaus and exact zeros.
COARSE = st.builds(Weight, st.integers(1, 4), st.sampled_from([0, 1, 2, 3, 10]), st.sampled_from([1, 2, 3]))
FINE = st.builds(Weight, st.integers(1, 10**7), st.integers(1, 10**9), st.integers(1, 10**9))


@given(st.lists(COARSE, min_size=1, max_size=8) | st.lists(FINE, min_size=1, max_size=8))
def test_the_left_side_changes_sign_at_the_root_and_only_there(weights):
    hair = Fraction(1, 10**25)
    try:
        low, high = Equation(weights, TERMS).solve()
    except NoBalanceValueError:
        lowest = min((w.intensity for w in weights if w.main), default=Fraction(1))
        assert left_side(weights, lowest / 2) > 0
        return
    assert left_side(weights, high) == 0
    assert left_side(weights, high + hair) > 0
    if low > 0:
        assert left_side(weights, low) == 0
        assert left_side(weights, low - min(hair, low / 2)) < 0
    else:
        assert left_side(weights, high / 2) == 0


@given(st.lists(FINE, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(weights, random):
    shuffled = weights[:]
    random.shuffle(shuffled)
    assert Equation(weights, TERMS).solve() == Equation(shuffled, TERMS).solve()


def many(count):
    """Lines with intensities spread over 0.70 … 1.10, none like another."""
    return [
        LineInput(f"L{n}", 100_000 + 7 * n, D(700_001 + 400_000 * n // count), D(1_000_003 + n)) for n in range(count)
    ]


def test_beyond_a_hundred_lines_the_root_is_given_by_its_first_decimals():
    lines = many(400)
    found = balance.solve(lines, RULES)
    digits = Fraction(1, 10**balance.DECIMALS_BEYOND)
    weights = balance.weights(lines, RULES)
    assert found.root.denominator <= 10**balance.DECIMALS_BEYOND
    assert left_side(weights, found.root) <= 0 < left_side(weights, found.root + digits)


def test_a_root_exactly_between_two_rounded_values_is_settled_exactly():
    # 200 lines of I = 0.85005: the cut sums can't tell on which side of the tie the root lies, the exact sum can
    found = balance.solve([line(1000 + n, "0.85005", code=str(n)) for n in range(200)], RULES)
    assert found.value == D("0.8501")
    assert found.root == Fraction(85005, 100000)


def test_sums_by_halves_are_the_sums():
    weights = [Weight(3, 1, 7), Weight(2, 5, 11), Weight(1, 1, 7), Weight(4, 9, 13)]
    assert balance.sum_of_products(weights) == sum(w.emissions * w.intensity for w in weights)
    assert balance.sum_of_products([]) == 0


def test_the_report_stands_beside_the_value():
    lines = [
        line(1_000_000, "0.80", "A"),
        line(1_000_000, "0.90", "B"),
        line(500, "0.1", "C", kind="white"),
        line(700, "0.1", "D", closed=RULES.determined_on),
    ]
    found = report(lines, RULES)
    # BP = 0.85; A: X = 1/17, 1,000,000 × (1 + 3/340) = 1,008,823.5 → 1,008,823; B: 1,000,000 × 337/340 → 991,176; C: 500; D: 0
    assert found.solution.value == D("0.8500")
    assert found.totals.total_quota == 1_008_823 + 991_176 + 500
    assert found.totals.total_emissions == 2_000_500  # what is outside is not counted
    assert found.totals.residue == -1
    assert (found.totals.within, found.totals.equal_lines, found.totals.outside_lines) == (2, 1, 1)
    # two rates: −8,824 and +8,823 of a million; by nearest rank the first stands for the lowest five tenths
    assert found.surplus_deciles == (Fraction(-8824, 10**6),) * 6 + (Fraction(8823, 10**6),) * 5
    assert "0.8500" in canonical(found.canonical())


def test_the_residue_is_what_flooring_takes_and_rounding_moves():
    # At the exact root quota and emissions would differ by the floors alone, less than a tonne a line;
    # the rounded value is at most 0.00005 off: 0.15 · E · I/BP² · 0.00005 in all.
    lines = many(400)
    found = report(lines, RULES)
    emissions = sum(one.emissions for one in lines)
    moved = Fraction(15, 100) * emissions * Fraction(12, 10) / Fraction(found.solution.value) / 20_000
    assert -400 - moved <= found.totals.residue <= moved


def test_a_root_on_a_break_point_with_a_line_inside_whose_product_has_no_end():
    """Decided exactly, for E·I can't be written in decimals.

    BP = 5/3: I = 4/3 = 0.8·BP stands at the upper cap, +0.03·1000 = 30; I = 11/6 = 1.1·BP gives −0.15·0.1·2000 = −30.
    BP = 5/7: I = 6/7 = 1.2·BP stands at the lower cap, I = 9/14 = 0.9·BP gives +30.
    """
    for bp, weights in (
        (Fraction(5, 3), [Weight(1000, 4, 3), Weight(2000, 11, 6)]),
        (Fraction(5, 7), [Weight(1000, 6, 7), Weight(2000, 9, 14)]),
    ):
        equation = Equation(weights, TERMS)
        assert left_side(weights, bp) == 0
        assert (equation.sign(bp), equation.solve()) == (0, (bp, bp))


def test_lines_without_main_emissions_alone_balance_nowhere(in_english):
    with pytest.raises(NoBalanceValueError, match="too many lines have no emissions from their main processes"):
        balance.solve([line(1000, "0")], RULES)


def equal(*groups):
    """Lines of (how many, tonnes, I) as weights."""
    return [Weight(emissions, i.numerator, i.denominator) for many, emissions, i in groups for _one in range(many)]


def test_up_to_a_hundred_lines_inside_the_root_is_the_fraction_itself():
    """The mean of I, as nobody is clipped; and with 60 of I = 0.5 at the upper cap beside 60 inside it is still the fraction:

    0.03·60·1000 = 1,800 = −0.15·60·2000·(BP − 1)/BP, so (BP − 1)/BP = −0.1 and BP = 10/11.
    """
    root = Fraction(99 * 800 + 450, 99_500)
    hundred = equal((99, 1000, Fraction(4, 5)), (1, 500, Fraction(9, 10)))
    assert Equation(hundred, TERMS).solve() == (root, root)
    root = Fraction(100 * 800 + 450, 100_500)
    (low, high) = Equation([*hundred, hundred[0]], TERMS).solve()
    assert low == high == Fraction(root.numerator * 10**30 // root.denominator, 10**30)
    clipped = equal((60, 1000, Fraction(1, 2)), (60, 2000, Fraction(1)))
    assert Equation(clipped, TERMS).solve() == (Fraction(10, 11), Fraction(10, 11))


def test_the_first_decimals_of_a_root_that_ends_are_the_root():
    """104 lines of the same tonnes in pairs around 0.85, none of whose E·I can be written in decimals.

    Two more of the same tonnes stand at either cap, +3 % and −3 %, and change nothing.
    """
    around = [sign * Fraction(step, 3_000) for step in range(1, 155, 3) for sign in (1, -1)]
    assert len(around) == 104
    lines = equal(*((1, 1000, Fraction(85, 100) + beside) for beside in around))
    assert Equation(lines, TERMS).solve() == (Fraction(85, 100), Fraction(85, 100))
    at_either_cap = equal((1, 1000, Fraction(1, 10)), (1, 1000, Fraction(5)))
    assert Equation([*lines, *at_either_cap], TERMS).solve() == (Fraction(85, 100), Fraction(85, 100))


@pytest.mark.parametrize(
    ("largest", "power"),
    [
        (1000, 50),  # twenty more than the decimals of a long root
        (10**30, 61),  # 10³⁰·10³⁰·(1 + 5) has 61 digits
        (4 * 10**30, 62),  # 9.6·10⁶¹ has 62
        (10**24, 50),  # 6·10⁴⁸ has 49
    ],
)
def test_two_points_differ_by_more_than_a_part_of_the_scale(largest, power):
    assert balance._scale(largest, Fraction(1, 5)) == 10**power
