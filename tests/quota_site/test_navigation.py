"""Every role finds its way; no way leads nowhere, and each shows how much waits there."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import resolve

from quota_site import navigation
from quota_site.home.views import todos
from quota_site.navigation import waiting
from registry import access
from registry.permissions.roles import Role
from registry.todo import Todo
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.access_world import SURRENDERED
from tests.cast import at


@pytest.mark.parametrize("role", Role.values)
def test_a_role_has_at_most_six_groups_and_each_list_once(role):
    groups = navigation.groups(role)
    assert 3 <= len(groups) <= 6
    ways = [way.name for group in groups for way in group.ways]
    assert len(ways) == len(set(ways))


@pytest.mark.parametrize("role", Role.values)
def test_no_way_leads_to_a_refusal(role, make_person):
    for group in navigation.groups(role):
        for way in group.ways:
            act = getattr(resolve(way.url).func, "act")  # noqa: B009 (views have it only by their mark)
            assert role in access.MATRIX[act], way.name


def test_a_stranger_has_none():
    assert navigation.groups("") == ()


@pytest.mark.parametrize(
    ("role", "path", "name", "is_list"),
    [
        (Role.UNIT_CLERK, "/reporting/packages/", "reporting:packages", True),
        (Role.UNIT_CLERK, "/reporting/packages/7/correct/", "reporting:packages", False),
        (Role.PROVINCIAL_OFFICER, "/reporting/packages/queue/accept/", "reporting:package_queue", False),
        # The ministry has no list of months, but a board.
        (Role.MINISTRY_ANALYST, "/reporting/packages/7/", "reporting:package_board", False),
        (Role.UNIT_CLERK, "/allocation/awards/7/", "allocation:quota", False),
        (Role.AUDITOR, "/allocation/awards/7/", "allocation:runs", False),
        (Role.UNIT_APPROVER, "/allocation/accounts/7/", "allocation:account", False),
        (Role.REGISTRAR_OPERATOR, "/allocation/accounts/7/", "allocation:accounts", False),
    ],
)
def test_a_page_belongs_to_a_list_that_its_reader_has(role, path, name, is_list):
    place = navigation.of_page(role, path)
    assert (place.way.name, place.is_list) == (name, is_list)


def test_what_leads_nowhere_has_no_place():
    assert navigation.of_page(Role.AUDITOR, "/registry/messages/") is None
    assert navigation.of_page("", "/reporting/packages/") is None


# --- what waits


def test_every_item_of_every_to_do_list_is_counted_where_it_leads(world, askers):
    counted = 0
    for asker in askers:
        found = todos(asker.person, SURRENDERED)
        counts = waiting.keep(asker.person, found, SURRENDERED).of
        groups = [group.name for group in navigation.groups(asker.person.role)]
        assert sum(counts.get(name, 0) for name in groups) == sum(todo.count for todo in found), asker.name
        counted += len(found)
    assert counted > 10  # the world has work for them


def test_a_page_shows_what_was_counted_last_and_has_it_counted_again(client_for, officer):
    client = client_for(officer)
    first = client.get("/registry/directory/").content.decode()
    assert 'hx-get="/waiting/"' in first
    counts = waiting.keep(officer, [Todo("", 3, "/reporting/packages/queue/")], dt.datetime.now(dt.UTC))
    assert counts.of == {"emissions": 3, "reporting:package_queue": 3}
    page = client.get("/registry/directory/").content.decode()
    assert 'hx-get="/waiting/"' not in page
    assert '<span class="waits" id="waits-emissions">3<' in page
    assert '<span class="waits" id="waits-reporting-package_queue">3<' in page


def test_counts_are_of_one_minute(officer):
    counts = waiting.keep(officer, [], at("2026-03-01 09:00"))
    assert counts.is_fresh(at("2026-03-01 09:00"))
    assert not counts.is_fresh(at("2026-03-01 09:01"))
    assert not counts.is_fresh(at("2026-03-01 08:59"))  # counted on a day to come: a demonstration's clock was set back


def test_whoever_sends_a_form_has_it_counted_anew(client_for, officer):
    client = client_for(officer)
    client.get("/")
    assert waiting.known(officer) is not None
    client.post("/registry/messages/read/")
    assert waiting.known(officer) is None


def test_the_counts_come_as_the_home_page_has_them(world, officer, client_for):
    client = client_for(officer)
    found = client.get("/").context["todos"]
    said = client.get("/waiting/").content.decode()
    cache.clear()
    assert said == client.get("/waiting/").content.decode()
    numbers = [int(part.split("<")[0]) for part in said.split('hx-swap-oob="true">')[1:] if part[0].isdigit()]
    assert sum(numbers) == 2 * sum(todo.count for todo in found)  # once at the group, once at the list


def test_a_failing_server_can_still_say_so():
    assert "500" in render_to_string("500.html")
