"""Net calorific values by batches and tests, worked by hand: which tests count, what a month and a year come to."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from registry.values.exact import half_up
from reporting.accounting import account, calorific_tests, year_content
from reporting.content import Content, Datum, Row
from reporting.guidelines import for_period
from tests.reporting.months import batch, cement, ledger, replaced, row, steel


def coal(content: Content, *batches: Row) -> Content:
    """The works' month with batches of coking coal, whose ledger leaves the value to them."""
    plain = ledger("coking_coal", "10000", "150000", "0", "20000", "140000")
    return replaced(content, plain, *batches)


def value(content: Content, item: str = "coking_coal") -> Decimal | None:
    guideline = for_period(content.sector, content.period)
    return calorific_tests.mean(content, guideline.fuels[item], guideline)


def emissions(content: Content, source: str, line: str = "") -> Decimal:
    return next(term.emissions for term in account(content).terms if (term.source, term.line) == (source, line))


THREE = (
    batch("coking_coal", "B1", "60000", "26.412"),
    batch("coking_coal", "B2", "50000", "26.705"),
    batch("coking_coal", "B3", "30000", "26.590"),
)


def test_a_month_weighs_its_batches_by_mass():
    # 60,000 × 26.412 = 1,584,720; 50,000 × 26.705 = 1,335,250; 30,000 × 26.590 = 797,700; together 3,717,670 GJ
    # 3,717,670 / 140,000 = 26.554785… → 26.555
    content = coal(steel(), *THREE)
    assert value(content) == Decimal("26.555")
    # 140,000 × 26.555 = 3,717,700 GJ × 0.02541 = 94,466.757 tC × 44/12 = 346,378.109
    assert emissions(content, "fuel.coking_coal") == Decimal("346378.11")
    # The process takes the works' value: the same 140,000 t go into the ovens.
    assert emissions(content, "coking.in.coking_coal", "W1") == Decimal("346378.11")


AUGUST = dt.date(2025, 8, 1)
BAD = {
    "untested": batch("coking_coal", "B2", "50000", ""),
    "no_report": batch("coking_coal", "B2", "50000", "26.705", report=""),
    "no_dates": batch("coking_coal", "B2", "50000", "26.705", sampled=None),
    "premature": batch("coking_coal", "B2", "50000", "26.705", sampled=AUGUST, reported=AUGUST),
    "late": batch("coking_coal", "B2", "50000", "26.705", sampled=dt.date(2025, 7, 3), reported=dt.date(2025, 8, 13)),
    "not_accredited": batch("coking_coal", "B2", "50000", "26.705", accredited="no"),
    "unsound": batch("coking_coal", "B2", "50000", "26.705", sound="no"),
}


@pytest.mark.parametrize("reason", list(BAD))
def test_a_batch_whose_test_does_not_count_weighs_with_the_default(reason):
    guideline = for_period("steel", "2025-07")
    content = coal(steel(), THREE[0], BAD[reason], THREE[2])
    assert calorific_tests.fault(BAD[reason], "2025-07", guideline) == reason
    # 1,584,720 + 50,000 × 26.344 (default) = 1,317,200 + 797,700 = 3,699,620 / 140,000 = 26.425857… → 26.426
    assert value(content) == Decimal("26.426")


@pytest.mark.parametrize(
    ("reported", "reason"),
    [
        (dt.date(2025, 7, 3), ""),
        (dt.date(2025, 8, 12), ""),  # 40 days after 3 July: 28 in July and 12 in August
        (dt.date(2025, 8, 13), "late"),  # 41
        (dt.date(2025, 7, 2), "no_dates"),  # before it was sampled
    ],
)
def test_a_report_is_dated_within_forty_days_of_sampling(reported, reason):
    guideline = for_period("steel", "2025-07")
    test = batch("coking_coal", "B1", "1", "26", sampled=dt.date(2025, 7, 3), reported=reported)
    assert calorific_tests.fault(test, "2025-07", guideline) == reason


def test_with_no_good_batch_the_default_stands():
    assert value(coal(steel(), BAD["late"])) == Decimal("26.344")


def test_batches_without_mass_decide_nothing():
    assert value(coal(steel(), batch("coking_coal", "B1", "0", "27"))) == Decimal("26.344")


def test_a_month_without_batches_has_no_mean():
    assert value(steel()) is None


