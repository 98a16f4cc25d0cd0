"""Determined quota: the checks of allocation.md §2, and every case of every plan."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from allocation import plans
from allocation.method.determination import (
    closed_before_the_year,
    coefficient,
    determine,
    deviation,
    faults,
    label_with_low_rate,
    main_and_output,
)
from allocation.method.explanation import explain
from allocation.method.line_facts import LineInput, UnusableLineError, UnusableLinesError, with_unit_totals
from allocation.method.plan_rules import BY_INTENSITY, EQUAL, LABELLED_ABOVE_RATE, OUTSIDE, Case, rules_of
from registry.values.canonical import canonical

FINAL = plans.load_plan("2024-2025-final")
DRAFT = plans.load_plan("2024-2025-draft")
NEXT = plans.load_plan("2026-draft")
D = Decimal


def line(emissions=1_000_000, intensity="0.90", **fields):
    """A line that made a million tonnes."""
    given_fields = {"main_emissions": D(intensity) * 1_000_000, "output": D(1_000_000), **fields}
    return LineInput("L1", emissions, **given_fields)


def one(a_line, plan=FINAL, sector="cement", year=2025, balance_value="0.85", determined_on=None):
    return determine(
        [a_line],
        plan,
        sector=sector,
        year=year,
        balance_value=balance_value and Fraction(balance_value),
        determined_on=determined_on,
    )[0]


@pytest.mark.parametrize(
    ("emissions", "intensity", "balance_value", "quota", "case"),
    [
        # X = 0.10/1.60 = 0.0625, α = 0.15·0.0625 = 0.009375; 10,000,000 × 1.009375 = 10,093,750 exactly
        (10_000_000, "1.50", "1.60", 10_093_750, Case.WITHIN),
        # the same at a million: 1,009,375 exactly, where floats give 1,009,374
        (1_000_000, "1.50", "1.60", 1_009_375, Case.WITHIN),
        # X = −0.05/0.85 = −1/17, α = −0.15/17 = −3/340; 1,000,000 × 337/340 = 991,176.47 → 991,176
        (1_000_000, "0.90", "0.85", 991_176, Case.WITHIN),
        # X = 0.17/0.85 = 0.20: at the limit, α = +0.03
        (1_000_000, "0.68", "0.85", 1_030_000, Case.CLIPPED_ABOVE),
        # X = −0.17/0.85 = −0.20: at the limit, α = −0.03
        (1_000_000, "1.02", "0.85", 970_000, Case.CLIPPED_BELOW),
        # a hair inside the limits: α = 0.15 × 0.19999… = 0.02999…; floor takes the last tonne
        (1_000_000, "0.680001", "0.85", 1_029_999, Case.WITHIN),
        (1_000_000, "1.019999", "0.85", 970_000, Case.WITHIN),
        # far beyond
        (1_000_000, "0", "0.85", 1_030_000, Case.CLIPPED_ABOVE),
        (1_000_000, "99", "0.85", 970_000, Case.CLIPPED_BELOW),
        # at the balance value itself X = 0
        (1_000_000, "0.85", "0.85", 1_000_000, Case.WITHIN),
        # 33 × 1.03 = 33.99 → 33; 33 × 0.97 = 32.01 → 32
        (33, "0.1", "0.85", 33, Case.CLIPPED_ABOVE),
        (33, "9", "0.85", 32, Case.CLIPPED_BELOW),
        (0, "0.9", "0.85", 0, Case.WITHIN),
    ],
)
def test_quota_by_intensity(emissions, intensity, balance_value, quota, case):
    found = one(line(emissions, intensity), balance_value=balance_value)
    assert (found.quota, found.case, found.due) == (quota, case, emissions)


def test_the_ratios_are_exact():
    found = one(line())
    assert found.ratios == (Fraction(9, 10), Fraction(-1, 17), Fraction(-3, 340))
    assert (found.intensity, found.deviation, found.coefficient) == found.ratios


def test_an_output_with_a_repeating_quotient_is_not_rounded():
    thirds = LineInput("L1", 3, main_emissions=D("0.1"), output=D("0.3"))
    # I = 1/3 shows as 0.3333, but at BP 0.3333 X = 1 − (1/3)/0.3333 = −1/9999: 3 × (1 − 0.15/9999) = 2.99995 → 2
    assert one(thirds, balance_value="0.3333").quota == 2


STRANGE = [
    ({"kind": "white"}, Case.WHITE),
    ({"kind": "gypsum_acid"}, Case.GYPSUM_ACID),
    ({"kind": "carbide_slag", "carbide_slag_rate": D("0.1501")}, Case.CARBIDE_SLAG),
    ({"kind": "carbide_slag", "carbide_slag_rate": D("0.15")}, Case.WITHIN),  # over the rate, not at it
    ({"kind": "", "carbide_slag_rate": D("0.1501")}, Case.CARBIDE_SLAG),  # the rate alone decides
    ({"kind": "", "carbide_slag_rate": D("0.15")}, Case.WITHIN),
    ({"kind": "oxygen_furnace", "carbide_slag_rate": D("0.9")}, Case.CARBIDE_SLAG),  # whatever the kind
    ({"kind": "oxygen_furnace"}, Case.WITHIN),  # a kind that this plan does not single out is a line like any other
    ({"commissioned": dt.date(2025, 1, 1)}, Case.OUTSIDE_COMMISSIONED),
    ({"commissioned": dt.date(2025, 12, 31)}, Case.OUTSIDE_COMMISSIONED),
    ({"commissioned": dt.date(2024, 12, 31)}, Case.WITHIN),
    ({"closed": dt.date(2026, 9, 20)}, Case.OUTSIDE_CLOSED),  # determined on 2026-09-20, that day included
    ({"closed": dt.date(2026, 9, 21)}, Case.WITHIN),
    ({"closed": dt.date(2025, 3, 1), "kind": "white"}, Case.OUTSIDE_CLOSED),
    ({"unit_emissions": 25_999}, Case.WITHIN),
    ({"emissions": 0, "main_emissions": D(0), "output": D(0)}, Case.IDLE),
    ({"emissions": 0, "main_emissions": None, "output": D(0)}, Case.IDLE),
    ({"emissions": 0, "main_emissions": D(0), "output": D(0), "kind": "carbide_slag"}, Case.IDLE),  # it has no rate
]


@pytest.mark.parametrize("plan", [FINAL, DRAFT], ids=lambda plan: plan.id)
@pytest.mark.parametrize(("fields", "case"), STRANGE)
def test_cases_of_2025(fields, case, plan):
    found = one(replace(line(), **fields), plan=plan)
    assert found.case == case
    _check_tonnes(found)


@pytest.mark.parametrize(
    ("fields", "case"),
    [
        ({}, Case.EQUAL_BY_PLAN),
        ({"main_emissions": None, "output": None}, Case.EQUAL_BY_PLAN),
        ({"kind": "white"}, Case.EQUAL_BY_PLAN),
        ({"kind": "carbide_slag"}, Case.EQUAL_BY_PLAN),  # its rate decides nothing in this year
        ({"commissioned": dt.date(2024, 5, 1)}, Case.OUTSIDE_COMMISSIONED),
        ({"closed": dt.date(2025, 9, 30)}, Case.OUTSIDE_CLOSED),
        ({"closed": dt.date(2025, 10, 1)}, Case.EQUAL_BY_PLAN),
    ],
)
def test_cases_of_2024(fields, case):
    found = one(replace(line(), **fields), year=2024, balance_value=None)
    assert found.case == case
    _check_tonnes(found)


@pytest.mark.parametrize(
    ("sector", "fields", "case"),
    [
        ("steel", {}, Case.WITHIN),
        ("steel", {"kind": "oxygen_furnace"}, Case.OXYGEN_FURNACE),
        ("cement", {"kind": "oxygen_furnace"}, Case.WITHIN),
        ("cement", {"kind": "white"}, Case.WHITE),
        ("cement", {"kind": "carbide_slag", "carbide_slag_rate": D("0.30")}, Case.WITHIN),
        ("cement", {"kind": "carbide_slag", "carbide_slag_rate": D("0.3001")}, Case.CARBIDE_SLAG),
        ("cement", {"commissioned": dt.date(2026, 6, 1)}, Case.COMMISSIONED),
        ("cement", {"closed": dt.date(2027, 9, 20)}, Case.CLOSED),
        ("cement", {"closed": dt.date(2027, 9, 21)}, Case.WITHIN),
        ("aluminium", {"unit_emissions": 25_999}, Case.SMALL_UNIT),
        ("aluminium", {"unit_emissions": 26_000}, Case.SMALL_UNIT),  # 以下 includes the number
        ("aluminium", {"unit_emissions": 26_001}, Case.WITHIN),
        ("steel", {"carbide_slag_rate": D("0.9")}, Case.WITHIN),  # a rule of cement
        ("aluminium", {"emissions": 25_999}, Case.SMALL_UNIT),  # of no known unit: its own
    ],
)
def test_cases_of_the_2026_draft(sector, fields, case):
    found = one(replace(line(), **fields), plan=NEXT, sector=sector, year=2026)
    assert found.case == case
    _check_tonnes(found)


def _check_tonnes(found):
    """Outside: nothing given, nothing due. Equal: both are the emissions. Else emissions are due."""
    emissions = found.line.emissions
    if found.case in OUTSIDE:
        assert (found.quota, found.due) == (0, 0)
    elif found.case in EQUAL:
        assert (found.quota, found.due, found.coefficient) == (emissions, emissions, 0)
    else:
        assert found.case in BY_INTENSITY
        assert found.due == emissions
    assert (found.deviation is None) == (found.case not in BY_INTENSITY)


def test_every_case_has_an_article_somewhere():
    by_plan = {(case, plan.id) for plan in plans.all_plans() for case in Case if _article(plan, case)}
    assert {case for case, _plan in by_plan} == set(Case)


def _article(plan, case):
    try:
        return rules_of(plan, plan.sectors[0], plan.years[-1]).article(case)
    except plans.NotCoveredError:
        return None


@pytest.mark.parametrize(
    ("language", "said"),
    [
        # the file's own words on the cap
        ("zh-hans", "国环规气候〔2025〕2号，达到或超过偏离度限值的碳排放强度系数"),
        ("en", "国环规气候〔2025〕2号, intensity coefficient at and beyond the deviation limit"),
    ],
)
def test_a_lines_article_is_cited_in_the_readers_language(language, said):
    with translation.override(language):
        assert one(line(intensity="0.50")).article == said


@pytest.mark.parametrize(
    ("fields", "strange"),
    [
        # 2025 is the year: one that closed on the eve of it can't have emitted in it, one that closed on its first day can
        ({"closed": dt.date(2024, 12, 31)}, True),
        ({"closed": dt.date(2025, 1, 1)}, False),
        ({"closed": dt.date(2024, 12, 31), "emissions": 0}, False),
        ({}, False),
    ],
)
def test_emissions_of_a_line_that_closed_before_the_year_are_strange(fields, strange):
    assert closed_before_the_year(line(**fields), rules_of(FINAL, "cement", 2025)) is strange


@pytest.mark.parametrize(
    ("fields", "strange"),
    [
        # "above 15 %": 0.15 itself is not above it
        ({"kind": "carbide_slag", "carbide_slag_rate": D("0.15")}, True),
        ({"kind": "carbide_slag", "carbide_slag_rate": D("0.16")}, False),
        ({"kind": "carbide_slag"}, False),
        ({"kind": "white", "carbide_slag_rate": D("0.15")}, False),
        ({"carbide_slag_rate": D("0.15")}, False),
    ],
)
@pytest.mark.parametrize("asked_of", ["any_line_above_rate", LABELLED_ABOVE_RATE])
def test_the_label_of_a_line_below_the_rate_is_strange(fields, strange, asked_of):
    """Whether the plan asks the rate of every line or, as runs approved before did, of those registered so."""
    rules = rules_of(FINAL, "cement", 2025)
    rules = replace(rules, kinds={**rules.kinds, "carbide_slag": asked_of})
    assert label_with_low_rate(line(**fields), rules) is strange


def test_lines_know_their_units_total():
    lines = [
        LineInput("A", 20_000, unit="U"),
        LineInput("B", 6_000, unit="U"),
        LineInput("C", 25_999, unit="V"),
        LineInput("D", 7),
        LineInput("E", 8),
    ]
    # 20,000 + 6,000 = 26,000 is not below the limit; a line of no unit is its own
    assert [one.unit_emissions for one in with_unit_totals(lines)] == [26_000, 26_000, 25_999, 7, 8]


@pytest.fixture
def english():
    """Messages as they stand in the code, whatever the site's language."""
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"output": D(0)}, "output", "zero"),
        ({"output": None}, "output", "missing"),
        ({"main_emissions": None}, "main_emissions", "missing"),
        ({"kind": "carbide_slag"}, "carbide_slag_rate", "missing"),
        ({"commissioned": dt.date(2026, 1, 1)}, "commissioned", "later than the emission year 2025"),
        ({"commissioned": dt.date(2026, 1, 1), "kind": "white"}, "commissioned", "later than the emission year 2025"),
        ({"emissions": -1}, "emissions", "below zero"),
        ({"output": D(-1)}, "output", "below zero"),
        ({"closed": dt.date(2020, 1, 1), "commissioned": dt.date(2020, 1, 2)}, "closed", "commissioning"),
        ({"emissions": 0, "output": D(0)}, "output", "zero"),  # it emitted in its main processes: not idle
    ],
)
def test_a_line_that_can_not_be_determined_says_why(fields, field, said, english):
    with pytest.raises(UnusableLinesError) as caught:
        one(replace(line(), **fields))
    (fault,) = caught.value.faults
    assert fault.field == field
    assert said in fault.message


