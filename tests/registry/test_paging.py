"""Whatever the address asks, a list answers with a page of ours."""

import pytest
from django.urls import reverse


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
