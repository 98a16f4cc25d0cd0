"""Every list of the product, sorted by every column that sorts: each row stands on exactly one page.

A table that no page of the walk shows fails here: give the walk's world something that it shows.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import django_tables2
import pytest
from django.db.models import QuerySet
from django.db.models.expressions import OrderBy
from django.http import FileResponse
from django.test import Client
from django.urls import resolve, reverse
from django_tables2.rows import BoundRow

from allocation.models import Account
from quota_site.navigation.ways import GROUPS
from registry.files.tables.cells import inert
from registry.models import DirectoryEntry, Unit
from registry.web import paging
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.addresses import URLS, address
from tests.cast import at, credit_code
from tests.exports import csv_of, xlsx_of
from tests.opened import *  # noqa: F403 (its fixture)

MANY = 130
READERS = {"csv": csv_of, "xlsx": xlsx_of}
FILTERS = '<form class="filters"'
MARKUP = re.compile(r"</?[a-z]+[ >]|&[a-z]+;")
# What is never paged, or whose columns never sort, each with its reason.
NOT_WALKED = {
    "LineTable": "all lines of one unit, unsorted",
    "KeptTable": "UnitTotalTable with more columns, while a table of trades waits: rows in memory, unsorted",
    "ChangedLineTable": "lines in memory, of a recomputation that is done; sorted there, which leaves nothing open",
}
# Ways of the navigation, and pages of long lists, that hand nothing out, each with its reason.
NOT_TAKEN = {
    "registry/my-year/": "the unit's course through its year, with the lists that it leads to",
    "reporting/receipts/verify/": "a form",
    "allocation/quota/": "what became of the unit's quota, with the papers that it leads to",
    "allocation/account/": "leads to the account, which is taken there",
    "reporting/packages/board/extend/": "what is ticked for an act; the board is taken as such",
    "reporting/packages/queue/accept/": "what is ticked for an act; the queue is taken as such",
}
# Lists above which nothing narrows, each with its reason.
NOT_NARROWED = {
    "registry/mandates/": "those that one unit has given and holds: a few",
    "registry/tokens/": "those of one unit's clerks: a few",
    "registry/working-days/": "one row a year",
    "reporting/packages/queue/own-day/": "the days that one authority has set: a few",
    "allocation/plans/": "a plan for a year or two: a few",
    "allocation/balance-values/": "the computations of the one sector and year asked for",
    "allocation/balance-values/outliers/": "of the one sector and year asked for, each to be decided on, unsettled ones first",
    "allocation/balance-values/recomputations/<int:pk>/": "not computed yet in this world; once it is, its lines are narrowed",
    "allocation/differentiated/<int:pk>/": "the movements of one unit's year: a few",
    "allocation/runs/<int:pk>/": "the parts of one run side by side; its lines have a list of their own, which is narrowed",
    "allocation/runs/<int:pk>/compare/": "two runs side by side, narrowed to what differs by a link of its own",
    "allocation/trades/<int:pk>/": "one file as it was uploaded, to be judged as a whole",
}
TAKEN_BY_HAND = (
    "registry/parameters/",
    "registry/working-days/",
    "allocation/plans/",
    "reporting/packages/board/",
)
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
def short_pages(opened, monkeypatch) -> None:
    """Pages of two rows, so that the few rows of the world stand on several; not in the walk that all read."""
    paginate = django_tables2.Table.paginate

    def shortened(self, *args, **kwargs):
        paginate(self, *args, **kwargs | {"per_page": 2})

    monkeypatch.setattr(django_tables2.Table, "paginate", shortened)


@dataclass(frozen=True)
class Shown:
    """A table as a page shows it to somebody."""

    name: str
    prefix: str
    client: Client
    path: str

    def cut(self, asked: Mapping[str, str]) -> django_tables2.Table:
        """The table in the order and at the page asked for, by its view, which is left before anything is rendered."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(django_tables2.Table, "paginate", self._leaving(django_tables2.Table.paginate))
            with pytest.raises(CutError) as left:
                self.client.get(self.path, asked)
        return left.value.table

    def _leaving(self, paginate: Callable[..., None]) -> Callable[..., None]:
        def leaving(table: django_tables2.Table, *args: Any, **kwargs: Any) -> None:
            paginate(table, *args, **kwargs)
            if (type(table).__name__, table.prefix) == (self.name, self.prefix):
                raise CutError(table)

        return leaving


class CutError(BaseException):
    """The table that was looked for has been cut into pages. No `Exception`, of which the site would make a page."""

    def __init__(self, table: django_tables2.Table) -> None:
        super().__init__()
        self.table = table


@pytest.mark.usefixtures("short_pages")
def test_every_list_sorted_by_every_column_leaves_nothing_open(world, opened, request, client_for):
    walked: dict[tuple[str, str], Shown] = {}
    for walker in WALKERS:
        client = client_for(request.getfixturevalue(walker))
        for route in URLS:
            for name, prefix in opened[walker, route].tables:
                walked.setdefault((name, prefix), Shown(name, prefix, client, address(route, world)))
    assert {name for name, _prefix in walked} | set(NOT_WALKED) == set(product_tables())
    wrong: list[str] = []
    for shown in walked.values():
        columns = sortable(shown.cut({}))
        for column in ("", *columns):
            wrong += faults_of_order(shown, column)
        for column in ("", *columns[-1:]):
            page = shown.client.get(shown.path, order(shown.prefix, column))
            assert page.status_code == 200, (shown.path, column)
        wrong += faults_of_what_is_taken(shown)
    assert not wrong, "\n".join(wrong)


