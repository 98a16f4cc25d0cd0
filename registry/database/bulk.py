"""Writing very many rows without making an object of each, or a statement as long as they are many."""

from collections.abc import Iterable, Sequence

from django.db import connection, models

__all__ = ["insert", "update"]


def insert(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[int | str]]) -> None:
    """Insert `rows`, whose values stand in the order of `fields` (names; of a foreign key, its id), which are all but the key.

    For text, whole numbers and ids, which a database takes as they are: nothing is converted, no default is filled in. Constraints
    and triggers hold as ever. Half the cost of `bulk_create`, and no keys come back.
    """
    columns = ", ".join(_quoted(model, fields))
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608


def update(model: type[models.Model], field: str, values: Iterable[tuple[int, int | str]]) -> None:
    """Set one field (by name; of a foreign key, its id) of many rows, from pairs of primary key and value.

    For text, whole numbers and ids, as `insert` takes them. `bulk_update` builds an expression of as many cases as there are rows:
    already for two it costs more than everything else about them.
    """
    column, key = _quoted(model, [field, model._meta.pk.name])
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s",  # noqa: S608
            [(value, pk) for pk, value in values],
        )


def _quoted(model: type[models.Model], fields: Iterable[str]) -> list[str]:
    """The columns of the fields, as SQL names them."""
    column_of = {field.name: str(field.column) for field in model._meta.concrete_fields}
    return [connection.ops.quote_name(column_of[name]) for name in fields]
