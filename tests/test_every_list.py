"""Every list of the product, sorted by every column that sorts: each row stands on exactly one page.

A table that no page of the walk shows fails here: give the walk's world something that it shows.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace

import django_tables2
import pytest
from django.db.models import QuerySet
from django.db.models.expressions import OrderBy
from django.test import Client
from django.urls import resolve, reverse
from django_tables2.rows import BoundRow

from allocation.models import Account
from registry.files.tables.cells import inert
from registry.models import DirectoryEntry, Unit
from registry.web import paging
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.cast import at, credit_code
from tests.exports import csv_of, xlsx_of
from tests.test_access_matrix import URLS, address

MANY = 130
READERS = {"csv": csv_of, "xlsx": xlsx_of}
MARKUP = re.compile(r"</?[a-z]+[ >]|&[a-z]+;")
# What is never paged, or whose columns never sort, each with its reason.
NOT_WALKED = {
    "LineTable": "all lines of one unit, unsorted",
    "KeptTable": "UnitTotalTable with more columns, while a table of trades waits: rows in memory, unsorted",
    "ChangedLineTable": "lines in memory, of a recomputation that is done; sorted there, which leaves nothing open",
}
WALKERS = ("auditor", "officer", "registrar_operator", "analyst", "clerk", "unit_approver")


def product_tables() -> dict[str, type[django_tables2.Table]]:
    """Every table class of the product, by name."""

    def below(cls: type) -> Iterator[type]:
        for sub in cls.__subclasses__():
            yield sub
            yield from below(sub)

    ours = ("registry.", "reporting.", "allocation.", "quota_site.")
    return {cls.__name__: cls for cls in below(django_tables2.Table) if cls.__module__.startswith(ours)}


@pytest.fixture
def paged_tables(monkeypatch) -> list[django_tables2.Table]:
    """The tables that pages have cut into pages, as they come."""
    seen: list[django_tables2.Table] = []
    paginate = django_tables2.Table.paginate

    def noting(self, *args, **kwargs):
        paginate(self, *args, **kwargs)
        seen.append(self)

    monkeypatch.setattr(django_tables2.Table, "paginate", noting)
    return seen


@pytest.fixture
def short_pages(paged_tables, monkeypatch) -> None:
    """Pages of two rows, so that the few rows of the world stand on several."""
    paginate = django_tables2.Table.paginate

    def shortened(self, *args, **kwargs):
        paginate(self, *args, **kwargs | {"per_page": 2})

    monkeypatch.setattr(django_tables2.Table, "paginate", shortened)


@pytest.mark.usefixtures("short_pages")
def test_every_list_sorted_by_every_column_leaves_nothing_open(world, request, client_for, paged_tables):
    walked: dict[tuple[str, str], SimpleNamespace] = {}
    for name in WALKERS:
        client = client_for(request.getfixturevalue(name))
        client.raise_request_exception = False
        for route in URLS:
            path = address(route, world)
            paged_tables.clear()
            client.get(path)
            for table in paged_tables:
                found = SimpleNamespace(client=client, path=path, table=table)
                walked.setdefault((type(table).__name__, table.prefix), found)
    assert {name for name, _prefix in walked} | set(NOT_WALKED) == set(product_tables())
    wrong = []
    for (name, _prefix), found in walked.items():
        for column in ("", *sortable(found.table)):
            paged_tables.clear()
            asked = {found.table.prefixed_order_by_field: column} if column else {}
            assert found.client.get(found.path, asked).status_code == 200, (found.path, asked)
            shown = next(table for table in paged_tables if type(table).__name__ == name)
            wrong += [f"{name} by {column or 'itself'}"] if leaves_open(shown.data.data) else []
            wrong += (
                [f"{name} by {column or 'itself'}: pages"]
                if not pages_hold_each_row_once(found, shown, asked, paged_tables)
                else []
            )
    wrong += [fault for found in walked.values() for fault in faults_of_what_is_taken(found, paged_tables)]
    assert not wrong, "\n".join(wrong)


def faults_of_what_is_taken(found: SimpleNamespace, paged_tables: list[django_tables2.Table]) -> Iterator[str]:
    """Whether a list hands out as many rows as it holds, in both formats, with nothing in them that only a page can use."""
    if not getattr(resolve(found.path).func, "is_list", False):
        return
    name = type(found.table).__name__
    if "u-" in found.table.prefix or "i-" in found.table.prefix:  # beside the list of its page
        return
    taken = {}
    for kind, read in READERS.items():
        paged_tables.clear()
        found.client.get(found.path)  # anew: what is taken is in the journal, which so grows while it is taken
        held = next(table for table in paged_tables if type(table) is type(found.table))
        taken[kind] = read(found.client.get(found.path, {"_export": kind}))
        if len(taken[kind].rows) != len(held.rows):
            yield f"{name}: {len(taken[kind].rows)} rows taken of {len(held.rows)} as {kind}"
    written, sheet = (taken[kind] for kind in ("csv", "xlsx"))
    if {*map(len, sheet.rows)} != {*map(len, written.rows)}:
        yield f"{name}: rows of the two formats are not alike"
    texts = [str(cell) for row in written.rows for cell in row]
    yield from (f"{name}: {text}" for text in texts if MARKUP.search(text) or inert(text) != text)


def sortable(table: django_tables2.Table) -> list[str]:
    names = [column.name for column in table.columns if column.orderable]
    return [sign + name for name in names for sign in ("", "-")]


def leaves_open(rows: object) -> bool:
    """Whether a query's rows may come in more than one order."""
    if not isinstance(rows, QuerySet):
        return False
    order = rows.query.order_by or rows.query.get_meta().ordering
    names = {str(getattr(term.expression, "name", "") if isinstance(term, OrderBy) else term) for term in order}
    unique = {"pk", *(field.name for field in rows.model._meta.fields if field.unique)}
    return unique.isdisjoint(name.lstrip("-") for name in names)


