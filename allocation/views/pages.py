"""What several pages of allocation share."""

from typing import Any

from django.db.models import Model, Sum

from registry import access
from registry.access import Act
from registry.models import Person


def may(person: Person, act: Act, row: Model) -> bool:
    """Whether the person may do `act` to this very row: what a button asks before it shows itself."""
    return access.scoped(person, act, type(row)._default_manager.filter(pk=row.pk)).exists()


def sums(rows: Any, *fields: str) -> dict[str, int]:
    """The sum of each field over all rows, in one query."""
    return rows.order_by().aggregate(**{field: Sum(field, default=0) for field in fields})
