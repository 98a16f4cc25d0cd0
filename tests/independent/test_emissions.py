"""Months and years as the product accounts them, against the second calculator. A seed is one works' year: twelve months and the year."""

from fractions import Fraction
from random import Random

import pytest

from reporting import accounting
from tests.independent import adapter, emissions, facts

SEEDS = range(30)


def of_month(content):
    return accounting.account(content).totals


def of_year(contents):
    return accounting.account_year(accounting.spans(contents)).totals


def compared(totals):
    """What allocation is told of the line: whole tonnes and the output, as Fractions."""
    line = totals.lines[adapter.LINE]
    return Fraction(line.emissions), Fraction(line.main_emissions), Fraction(line.output)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_steel_works(seed):
    months = facts.steel_year(Random(f"steel {seed}"))
    contents = adapter.year(adapter.steel, months)
    for content, month in zip(contents, months, strict=True):
        agree_on_steel(of_month(content), emissions.steel_year([month]))
    agree_on_steel(of_year(contents), emissions.steel_year(months))


def agree_on_steel(totals, expected):
    processes = {name: Fraction(value) for name, value in totals.processes.items() if name in expected.processes}
    assert processes == expected.processes
    assert compared(totals) == (expected.enterprise, expected.main, expected.output)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clinker_line(seed):
    months = facts.cement_year(Random(f"cement {seed}"))
    contents = adapter.year(adapter.cement, months)
    for content, month in zip(contents, months, strict=True):
        agree_on_a_line(of_month(content), emissions.cement_year([month]))
    agree_on_a_line(of_year(contents), emissions.cement_year(months))


@pytest.mark.parametrize("seed", SEEDS)
def test_an_electrolysis_process(seed):
    months = facts.aluminium_year(Random(f"aluminium {seed}"))
    contents = adapter.year(adapter.aluminium, months)
    for content, month in zip(contents, months, strict=True):
        agree_on_a_line(of_month(content), emissions.aluminium_year([month]))
    agree_on_a_line(of_year(contents), emissions.aluminium_year(months))


def agree_on_a_line(totals, expected):
    assert compared(totals) == (expected.emissions, expected.emissions, expected.output)
    rate = totals.lines[adapter.LINE].carbide_slag_rate
    assert rate == expected.rate


def test_the_calculator_by_hand():
    """The rules' own example: anthracite at 24.000 and 26.000, burnt by two processes in differing shares."""
    months = [two_processes(40_000, 10_000, 24), two_processes(20_000, 30_000, 26)]
    year = emissions.steel_year(months)
    # 60,000 t × 24.667 GJ/t × 0.02749 tC/GJ × 44/12 = 149,181.08 ; 40,000 t × 25.500 × … = 102,812.60
    assert year.processes == {"ironmaking": 149_181, "sintering": 102_813}
    # 100,000 t × 25.000 × 0.02749 × 44/12 = 251,991.67
    assert year.enterprise == 251_992


def two_processes(ironmaking, sintering, value):
    burnt = [
        emissions.Burnt(where, "in", "无烟煤", emissions.Flow(Fraction(tonnes)))
        for where, tonnes in (("ironmaking", ironmaking), ("sintering", sintering))
    ]
    ledger = emissions.Fuel("无烟煤", emissions.Flow(Fraction(ironmaking + sintering)), Fraction(value))
    return emissions.SteelMonth((ledger,), (), (), (), tuple(burnt), ())


def test_an_exact_half_is_rounded_away_from_zero():
    assert emissions.half_up(Fraction(25, 1000), 2) == Fraction(3, 100)
    assert emissions.half_up(Fraction(-25, 1000), 2) == Fraction(-3, 100)
    assert emissions.half_up(Fraction(24999, 1_000_000), 2) == Fraction(2, 100)
