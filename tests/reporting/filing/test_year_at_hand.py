"""Which year a list opens with."""

import datetime as dt

import pytest
from django.urls import reverse

from reporting.periods import year_at_hand
from tests.reporting import story


@pytest.mark.parametrize(
    ("years", "day", "expected"),
    [
        ([2024, 2025, 2026, 2027], "2026-11-16", 2026),  # the directory of 2027 is decided in October 2026
        ([2024, 2025, 2026], "2026-01-15", 2025),  # the month last ended is December
        ([2024, 2025, 2026], "2026-02-01", 2026),
        ([2024], "2026-11-16", 2024),
        ([2027], "2026-11-16", 2027),
        ([], "2026-11-16", 2026),
    ],
)
def test_the_year_at_hand(years, day, expected):
    assert year_at_hand(years, dt.date.fromisoformat(day)) == expected


def test_a_unit_and_its_officer_see_the_year_at_hand_first(unit, officer, clerk, client_for):
    for year in (2025, 2026, 2027):
        story.list_unit(unit, year, officer)
    asked = {"as_of": "2026-11-16"}
    packages = client_for(clerk).get(reverse("reporting:packages"), asked)
    assert packages.url == reverse("reporting:unit_year", args=[unit.pk, 2026]) + "?as_of=2026-11-16"
    board = client_for(officer).get(reverse("reporting:package_board"), {**asked, "sector": "aluminium"})
    assert board.context["year"] == 2026
