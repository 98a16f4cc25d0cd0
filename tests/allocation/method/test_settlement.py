"""What is issued: pre-allocation, top-up or return, deductions, differentiated issue, changed results (allocation.md §4)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation.method import settlement
from allocation.method.settlement import Balance


@pytest.mark.parametrize(
    ("verified", "rate", "tonnes"),
    [
        ("1789.70", "1", 1789),  # rounded down
        ("1789.70", "0.70", 1252),  # 1,252.79
        ("100", "0.70", 70),  # 70 exactly; 100 × 0.7 in floats is 70.0, 110 × 0.7 is 76.999…
        ("110", "0.70", 77),
        ("1000001", "0.70", 700_000),  # 700,000.7
        ("1000001", "0.50", 500_000),
        ("0", "0.70", 0),
        (None, "0.70", 0),  # no verified last year
    ],
)
def test_pre_allocation(verified, rate, tonnes):
    assert settlement.pre_allocated(verified and Decimal(verified), Decimal(rate)) == tonnes


@pytest.mark.parametrize(
    ("pre_allocated", "balances", "deducted", "issued", "left"),
    [
        (700, [], [], 700, []),
        (700, [100], [100], 600, [0]),
        (700, [700], [700], 0, [0]),
        (700, [800], [700], 0, [100]),
        (700, [300, 500], [300, 400], 0, [0, 100]),  # the oldest decision first
        (0, [300], [0], 0, [300]),
    ],
)
def test_pre_stage(pre_allocated, balances, deducted, issued, left):
    stage = settlement.pre_stage(pre_allocated, decisions(balances))
    assert [balance.tonnes for balance in stage.deductions] == deducted
    assert stage.deducted == sum(deducted)
    assert stage.issued == issued
    assert [balance.tonnes for balance in stage.balances] == left


def decisions(tonnes):
    return tuple(Balance(f"decision {number}", amount) for number, amount in enumerate(tonnes, start=1))


@pytest.mark.parametrize(
    ("balances", "pre_allocated", "determined", "top_up", "returned", "deducted", "before", "now", "total", "left"),
    [
        # no balance: ⑤ = ① in either direction
        ([], 700, 1000, 300, 0, 0, 700, 300, 1000, 0),
        ([], 700, 600, -100, 0, 0, 700, -100, 600, 0),
        ([], 0, 1000, 1000, 0, 0, 0, 1000, 1000, 0),  # no pre-allocation, as in 2024
        # balance 800: 700 deducted before, 100 left; ① = 300, ③ = 100, ⑤ = 200
        ([800], 700, 1000, 300, 0, 100, 0, 200, 200, 0),
        # 0 ≤ ① ≤ balance gives ⑤ = 0: balance 1,100, 400 left, ① = 300, ③ = 300, ⑦ = 100
        ([1100], 700, 1000, 300, 0, 300, 0, 0, 0, 100),
        ([1000], 700, 1000, 300, 0, 300, 0, 0, 0, 0),  # ① = balance
        ([800], 700, 700, 0, 0, 0, 0, 0, 0, 100),  # ① = 0
        # ① below zero deducts nothing, the unit returns: balance 400 gone before, ④ = 300, ⑤ = −50
        ([400], 700, 650, -50, 0, 0, 300, -50, 250, 0),
        # 700 deducted before, only 600 determined: ② = 100 goes back, ⑤ = −100 + 100 = 0, ⑦ = 100 + 100
        ([800], 700, 600, -100, 100, 0, 0, 0, 0, 200),
        # 680 deducted of 700, 20 issued, 600 determined: ② = 80, ⑤ = −100 + 80 = −20, ⑥ = 0
        ([680], 700, 600, -100, 80, 0, 20, -20, 0, 80),
        ([680], 700, 0, -700, 680, 0, 20, -20, 0, 680),
        # two decisions, 300 and 500: before 300 + 400; 600 determined: ② = 100 back into the later one
        ([300, 500], 700, 600, -100, 100, 0, 0, 0, 0, 200),
    ],
)
def test_determination_stage(balances, pre_allocated, determined, top_up, returned, deducted, before, now, total, left):
    stage = settlement.determination_stage(determined, settlement.pre_stage(pre_allocated, decisions(balances)))
    assert stage.determined == determined
    assert (stage.top_up, stage.returned, stage.deducted) == (top_up, returned, deducted)
    assert (stage.issued_before, stage.issued_now, stage.issued_total) == (before, now, total)
    assert settlement.total(stage.balances) == left


def test_what_goes_back_goes_into_the_latest_decision_first():
    before = settlement.pre_stage(700, decisions([300, 500]))
    stage = settlement.determination_stage(250, before)
    # 700 were deducted, 250 determined: 450 go back, the later decision's 400 and 50 of the older one's
    assert stage.given_back == decisions([50, 400])
    assert stage.balances == decisions([50, 500])


def test_a_deduction_that_was_emptied_and_dropped_comes_back_first():
    before = settlement.pre_stage(700, decisions([300, 500]))
    later = Balance("decision 3", 10)
    stage = settlement.determination_stage(250, before, balances=[later])
    assert stage.balances == (*decisions([50, 400]), later)


def test_a_decision_made_between_the_stages_is_deducted_at_determination():
    before = settlement.pre_stage(700, ())
    stage = settlement.determination_stage(1000, before, balances=[Balance("new", 120)])
    assert (stage.deducted, stage.issued_now, stage.issued_total) == (120, 180, 880)


TONNES = st.integers(0, 10**7)


@given(TONNES, TONNES, st.lists(TONNES, max_size=4))
def test_no_tonne_is_lost(pre_allocated, determined, balances):
    before = settlement.pre_stage(pre_allocated, decisions(balances))
    stage = settlement.determination_stage(determined, before)
    taken = sum(balances) - settlement.total(stage.balances)
    assert stage.issued_total == determined - taken
    assert stage.issued_total >= 0
    assert all(balance.tonnes >= 0 for balance in stage.balances)
    if 0 <= stage.top_up <= settlement.total(before.balances):
        assert stage.issued_now == 0


@pytest.mark.parametrize(
    ("held", "due", "used", "released", "still_due"),
    [(1000, 1000, 1000, 0, 0), (1030, 1000, 1000, 30, 0), (970, 1000, 970, 0, 30), (0, 5, 0, 0, 5)],
)
def test_differentiated_quota_serves_the_surrender_first(held, due, used, released, still_due):
    found = settlement.release(held, due)
    assert (found.used, found.released, found.still_due) == (used, released, still_due)


def test_the_first_of_the_deductions_are_taken_up_to_so_many_tonnes():
    """300 of the older decision and 50 of the later one's 500."""
    assert [balance.tonnes for balance in settlement.first(decisions([300, 500]), 350)] == [300, 50]