def test_all_faults_come_at_once():
    lines = [line(), replace(line(), output=None), line(), replace(line(), output=D(0))]
    with pytest.raises(UnusableLinesError) as caught:
        determine(lines, FINAL, sector="cement", year=2025, balance_value=D(1))
    assert [fault.index for fault in caught.value.faults] == [1, 3]


def test_what_is_not_needed_may_be_missing():
    white = LineInput("L1", 5, kind="white")
    assert one(white).quota == 5
    assert one(white).intensity is None


@pytest.mark.parametrize("balance_value", [None, "0", "-1"])
def test_a_balance_value_is_needed_and_above_zero(balance_value):
    with pytest.raises(ValueError, match="balance value"):
        one(line(), balance_value=balance_value)


def test_a_plan_determines_only_what_it_covers():
    with pytest.raises(plans.NotCoveredError):
        one(line(), year=2026)
    with pytest.raises(plans.NotCoveredError):
        one(line(), sector="power")


@given(
    emissions=st.integers(0, 10**8),
    main=st.decimals("0", "1e8", places=2),
    output=st.decimals("0.01", "1e8", places=2),
    bp=st.decimals("0.0001", "20", places=4),
)
def test_quota_is_the_floor_of_the_formula(emissions, main, output, bp):
    found = one(LineInput("L", emissions, main, output), balance_value=bp)
    x = (Fraction(bp) - Fraction(main) / Fraction(output)) / Fraction(bp)
    alpha = max(min(x * Fraction(15, 100), Fraction(3, 100)), Fraction(-3, 100))
    assert found.quota <= emissions * (1 + alpha) < found.quota + 1


