"""A version cell by cell: every datum has an address, names its sheet and cell, and has its supporting files beside it."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from reporting import accounting
from reporting.content import places
from reporting.models import Evidence
from reporting.queries import cells
from tests.reporting import months, story


@pytest.fixture
def submission(unit, process, clerk):
    return story.submitted(unit, "2025-07", clerk)


def page_of(submission, query: str = "") -> str:
    return reverse("reporting:version_cells", args=[submission.package_id, submission.version]) + query


def row(text: str, number: str) -> str:
    """The table's row that has the address."""
    return re.search(rf'<tr id="at-{re.escape(number)}">.*?</tr>', text, re.DOTALL).group()


def test_a_datum_has_an_address_its_cell_and_its_file(submission, officer, client_for):
    text = client_for(officer, "en").get(page_of(submission)).text
    spot = cells.output_spots(story.content(submission.package.unit, "2025-07"), "P1")[0]
    metal = row(text, spot.number)
    evidence = Evidence.objects.get()
    assert "17,000" in metal
    assert re.search(r'<td class="code">[A-Z]+[0-9]+</td>', metal)
    assert reverse("reporting:evidence", args=[evidence.pk]) in metal
    assert "calculated · 台账" in metal
    assert "not attached" not in metal


def test_a_file_that_is_named_and_not_attached_is_said_so(unit, process, clerk, client_for):
    draft = story.read(unit, "2025-07", clerk)
    assert "台账.pdf (not attached)" in client_for(clerk, "en").get(page_of(draft)).text


def test_only_what_a_line_comes_from(submission, clerk, client_for):
    browser = client_for(clerk, "en")
    own = browser.get(page_of(submission, "?line=P1"))
    assert own.context["line"] == "P1"
    assert len(own.context["groups"]) == 2  # its electrolysis, and the unit's ledger of anodes
    assert browser.get(page_of(submission, "?line=nothing")).context["line"] == ""


def test_queries_do_not_grow_with_the_data(submission, officer, client_for, django_assert_max_num_queries):
    browser = client_for(officer)
    browser.get(page_of(submission))
    with django_assert_max_num_queries(8):
        browser.get(page_of(submission))


def test_a_version_that_is_none_or_is_not_read_is_not_found(submission, officer, client_for):
    address = reverse("reporting:version_cells", args=[submission.package_id, submission.version + 1])
    assert client_for(officer).get(address).status_code == 404


@pytest.mark.parametrize("sector", months.MONTHS)
def test_the_cells_of_the_output_come_to_the_output(sector):
    content = months.MONTHS[sector]()
    for line, total in accounting.account(content).totals.lines.items():
        data = {number: spot for number, spot in places.spots(content).items() if spot.name}
        found = cells.output_spots(content, line)
        assert found
        assert all(data[spot.number] == spot for spot in found)
        assert sum(Decimal(spot.value.replace(",", "")) for spot in found) == total.output
