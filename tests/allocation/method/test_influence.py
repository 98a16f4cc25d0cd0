"""On which lines a balance value hangs: hand-worked, and against leaving out every line in turn."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from allocation import plans
from allocation.method import balance, influence
from allocation.method.balance import NoBalanceValueError
from allocation.method.distribution import grouped, size_class, suppose
from allocation.method.influence import most_influential
from allocation.method.line_facts import LineInput
from allocation.method.plan_rules import rules_of
from allocation.method.report import report
from tests.allocation.balance_values.test_balance_value import line, many

RULES = rules_of(plans.load_plan("2024-2025-final"), "cement", 2025)
D = Decimal


def test_influence_is_how_far_the_root_moves_without_the_line():
    # BP of all: (1·0.80 + 3·0.90)/4 = 0.875. Without the first 0.90: +0.025; without the second 0.80: −0.075.
    found = most_influential([line(1000, "0.80", "A"), line(3000, "0.90", "B"), line(9, "5", "C", kind="white")], RULES)
    assert [(one.line.line, one.root, one.shift) for one in found] == [
        ("B", Fraction(4, 5), Fraction(-3, 40)),
        ("A", Fraction(9, 10), Fraction(1, 40)),
    ]
    assert found[0].value == D("0.8000")


def test_a_line_without_which_nothing_balances_comes_first():
    found = most_influential([line(1000, "0", "A"), line(1000, "6", "B")], RULES)
    # without B only I = 0 is left: +3 % at any value; without A the root is 6, from the middle of [0, 5]
    assert [(one.line.line, one.root) for one in found] == [("B", None), ("A", Fraction(6))]


def test_floats_choose_the_lines_that_leaving_out_each_in_turn_finds():
    lines = [*many(60), line(5_000_000, "1.9", "X"), line(4_000_000, "0.3", "Y")]
    root = balance.solve(lines, RULES).root
    shifts = {}
    for place, one in enumerate(lines):
        try:
            shifts[one.line] = balance.solve(lines[:place] + lines[place + 1 :], RULES).root - root
        except NoBalanceValueError:
            shifts[one.line] = None
    wanted = sorted(shifts, key=lambda name: (shifts[name] is not None, -abs(shifts[name] or 0), name))[:10]
    found = most_influential(lines, RULES)
    assert [one.line.line for one in found] == wanted
    assert [one.shift for one in found] == [shifts[name] for name in wanted]


def test_groups_sum_to_the_totals_and_leave_out_what_is_outside():
    lines = [line(1_000_000, "0.80", "A"), line(1_000_000, "0.90", "B"), line(7, "1", "C", closed=RULES.determined_on)]
    found = report(lines, RULES)
    supposed = suppose(lines, RULES, "A", emissions=1_000_000, main=D("800"), output=D("1000"))
    assert supposed.solution == found.solution
    assert supposed.own.quota == 1_008_823
    groups = grouped([supposed.own], lambda one: size_class(one.line.emissions, [100, 1_000_000]))
    assert [(group.key, group.surplus, group.gaining, group.losing) for group in groups] == [(2, 8_823, 1, 0)]


def test_a_supposed_year_moves_the_value_and_the_lines_quota():
    lines = [line(1000, "0.80", "A"), line(3000, "0.90", "B")]
    # A as B: everybody at 0.90, so quota equals emissions
    supposed = suppose(lines, RULES, "A", emissions=1000, main=D("900"), output=D("1000"))
    assert (supposed.solution.value, supposed.own.quota, supposed.totals.residue) == (D("0.9000"), 1000, 0)
    assert isinstance(supposed.own.line, LineInput)


def test_a_supposed_year_exchanges_emissions_and_output_too():
    """A emits 500 at 1,000 over 2,000: I = 0.50, and B 3,000 at 0.90.

    At BP between 0.90/1.2 = 0.75 and 0.90: A stands at or beyond the upper limit where BP ≥ 0.50/0.8 = 0.625, so α = +0.03:
    500 × 0.03 + 3,000 × 0.15 × (BP − 0.90)/BP = 0, so 15 = 450 × (0.90 − BP)/BP, 1/30 × BP = 0.90 − BP and BP = 27/31 = 0.870967…
    A gets 500 × 1.03 = 515; B 3,000 × (1 + 0.15 × (0.8710 − 0.90)/0.8710) = 3,000 − 14.98… → 2,985.
    """
    lines = [line(1000, "0.80", "A"), line(3000, "0.90", "B")]
    supposed = suppose(lines, RULES, "A", emissions=500, main=D("1000"), output=D("2000"))
    assert (supposed.solution.root, supposed.solution.value) == (Fraction(27, 31), D("0.8710"))
    assert (supposed.own.line.line, supposed.own.due, supposed.own.quota) == ("A", 500, 515)
    assert (supposed.totals.total_emissions, supposed.totals.total_quota) == (3_500, 3_500)


def test_a_line_at_the_value_itself_comes_last():
    """Equal emissions: BP = (0.8 + 0.9 + 1.0)/3 = 0.9; without 0.8 it is 0.95, without 1.0 it is 0.85, without 0.9 still 0.9."""
    found = most_influential([line(1000, "0.9", "A"), line(1000, "0.8", "B"), line(1000, "1", "C")], RULES)
    assert [(one.line.line, one.intensity, one.shift) for one in found] == [
        ("B", Fraction(4, 5), Fraction(1, 20)),
        ("C", Fraction(1), Fraction(-1, 20)),
        ("A", Fraction(9, 10), Fraction(0)),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        # all inside, small; many at either cap; the largest far above the others, with most emissions; widely spread
        [(3, "0.80"), (5, "0.90"), (7, "1")],
        [(1000, "0.2"), (1500, "0.5"), (2000, "0.9"), (2500, "1"), (1800, "1.1"), (900, "2"), (700, "4")],
        [(1, "0.1"), (1, "0.2"), (1000, "10"), (1000, "10.1"), (1000, "9.9")],
        [(10**7, "0.85"), (10**6, "0.01"), (10**6, "30"), (4 * 10**6, "0.9"), (3 * 10**6, "0.8")],
        # whoever goes, equal emissions at either cap balance over an interval, or nearly so: its middle is meant
        [(1000, "1"), (1000, "2"), (1000, "1"), (1000, "2"), (1000, "40")],
    ],
)
def test_floats_find_the_root_without_each_line(lines):
    """As whole numbers find it, of each line by itself."""
    weights = [balance.weight_of(line(emissions, intensity)) for emissions, intensity in lines]
    exact = [influence._without(weights, index, RULES.terms) for index in range(len(weights))]
    emissions = np.array([float(one.emissions) for one in weights])
    intensities = np.array([float(one.intensity) for one in weights])
    found = influence._roots_without(emissions, intensities, RULES.terms)
    assert None not in exact
    assert found.tolist() == pytest.approx([float(root) for root in exact], rel=1e-6)
