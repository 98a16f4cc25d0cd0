"""Lists in pages: sorted and paged as the address asks, in our page length and no other."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django_tables2 import LazyPaginator, RequestConfig, Table

__all__ = ["PER_PAGE", "page_of", "paged", "paged_uncounted"]

PER_PAGE = 25
MOST_PAGES = 100_000


def paged(request: HttpRequest, table: Table, per_page: int = PER_PAGE) -> Table:
    """The table at the page asked for, else the nearest there is.

    django-tables2 would take the page's length from the address, too: a million rows, or a length below zero.
    """
    RequestConfig(request, paginate=False).configure(table)
    try:
        table.paginate(page=request.GET.get(table.prefixed_page_field, 1), per_page=per_page)
    except PageNotAnInteger:
        table.paginate(page=1, per_page=per_page)
    except EmptyPage:
        table.paginate(page=table.paginator.num_pages, per_page=per_page)
    return table


class Uncounted(LazyPaginator):
    """Pages of a list too long to be counted for each of them; it looks one row ahead."""

    count = None

    def validate_number(self, number: Any) -> int:
        """A page further on than any list reaches is none: databases count no further than 64 bits."""
        if (known := int(super().validate_number(number))) > MOST_PAGES:
            raise EmptyPage
        return known


def paged_uncounted(request: HttpRequest, table: Table) -> Table:
    """The table at the page asked for, without counting its rows; the first where there is no such page."""
    try:
        table.paginate(page=request.GET.get(table.prefixed_page_field, 1), per_page=PER_PAGE, paginator_class=Uncounted)
    except (PageNotAnInteger, EmptyPage):
        table.paginate(page=1, per_page=PER_PAGE, paginator_class=Uncounted)
    return table


def page_of(request: HttpRequest, rows: QuerySet | Sequence[Any]) -> Page[Any]:
    """The page asked for of a list that is no table, else the nearest there is."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
