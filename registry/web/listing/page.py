"""A list as a page or as a file: the mark of its view, and its answer."""

import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_filters import FilterSet
from django_tables2 import Table
from django_tables2.utils import A

from registry import access, journal
from registry.access import SignedInRequest
from registry.database.snapshot import snapshot
from registry.law import clock
from registry.permissions import MATRIX, Act, Whose
from registry.permissions.roles import Role
from registry.web import export, paging
from registry.web.listing import by_job, chosen_columns, narrowed, views
from registry.web.listing.in_memory import RowFilter

__all__ = ["Listing", "Words", "list_page", "listed", "taken"]

View = Callable[..., HttpResponseBase]


def list_page(act: Act) -> Callable[[View], View]:
    """Mark a view whose page is a list as serving `act`. What is taken away of it is read in one snapshot, and where it isn't the
    person's own or their unit's, the journal says who took it."""

    def mark(do: View) -> View:
        @access.page(act)
        @functools.wraps(do)
        def view(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not export.asked(request):
                return do(request, *args, **kwargs)
            try:
                with snapshot():
                    response = do(request, *args, **kwargs)
            except by_job.TooLongError:
                return by_job.ask(request)
            if isinstance(response, export.Taken) and MATRIX[act][Role(request.user.role)] not in (
                Whose.OWN_PERSON,
                Whose.OWN_UNIT,
            ):
                _note(request, response)
            return response

        view.is_list = True  # type: ignore[attr-defined]
        return view

    return mark


@transaction.atomic
def _note(request: SignedInRequest, taken: export.Taken) -> None:
    """Write down who took which list. The query is kept as it was asked, for what it found then can be found again."""
    match = request.resolver_match
    said: dict[str, Any] = {"list": match.view_name if match else request.path, "file": taken.name, "count": taken.rows}
    said["query"] = request.GET.urlencode()[:500]
    journal.record("list.taken", request.user, by=request.user, at=clock.now(), seals_subject=False, **said)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list's page shows beside its table; `count` is None where the rows aren't counted."""

    title: str
    lead: str
    count: int | None
    at: dt.datetime
    columns: chosen_columns.Columns
    views: list[views.View]
    new_view: str  # the name that was typed for one and refused
    address: str


def listed(
    request: SignedInRequest,
    table: Table,
    chosen: FilterSet | RowFilter[Any] | None = None,
    *,
    title: str,
    lead: str = "",
    name: str = "",
    template: str = "tables/page.html",
    context: Mapping[str, Any] | None = None,
    said: Sequence[object] = (),
    as_of: dt.date | None = None,
    per_page: int = paging.PER_PAGE,
    counted: bool = True,
    status: int = 200,
) -> HttpResponse | export.Taken:
    """Answer with the list: the page asked for, or with `?_export=` all of it.

    `said` are words on what is listed beyond the filters, `as_of` the day that it is asked about, `counted` whether its rows are few
    enough to be counted for every page.
    """
    columns = chosen_columns.choose(table, request)
    if kind := export.asked(request):
        words = Words(name or _file_name(request), title, [*said, *narrowed.in_words(chosen)], as_of)
        return taken(request, table, kind, words, columns.named)
    (paging.paged if counted else paging.paged_uncounted)(request, table, per_page)
    count = table.paginator.count if counted else None
    if isinstance(chosen, RowFilter):
        chosen.count_choices()
    elif chosen is not None and count is not None:
        narrowed.count_choices(chosen, count)
    if narrowed.narrows(chosen) and not table.paginated_rows:
        table.empty_text = _("Nothing matches: change the filters.")
    _sum_up(table)
    kept, new_view = views.of_page(request, request.user), views.new_name(request)
    listing = Listing(title, lead, count, clock.now(), columns, kept, new_view, request.get_full_path())
    return render(
        request, template, {"table": table, "filter": chosen, "list": listing, **(context or {})}, status=status
    )


@dataclass(frozen=True, slots=True)
class Words:
    """What a file is called, and what is said above its table."""

    name: str
    title: str
    filters: Sequence[object]
    as_of: dt.date | None


def taken(request: SignedInRequest, table: Table, kind: str, words: Words, named: Sequence[str] = ()) -> export.Taken:
    """All rows of the table as a file, in the order that the page has them; raises TooLongError where a job writes it."""
    paging.sort(request, table)
    count, at = len(table.rows), clock.now()
    if count > by_job.MOST_AT_ONCE and not by_job.is_at_it(request):
        raise by_job.TooLongError
    head, rows = export.columns_of(table, named)
    said = export.headed(words.title, words.filters, at, request.user, count, words.as_of)
    return export.taken_away(words.name, kind, said, head, rows, at)


def _file_name(request: HttpRequest) -> str:
    match = request.resolver_match
    named = [str(match.url_name), *map(str, match.kwargs.values())] if match else ["list"]
    return "-".join(named).replace("_", "-")


def _sum_up(table: Table) -> None:
    """The sums of the whole selection at the table's foot, by one query, or those that the table brings (`sums`); none stand there where
    it is empty."""
    summed = [column for column in table.columns if getattr(column.column, "summed", False)]
    if not summed or not table.paginated_rows:
        return
    rows = table.data.data
    if (known := getattr(table, "sums", None)) is not None:
        sums = known
    elif hasattr(rows, "aggregate"):
        found = rows.order_by().aggregate(**{f"sum_{one.name}": Sum(A(one.accessor)) for one in summed})
        sums = {one.name: found[f"sum_{one.name}"] or 0 for one in summed}
    else:
        sums = {one.name: sum(A(one.accessor).resolve(row) or 0 for row in rows) for one in summed}
    for one in summed:
        one.column.stand_at_foot(sums[one.name])
    next(iter(table.columns)).column._footer = _("Total")