INTENSE = st.fractions(0, 5, max_denominator=10**6)
BALANCE = st.fractions("0.0001", 5, max_denominator=10**4)


def alpha(intensity, bp):
    return coefficient(deviation(intensity, bp), rules_of(FINAL, "cement", 2025).terms)[1]


@given(INTENSE, INTENSE, BALANCE)
def test_a_lower_intensity_never_has_a_lower_coefficient(one_intensity, other, bp):
    low, high = sorted((one_intensity, other))
    assert D("0.03") >= alpha(low, bp) >= alpha(high, bp) >= D("-0.03")


@given(INTENSE, BALANCE, BALANCE)
def test_a_higher_balance_value_never_takes_from_a_line(intensity, one_bp, other):
    low, high = sorted((one_bp, other))
    assert alpha(intensity, low) <= alpha(intensity, high)


@given(
    st.integers(1, 10**6),
    st.decimals("0", "1e6", places=2),
    st.decimals("0.01", "1e6", places=2),
    st.integers(2, 1000),
    BALANCE,
)
def test_a_line_so_many_times_as_large_has_the_same_coefficient(emissions, main, output, times, bp):
    small = one(LineInput("L", emissions, main, output), balance_value=bp)
    large = one(LineInput("L", emissions * times, main * times, output * times), balance_value=bp)
    assert (small.coefficient, small.case) == (large.coefficient, large.case)
    # Flooring takes less than a tonne from each: never more than so many from the small ones together.
    assert 0 <= large.quota - small.quota * times < times


