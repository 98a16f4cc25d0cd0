"""A year is the sum of its months but for rounding: for the enterprise, every process, every power unit and every line.

Heat to tonnes of anthracite: × 0.02749 × 44/12; of coke-oven gas: × 0.0121 × 44/12.
"""

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from reporting.accounting import CAUSES, Difference, Term, account, account_year, differences, spans, year_content
from reporting.content import MAIN_PROCESSES, Content, Row
from reporting.guidelines import for_period
from tests.reporting.months import batch, ledger, meter, replaced, row

GUIDELINE = for_period("steel", "2025-01")


def works(period: str, *rows: Row) -> Content:
    return Content("steel", period, "U", ("W1",), rows)


def kiln(period: str, *rows: Row) -> Content:
    return Content("cement", period, "U", ("1#",), rows)


def coal(used: str, ncv: str = "", **more: str) -> Row:
    return ledger("anthracite", "0", used, "0", "0", used, ncv=ncv, **more)


def oven_gas(net: str, ncv: str = "", **more: str) -> Row:
    return ledger("coke_oven_gas", "0", "0", "0", "0", net, ncv=ncv, **more)


def charged(process: str, amount: str, item: str = "anthracite", **own: str) -> Row:
    return row("process_in", item, line="W1", process=process, amount=amount, **own)


def terms(months: list[Content], source: str) -> list[Term]:
    return [term for term in account_year(spans(months)).terms if term.source == source]


def the_term(months: list[Content], source: str) -> Term:
    [found] = terms(months, source)
    return found


def compared(months: list[Content]) -> dict[str, Difference]:
    return {each.code: each for each in differences(months)}


def two_processes(**own: str) -> list[Content]:
    """January 50,000 t at 24.000, February 50,000 t at 26.000, which the two processes burn in other shares."""
    return [
        works("2025-01", coal("50000", "24"), charged("ironmaking", "40000"), charged("sintering", "10000")),
        works("2025-02", coal("50000", "26"), charged("ironmaking", "20000", **own), charged("sintering", "30000")),
    ]


@pytest.mark.parametrize("own", [{}, {"ncv": "26"}], ids=["none of its own", "February's own"])
def test_a_process_weighs_the_works_monthly_values_by_its_own_use(own):
    months = two_processes(**own)
    ironmaking = the_term(months, "ironmaking.in.anthracite")
    # (40,000 × 24 + 20,000 × 26) / 60,000 = 24.6667; 60,000 × 24.667 × 0.02749 × 44/12
    assert (ironmaking.inputs["NCV"], ironmaking.emissions) == ("24.667", Decimal("149181.08"))
    sintering = the_term(months, "sintering.in.anthracite")
    # (10,000 × 24 + 30,000 × 26) / 40,000 = 25.5; 40,000 × 25.500 × 0.02749 × 44/12
    assert (sintering.inputs["NCV"], sintering.emissions) == ("25.500", Decimal("102812.60"))
    # The enterprise's own year: 100,000 × 25.000.
    assert the_term(months, "fuel.anthracite").emissions == Decimal("251991.67")


def test_every_process_stands_beside_the_sum_of_its_months():
    found = compared(two_processes())
    # 96,765 + 52,414 and 24,191 + 78,621
    assert (found["ironmaking"].year, found["ironmaking"].months) == (149_181, 149_179)
    assert (found["sintering"].year, found["sintering"].months) == (102_813, 102_812)
    assert (found[""].year, found[""].months) == (251_992, 251_992)
    assert [each.level for each in differences(two_processes())] == [
        "enterprise",
        "process",
        "process",
        "process",
        "line",
    ]
    for each in found.values():
        assert each.rounding == each.difference
        assert (each.floor, each.sign, each.penalty) == (0, 0, 0)


