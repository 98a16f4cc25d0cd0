"""What several pages of allocation share."""

from typing import Any

from django.contrib import messages
from django.db.models import Sum

from registry.access import SignedInRequest
from registry.files import tables


def sums(rows: Any, *fields: str) -> dict[str, int]:
    """The sum of each field over all rows, in one query."""
    found: dict[str, int] = rows.order_by().aggregate(**{field: Sum(field, default=0) for field in fields})
    return found


def tell_coding(request: SignedInRequest, table: bytes) -> None:
    """Say how a table's bytes were read, if that wasn't as UTF-8: whoever sent it checks the names."""
    if note := tables.coding_note(table):
        messages.info(request, note)