# --- explanation


def explained(a_line, **kwargs):
    found = explain(one(a_line, **kwargs))
    canonical(found)  # JSON-able, and without floats
    return found


def test_the_explanation_puts_the_numbers_in_the_formula():
    found = explained(line())
    assert found["formula"] == "A = floor(E × (1 + slope × (BP − I) / BP))"
    assert found["numbers"] == ("A = floor(1000000 × (1 + 0.15 × (0.85 − 900000.00 / 1000000) / 0.85)) = 991176")
    # 1,000,000 × 337/340 = 337,000,000/340 = 16,850,000/17
    assert [step["exact"] for step in found["steps"]] == ["9/10", "-1/17", "-3/340", "16850000/17"]
    assert [step["shown"] for step in found["steps"]] == ["0.9000", "-0.058824", "-0.00882353", "991176"]


def test_the_explanation_names_every_input_and_parameter_with_its_article():
    found = explained(line())
    assert {row["name"]: row["value"] for row in found["inputs"]} == {
        "emissions": "1000000",
        "main_emissions": "900000.00",
        "output": "1000000",
        "determined_on": "2026-09-20",
        "balance_value": "0.85",
    }
    values = {row["name"]: row["value"] for row in found["parameters"]}
    assert values["determination.slope"] == "0.15"
    assert values["determination.limit"] == "0.20"
    assert all(row["cite"] for row in found["parameters"] + found["roundings"])
    assert {row["name"] for row in found["roundings"] if row["assumed"]} >= {"balance_value.places", "rounding.ratios"}


