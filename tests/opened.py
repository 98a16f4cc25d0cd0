"""Every page of everybody's in the world of tests/access_world.py, each opened once in a process for all the tests that read them.

The world is put back for each test as the same rows (tests/worlds.py): what one test was answered, another would be. A test that changes
the world, the clock or the language opens its pages itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import django_tables2
import pytest
from django.core.paginator import Paginator
from django.db import transaction
from django.test import Client

from tests.access_world import Asker
from tests.addresses import FOR_ANY_PERSON, URLS, address


@dataclass(frozen=True)
class Opened:
    """What a person was answered who asked for an address: `page` is empty where that is none that they may see;
    `tables` are those cut into pages there, by class and prefix, `is_paged` whether anything is."""

    status: int
    takes_acts_only: bool
    leads_to: str
    page: str
    tables: tuple[tuple[str, str], ...]
    is_paged: bool


Walk = dict[tuple[str, str], Opened]
_walks: dict[str, Walk] = {}


@pytest.fixture
def opened(world, askers, client_for) -> Walk:
    """By the name of who asks and the route, of pages for everybody who is signed in, too."""
    if "whole" not in _walks:
        with pytest.MonkeyPatch.context() as patch:
            _walks["whole"] = _walk(world, askers, client_for, tables_cut(patch), pages_cut(patch))
    return _walks["whole"]


def tables_cut(patch: pytest.MonkeyPatch) -> list[django_tables2.Table]:
    """The tables that pages cut into pages from now on, as they come."""
    seen: list[django_tables2.Table] = []
    paginate = django_tables2.Table.paginate

    def noting(self, *args, **kwargs):
        paginate(self, *args, **kwargs)
        seen.append(self)

    patch.setattr(django_tables2.Table, "paginate", noting)
    return seen


def pages_cut(patch: pytest.MonkeyPatch) -> list[Paginator]:
    """Whatever pages cut into pages from now on, tables or not."""
    seen: list[Paginator] = []
    begin = Paginator.__init__

    def noting(self, *args, **kwargs):
        begin(self, *args, **kwargs)
        seen.append(self)

    patch.setattr(Paginator, "__init__", noting)
    return seen


def _walk(
    world: SimpleNamespace,
    askers: list[Asker],
    client_for: Callable[..., Client],
    cut: list[django_tables2.Table],
    paged: list[Paginator],
) -> Walk:
    found = {}
    for asker in askers:
        client = client_for(asker.person)
        client.raise_request_exception = False
        for route in (*FOR_ANY_PERSON, *URLS):
            cut.clear()
            paged.clear()
            with transaction.atomic():  # whatever asking did is undone
                response = client.get(address(route, world))
                transaction.set_rollback(True)
            tables = tuple((type(table).__name__, table.prefix) for table in cut)
            acts_only = "GET" not in response.headers.get("Allow", "GET")
            leads_to = response.headers.get("Location", "")
            found[asker.name, route] = Opened(
                response.status_code, acts_only, leads_to, _page(response), tables, bool(paged)
            )
    return found


def _page(response: Any) -> str:
    is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
    return response.content.decode() if response.status_code == 200 and is_page else ""
