"""Which static files are collected, and for `serve` anew only where they, or what writes them, changed since."""

import hashlib
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import get_finders
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

MANIFEST_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_WRITERS = ("django", "whitenoise", "brotli")


class StaticFiles(StaticFilesConfig):
    """Of htmx only what the pages load: to compress its other versions and extensions took longer than all the rest."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("django_htmx/ext/*", "django_htmx/htmax-*", "django_htmx/htmx-4*", "django_htmx/htmx-2.js"),
    ]


def collect(environment: dict[str, str]) -> None:
    """In a process of its own, because the storage is chosen when the settings are read. The caller has run the system checks."""
    note, root = settings.DATA_DIR / "static.sha256", Path(settings.STATIC_ROOT)
    what = _digest(environment["QUOTA_STATIC_STORAGE"])
    if note.exists() and note.read_text() == what and (root / "staticfiles.json").exists():
        return
    note.unlink(missing_ok=True)
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    command = [*manage, "collectstatic", "--skip-checks", "--no-input", "--clear", "--verbosity", "0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603 (our own command)
    if done.returncode:
        raise CommandError(_("The static files could not be collected:") + f"\n{done.stderr}")
    note.write_text(what)


def _digest(storage: str) -> str:
    """Of all names and contents, the storage, and the versions of what reads and compresses them."""
    digest = hashlib.sha256(repr([storage, *map(version, _WRITERS)]).encode())
    for finder in get_finders():
        for name, place in finder.list(StaticFiles.ignore_patterns):
            content = Path(place.path(name)).read_bytes()
            digest.update(repr((name, hashlib.sha256(content).hexdigest())).encode())
    return digest.hexdigest()