@pytest.mark.parametrize(
    ("fields", "formula", "numbers", "parameter"),
    [
        ({"kind": "white"}, "A = E", "A = 1000000", "determination.kinds.white"),
        (
            {"kind": "carbide_slag", "carbide_slag_rate": D("0.2")},
            "A = E",
            "A = 1000000",
            "determination.carbide_slag_rate",
        ),
        ({"closed": dt.date(2025, 1, 2)}, "A = 0", "A = 0", "determination.closed_until"),
        ({"commissioned": dt.date(2025, 1, 2)}, "A = 0", "A = 0", "determination.outside_means"),
        (
            {"main_emissions": D("680000")},
            "A = floor(E × (1 + cap))",
            "A = floor(1000000 × (1 + 0.03)) = 1030000",
            "determination.cap",
        ),
        (
            {"main_emissions": D("1020000")},
            "A = floor(E × (1 + (−cap)))",
            "A = floor(1000000 × (1 + (−0.03))) = 970000",
            "determination.cap",
        ),
    ],
)
def test_each_case_is_explained(fields, formula, numbers, parameter):
    found = explained(replace(line(), **fields))
    assert (found["formula"], found["numbers"]) == (formula, numbers)
    assert parameter in [row["name"] for row in found["parameters"]]


def test_a_line_survives_its_canonical_form():
    lines = [
        LineInput("A", 5),
        LineInput("B", 5, D("1.50"), D("0.00"), "white", D("1E-7"), dt.date(2020, 1, 2), dt.date(2021, 1, 2), "U", 9),
    ]
    for a_line in lines:
        text = canonical(a_line.canonical())
        again = LineInput.from_canonical(json.loads(text))
        assert again == a_line
        assert canonical(again.canonical()) == text


def test_what_can_not_be_determined_is_said_in_full(in_english):
    """In a log or on a terminal nothing but the exception's text is read."""
    with pytest.raises(UnusableLineError) as fault:
        main_and_output(LineInput("A", 5))
    assert str(fault.value) == fault.value.message == "is missing, and the line's intensity decides its quota"
    with pytest.raises(UnusableLinesError) as faults:
        determine([LineInput("A", 5), LineInput("B", 5, D(1))], FINAL, sector="cement", year=2025, balance_value=D(1))
    why = "is missing, and the line's intensity decides its quota"
    assert str(faults.value) == f"A: main_emissions: {why}\nB: output: {why}"
    with pytest.raises(plans.NotCoveredError) as not_covered:
        _ = rules_of(FINAL, "cement", 2024).terms
    assert str(not_covered.value) == "The plan 2024-2025-final does not cover intensity_coefficient (2024)."
    with pytest.raises(plans.NotCoveredError) as not_covered:
        rules_of(FINAL, "power", 2025)
    assert str(not_covered.value) == "The plan 2024-2025-final does not cover power in 2025."


def test_a_closing_counts_until_the_day_that_is_given():
    """By default 2026-09-20, the calendar's day of determination of 2025."""
    gone = line(closed=dt.date(2026, 9, 25))
    assert one(gone).case is Case.WITHIN
    assert one(gone, determined_on=dt.date(2026, 9, 25)).case is Case.OUTSIDE_CLOSED
    assert one(gone, determined_on=dt.date(2026, 9, 24)).case is Case.WITHIN


def test_a_line_may_close_on_the_day_on_which_it_was_commissioned():
    """It closed before determination, so it is outside; only a closing before the beginning is a contradiction."""
    day = dt.date(2020, 1, 1)
    assert one(line(commissioned=day, closed=day)).case is Case.OUTSIDE_CLOSED


def test_a_fault_names_its_line():
    lines = [line(), LineInput("B", 5, D(1), D(0)), LineInput("C", 5)]
    found = list(faults(lines, rules_of(FINAL, "cement", 2025)))
    assert [(fault.index, fault.line, fault.field) for fault in found] == [
        (1, "B", "output"),
        (2, "C", "main_emissions"),
    ]
