"""The database wrapper that Django looks for under this name."""

import sqlite3
import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

PAUSE = 0.001  # seconds between two tries


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks for the write lock every millisecond.

    SQLite's own busy handler sleeps longer with every try, up to a tenth of a second: a transaction takes some ten milliseconds, so
    whoever has waited long loses its turn to whoever has just come, and the writer's place stands empty in between.
    """

    def _start_transaction_under_autocommit(self) -> None:
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        until = time.monotonic() + patience
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while not self._begun(last=time.monotonic() >= until):
                time.sleep(PAUSE)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")

    def _begun(self, *, last: bool) -> bool:
        """Whether the transaction could begin now; the last try raises what is in its way."""
        try:
            super()._start_transaction_under_autocommit()
        except OperationalError as error:
            if last or not _is_busy(error):
                raise
            return False
        return True


def _is_busy(error: OperationalError) -> bool:
    cause = error.__cause__
    return isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode == sqlite3.SQLITE_BUSY
