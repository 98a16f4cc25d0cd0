"""Reporting's lists for programs: the board by the words of its signs, and who is late, narrowed as the page is."""

from django.urls import reverse

from tests.exports import csv_of, xlsx_of
from tests.reporting import story


def test_the_board_is_taken_by_words(client_for, officer, unit):
    story.list_unit(unit, 2025, officer)
    browser, asked = client_for(officer, "en"), {"year": "2025", "sector": "aluminium"}
    taken = csv_of(browser.get(reverse("reporting:package_board"), {**asked, "_export": "csv"}))
    (row,) = taken.dicts
    assert row["Unit"] == unit.name
    assert row["2025-03"] == "overdue"
    assert row["Overdue now"] == str(sum(word == "overdue" for word in row.values()))
    assert "Month board · Aluminium smelting · 2025" in taken.title
    assert len(xlsx_of(browser.get(reverse("reporting:package_board"), {**asked, "_export": "xlsx"})).rows) == 1


def test_who_is_late_in_cement_is_one_address(client_for, officer):
    asked = {"sector": "cement", "overdue": "on", "_export": "xlsx"}
    taken = xlsx_of(client_for(officer, "en").get(reverse("reporting:packages"), asked))
    assert "Sector: Cement · Overdue only" in taken.title
    assert taken.rows == []
