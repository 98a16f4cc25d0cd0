"""The database's own refusals: each trigger that a migration made stands at the end, and freezes every column that it should."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.writer import OperationWriter

from registry.database.append_only import AppendOnly
from registry.database.frozen_once import FrozenOnce


def operations(kind):
    """Every operation of the kind in the apps' migrations, with its model."""
    loader = MigrationLoader(None)
    for (app, _name), migration in sorted(loader.disk_migrations.items()):
        yield from ((apps.get_model(app, each.model), each) for each in migration.operations if isinstance(each, kind))


def triggers() -> dict[str, str]:
    """The triggers of the database by their lower-case name, with their text."""
    questions = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(questions[connection.vendor])
        return {name.lower(): text for name, text in cursor.fetchall()}


def test_no_trigger_was_lost_when_a_table_was_remade(db):
    standing = triggers()
    for model, _operation in operations(AppendOnly):
        table = model._meta.db_table
        wanted = {"sqlite": [f"{table}_no_update", f"{table}_no_delete"], "postgresql": [f"{table}_append_only"]}
        assert set(wanted[connection.vendor]) <= set(standing)
    for model, operation in operations(FrozenOnce):
        assert {name.lower() for name in operation.names(model._meta.db_table)} <= set(standing)


def test_every_column_is_frozen_but_those_named(db):
    standing = triggers()
    found = list(operations(FrozenOnce))
    assert {model._meta.model_name for model, _operation in found} >= {"run", "letter", "balancevalue", "tradeimport"}
    for model, operation in found:
        name, _delete = operation.names(model._meta.db_table)
        text = standing[name.lower()].lower().replace('"', "")
        frozen = {field.column for field in model._meta.concrete_fields if f"new.{field.column})" in text + ")"}
        frozen |= {field.column for field in model._meta.concrete_fields if f"new.{field.column} or" in text}
        assert frozen >= {field.column for field in model._meta.concrete_fields if field.name not in operation.but}


def test_a_state_is_a_plain_word(db):
    operation = FrozenOnce("Run", when={"state": ["x' OR 'a' = 'a"]})
    with pytest.raises(ValueError, match="plain word"):
        operation.statements("sqlite", apps.get_model("allocation", "Run"))


def test_it_is_written_into_a_migration_as_it_was_made():
    operation = FrozenOnce("Letter", when={"state": ["sent"]}, but=["state"])
    name, args, kwargs = operation.deconstruct()
    again = FrozenOnce(*args, **kwargs)
    assert name == "FrozenOnce"
    assert (again.model, again.when, again.but) == ("Letter", {"state": ["sent"]}, ["state"])
    text, imports = OperationWriter(operation, indentation=0).serialize()
    assert "when={" in text
    assert imports == {"import registry.database.frozen_once"}


def test_it_can_be_undone_and_done_again(db):
    model = apps.get_model("allocation", "Run")
    operation = FrozenOnce("Run", when={"state": ["approved"]}, but=["letter"])
    names = {name.lower() for name in operation.names(model._meta.db_table)}
    state = MigrationLoader(connection).project_state()
    with connection.cursor() as cursor:
        # SQLite's own editor won't work inside a test's transaction.
        editor: Any = SimpleNamespace(connection=connection, execute=lambda sql, params=None: cursor.execute(sql))
        operation.database_backwards("allocation", editor, state, state)
        assert not names & set(triggers())
        operation.database_forwards("allocation", editor, state, state)
        assert names <= set(triggers())


def test_no_table_that_refuses_changes_can_be_emptied_at_once(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE: its DELETE fires for every row")
    standing = triggers()
    for kind in (AppendOnly, FrozenOnce):
        for model, _operation in operations(kind):
            table = model._meta.db_table
            assert f"{table}_no_truncate" in standing
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f'TRUNCATE "{table}" CASCADE')
