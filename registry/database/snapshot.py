"""Many questions put to one state of the database: what others write meanwhile is seen by none of them."""

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction

__all__ = ["snapshot"]


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """Read everything within as it stands at the first question; writing is refused by the database.

    Within a transaction that has begun already, which has its own view of things, this adds nothing.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with _of_sqlite():
            yield
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


@contextlib.contextmanager
def _of_sqlite() -> Iterator[None]:
    """Django's transactions take the one write lock here (`transaction_mode`); one that only reads needs none, and keeps nobody waiting."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
            cursor.execute("PRAGMA query_only = OFF")
