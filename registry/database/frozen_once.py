"""A migration operation that freezes rows in the database itself once they stand for something, on SQLite and PostgreSQL alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models import Model

from registry.database.append_only import never_truncated

_SQLITE = """CREATE TRIGGER {name}_{verb} BEFORE {verb} ON {table} WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{table}: this row is frozen'); END"""
_POSTGRES_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%: this row is frozen', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"""
_POSTGRES = """CREATE TRIGGER {name}_{verb} BEFORE {verb} ON {table}
FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refuse_frozen()"""
_DIFFERS = {"sqlite": 'OLD."{0}" IS NOT NEW."{0}"', "postgresql": 'OLD."{0}" IS DISTINCT FROM NEW."{0}"'}


class FrozenOnce(Operation):
    """Triggers that refuse DELETE, and UPDATE of every column except `but`, on rows whose columns have one of the values in `when`.

    `FrozenOnce("Letter", when={"state": ["sent", "executed"]}, but=["state"])`: a sent letter may only be executed. It never leaves the
    values of `when` again. Without `when` a row is frozen from its first day. What may still change is named, and not what
    mustn't, so that no column is forgotten; a column that comes later needs the operation again (drop it first).

    SQLite remakes a table for most changes to it, and so forgets its triggers: repeat the operation after such a change. A trigger that
    is still there is made anew.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model: str, *, when: Mapping[str, Sequence[str]] | None = None, but: Sequence[str] = ()) -> None:
        self.model, self.when, self.but = model, dict(when or {}), list(but)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [self.model], {"when": self.when, "but": self.but})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models' state is unchanged."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model)
        for statement in self.statements(schema_editor.connection.vendor, model):
            schema_editor.execute(statement, params=None)  # a "%" in it is none of psycopg's

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table
        on_table = "" if schema_editor.connection.vendor == "sqlite" else f" ON {table}"
        for name in self.names(table):
            schema_editor.execute(f"DROP TRIGGER {name}{on_table}")

    def describe(self) -> str:
        return f"Refuse changes to {self.model} once it is frozen"

    def names(self, table: str) -> list[str]:
        """The triggers that stand for this operation."""
        return [f"{self._name(table)}_{verb}" for verb in ("UPDATE", "DELETE")]

    def statements(self, vendor: str, model: type[Model]) -> list[str]:
        """The SQL that freezes the model's rows on a database of that vendor."""
        table = model._meta.db_table
        frozen = [field.column for field in model._meta.concrete_fields if field.name not in self.but]
        changes = " OR ".join([_DIFFERS[vendor].format(column) for column in frozen] + self._among("NEW", negated=True))
        among = self._among("OLD")
        conditions = {
            "UPDATE": " AND ".join([*among, f"({changes})"]),
            "DELETE": " AND ".join(among or ["1 = 1"]),
        }
        template = _SQLITE if vendor == "sqlite" else _POSTGRES
        made = [
            template.format(name=self._name(table), table=table, verb=verb, condition=condition)
            for verb, condition in conditions.items()
        ]
        on_table = "" if vendor == "sqlite" else f" ON {table}"
        dropped = [f"DROP TRIGGER IF EXISTS {name}{on_table}" for name in self.names(table)]
        if vendor == "sqlite":
            return [*dropped, *made]
        return [_POSTGRES_FUNCTION, *dropped, *made, *never_truncated(table)]

    def _name(self, table: str) -> str:
        """Several operations on one table differ in their `when`."""
        values = [value for values in self.when.values() for value in values]
        return "_".join([table, "frozen", *values[:1]])

    def _among(self, row: str, *, negated: bool = False) -> list[str]:
        """Conditions that the row (OLD or NEW) has, or hasn't, the values of `when`."""
        verb = "NOT IN" if negated else "IN"
        return [f'{row}."{column}" {verb} ({_listed(values)})' for column, values in self.when.items()]


def _listed(values: Sequence[str]) -> str:
    for value in values:
        if not value.isidentifier():
            raise ValueError(f"{value!r}: a state is a plain word")
    return ", ".join(f"'{value}'" for value in values)
