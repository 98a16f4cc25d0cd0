"""What the homes cost: a number of queries for each role, the same however many sectors there are."""

import datetime as dt

import pytest

from quota_site.home import sector_standings
from registry.law import clock
from registry.values.sectors import Sector, with_quota
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.access_world import SURRENDERED
from tests.counting import Counted

MOST = {
    "officer": 72,
    "approver": 44,
    "analyst": 34,
    "ministry_approver": 32,
    "auditor": 20,
    "registrar_operator": 18,
    "registrar_approver": 16,
    "verifier": 10,
    "clerk": 63,
    "unit_approver": 55,
}


@pytest.mark.parametrize("name", MOST)
def test_a_home_costs_no_more_queries(world, name, request, client_for, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: SURRENDERED + dt.timedelta(hours=8))
    client = client_for(request.getfixturevalue(name))
    client.get("/")
    with Counted() as counted:
        assert client.get("/").status_code == 200
    assert len(counted.captured_queries) <= MOST[name], "\n".join(row["sql"][:150] for row in counted.captured_queries)


@pytest.mark.parametrize("of_country", [True, False])
def test_sectors_are_asked_of_together(world, hebei, django_assert_num_queries, of_country):
    with django_assert_num_queries(11):
        found = sector_standings.of(2025, dt.date(2026, 11, 16), None if of_country else hebei.pk)
    assert [each.sector for each in found] == [each for each in Sector if each in with_quota(2025)]
    assert len(found) > 2
