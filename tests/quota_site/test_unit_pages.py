"""A unit's page and a line's: how it stands on top, the ways on as far as the reader may see what they lead to, and at what cost."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import translation

from allocation.models import Award
from registry.law import clock
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.access_world import SURRENDERED
from tests.counting import Counted

MOST_QUERIES = 24  # the frame's four among them

READER = ["Control plan", "Months", "Annual reports", "Verification"]
QUOTA = ["Quota", "Account", "Surrender", "Papers"]
SECTIONS = {
    "clerk": READER + QUOTA,
    "unit_approver": READER + QUOTA,
    "verifier": READER,
    "officer": [*READER, *QUOTA, "People", "Journal"],
    "approver": [*READER, *QUOTA, "People", "Journal"],
    "registrar_operator": [*READER, *QUOTA, "Journal"],
    "registrar_approver": [*READER, *QUOTA, "Journal"],
    "analyst": [*READER, *QUOTA, "People", "Journal"],
    "ministry_approver": [*READER, *QUOTA, "People", "Journal"],
    "auditor": [*READER, *QUOTA, "People", "Journal"],
}


@pytest.fixture
def today(monkeypatch):
    """The day of the surrender, whenever the tests run."""
    monkeypatch.setattr(clock, "now", lambda: SURRENDERED + dt.timedelta(hours=8))


def ways(html: str) -> dict[str, tuple[str, str]]:
    """The sections of a unit's page: name to (address, what is said of it)."""
    (nav,) = re.findall(r'<nav class="sections.*?</nav>', html, re.DOTALL)
    found = re.findall(
        r'<a href="([^"]*)"><span class="section-label">(.*?)</span>(?: <span[^>]*>(.*?)</span>)?</a>', nav
    )
    return {label: (url.replace("&amp;", "&"), said) for url, label, said in found}


@pytest.mark.parametrize("name", list(SECTIONS))
def test_the_ways_on_are_those_that_the_reader_may_go(world, name, request, client_for):
    client = client_for(request.getfixturevalue(name), "en")
    found = ways(client.get(reverse("registry:unit", args=[world.unit.pk])).content.decode())
    assert list(found) == SECTIONS[name]
    refused = [url for url, _said in found.values() if not url.startswith("#") and client.get(url).status_code != 200]
    assert refused == []


def test_each_way_says_how_it_stands(world, officer, client_for, today):
    html = client_for(officer, "en").get(reverse("registry:unit", args=[world.unit.pk])).content.decode()
    assert {label: words for label, (_url, words) in ways(html).items()} == {
        "Control plan": "none accepted",
        "Months": "2025: 0 accepted",
        "Annual reports": "2025: prepared, waiting for approval",
        "Verification": "2025: approved, unit told",
        "Quota": "2025: Determination",
        "Account": "0 t held",
        "Surrender": "1",
        "Papers": "2",
        "People": "2",
        "Journal": "last on 2026-11-02",
    }


def test_the_state_of_compliance_is_that_of_the_day_asked(world, officer, client_for, today):
    client, url = client_for(officer, "en"), reverse("registry:unit", args=[world.unit.pk])
    (now,) = client.get(url).context["kept"].top[0].shown["duties"]
    assert (now.year, now.standing.due, now.standing.surrendered, now.standing.missing) == (
        2025,
        1_000_000,
        1_000_000,
        0,
    )
    assert now.standing.status == "complete_on_time"
    (before,) = client.get(url, {"as_of": "2026-11-01"}).context["kept"].top[0].shown["duties"]
    assert (before.standing.surrendered, before.standing.missing) == (0, 1_000_000)
    assert before.standing.status == "open"
    assert before.deadline == world.notice.deadline


def test_what_is_determined_is_due_before_its_notice(world, officer, client_for, today):
    sent = world.notice.sent_at.date()
    day = (sent - dt.timedelta(days=1)).isoformat()
    html = client_for(officer, "en").get(reverse("registry:unit", args=[world.unit.pk]), {"as_of": day})
    duties = html.context["kept"].top[0].shown["duties"]
    assert [(one.year, one.due, one.notice, one.standing.status) for one in duties] == (
        [(2025, 1_000_000, None, "no_notice")] if world.run.approved_at.date() < sent else []
    )


def test_a_body_sees_nothing_of_quota_or_duty(world, verifier, client_for):
    html = client_for(verifier, "en").get(reverse("registry:unit", args=[world.unit.pk])).content.decode()
    assert "State of compliance" not in html
    assert "1,000,000" not in html


def test_a_unit_s_people_have_it_as_their_year(world, clerk, officer, client_for):
    html = client_for(clerk, "en").get(reverse("registry:my_year")).content.decode()
    assert "<h1>My year</h1>" in html.replace("\n", "")
    assert "State of compliance" in html
    assert client_for(clerk).get(reverse("registry:my_year")).status_code == 200
    assert client_for(officer).get(reverse("registry:my_year")).headers["Location"] == reverse("registry:units")


@pytest.mark.parametrize("name", ["officer", "clerk", "auditor", "verifier"])
def test_a_unit_s_page_is_cheap(world, name, request, client_for):
    client, url = client_for(request.getfixturevalue(name)), reverse("registry:unit", args=[world.unit.pk])
    client.get(url)
    with Counted() as counted:
        client.get(url)
    assert len(counted.captured_queries) <= MOST_QUERIES, "\n".join(
        row["sql"][:150] for row in counted.captured_queries
    )


def test_a_line_s_page_has_its_months_results_and_quota(world, officer, client_for, today):
    award = Award.objects.get(unit=world.unit)
    client = client_for(officer, "en")
    html = client.get(reverse("registry:line", args=[award.line_id])).content.decode()
    assert reverse("allocation:award", args=[award.pk]) in html
    assert reverse("reporting:verified_result", args=[award.result_id]) in html
    months = client.get(reverse("registry:line", args=[world.line.pk])).content.decode()
    assert reverse("reporting:package", args=[world.package.pk]) in months
    with translation.override("en"):
        assert world.line.name in months


def test_a_body_sees_a_line_without_its_quota(world, verifier, stranger_verifier, client_for):
    url = reverse("registry:line", args=[Award.objects.get(unit=world.unit).line_id])
    html = client_for(verifier, "en").get(url).content.decode()
    assert "Verified results" in html
    assert "Quota by year" not in html
    assert client_for(stranger_verifier).get(url).status_code == 404


def test_the_journal_is_narrowed_down_to_the_unit(world, officer, client_for):
    client = client_for(officer, "en")
    url, _said = ways(client.get(reverse("registry:unit", args=[world.unit.pk])).content.decode())["Journal"]
    rows = client.get(url).context["table"].data.data
    assert rows
    assert {entry.unit_id for entry in rows} == {world.unit.pk}