def pages_hold_each_row_once(
    found: SimpleNamespace, first: django_tables2.Table, asked: dict[str, str], paged_tables: list[django_tables2.Table]
) -> bool:
    """Whether the pages of a list, walked as links lead from one to the next, show each of its rows on exactly one of them."""
    shown, table = Counter(map(_key, first.paginated_rows)), first
    while table.page.has_next():
        paged_tables.clear()
        page = {table.prefixed_page_field: table.page.next_page_number()}
        found.client.get(found.path, asked | page)
        table = next(each for each in paged_tables if type(each) is type(first) and each.prefix == first.prefix)
        shown.update(map(_key, table.paginated_rows))
    return shown == Counter(map(_key, first.rows))


def _key(row: BoundRow) -> object:
    return getattr(row.record, "pk", None) or repr(row.record)


@pytest.fixture
def many(db, hebei, shandong, officer, approver):
    """Units enough for six pages, alike in all by which lists are sorted; each with an account and a place in the directory."""
    rows = [
        Unit(credit_code=credit_code(number), name="同名示例有限公司", authority=hebei if number % 2 else shandong)
        for number in range(1, MANY + 1)
    ]
    units = Unit.objects.bulk_create(rows)
    opened = at("2025-01-01")
    Account.objects.bulk_create(
        [Account(kind="unit", unit=unit, authority=unit.authority, opened_at=opened) for unit in units]
    )
    said = {"year": 2025, "sector": "steel", "entered_on": dt.date(2025, 1, 1), "state": DirectoryEntry.State.LISTED}
    people = {"proposed_by": officer, "proposed_at": opened, "decided_by": approver, "decided_at": opened}
    DirectoryEntry.objects.bulk_create(
        [DirectoryEntry(unit=unit, entry_ground="applied", entry_reason="试", **said, **people) for unit in units]
    )
    return units


@pytest.mark.parametrize("list_page", ["registry:units", "registry:directory", "allocation:accounts"])
def test_many_rows_alike_stand_each_on_one_page(many, analyst, client_for, list_page, paged_tables):
    client, path = client_for(analyst), reverse(list_page)
    client.get(path)
    (table,) = paged_tables
    whole = Counter(table.data.data.values_list("pk", flat=True))
    assert len(whole) >= MANY
    for column in ("", *sortable(table)):
        assert Counter(all_pages(client, path, column, paged_tables)) == whole, column


def all_pages(client: Client, path: str, column: str, paged_tables: list[django_tables2.Table]) -> Iterator[int]:
    number, last = 0, 1
    while number < last:
        number += 1
        paged_tables.clear()
        client.get(path, {"sort": column, "page": str(number)})
        (table,) = paged_tables
        last = table.paginator.num_pages
        yield from (row.record.pk for row in table.paginated_rows)


def test_lists_that_are_no_tables_are_settled_too(many):
    rows = Unit.objects.order_by("name")
    assert paging.settled(rows).query.order_by == ("name", "pk")
    assert paging.settled(rows.order_by("-name")).query.order_by == ("-name", "-pk")
    assert paging.settled(rows.order_by("pk")).query.order_by == ("pk",)
    assert paging.settled([3, 1]) == [3, 1]
