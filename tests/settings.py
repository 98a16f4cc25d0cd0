"""The site's own settings with what a test run must not share with anybody: data directory, passwords' cost, broker.

The database is the one that DATABASE_URL names, as in production; pytest-django makes a test database beside it.
"""

import atexit
import os
import shutil
import tempfile

# Before the settings are read: a developer's own data directory (secret key, demonstration clock) must not reach the tests.
_data_dir = tempfile.mkdtemp(prefix="quota-tests-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["QUOTA_DATA_DIR"] = _data_dir
os.environ.pop("QUOTA_HTTPS", None)

from quota_site.settings import *  # noqa: E402, F403
from quota_site.settings import DATA_DIR, DATABASES, INSTALLED_APPS, LOGGING  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
CELERY_BROKER_URL = "memory://"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads (live server, two people at once) get connections of their own, as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    # It need not outlive a loss of power.
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=NORMAL", "synchronous=OFF")
# Pages name their static files without serving them; the live server serves them from where they are written.
WHITENOISE_USE_FINDERS = False
# By that name alone pytest's live server knows that there are static files to be served.
INSTALLED_APPS = [
    "django.contrib.staticfiles" if app == "quota_site.static_files.StaticFiles" else app for app in INSTALLED_APPS
]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir()
# The live server's handler can't read None. Nothing is ever named by this address.
MEDIA_URL = "/no-such-folder/"  # type: ignore[assignment]  # the product has none
# What is refused on purpose need not be written down with its traceback, three times for a request.
LOGGING["loggers"] = {"django.request": {"level": "ERROR"}}
