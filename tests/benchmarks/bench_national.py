"""Every home, every list and the unit's page over a national country beside a plain page of django-tables2 with 25 rows and 9 columns.

    .venv/bin/pytest -n 0 -s tests/benchmarks/bench_national.py

Three minutes. What is asserted are ratios of processor time within one run (on SQLite, which works in this process), never a time. A row
says who looks at what, the ratio, milliseconds of the page and of the plain one, and the number of queries.
"""

import functools
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

from quota_site import urls
from quota_site.navigation import groups
from registry.law import clock
from registry.models import Person, Unit
from registry.permissions.roles import UNIT_ROLES, Role
from reporting.models import Package
from tests.benchmarks import nation
from tests.benchmarks.beside import OF_PACKAGES, beside, plain_page

pytestmark = [pytest.mark.benchmark(group="national"), pytest.mark.django_db]

ROUNDS = 5
HOME, OTHERS = 3.0, 1.0  # times the plain page


urlpatterns = [*urls.urlpatterns, path("plain/", plain_page(Package, OF_PACKAGES))]


def pages(person: Person, cast: nation.Cast) -> Iterator[tuple[str, str]]:
    """The name and address of the person's home, of each list that their navigation leads to, and of a unit."""
    yield "home", "/"
    for group in groups(person.role):
        for way in group.ways:
            yield way.name, way.url
    if person.role not in UNIT_ROLES:
        yield "a unit", reverse("registry:unit", args=[_unit_of(person, cast).pk])
    yield "search", "/search/?q=枫溪"


def _unit_of(person: Person, cast: nation.Cast) -> Unit:
    """One that the person may look at."""
    verified = Unit.objects.filter(verifications__body=person.body_id) if person.body_id else None
    return cast.unit if verified is None else verified.earliest("pk")


def measured(browser: Any, person: Person, cast: nation.Cast) -> Iterator[tuple[str, float]]:
    """The ratio of each of the person's pages, written out as it is found."""
    for name, url in pages(person, cast):
        response = browser.get(url, follow=True)
        assert response.status_code == 200, (person.role, url)
        address = response.redirect_chain[-1][0] if response.redirect_chain else url
        page, bare, ratio = beside(functools.partial(browser.get, address), lambda: browser.get("/plain/"), ROUNDS)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        figures = f"{ratio:5.1f} {page:7.1f} {bare:6.1f} {len(queries):4d}"
        sys.stdout.write(f"{person.role:22} {name:28} {figures}\n")
        sys.stdout.flush()
        yield name, ratio


def test_every_home_and_list(settings, monkeypatch, client_for):
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(clock, "now", lambda: nation.NOW)
    cast = nation.build()
    over = {}
    for role in Role.values:
        person = cast.persons[role]
        for name, ratio in measured(client_for(person), person, cast):
            if ratio > (HOME if name == "home" else OTHERS):
                over[role, name] = round(ratio, 1)
    assert over == {}
