"""Every role finds its way; no way leads nowhere."""

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import path

from quota_site import navigation
from registry.permissions.roles import Role


def nothing(request):
    return HttpResponse()


urlpatterns = [path("", nothing, name="home")]


def test_every_role_has_a_navigation():
    assert set(navigation.ENTRIES) == set(Role.values)


@pytest.mark.parametrize("role", Role.values)
def test_home_comes_first(role):
    assert navigation.items(role, "/")[0].url == "/"


@pytest.mark.urls(__name__)
def test_names_that_do_not_resolve_are_left_out():
    assert [item.url for item in navigation.items(Role.AUDITOR, "/")] == ["/"]


def test_a_stranger_has_none():
    assert navigation.items("", "/") == []


def test_only_the_nearest_way_is_current(monkeypatch):
    ways = [("Home", "/"), ("Units", "/units/"), ("Big units", "/units/big/")]
    monkeypatch.setattr(navigation, "_ways", lambda entries: iter(ways))
    below = navigation.items("", "/units/big/3/")
    assert [item.current for item in below] == [False, False, True]
    assert not any(item.here for item in below)
    assert [item.here for item in navigation.items("", "/")] == [True, False, False]


def test_a_failing_server_can_still_say_so():
    assert "500" in render_to_string("500.html")
