"""Why a month was sent back, datum by datum: at its cell where it is corrected and where it is looked at, with a list that leads there."""

import re

import pytest
from django.urls import reverse

from reporting import review
from reporting.content import Content
from reporting.content.places import spots
from reporting.correction import reasons
from reporting.models import PackageEvent
from reporting.review import Noted
from tests.cast import at
from tests.reporting import story

AMOUNT, ROW = "与地磅单不符", "请补充盘点表"


@pytest.fixture
def returned(unit, process, clerk, officer):
    """A month sent back for the anode consumption of the ledger, and for the whole row of the electrolysis."""
    submission = story.submitted(unit, "2025-09", clerk)
    every = spots(Content.from_json(submission.stored_content()))
    datum = next(spot for spot in every.values() if spot.key[0] == "fuel" and spot.name == "consumed")
    row = next(spot for spot in every.values() if spot.key[0] == "electrolysis" and not spot.name)
    notes = [Noted(datum, AMOUNT), Noted(row, ROW)]
    review.send_back(submission, reason="见逐项理由", notes=notes, by=officer, at=at("2025-10-05"))
    submission.package.refresh_from_db()
    return submission


def correct(submission) -> str:
    return reverse("reporting:package_correct", args=[submission.package_id])


def test_each_reason_stands_below_its_row_in_the_editor(returned, clerk, client_for):
    page = client_for(clerk, "en").get(correct(returned)).text
    for message in (AMOUNT, ROW):
        jump = re.search(rf'<a href="#(r\d+)">[^<]+</a>: {message}', page)
        assert jump, message
        begins = page.index(f'id="{jump[1]}"')
        # The very next row says it, and the cell is described by it.
        assert message in page[begins : page.index("</tr>", page.index("</tr>", begins) + 1)]
    described = re.search(r'<input name="[^"]*consumed[^"]*:value"[^>]*aria-describedby="f\d+"', page)
    assert described


def test_they_stay_until_it_is_submitted_again_also_in_a_later_version(returned, unit, clerk, officer, client_for):
    story.read(unit, "2025-09", clerk, at("2025-10-06"), anode="8010")
    page = client_for(clerk).get(correct(returned)).text
    assert AMOUNT in page
    assert ROW in page
    assert reasons.returned_by(returned.package).kind == PackageEvent.Kind.RETURNED


def test_a_month_that_was_not_sent_back_has_none(unit, process, clerk):
    submission = story.submitted(unit, "2025-09", clerk)
    assert reasons.returned_by(submission.package) is None
    assert reasons.reasons_of(None, submission) == []


@pytest.mark.parametrize("name", ["clerk", "officer"])
def test_the_cell_view_shows_them_and_leads_there(returned, request, client_for, name):
    url = reverse("reporting:version_cells", args=[returned.package_id, returned.version])
    page = client_for(request.getfixturevalue(name), "en").get(url).text
    for message in (AMOUNT, ROW):
        jump = re.search(rf'<a href="#(at-[\d.a-z]+)">[^<]+</a>: {message}', page)
        assert jump, message
        assert f'id="{jump[1]}"' in page
        assert page.count(message) == 2