def test_every_way_of_the_navigation_hands_out_its_list():
    ways = {way.url.removeprefix("/"): way.url for group in GROUPS for way in group.ways}
    without = {route for route, url in ways.items() if not is_list(url)}
    assert without == NOT_TAKEN.keys() & ways.keys()


def test_whatever_is_cut_into_pages_is_handed_out(world, opened):
    paged = {route for (_who, route), page in opened.items() if page.is_paged and page.page}
    without = {route for route in paged if not is_list(address(route, world))}
    assert without <= NOT_TAKEN.keys(), without - NOT_TAKEN.keys()
    assert {route for route in NOT_TAKEN if is_list(address(route, world))} == set()


def test_every_list_is_narrowed_or_says_why_not(world, opened):
    pages = {(who, route): page.page for (who, route), page in opened.items() if page.page}
    lists = {route for _who, route in pages if is_list(address(route, world))}
    narrowed = {route for (_who, route), page in pages.items() if FILTERS in page}
    assert lists - narrowed == NOT_NARROWED.keys()


@pytest.mark.parametrize("route", TAKEN_BY_HAND)
@pytest.mark.parametrize("kind", READERS)
def test_what_is_written_by_hand_is_handed_out_as_well(world, route, kind, officer, client_for):
    taken = READERS[kind](client_for(officer).get(address(route, world), {"_export": kind}))
    assert taken.rows
    assert {len(row) for row in taken.rows} == {len(taken.head)}
    assert not [cell for row in taken.rows for cell in row if MARKUP.search(str(cell))]


def is_list(url: str) -> bool:
    return getattr(resolve(url).func, "is_list", False)


def order(prefix: str, column: str) -> dict[str, str]:
    return {f"{prefix}sort": column} if column else {}


def faults_of_order(shown: Shown, column: str) -> Iterator[str]:
    """What a table sorted by a column leaves open, and whether its pages hold each row once."""
    table = shown.cut(order(shown.prefix, column))
    said = f"{shown.name} by {column or 'itself'}"
    if leaves_open(table.data.data):
        yield said
    if not pages_hold_each_row_once(shown, table, order(shown.prefix, column)):
        yield f"{said}: pages"


def faults_of_what_is_taken(shown: Shown) -> Iterator[str]:
    """Whether a list hands out as many rows as it holds, in both formats, with nothing in them that only a page can use."""
    taken, which = {}, {"of": shown.prefix[:-1]} if shown.prefix else {}
    for kind, read in READERS.items():
        held = len(shown.cut({}).rows)  # anew: what is taken is in the journal, which so grows while it is taken
        answer = shown.client.get(shown.path, {"_export": kind, **which})
        if not isinstance(answer, FileResponse) and not held and is_list(shown.path):
            return  # there is no other run to compare with
        if not isinstance(answer, FileResponse):
            yield f"{shown.name}: nothing is taken as {kind}"
            return
        taken[kind] = read(answer)
        if len(taken[kind].rows) != held:
            yield f"{shown.name}: {len(taken[kind].rows)} rows taken of {held} as {kind}"
    written, sheet = (taken[kind] for kind in ("csv", "xlsx"))
    if {*map(len, sheet.rows)} != {*map(len, written.rows)}:
        yield f"{shown.name}: rows of the two formats are not alike"
    texts = [str(cell) for row in written.rows for cell in row]
    yield from (f"{shown.name}: {text}" for text in texts if MARKUP.search(text) or inert(text) != text)


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


def pages_hold_each_row_once(shown: Shown, first: django_tables2.Table, asked: Mapping[str, str]) -> bool:
    """Whether the pages of a list, walked as links lead from one to the next, show each of its rows on exactly one of them."""
    met, table = Counter(map(_key, first.paginated_rows)), first
    while table.page.has_next():
        table = shown.cut({**asked, table.prefixed_page_field: str(table.page.next_page_number())})
        met.update(map(_key, table.paginated_rows))
    return met == Counter(map(_key, first.rows))


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


@pytest.mark.parametrize(
    ("list_page", "table"),
    [
        ("registry:units", "UnitTable"),
        ("registry:directory", "DirectoryTable"),
        ("allocation:accounts", "AccountTable"),
    ],
)
def test_many_rows_alike_stand_each_on_one_page(many, analyst, client_for, list_page, table):
    shown = Shown(table, "", client_for(analyst), reverse(list_page))
    assert shown.client.get(shown.path).status_code == 200
    first = shown.cut({})
    whole = Counter(first.data.data.values_list("pk", flat=True))
    assert len(whole) >= MANY
    for column in ("", *sortable(first)):
        assert Counter(all_pages(shown, column)) == whole, column


def all_pages(shown: Shown, column: str) -> Iterator[int]:
    number, last = 0, 1
    while number < last:
        number += 1
        table = shown.cut({"sort": column, "page": str(number)})
        last = table.paginator.num_pages
        yield from (row.record.pk for row in table.paginated_rows)


def test_lists_that_are_no_tables_are_settled_too(many):
    rows = Unit.objects.order_by("name")
    assert paging.settled(rows).query.order_by == ("name", "pk")
    assert paging.settled(rows.order_by("-name")).query.order_by == ("-name", "-pk")
    assert paging.settled(rows.order_by("pk")).query.order_by == ("pk",)
    assert paging.settled([3, 1]) == [3, 1]
