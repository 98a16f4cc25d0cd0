"""Getting round triggers that refuse changes: to flush a database, and to tamper with one."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations


def let_flush_through(connection: BaseDatabaseWrapper) -> None:
    """Make the flush that ends a transactional test work here, and leave the database as the migrations left it.

    SQLite flushes with DELETE, which the append-only triggers refuse, so they are lifted for exactly as long as it takes;
    PostgreSQL flushes with TRUNCATE, which fires no row trigger. Both would also empty what the migrations wrote (authorities, the
    journal's head), which every later test relies on, so it is written again.

    Every connection flushes so, not only this one: a browser's event loop gives the same thread another.
    """
    content = connection.creation.serialize_db_to_string()
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def execute_sql_flush(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
        with transaction.atomic(using=self.connection.alias), without_triggers(self.connection):
            flush(self, sql_list)
        self.connection.creation.deserialize_db_from_string(content)

    operations.execute_sql_flush = execute_sql_flush


@contextmanager
def without_triggers(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """As somebody with the database's password might: no trigger stands for the time of the block."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        yield
        for _name, sql in triggers:
            cursor.execute(sql)