def test_a_power_unit_weighs_by_its_own_use_too():
    def month(period: str, ncv: str, burnt: str) -> Content:
        return works(period, coal("50000", ncv), row("power", "anthracite", line="W1", amount=burnt))

    unit = the_term([month("2025-01", "24", "30000"), month("2025-02", "26", "10000")], "power.anthracite")
    # (30,000 × 24 + 10,000 × 26) / 40,000
    assert unit.inputs["NCV"] == "24.500"


def test_what_leaves_a_process_weighs_by_what_left():
    def month(period: str, ncv: str, left: str) -> Content:
        return works(
            period, oven_gas("-100", ncv), row("process_out", "coke_oven_gas", line="W1", process="coking", amount=left)
        )

    out = the_term([month("2025-01", "170", "3000"), month("2025-02", "180", "1000")], "coking.out.coke_oven_gas")
    assert out.inputs["NCV"] == "172.500"


def test_a_process_that_burnt_nothing_of_a_tested_month_takes_none_of_its_value():
    """January's coal has its default and goes into ironmaking; February's was tested and goes elsewhere."""
    months = [
        works("2025-01", coal("50000"), charged("ironmaking", "40000")),
        works("2025-02", coal("50000", "26"), charged("sintering", "30000")),
    ]
    assert the_term(months, "ironmaking.in.anthracite").inputs["NCV"] == "25.024"  # the default
    assert the_term(months, "sintering.in.anthracite").inputs["NCV"] == "26.000"


def test_a_month_whose_value_comes_from_tests_counts_for_the_processes():
    january, february = two_processes()
    tested = replaced(
        works(february.period, coal("50000"), *february.rows[1:]),
        batch("anthracite", "B1", "50000", "26", sampled=dt.date(2025, 2, 3), reported=dt.date(2025, 2, 9)),
    )
    assert the_term([january, tested], "ironmaking.in.anthracite").emissions == Decimal("149181.08")


def test_each_part_of_a_year_with_two_guidelines_weighs_by_itself(change_guideline):
    change_guideline("steel", dt.date(2025, 7, 1), '"0.44"', '"0.45"')  # limestone
    january, february = two_processes()
    july = works("2025-07", coal("50000", "28"), charged("ironmaking", "50000"))
    assert [term.inputs["NCV"] for term in terms([january, february, july], "ironmaking.in.anthracite")] == [
        "24.667",
        "28.000",
    ]


def test_the_enterprise_weighs_by_what_counts_of_its_consumption():
    months = [works("2025-01", coal("50000", "24", excluded="40000")), works("2025-02", coal("50000", "26"))]
    # (10,000 × 24 + 50,000 × 26) / 60,000 = 25.6667; months 24,191.20 + 131,035.67 = 155,226.87
    assert the_term(months, "fuel.anthracite").inputs["NCV"] == "25.667"
    assert the_term(months, "fuel.anthracite").emissions == Decimal("155228.88")
    assert compared(months)[""].rounding == 2


def test_feedstock_is_no_weight_either():
    months = [
        works("2025-01", oven_gas("600", "170", feedstock="500")),
        works("2025-02", oven_gas("500", "180")),
    ]
    # (100 × 170 + 500 × 180) / 600 = 178.333 × 600 × 0.0121 × 44/12; months 754.23 + 3,993.00 = 4,747.23
    assert the_term(months, "fuel.coke_oven_gas").emissions == Decimal("4747.22")


def test_gas_sold_in_one_month_and_bought_in_another_stands_apart():
    months = [works("2025-01", oven_gas("-1000", "170")), works("2025-02", oven_gas("1200", "180"))]
    found = {term.inputs["FC"]: (term.inputs["NCV"], term.emissions) for term in terms(months, "fuel.coke_oven_gas")}
    assert found == {"1200.00": ("180.000", Decimal("9583.20")), "-1000.00": ("170.000", Decimal("-7542.33"))}
    assert account_year(spans(months)).totals.enterprise == 2_041  # 2,040.87
    assert compared(months)[""].sign == 0


