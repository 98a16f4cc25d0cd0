"""Pages of lists that are no tables of django-tables2."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 25


def page_of(request: HttpRequest, rows: QuerySet) -> Page[Any]:
    """The page asked for, else the nearest there is."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