def test_a_bad_test_of_a_gas_counts_with_the_default():
    tests = (
        batch("natural_gas", "1", "", "388.100"),
        batch("natural_gas", "2", "", "390.501"),
        batch("natural_gas", "3", "", "400", accredited="no"),
    )
    # (388.100 + 390.501 + the default 389.310) / 3 = 1,167.911 / 3 = 389.30366… → 389.304
    assert value(replaced(steel(), *tests), "natural_gas") == Decimal("389.304")
    # (200 − 20) × 389.304 = 70,074.72 GJ × 0.01532 = 1,073.5447104 tC × 44/12 = 3,936.3306
    assert emissions(replaced(steel(), *tests), "fuel.natural_gas") == Decimal("3936.33")


@pytest.mark.parametrize("item", ["diesel", "natural_gas"])
@pytest.mark.parametrize("reason", list(BAD))
def test_nobody_gains_by_a_bad_test_of_a_liquid_or_gas(item, reason):
    """Two good tests at 99 % of the default and one that doesn't count: (0.99 + 0.99 + 1) / 3, not 0.99."""
    default = for_period("steel", "2025-07").fuels[item].ncv
    low = half_up(default * Decimal("0.99"), 3)
    good = (batch(item, str(number), "", f"{low:f}") for number in (1, 2))
    bad = Row("batch", item=item, data=BAD[reason].data, part="3")
    assert value(replaced(steel(), *good, bad), item) == half_up((2 * Fraction(low) + Fraction(default)) / 3, 3)


def test_of_a_gas_without_a_sound_test_the_default_stands():
    test = batch("natural_gas", "3", "", "400", accredited="no")
    assert value(replaced(steel(), test), "natural_gas") == Decimal("389.310")


def test_coke_keeps_its_default_whatever_was_tested():
    content = replaced(steel(), batch("coke_purchased", "B1", "16000", "30"))
    assert value(content, "coke_purchased") is None
    assert emissions(content, "fuel.coke_purchased") == Decimal("49078.05")


def test_cement_lines_take_the_mean_of_the_units_batches():
    plain = row("line_fuel", "bituminous", line="1#", amount="13000")
    batches = (batch("bituminous", "B1", "8000", "22.400"), batch("bituminous", "B2", "5000", "22.900"))
    content = replaced(cement(), plain, *batches)
    # (8,000 × 22.4 + 5,000 × 22.9) / 13,000 = (179,200 + 114,500) / 13,000 = 22.592307… → 22.592
    assert value(content, "bituminous") == Decimal("22.592")
    # 13,000 × 22.592 = 293,696 GJ × 0.02618 × 0.99 = 7,612.0710672 tC × 44/12 = 27,910.9272
    assert emissions(content, "fuel.bituminous", "1#") == Decimal("27910.93")


def test_a_value_that_a_row_states_itself_comes_first():
    content = replaced(steel(), *THREE)  # whose ledger states 26.5
    assert emissions(content, "fuel.coking_coal") == Decimal("345660.70")


def test_a_year_weighs_the_months_means_by_consumption():
    day = {name: Datum(dt.date(2025, 1, 3)) for name in ("sampled", "reported")}
    first = coal(steel("2025-01"), *(replace(test, data={**test.data, **day}) for test in THREE))
    second = replaced(
        steel("2025-02"),
        ledger("coking_coal", "20000", "60000", "0", "20000", "60000"),
        batch("coking_coal", "B4", "61000", "27.000", sampled=dt.date(2025, 2, 3), reported=dt.date(2025, 2, 3)),
    )
    year = year_content([first, second])
    # (140,000 × 26.555 + 60,000 × 27.000) / 200,000 = (3,717,700 + 1,620,000) / 200,000 = 26.6885 → 26.689
    assert year.find("fuel", item="coking_coal").number("ncv") == Decimal("26.689")
    assert year.find("fuel", item="coking_coal").data["ncv"].how == "measured"
    assert not list(year.table("batch"))
    # 200,000 × 26.689 = 5,337,800 GJ × 0.02541 = 135,633.498 tC × 44/12 = 497,322.826
    assert emissions(year, "fuel.coking_coal") == Decimal("497322.83")


def test_batches_survive_storage():
    content = coal(steel(), *THREE)
    assert Content.from_json(content.as_json()) == content


def test_content_stored_before_there_were_batches_is_still_read_and_keeps_its_form():
    stored = {
        "sector": "steel",
        "period": "2025-01",
        "unit": "U",
        "lines": ["W1"],
        "rows": [
            {"table": "fuel", "line": "", "process": "", "item": "coke", "data": {"consumed": {"value": "1.50"}}},
        ],
    }
    content = Content.from_json(stored)
    assert content.rows == (Row("fuel", item="coke", data={"consumed": Datum(Decimal("1.50"))}),)
    assert content.as_json() == stored
