"""Many rows of a model at once, with keys of our own."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from registry.database import bulk

__all__ = ["fill", "instant"]


def fill(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], **same: Any) -> None:
    """Insert rows whose values stand in the order of `names`, as the database takes them; `same` holds for all of them, and what is in
    neither has its default."""
    others = [field for field in model._meta.concrete_fields if field.name not in names and not _is_counted(field)]
    values = [field.get_db_prep_save(_value(field, same), connection) for field in others]
    bulk.insert(model, [*names, *(field.name for field in others)], [[*row, *values] for row in rows])


def _is_counted(field: Any) -> bool:
    """Whether the database numbers it."""
    return isinstance(field, models.AutoField)


def _value(field: Any, same: dict[str, Any]) -> Any:
    return same[field.name] if field.name in same else field.get_default()


def instant(day: str) -> str:
    """Noon of a day as the database keeps instants, from "2026-03-01"."""
    return f"{day} 04:00:00"
