"""Lists in pages: sorted and paged as the address asks, in our page length and no other."""

from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django_tables2 import RequestConfig, Table

__all__ = ["PER_PAGE", "page_of", "paged"]

PER_PAGE = 25


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


def page_of(request: HttpRequest, rows: QuerySet) -> Page[Any]:
    """The page asked for of a list that is no table, else the nearest there is."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