def test_gas_that_nets_to_nothing_keeps_the_heat_between_its_months():
    months = [works("2025-01", oven_gas("-1000", "170")), works("2025-02", oven_gas("1000", "180"))]
    # −7,542.33 + 7,986.00
    assert account_year(spans(months)).totals.enterprise == 444


def test_what_meters_cost_a_fuel_that_nets_to_nothing_is_kept():
    scale = meter("fuel//consumed", item="coke_oven_gas", accuracy="2")
    months = [works("2025-01", oven_gas("-1000"), scale), works("2025-02", oven_gas("990"), scale)]
    # −1,000 × 0.98 and 990 × 1.02 at the default: −7,559.06 + 7,788.91
    assert sum(term.emissions for term in terms(months, "fuel.coke_oven_gas")) == Decimal("229.85")
    assert compared(months)[""].difference == 0


def test_what_is_sold_and_bought_keeps_the_years_two_stocks():
    months = [
        works("2025-01", ledger("coke", "3000", "1000", "2000", "2500", "-500")),
        works("2025-02", ledger("coke", "2500", "4000", "0", "2000", "4500")),
        works("2025-03", ledger("coke", "2000", "1000", "3000", "900", "-900")),
    ]
    bought, sold = year_content(months).rows
    assert (bought.key, sold.key) == (("fuel", "", "", "coke", ""), ("fuel", "", "", "coke", "net_sold"))
    assert {name: str(datum.value) for name, datum in bought.data.items()} == {
        "opening": "3000",
        "purchased": "4000",
        "sold": "0",
        "closing": "900",
        "consumed": "4500",
    }
    assert {name: str(datum.value) for name, datum in sold.data.items()} == {
        "purchased": "2000",
        "sold": "5000",
        "consumed": "-1400",
    }


def test_a_penalty_weighed_apart_is_told_from_rounding():
    months = [
        works("2025-01", coal("50000", "24"), meter("fuel//consumed", item="anthracite", error="5")),
        works("2025-02", coal("50000", "26")),
    ]
    found = compared(months)[""]
    # Months 120,956.00 × 1.05 = 127,003.80 and 131,035.67; the year (100,000 + 2,500) × 25 × 0.02749 × 44/12 = 258,291.46.
    # The penalty: 2,500 × 25.000 against 2,500 × 24.000, 6,299.79 − 6,047.80.
    assert (found.year, found.months) == (258_291, 258_040)
    assert found.penalty == Decimal("251.99")
    assert found.rounding == Decimal("-0.99")


def test_what_another_fuel_is_rounded_by_is_no_penalty():
    """100.2 t of bituminous coal in each month: 2 × 228.31 = 456.62, in the year 456.61."""
    other = ledger("bituminous", "0", "100.2", "0", "0", "100.2")
    months = [
        works("2025-01", coal("50000", "24"), other, meter("fuel//consumed", item="anthracite", error="5")),
        works("2025-02", coal("50000", "26"), other),
    ]
    found = compared(months)[""]
    # 258,291.46 + 456.61; 127,003.80 + 228.31 and 131,035.67 + 228.31.
    assert (found.year, found.months) == (258_748, 127_232 + 131_264)
    assert (found.penalty, found.rounding) == (Decimal("251.99"), Decimal("0.01"))


def test_a_floor_that_one_month_reached_is_told_from_rounding():
    slag = row("alternative", "carbide_slag", line="1#", amount="1000")
    burnt = row("line_fuel", "anthracite", line="1#", amount="96")
    months = [
        kiln("2025-01", burnt, slag),  # stood still: 219.06, and −480.00 kept from counting
        kiln("2025-02", burnt, row("clinker", "portland", line="1#", amount="10000"), slag),
    ]
    found = compared(months)
    # 219 + 219.06 + 5,350 − 480 = 5,308; the year 438.12 + 5,350 − 960 = 4,828.12
    for place in ("", "1#"):
        assert (found[place].year, found[place].months) == (4_828, 5_308)
        assert (found[place].floor, found[place].rounding) == (Decimal("-480.00"), 0)


