"""Meters without a valid calibration, worked by hand: what p is, and on which side it counts."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from reporting.accounting import account, calibration, cited, year_content
from reporting.accounting.terms import Term
from reporting.content import Content, Row
from reporting.guidelines import for_period
from tests.reporting.months import aluminium, cement, meter, replaced, row, steel

STEEL = for_period("steel", "2025-07")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def term(content: Content, source: str, line: str = "") -> Term:
    return next(term for term in account(content).terms if (term.source, term.line) == (source, line))


def late(measures: str, **known: Any) -> Row:
    """The old certificate ended on 30 June, the new one is of 13 July: 1–12 July, 12 of 31 days, are uncovered."""
    return meter(measures, calibrated=day("2025-07-13"), before=day("2025-06-30"), **known)


def never(measures: str, **known: Any) -> Row:
    return meter(measures, **known)


# the law's accuracy 0.5 %; certificates; found error; p and its words in July 2025
RATES = {
    "covered for the whole month": (("2025-01-10", "2026-01-09", None, ""), (Fraction(0), "")),
    "covered to its last day": (("2024-08-01", "2025-07-31", None, ""), (Fraction(0), "")),
    # 0.5 % on 31 July alone
    "ended a day early": (("2024-08-01", "2025-07-30", None, ""), (Fraction(5, 1000) / 31, "0.5% × 1/31")),
    # 12 months after 1 July 2024 end with 30 June 2025, whatever the certificate says
    "longer than twelve months": (("2024-07-01", "2026-06-30", None, ""), (Fraction(5, 1000), "0.5%")),
    "never calibrated": ((None, None, None, ""), (Fraction(5, 1000), "0.5%")),
    "late": (("2025-07-13", None, "2025-06-30", ""), (Fraction(5, 1000) * Fraction(12, 31), "0.5% × 12/31")),
    "in time": (("2025-07-13", None, "2025-07-12", ""), (Fraction(0), "")),
    "overlapping certificates": (("2025-07-13", None, "2025-12-31", ""), (Fraction(0), "")),
    # 18 days, 14–31 July: the old one ended on the 13th and no new one is known
    "only an old certificate": ((None, None, "2025-07-13", ""), (Fraction(5, 1000) * Fraction(18, 31), "0.5% × 18/31")),
    "calibrated after the month": (("2025-08-02", None, "2025-06-30", ""), (Fraction(5, 1000), "0.5%")),
    "error within accuracy": (("2025-01-10", None, None, "0.5"), (Fraction(0), "")),
    # 0.7 − 0.5 above what is required
    "error above accuracy": (("2025-01-10", None, None, "0.7"), (Fraction(2, 1000), "0.2%")),
    "late with an error within accuracy": (
        ("2025-07-13", None, "2025-06-30", "0.3"),
        (Fraction(5, 1000) * Fraction(12, 31), "0.5% × 12/31"),
    ),
    # the known 0.8 % is more than 0.5 %: on 12 days; 0.8 − 0.5 = 0.3 % on the 19 that the certificate covers
    "late with an error": (
        ("2025-07-13", None, "2025-06-30", "0.8"),
        (Fraction(8, 1000) * Fraction(12, 31) + Fraction(3, 1000) * Fraction(19, 31), "0.8% × 12/31 + 0.3% × 19/31"),
    ),
    "never calibrated with a known error": ((None, None, None, "1.5"), (Fraction(15, 1000), "1.5%")),
    # Dated after the period: it says nothing of it, and neither does what it says of the one before it.
    "the day after the month": (("2025-08-01", None, "2025-07-31", ""), (Fraction(5, 1000), "0.5%")),
    "the last day of the month": (("2025-07-31", None, "2025-07-30", ""), (Fraction(0), "")),
    "a year too late": (("2026-07-13", "2027-07-12", "2026-07-12", ""), (Fraction(5, 1000), "0.5%")),
    "2062": (("2062-05-27", "2063-05-26", "2062-05-26", ""), (Fraction(5, 1000), "0.5%")),
    "valid until 2062 since nobody knows when": ((None, None, "2062-05-26", ""), (Fraction(5, 1000), "0.5%")),
    "the one before it of 2062": (
        ("2025-07-13", None, "2062-05-26", ""),
        (Fraction(5, 1000) * Fraction(12, 31), "0.5% × 12/31"),
    ),
    # The one before, until 5 July 2026, began on 6 July 2025 at the earliest: 1–5 July are uncovered.
    "the one before it no longer than a year": (
        ("2025-07-13", None, "2026-07-05", ""),
        (Fraction(5, 1000) * Fraction(5, 31), "0.5% × 5/31"),
    ),
}


@pytest.mark.parametrize("name", list(RATES))
def test_what_a_meter_costs(name):
    (calibrated, until, before, error), (share, words) = RATES[name]
    days = [None if text is None else day(text) for text in (calibrated, until, before)]
    known = meter("x", error=error, calibrated=days[0], valid_until=days[1], before=days[2])
    found = calibration.rate(known, "2025-07", STEEL)
    assert (found.share, found.text) == (share, words)


# whose meter, by what it measures: the guideline's appendix F
CLASSES = [
    ("steel", "anthracite", "0.5"),
    ("steel", "limestone", "0.5"),
    ("steel", "", "0.5"),
    ("steel", "diesel", "0.5"),
    ("steel", "natural_gas", "2.0"),
    ("steel", "bf_gas", "2.0"),
    ("cement", "bituminous", "0.5"),
    ("cement", "natural_gas", "2.0"),
    ("aluminium", "", "0.5"),
]


@pytest.mark.parametrize(("sector", "item", "required"), CLASSES)
@pytest.mark.parametrize("stated", ["", "0.2", "2.5", "9"])
def test_the_law_says_which_accuracy_counts(sector, item, required, stated):
    known, guideline = meter("x", item=item, accuracy=stated), for_period(sector, "2025-07")
    assert calibration.required(known, guideline) == Decimal(required)
    assert calibration.rate(known, "2025-07", guideline).share == Fraction(Decimal(required)) / 100


@pytest.mark.parametrize(
    ("calibrated", "last"),
    [("2024-07-13", "2025-07-12"), ("2024-02-29", "2025-02-27"), ("2024-01-01", "2024-12-31")],
)
def test_a_certificate_lasts_twelve_months_less_a_day(calibrated, last):
    assert calibration.valid_until(meter("x", calibrated=day(calibrated)), STEEL) == day(last)


@pytest.mark.parametrize("known", [dt.date.max, dt.date.min, day("9999-06-01")])
def test_odd_dates_raise_nothing(known):
    for each in ("calibrated", "valid_until", "before"):
        assert calibration.rate(meter("x", **{each: known}), "2025-07", STEEL).share >= 0
    assert calibration.rate(meter("x", calibrated=known, before=dt.date.min), "2025-07", STEEL).share >= 0


def test_what_emits_is_multiplied_by_one_plus_p():
    found = term(replaced(steel(), late("fuel//consumed", item="anthracite")), "fuel.anthracite")
    assert found.formula == "FC × (1 + p) × NCV × CC × 44/12"
    assert found.inputs == {"FC": "40000.00", "p": "0.5% × 12/31", "NCV": "25.024", "CC": "0.02749"}
    # 27,516.3904 tC × 44/12 = 100,893.4315; × 0.005 × 12/31 = 195.2776; together 101,088.7091
    assert found.emissions == Decimal("101088.71")


def test_what_is_deducted_is_multiplied_by_one_minus_p():
    content = replaced(steel(), never("product//amount", item="crude_steel"))
    found = term(content, "product.crude_steel")
    assert found.formula == "−AD × (1 − p) × EF"
    assert found.emissions == Decimal("-11044.50")  # 300,000 × 0.995 × 0.037
    assert account(content).totals.lines["W1"].details["crude_steel"] == Decimal("298500.00")


def test_carbon_that_leaves_a_process_is_multiplied_by_one_minus_p():
    covered: dict[str, Any] = {"calibrated": day("2025-01-10"), "error": "0.7"}
    out = meter("process_out/ironmaking/amount", item="bf_gas_own", line="W1", **{**covered, "error": "2.2"})
    into = meter("process_in/ironmaking/amount", part="M2", item="anthracite", line="W1", **covered)
    content = replaced(steel(), out, into)
    # 171,336 × 0.998 = 170,993.328; 100,893.43146… × 1.002 = 101,095.2183
    assert term(content, "ironmaking.out.bf_gas_own", "W1").emissions == Decimal("-170993.33")
    assert term(content, "ironmaking.in.anthracite", "W1").emissions == Decimal("101095.22")


def test_own_gas_that_is_sold_net_is_deducted():
    found = term(replaced(steel(), never("fuel//consumed", item="coke_oven_gas_own")), "fuel.coke_oven_gas_own")
    assert found.formula == "FC × (1 − p) × NCV × CC × 44/12"
    assert found.emissions == Decimal("-1133.86")  # −150 × 0.98 × 173.854 × 0.0121 × 44/12 = −1,156.9984 × 0.98


def test_other_quantities_of_the_works():
    meters = (
        never("carbonate//amount", part="M1", item="limestone"),
        never("power//amount", part="M2", item="bf_gas_own", line="W1"),
    )
    content = replaced(steel(), *meters)
    assert term(content, "carbonate.limestone").emissions == Decimal("13266.00")  # 13,200 × 1.005
    assert term(content, "power.bf_gas_own", "W1").emissions == Decimal(
        "69206.04"
    )  # a gas meter, 2 %: 67,849.056 × 1.02 = 69,206.0371


def test_an_output_is_multiplied_by_one_minus_p():
    content = replaced(steel(), never("process_output/ironmaking/amount", line="W1"))
    line = account(content).totals.lines["W1"]
    assert line.output == Decimal("288550.00")  # 290,000 × 0.995
    assert line.exact_intensity == Fraction(266_651, 288_550)


def test_clinker_counts_on_both_sides():
    content = replaced(cement(), never("clinker//amount", item="portland", line="1#"))
    assert term(content, "clinker.portland", "1#").emissions == Decimal("53767.50")  # 53,500 × 1.005
    assert account(content).totals.lines["1#"].output == Decimal("99500.00")
    # The other line's meters are its own.
    assert account(content).totals.lines["2#"] == account(cement()).totals.lines["2#"]


def test_cement_fuel_and_alternative_materials():
    meters = (
        never("line_fuel//amount", part="M1", item="bituminous", line="1#"),
        never("alternative//amount", part="M2", item="carbide_slag", line="1#"),
    )
    content = replaced(cement(), *meters)
    assert term(content, "fuel.bituminous", "1#").emissions == Decimal("27936.26")  # 27,797.2695 × 1.005 = 27,936.2558
    assert term(content, "alternative.carbide_slag", "1#").emissions == Decimal("-2388.00")  # 5,000 × 0.995 × 0.48
    line = account(content).totals.lines["1#"]
    assert line.details["carbide_slag"] == Decimal("4975.00")
    assert line.carbide_slag_rate == Fraction(2388, 53_500)


def test_liquid_aluminium_counts_on_both_sides():
    content = replaced(aluminium(), never("electrolysis//amount", line="A1", error="1"))
    assert term(content, "effect", "A1").emissions == Decimal("2536.92")  # 2,511.801855 × 1.01 = 2,536.91987
    assert term(content, "anode", "A1").emissions == Decimal("26144.94")
    line = account(content).totals.lines["A1"]
    assert line.output == Decimal("17172.05")  # 17,345.50 × 0.99 = 17,172.045
    assert line.emissions == 28_682  # 26,144.94 + 2,536.92 = 28,681.86


def test_of_several_meters_of_one_quantity_the_worst_counts():
    meters = (
        late("electrolysis//anode", part="M1", line="A1"),
        never("electrolysis//anode", part="M2", line="A1"),
        meter("electrolysis//anode", part="M3", line="A1", calibrated=day("2025-01-10")),
    )
    found = term(replaced(aluminium(), *meters), "anode", "A1")
    assert found.inputs["p"] == "0.5%"
    assert found.emissions == Decimal("26275.66")  # 26,144.935664 × 1.005 = 26,275.6603


def test_a_meter_of_something_else_costs_nothing():
    others = (
        never("electrolysis//power", part="M1", line="A1"),
        never("electrolysis//anode", part="M2", line="A9"),
        never("fuel//consumed", part="M3", item="anode"),
    )
    assert account(replaced(aluminium(), *others)) == account(aluminium())


def smelting(period: str, *meters: Row) -> Content:
    electrolysis = row("electrolysis", line="A1", anode="8000", amount="17000")
    return Content("aluminium", period, "U", ("A1",), (electrolysis, *meters))


def test_a_year_adds_up_what_its_months_were_charged():
    ten_days = meter("electrolysis//anode", line="A1", calibrated=day("2025-01-11"))
    year = year_content([smelting("2025-01", ten_days), smelting("2025-02")])
    assert not list(year.table("meter"))
    found = term(year, "anode", "A1")
    # 8,000 × 0.5 % × 10/31 = 12.903… → 12.90 t, of 16,000 t
    assert found.inputs["p"] == "12.90/16000"
    # 16,012.90 × (1 − 0.1518) × (1 − 0.024) = 13,256.1704… × 44/12 = 48,605.9582
    assert found.emissions == Decimal("48605.96")


def test_a_year_charges_the_output_too():
    whole_month = never("electrolysis//amount", line="A1", error="1")
    year = account(year_content([smelting("2025-01", whole_month), smelting("2025-02")])).totals.lines["A1"]
    assert year.output == Decimal("33830.00")  # 34,000 − 17,000 × 1 %


def test_a_years_workbook_counts_the_days_of_the_year():
    first_half = meter("electrolysis//anode", line="A1", calibrated=day("2024-07-01"))
    # 1 January to 30 June 2024: 182 of 366 days
    assert term(smelting("2024", first_half), "anode", "A1").inputs["p"] == "0.5% × 182/366"


def test_the_penalty_is_cited_and_said_to_be_taken_over():
    found = term(replaced(steel(), late("fuel//consumed", item="anthracite")), "fuel.anthracite")
    penalty = cited(found, STEEL)["p"]
    assert (penalty.parameter, penalty.dated.assumed, penalty.dated.value) == ("calibration.months", True, 12)
    assert "power generation" in penalty.dated.cite
