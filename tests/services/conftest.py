"""Real processes, each test with its own data directory; on PostgreSQL with its own database."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from tests.conftest import leave_out
from tests.services.served import ROOT, Served, until


@pytest.fixture(scope="session")
def migrated(tmp_path_factory, django_db_blocker):
    """The environment that names a database with our tables and nothing else: to be copied, which is quicker than to make it anew."""
    folder = tmp_path_factory.mktemp("migrated")
    with _database(f"quota_migrated_{folder.parent.name[-30:]}_{os.getpid()}", "template1") as named:
        places = {"QUOTA_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.services.settings"} | named
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | places
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        yield folder / "quota.sqlite3", named.get("DATABASE_URL", "").rpartition("/")[2]


@pytest.fixture
def site_database(tmp_path, migrated):
    """The environment that names the served site's database: a file in its data directory `data`, or a PostgreSQL database."""
    file, template = migrated
    with _database(f"quota_served_{tmp_path.name[:30]}_{tmp_path.parent.name[-8:]}_{os.getpid()}", template) as named:
        if not named:
            (tmp_path / "data").mkdir()
            shutil.copyfile(file, tmp_path / "data" / file.name)
        yield named


@contextlib.contextmanager
def _database(name: str, template: str) -> Iterator[dict[str, str]]:
    """DATABASE_URL of a new PostgreSQL database; nothing where the tests run on SQLite."""
    if connection.vendor != "postgresql":
        yield {}
        return
    known = settings.DATABASES["default"]
    server = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    server = {key: value for key, value in server.items() if value}
    identifier = sql.Identifier(name.lower())
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as maintenance:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        maintenance.execute(made.format(identifier, sql.Identifier(template)))
        login = quote(known["USER"], safe="") + (f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else "")
        host = known["HOST"]  # a path names the folder of a socket
        place = f"/{host}" if host.startswith("/") else host + (f":{known['PORT']}" if known["PORT"] else "")
        try:
            yield {"DATABASE_URL": f"postgres://{login}@{place}/{name.lower()}"}
        finally:
            maintenance.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@pytest.fixture
def serve(tmp_path, site_database):
    """`serve(**environment)`: a site that answers; whatever is left of it is killed at the end."""
    with _serving(tmp_path / "data", site_database) as start:
        yield start


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """A site on a database of its own from nothing, for tests that only look at it."""
    with _serving(tmp_path_factory.mktemp("standing") / "data", {}) as start:
        yield start()


@contextlib.contextmanager
def _serving(data_dir: Path, database: dict[str, str]) -> Iterator[Callable[..., Served]]:
    if sys.platform != "linux":
        leave_out("services", "the processes are looked at through /proc")
    started: list[Served] = []

    def start(**environment: str) -> Served:
        served = Served(data_dir, **(database | environment))
        started.append(served)
        until(served.is_healthy, "the first page")
        return served

    yield start
    for served in started:
        if served.process.poll() is None:
            served.process.send_signal(signal.SIGTERM)
            served.process.wait(60)


@pytest.fixture
def held(tmp_path):
    """A folder through which the slow job says that it has begun, and is told to go on."""
    folder = tmp_path / "held"
    folder.mkdir()
    return folder