def random_amount(chance: random.Random, most: int) -> str:
    return f"{chance.randrange(most * 100) / 100:.2f}"


def random_month(chance: random.Random, number: int) -> Content:
    """A works whose coal goes into three processes and a power unit, whose gas is sold or bought, with an odd meter or none."""
    mine = f"{chance.uniform(22, 27):.3f}" if chance.random() < 0.8 else ""
    gas = f"{chance.uniform(150, 190):.3f}"
    flows = [
        charged(
            process,
            random_amount(chance, 90_000),
            **({"ncv": f"{chance.uniform(22, 27):.3f}"} if chance.random() < 0.2 else {}),
        )
        for process in ("sintering", "ironmaking", "pelletising")
        if chance.random() < 0.9
    ]
    meters = [meter("fuel//consumed", item="anthracite")] if chance.random() < 0.3 else []
    return works(
        f"2025-{number:02}",
        coal("200000", mine, excluded=random_amount(chance, 60_000)),
        oven_gas(str(chance.randrange(-3000, 3000)), gas, feedstock=random_amount(chance, 500)),
        row("process_out", "coke_oven_gas", line="W1", process="coking", amount=random_amount(chance, 6000)),
        row("power", "coke_oven_gas", line="W1", amount=random_amount(chance, 2000)),
        *flows,
        *meters,
    )


def most_by_rounding(months: list[Content], year: list[Term], process: str) -> Decimal:
    """Half a unit of the last decimal of every mean, emission line and whole tonne that a place is made of."""
    of_months = [term for month in months for term in account(month).terms if term.source.startswith(f"{process}.")]
    own = [term for term in year if term.source.startswith(f"{process}.")]
    means = sum(
        abs(Decimal(term.inputs["FC"])) * Decimal("1.05") * Decimal(term.inputs["CC"]) * Decimal("0.0005") * 44 / 12
        for term in own
    )
    return means + Decimal("0.005") * (len(own) + len(of_months)) + Decimal("0.5") * (len(months) + 1)


@pytest.mark.parametrize("seed", range(30))
def test_of_any_year_what_is_left_to_rounding_is_rounding(seed):
    chance = random.Random(seed)
    months = [random_month(chance, number) for number in range(1, 13)]
    year = list(account_year(spans(months)).terms)
    places = differences(months)
    assert {each.code for each in places} >= {
        "",
        "coking",
        "sintering",
        "ironmaking",
        "pelletising",
        "power",
        "other",
        "W1",
    }
    for each in places:
        assert each.difference == sum(getattr(each, cause) for cause in CAUSES)
        assert each.floor == 0
        if each.code in (*MAIN_PROCESSES, "power"):
            assert abs(each.rounding) <= most_by_rounding(months, year, each.code), each
        if each.code in ("", "W1"):
            assert abs(each.rounding + each.sign) <= most_by_rounding(months, year, "fuel"), each


def test_a_mean_of_the_year_is_the_exact_heat_of_its_months():
    chance = random.Random(1)
    months = [random_month(chance, number) for number in range(1, 13)]
    [term] = terms(months, "ironmaking.in.anthracite")
    used = [term for month in months for term in account(month).terms if term.source == "ironmaking.in.anthracite"]
    heat = sum((Fraction(each.inputs["FC"]) * Fraction(each.inputs["NCV"]) for each in used), Fraction(0))
    amount = sum((Fraction(each.inputs["FC"]) for each in used), Fraction(0))
    assert abs(heat / amount - Fraction(term.inputs["NCV"])) <= Fraction(1, 2000)


def test_a_span_emits_what_its_enterprise_does_and_no_process_twice():
    """100,000 t at 25.000 GJ/t × 0.02749 tC/GJ × 44/12, which the processes burn among themselves."""
    [span] = spans(two_processes())
    assert {term.level for term in span.terms} == {"enterprise", "process"}
    assert span.emissions == Decimal("251991.67")
    assert str(replace(span, terms=()).emissions) == "0.00"
