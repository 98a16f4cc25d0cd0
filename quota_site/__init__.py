"""Wiring: `settings`, `urls`, `wsgi`, `celery` and its `broker`, one process that supervises all (`supervisor`), the
static files that it collects (`static_files`), SQLite as we use it (`sqlite3`) and what is checked at start (`checks`,
`apps`); every request passes `middleware` (`proxy`, `language`, `way_back`, `sign_in`), errors have pages (`errors`);
`navigation` and the role `home` stand above all apps; `sectors` holds what each industry has of its own; `demo` builds
a country, `management` holds the commands, `locale` the Chinese texts.
"""

from quota_site.celery import app as celery_app

__all__ = ["celery_app"]
