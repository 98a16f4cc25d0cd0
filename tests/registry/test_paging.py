"""Whatever the address asks, a list answers with a page of ours."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.web import paging


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", 25),
        ("?page=2", 5),
        ("?page=99", 5),
        ("?page=-1", 5),
        ("?page=abc", 25),
        ("?per_page=1000000", 25),
        ("?per_page=-1", 25),
        ("?sort=nothing", 25),
    ],
)
def test_a_list_of_thirty(client_for, officer, make_unit, query, shown):
    for _number in range(30):
        make_unit()
    page = client_for(officer).get(reverse("registry:units") + query)
    assert page.status_code == 200
    assert len(page.context["table"].paginated_rows) == shown


@pytest.mark.parametrize("typed", ["2025", "２０２５", " 2025 "])
def test_a_year_is_typed_in_whichever_width(client_for, analyst, typed):
    page = client_for(analyst).get(reverse("registry:directory"), {"year": typed})
    filtered = page.context["filter"]
    assert filtered.form.cleaned_data["year"] == 2025
    assert 'type="number"' not in str(filtered.form["year"])


@pytest.mark.parametrize("query", ["", "?page=2", "?page=99", "?sort=-unit", "?sort=name&page=2"])
def test_a_long_list_is_sorted_by_its_keys_and_shows_the_same_rows(client_for, officer, make_unit, monkeypatch, query):
    for number in range(30):
        make_unit(name=f"示例{number % 7}厂")
    shown = []
    for short in (30, 29):
        monkeypatch.setattr(paging, "SHORT", short)
        with CaptureQueriesContext(connection) as queries:
            page = client_for(officer).get(reverse("registry:units") + query)
        rows = [row.record for row in page.context["table"].paginated_rows]
        shown.append((len(queries), [row.pk for row in rows], [row.authority.name_zh for row in rows]))
    (few, *short_list), (many, *long_list) = shown
    assert long_list == short_list
    assert many == few + 1
