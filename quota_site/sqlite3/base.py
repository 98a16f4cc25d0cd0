"""The database wrapper that Django looks for under this name."""

import functools
import sqlite3
import time
from typing import Any

from django.db.backends.sqlite3 import base

PAUSE = 0.001  # seconds between two tries


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks for the write lock every millisecond.

    SQLite's own busy handler sleeps longer with every try, up to a tenth of a second: a transaction takes some ten milliseconds, so
    whoever has waited long loses its turn to whoever has just come, and the writer's place stands empty in between.
    """

    def create_cursor(self, _name: str | None = None) -> "Cursor":
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        return cursor


class Cursor(base.SQLiteCursorWrapper):
    """Waits for its turn with what begins a transaction, or is one by itself."""

    patience: float  # seconds until "database is locked" is raised

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        return _converted(query) if param_names is None else super().convert_query(query, param_names=param_names)

    def execute(self, query: str, params: Any = None) -> Any:
        if self.connection.in_transaction:
            return super().execute(query, params)
        until = time.monotonic() + self.patience
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    return super().execute(query, params)
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                        raise
                time.sleep(PAUSE)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(self.patience * 1000)}")


@functools.lru_cache(maxsize=512)
def _converted(query: str) -> str:
    """The query as SQLite takes it. Acts ask the same few hundred again and again; some are long, and Django looks through each anew."""
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
