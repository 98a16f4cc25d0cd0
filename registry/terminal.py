"""What our commands have in common: the terminal's language, and a clear word where the database can't be used."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext as _

__all__ = ["UNUSABLE", "TerminalCommand", "language", "refuse_unusable_database", "why_unopened"]

UNUSABLE = 2  # exit code: what the command was given, a file or a database, can't be used


class TerminalCommand(BaseCommand):
    """A command for people: it speaks the terminal's language; called from the program, that of the caller.

    Exits 2 with one sentence where it needs a database and there is none that can be used; 1 is left to what a command finds.
    """

    needs_database = True

    def run_from_argv(self, argv: list[str]) -> None:
        with translation.override(language()):
            super().run_from_argv(argv)

    def execute(self, *args: Any, **options: Any) -> str | None:
        if not self.needs_database:
            return super().execute(*args, **options)
        refuse_unusable_database()
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            raise _unusable(error) from error


def language() -> str:
    """What is printed for whoever runs the command is Chinese where the terminal is, else English."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-hans" if locale.startswith("zh") else "en"


def why_unopened(error: OSError) -> str:
    """Why a file can't be opened, in the active language; what is rare, in the system's words."""
    if isinstance(error, FileNotFoundError):
        return _("there is no such file or directory")
    if isinstance(error, IsADirectoryError):
        return _("this is a directory, not a file")
    if isinstance(error, PermissionError):
        return _("permission is missing")
    return error.strerror or str(error)


def refuse_unusable_database() -> None:
    """Raise CommandError with exit code 2 where the database can't be reached, or lacks tables that migrations make."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise _unusable(error) from error
    if missing:
        message = _(
            "The database %(name)s is empty or older than this software: %(count)d migrations are missing. "
            "Name the right data directory (QUOTA_DATA_DIR) or database (DATABASE_URL), or bring this one up with manage.py migrate."
        )
        raise CommandError(message % {"name": _name(), "count": len(missing)}, returncode=UNUSABLE)


def _unusable(error: DatabaseError) -> CommandError:
    message = _("The database %(name)s can't be used: %(why)s") % {"name": _name(), "why": str(error).strip()}
    return CommandError(message, returncode=UNUSABLE)


def _name() -> str:
    return str(connection.settings_dict["NAME"])
