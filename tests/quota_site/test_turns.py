"""Who waits for SQLite's one writer gets its turn as soon as it is free, and is told after a while that it won't be."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connections

from quota_site.sqlite3.base import DatabaseWrapper


@pytest.fixture(autouse=True)
def _own_database(django_db_blocker):
    """No test database is needed: each test has a file of its own."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "turns.sqlite3") as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE note (text TEXT)")
    return tmp_path / "turns.sqlite3"


@pytest.fixture
def other(path: Path) -> Iterator[sqlite3.Connection]:
    """A writer that is in the middle of something."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def waiting(path: Path, patience: float) -> DatabaseWrapper:
    settings = connections.settings["default"] | {
        "ENGINE": "quota_site.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": patience},
    }
    return DatabaseWrapper(settings, alias="turns")


def begin(connection: DatabaseWrapper) -> None:
    connection.connect()
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


@pytest.mark.parametrize("act", ["BEGIN IMMEDIATE", "INSERT INTO note VALUES ('by itself')"])
def test_who_waits_has_its_turn_when_the_writer_has_ended(
    path: Path, other: sqlite3.Connection, act: str, monkeypatch
) -> None:
    pauses = []

    def end(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            other.execute("COMMIT")

    connection = waiting(path, patience=60)
    connection.connect()
    monkeypatch.setattr("quota_site.sqlite3.base.time.sleep", end)
    with connection.cursor() as cursor:
        cursor.execute(act)
        cursor.execute("INSERT INTO note VALUES ('more')")
    assert len(pauses) == 3
    (left,) = connection.connection.execute("PRAGMA busy_timeout").fetchone()
    assert left == 60_000  # whatever else waits does so as before
    connection.close()


def test_patience_ends_with_the_databases_own_words(path: Path, other: sqlite3.Connection) -> None:
    connection = waiting(path, patience=0)
    with pytest.raises(OperationalError, match="database is locked"):
        begin(connection)
    connection.close()


def test_another_error_is_raised_at_once(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite3").write_text("not a database at all" * 100)
    connection = waiting(tmp_path / "text.sqlite3", patience=60)
    with pytest.raises(Exception, match="not a database"):
        begin(connection)
    connection.close()
