"""A migration operation that makes a table append-only in the database itself, on SQLite and PostgreSQL alike."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

_SQLITE_DROP = "DROP TRIGGER IF EXISTS {table}_no_{verb}"
_SQLITE = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRES_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"""
_POSTGRES_DROP = "DROP TRIGGER IF EXISTS {table}_append_only ON {table}"
_POSTGRES = """CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()"""
# Row triggers never see a TRUNCATE. SQLite has none: its DELETE of everything fires for each row.
_NO_TRUNCATE = """CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"""


class AppendOnly(Operation):
    """Triggers that refuse UPDATE, DELETE and TRUNCATE on a model's table, whoever asks and by whatever road.

    SQLite remakes a table for most changes to it, and so forgets its triggers: repeat the operation after such a change. A trigger that
    is still there is made anew.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model: str) -> None:
        self.model = model

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [self.model], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models' state is unchanged."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model)._meta.db_table
        for statement in statements(schema_editor.connection.vendor, table):
            schema_editor.execute(statement, params=None)  # a "%" in it is none of psycopg's

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {table}_no_UPDATE")
            schema_editor.execute(f"DROP TRIGGER {table}_no_DELETE")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}")

    def describe(self) -> str:
        return f"Refuse UPDATE and DELETE on {self.model}"


def statements(vendor: str, table: str) -> list[str]:
    """The SQL that makes `table` append-only on a database of that vendor."""
    if vendor == "sqlite":
        each = [(template, verb) for verb in ("UPDATE", "DELETE") for template in (_SQLITE_DROP, _SQLITE)]
        return [template.format(table=table, verb=verb) for template, verb in each]
    return [
        _POSTGRES_FUNCTION,
        _POSTGRES_DROP.format(table=table),
        _POSTGRES.format(table=table),
        *never_truncated(table),
    ]


def never_truncated(table: str) -> list[str]:
    """The SQL by which PostgreSQL refuses to empty the table at once; made anew where it stands already."""
    dropped = f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}"
    return [_POSTGRES_FUNCTION, dropped, _NO_TRUNCATE.format(table=table)]
