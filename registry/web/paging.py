"""Lists in pages: sorted and paged as the address asks, in our page length and no other.

Every order ends in the primary key. A database may put rows that are equal in everything sorted by now so, now otherwise: PostgreSQL does,
and then a row stands on two pages and another on none.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from django_tables2 import LazyPaginator, RequestConfig, Table

__all__ = ["PER_PAGE", "page_of", "paged", "paged_uncounted", "settled", "sort"]

T = TypeVar("T", bound=Table)
PER_PAGE = 25
MOST_PAGES = 100_000
# A list longer than this is sorted by its keys, and only the page's rows are read whole.
SHORT = 500


def sort(request: HttpRequest, table: Table) -> None:
    """Order the table's rows as the address asks, and so that nothing is left open."""
    RequestConfig(request, paginate=False).configure(table)
    _settle(table)


def paged(request: HttpRequest, table: T, per_page: int = PER_PAGE) -> T:
    """The table at the page asked for, else the nearest there is.

    django-tables2 would take the page's length from the address, too: a million rows, or a length below zero.
    """
    sort(request, table)
    how = {"per_page": per_page, "paginator_class": Keyed}
    try:
        table.paginate(page=request.GET.get(table.prefixed_page_field, 1), **how)
    except PageNotAnInteger:
        table.paginate(page=1, **how)
    except EmptyPage:
        table.paginate(page=table.paginator.num_pages, **how)
    return table


class Keyed(Paginator):  # type: ignore[type-arg]  # at run time it takes none
    """Pages of a counted list. Of a long one the database sorts the keys alone, and then reads the page's rows with all that goes with
    them: it would carry every row whole through the sorting. One query more."""

    def page(self, number: Any) -> Page[Any]:
        found = super().page(number)
        rows: Any = found.object_list
        if self.count > SHORT and isinstance(rows.data, QuerySet):
            rows.data = _by_key(rows.data)
        return found


def _by_key(page: QuerySet[Any]) -> list[Any]:
    """The rows of a page of a query, in its order."""
    keys = list(page.values_list("pk", flat=True))
    whole = page.all()
    whole.query.clear_limits()
    found = {row.pk: row for row in whole.order_by().filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


class Uncounted(LazyPaginator):
    """Pages of a list too long to be counted for each of them; it looks one row ahead."""

    count = None

    def validate_number(self, number: Any) -> int:
        """A page further on than any list reaches is none: databases count no further than 64 bits."""
        if (known := int(super().validate_number(number))) > MOST_PAGES:
            raise EmptyPage
        return known


def paged_uncounted(request: HttpRequest, table: T, per_page: int = PER_PAGE) -> T:
    """The table at the page asked for, without counting its rows; the first where there is no such page."""
    _settle(table)
    try:
        table.paginate(page=request.GET.get(table.prefixed_page_field, 1), per_page=per_page, paginator_class=Uncounted)
    except (PageNotAnInteger, EmptyPage):
        table.paginate(page=1, per_page=per_page, paginator_class=Uncounted)
    return table


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]) -> Page[Any]:
    """The page asked for of a list that is no table, else the nearest there is."""
    return Paginator(settled(rows), PER_PAGE).get_page(request.GET.get("page"))


def _settle(table: Table) -> None:
    """Have the table's rows in an order that leaves nothing open."""
    table.data.data = settled(table.data.data)


def settled(rows: Any) -> Any:
    """A query's rows ordered as before, and where they are equal by primary key, in the direction of the last column sorted by; whatever
    is no query has an order already."""
    if not isinstance(rows, QuerySet) or rows.query.is_sliced:
        return rows
    usual = rows.query.get_meta().ordering if rows.query.default_ordering else ()
    order: Sequence[Any] = rows.query.order_by or usual or ()
    unique = {"pk", *(field.name for field in rows.model._meta.fields if field.unique and not field.null)}
    if any(_named(term) in unique for term in order):
        return rows
    return rows.order_by(*order, "-pk" if order and _descends(order[-1]) else "pk")


def _named(term: Any) -> str:
    """The field that a term of an order sorts by; "" where it sorts by something computed."""
    if isinstance(term, OrderBy):
        term = term.expression
    return str(getattr(term, "name", "")) if isinstance(term, F) else term.lstrip("-") if isinstance(term, str) else ""


def _descends(term: Any) -> bool:
    return term.descending if isinstance(term, OrderBy) else isinstance(term, str) and term.startswith("-")
