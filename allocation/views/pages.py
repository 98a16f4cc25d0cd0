"""What several pages of allocation share."""

from typing import Any

from django.db.models import Model, Sum
from django_tables2 import RequestConfig, Table

from registry import access
from registry.access import Act, SignedInRequest
from registry.models import Person

PER_PAGE = 25


def configured(request: SignedInRequest, table: Table) -> Table:
    """The table sorted and paged as the address asks."""
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return table


def may(person: Person, act: Act, row: Model) -> bool:
    """Whether the person may do `act` to this very row: what a button asks before it shows itself."""
    return access.scoped(person, act, type(row)._default_manager.filter(pk=row.pk)).exists()


def sums(rows: Any, *fields: str) -> dict[str, int]:
    """The sum of each field over all rows, in one query."""
    return rows.order_by().aggregate(**{field: Sum(field, default=0) for field in fields})
