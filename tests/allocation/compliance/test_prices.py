"""Prices are the official figures of the rules (market.md §1), each for the days it was taken over."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from allocation.compliance import prices

LAST_OF_2025 = dt.date(2025, 12, 31)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2025, 12, 30), {}),
        (
            LAST_OF_2025,
            {
                "price.cea.year_mean": "62.36",
                "price.cea.month_mean": "65.43",
                "price.cea.close": "74.63",
                "price.ccer.year_mean": "70.76",
            },
        ),
        (
            dt.date(2026, 8, 31),
            {
                "price.cea.year_mean": "62.36",
                "price.cea.month_mean": "65.43",
                "price.cea.close": "97.90",
                "price.ccer.year_mean": "70.76",
            },
        ),
    ],
)
def test_the_latest_price_whose_days_are_over(day, expected):
    found = {price.parameter.id: price.value.value for price in prices.known(day)}
    assert found == {name: Decimal(value) for name, value in expected.items()}


def test_they_stand_beside_the_fine_that_is_measured_by_them(clerk, client_for):
    page = client_for(clerk, "en").get(reverse("allocation:consequences"), {"as_of": "2025-12-31"}).text
    assert "65.43" in page
    assert "2025-12-01" in page
