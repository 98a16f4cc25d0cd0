"""Determination, balance value and settlement as the product computes them, against the second calculator."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from allocation import plans
from allocation.method import balance, settlement
from allocation.method.determination import determine_under
from allocation.method.line_facts import LineInput, with_unit_totals
from allocation.method.plan_rules import rules_of
from allocation.method.settlement import Balance
from tests.independent import quota

LINES = 5_000
SETTLEMENTS = 10_000
ON = dt.date(2026, 9, 20)
INTENSITY = {"steel": (100, 200), "cement": (65, 115), "aluminium": (110, 190)}  # hundredths of a tonne for a tonne
KINDS = {"steel": [""], "cement": ["", "", "", "carbide_slag", "white", "gypsum_acid"], "aluminium": [""]}
DETERMINATIONS = [
    ("2024-2025-final", 2024),
    ("2024-2025-final", 2025),
    ("2024-2025-draft", 2025),
    ("2026-draft", 2026),
]


def country(sector, plan, year, on):
    """Lines of every kind, with rates about the limits, small units, new and closed lines."""
    random = Random(f"{sector} {plan} {year}")
    kinds = [*KINDS[sector], *(["oxygen_furnace"] if (sector, plan) == ("steel", "2026-draft") else [])]
    made = [line(random, number, sector, kinds, year, on) for number in range(LINES)]
    return with_unit_totals(made)


def line(random, number, sector, kinds, year, on):
    emissions = random.choice((26_000, random.randint(1, 26_001), random.randint(26_000, 12_000_000)))
    output = Decimal(random.randint(1_000, 10_000_000)) / 100
    low, high = INTENSITY[sector]
    main = (output * random.randint(low, high) / 100).quantize(Decimal(1))
    kind = random.choice(kinds)
    rate = random.choice((None, "0.15", "0.1501", "0.30", "0.3001", "0.5")) if sector == "cement" else None
    if kind == "carbide_slag" and rate is None:
        rate = "0.2"
    commissioned = random.choice((*[None] * 8, dt.date(year, 5, 1), dt.date(year - 1, 12, 31)))
    closed = random.choice((*[None] * 8, on, on + dt.timedelta(days=1)))
    unit = f"U{number // 2}" if random.random() < 0.3 else ""
    return LineInput(f"L{number}", emissions, main, output, kind, rate and Decimal(rate), commissioned, closed, unit)


def told(line):
    """A product's line as a fact."""
    rate = None if line.carbide_slag_rate is None else Fraction(line.carbide_slag_rate)
    numbers = (line.emissions, Fraction(line.main_emissions), Fraction(line.output))
    return quota.Line(*numbers, line.kind, rate, line.commissioned, line.closed, line.unit_emissions or line.emissions)


@pytest.mark.parametrize(("plan", "year"), DETERMINATIONS)
@pytest.mark.parametrize("sector", INTENSITY)
def test_five_thousand_lines(sector, plan, year):
    lines = country(sector, plan, year, ON)
    rules = rules_of(plans.load_plan(plan), sector, year, ON)
    bp = Decimal(1)
    if rules.needs_balance_value:
        bp = balance.solve(lines, rules).value
        by_intensity = [told(each) for each in lines if decides(told(each), plan, year)]
        assert quota.is_balance_value(by_intensity, Fraction(bp))
        rules = rules.at(bp)
    product = [(found.quota, found.due) for found in determine_under(rules, lines)]
    assert product == [quota.quota(told(each), plan, year, Fraction(bp), ON) for each in lines]


def decides(line, plan, year):
    return not quota.outside(line, plan, year, ON) and not quota.equals_emissions(line, plan, year, ON)


def test_a_line_at_a_cap_or_on_a_whole_tonne():
    """The rules' own figures, where binary floating point is a tonne short."""
    at = quota.Line(1_000_000, Fraction(1500), Fraction(1000))
    # X = (1.60 − 1.50)/1.60 = 0.0625, α = 0.009375: 1,000,000 × 1.009375 = 1,009,375 exactly
    assert quota.quota(at, "2024-2025-final", 2025, Fraction("1.60"), ON) == (1_009_375, 1_000_000)
    clean = replace(at, main=Fraction(680))  # 0.68 at 0.85: X = 0.20, the cap
    assert quota.quota(clean, "2024-2025-final", 2025, Fraction("0.85"), ON)[0] == 1_030_000
    dirty = replace(at, main=Fraction(1020))  # 1.02 at 0.85: X = −0.20
    assert quota.quota(dirty, "2024-2025-final", 2025, Fraction("0.85"), ON)[0] == 970_000


def test_ten_thousand_settlements():
    random = Random("settlement")
    for _ in range(SETTLEMENTS):
        balances = [random.randint(0, 3_000) for _ in range(random.randint(0, 4))]
        verified, determined = random.choice((None, random.randint(0, 9_000))), random.randint(0, 9_000)
        advance = settlement.pre_allocated(verified, Decimal("0.70"))
        assert advance == quota.pre_allocation(Fraction(7, 10), verified)
        assert settled(advance, determined, balances) == quota.settle(advance, determined, balances)


def settled(advance, determined, balances):
    """What the product says, by decision."""
    decisions = tuple(Balance(str(number), tonnes) for number, tonnes in enumerate(balances))
    before = settlement.pre_stage(advance, decisions)
    after = settlement.determination_stage(determined, before)

    def by_decision(given):
        found = {balance.decision: balance.tonnes for balance in given}
        return tuple(found.get(balance.decision, 0) for balance in decisions)

    return quota.Settled(
        by_decision(before.deductions),
        before.issued,
        after.top_up,
        by_decision(after.given_back),
        by_decision(after.deductions),
        after.issued_now,
        after.issued_total,
        by_decision(after.balances),
    )
