"""What is taken away of pages that aren't one list with its tools: of several tables on one page each by its name
(`?of=settlements&_export=csv`, the name being the table's prefix), and of a page that is written by hand its rows.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.http import HttpRequest
from django_tables2 import Table

from registry.access import SignedInRequest
from registry.law import clock
from registry.web import export
from registry.web.export import Cell
from registry.web.listing.page import Words, taken

__all__ = ["OF", "part_taken", "rows_taken"]

OF = "of"


def part_taken(
    request: SignedInRequest, name: str, said: Sequence[object], *parts: tuple[str, Table | None]
) -> export.Taken | None:
    """The table that the address names, of those that the page has with their titles; None where the page is to be looked at.

    `said` are words on what all of them are about.
    """
    kind, wanted = export.asked(request), request.GET.get(OF, "")
    for title, table in parts:
        if kind and wanted and table is not None and table.prefix == f"{wanted}-":
            return taken(request, table, kind, Words(f"{name}-{wanted}", title, said, None))
    return None


def rows_taken(
    request: HttpRequest,
    name: str,
    title: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    said: Iterable[object] = (),
    as_of: dt.date | None = None,
) -> export.Taken | None:
    """The rows under their heads; None where the page is to be looked at."""
    if not (kind := export.asked(request)):
        return None
    now, cells = clock.now(), list(rows)
    above = export.headed(title, said, now, request.user, len(cells), as_of)
    return export.taken_away(name, kind, above, head, cells, now)
