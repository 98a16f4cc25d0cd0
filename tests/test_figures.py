"""Figures are written one way everywhere."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from registry.values import figures

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1234567, "1,234,567"),
        (-1234567, "−1,234,567"),
        (10**12, "1,000,000,000,000"),
        (Decimal(1234567), "1,234,567"),
        (Decimal("1234.50"), "1,234.50"),
        (Decimal("-0.00"), "0.00"),
        (Decimal("1E+3"), "1,000"),
        (None, "—"),
    ],
)
def test_tonnes(value, text):
    assert figures.tonnes(value) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("28.4350"), None, "28.4350"),
        (Decimal("28.4350"), 3, "28.435"),
        (Decimal("2.5"), 0, "3"),  # half-up, not to even
        (Decimal("-2.5"), 0, "−3"),
        (Decimal("-0.004"), 2, "0.00"),
        (Fraction(44, 12), 5, "3.66667"),  # 44/12 = 3.666666…
        (12000, 2, "12,000.00"),
        (None, 2, "—"),
    ],
)
def test_quantity(value, places, text):
    assert figures.quantity(value, places) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("0.0625"), 2, "6.25%"),
        (Decimal("0.00005"), 2, "0.01%"),  # 0.005 % is a tie
        (Fraction(-1, 17), 2, "−5.88%"),  # 1/17 = 0.058823…
        (Fraction(2, 3), 1, "66.7%"),
        (1, 0, "100%"),
        (None, 2, "—"),
    ],
)
def test_percent(value, places, text):
    assert figures.percent(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(3, 320), "+0.009375"),  # 0.15 × 0.0625 = 0.009375
        (Fraction(-3, 340), "−0.008824"),  # 0.15 × (−1/17) = −0.00882352…
        (Fraction(0), "0.000000"),
        (Decimal("0.03"), "+0.030000"),
        (None, "—"),
    ],
)
def test_coefficient(value, text):
    assert figures.coefficient(value) == text


def test_intensity_has_the_four_decimals_of_the_guidelines():
    assert figures.intensity(Decimal("1.50005")) == "1.5001"
    assert figures.intensity(Fraction(3, 2)) == "1.5000"
    assert figures.intensity(None) == "—"


@pytest.mark.parametrize("write", [figures.tonnes, figures.quantity, figures.percent, figures.intensity])
@pytest.mark.parametrize("value", [1.5, True, "12"])
def test_what_is_not_exact_is_refused(write, value):
    with pytest.raises(TypeError):
        write(value)


def test_a_fraction_is_never_cut_unasked():
    with pytest.raises(TypeError):
        figures.quantity(Fraction(1, 3))


def test_days_are_days_in_shanghai():
    assert figures.day(dt.date(2026, 12, 31)) == "2026-12-31"
    # 16:30 UTC is 00:30 of the next day in Shanghai (UTC+8).
    assert figures.day(dt.datetime(2026, 12, 30, 16, 30, tzinfo=dt.UTC)) == "2026-12-31"
    assert figures.day(None) == "—"


def test_instants_are_written_in_shanghai_time():
    assert figures.instant(dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)) == "2026-12-31 23:59"
    assert figures.instant(dt.datetime(2026, 12, 31, 15, 59, tzinfo=dt.UTC)) == "2026-12-31 23:59"
    assert figures.instant(None) == "—"


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="naive"):
        figures.instant(dt.datetime(2026, 12, 31, 23, 59))  # noqa: DTZ001


def test_months():
    assert figures.month("2025-07") == "2025-07"
    assert figures.month(dt.date(2025, 7, 1)) == "2025-07"
    assert figures.month(None) == "—"
    for wrong in ("2025-13", "2025", "July"):
        with pytest.raises(ValueError):
            figures.month(wrong)


def test_filters_have_the_same_names():
    template = Template(
        "{% load figures %}{{ quota|tonnes }} {{ ncv|quantity:2 }} {{ rate|percent:1 }} {{ nothing|day }}"
    )
    context = Context({"quota": -12345, "ncv": Decimal("28.435"), "rate": Fraction(1, 8)})
    # 28.435 half-up is 28.44; 1/8 is 12.5 %.
    assert template.render(context) == "−12,345 28.44 12.5% —"
