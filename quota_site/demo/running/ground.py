"""The ground a country is built on: a database and a data directory that hold nothing, or an earlier demonstration."""

import datetime as dt
import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from quota_site.demo.invented.country import CODE_BODY
from quota_site.demo.running import mark as marking
from registry.journal import chain_end as journal_end
from registry.models import Person, Unit


class ForeignDatabaseError(Exception):
    """The database holds what no demonstration made. Nothing was changed; the message says what to do."""


def refuse_foreign() -> None:
    """Raise ForeignDatabaseError unless the database is empty, or ours by its mark and by its units."""
    if not _holds_anything() or (_is_marked() and not _has_real_units()):
        return
    message = _(
        "The database %(name)s holds units or people that no demonstration made; nothing was changed. "
        "Name another data directory (QUOTA_DATA_DIR) or another database (DATABASE_URL)."
    )
    raise ForeignDatabaseError(message % {"name": marking.database_name(connection.settings_dict)})


def clear() -> None:
    """Take an earlier demonstration away, with its files. Call refuse_foreign before."""
    if connection.vendor == "sqlite":
        _remove_file()
    else:
        _drop_tables()
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    # Else the new journal would be taken for the old one with its end cut off.
    journal_end.path().unlink(missing_ok=True)


def mark(present: dt.datetime | None = None) -> None:
    """Write down that the database is a demonstration's, and (once it is built) that its clock shows `present` at this moment."""
    offset = 0 if present is None else round((present - timezone.now()).total_seconds())
    marking.write(settings.DEMO_FILE, connection.settings_dict, offset)
    # For this process; others read it from the file.
    settings.CLOCK_OFFSET_SECONDS = offset


def _holds_anything() -> bool:
    tables = connection.introspection.table_names()
    models = [model for model in (Person, Unit) if model._meta.db_table in tables]
    return any(model._default_manager.exists() for model in models)


def _is_marked() -> bool:
    """Whether the mark in the data directory speaks of this database: the directory may have served another one."""
    return marking.clock_offset(settings.DEMO_FILE, connection.settings_dict) is not None


def _has_real_units() -> bool:
    return Unit.objects.exclude(credit_code__regex=f"^91[0-9]{{6}}{CODE_BODY}").exists()


def _remove_file() -> None:
    connection.close()
    path = Path(connection.settings_dict["NAME"])
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _drop_tables() -> None:
    """Drop our tables; emptying them would take what the migrations wrote into them."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        for table in [*tables, "django_migrations"]:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
