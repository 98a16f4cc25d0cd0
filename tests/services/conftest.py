"""Real processes, each test with its own data directory; on PostgreSQL with its own database."""

import contextlib
import fcntl
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
def brought_up(tmp_path_factory):
    """A data directory with our tables and nothing else in its database, and the name of that where it is PostgreSQL's.

    Where it is a file, one process of a test run makes it, and the others wait for it.
    """
    folder = tmp_path_factory.getbasetemp()
    if connection.vendor == "sqlite" and "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    folder /= "brought-up"
    folder.mkdir(exist_ok=True)
    with _database(f"quota_up_{folder.parent.parent.name[-20:]}_{os.getpid()}", "template1") as named:
        places = {"QUOTA_DATA_DIR": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "tests.services.settings"} | named
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        command = [sys.executable, "manage.py", "bring_up"]
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "done").exists():
                subprocess.run(command, cwd=ROOT, env=environment | places, check=True)
                (folder / "done").touch()
        yield folder / "data", named.get("DATABASE_URL", "").rpartition("/")[2]


@pytest.fixture
def site_database(tmp_path, brought_up):
    """The environment that names the served site's database: a file in its data directory `data`, or a PostgreSQL database."""
    folder, template = brought_up
    with _database(f"quota_served_{tmp_path.name[:30]}_{tmp_path.parent.name[-8:]}_{os.getpid()}", template) as named:
        shutil.copytree(folder, tmp_path / "data")
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
    """`serve(*options, **environment)`: a site that answers; whatever is left of it is ended."""
    with _serving(tmp_path / "data", site_database) as start:
        yield start


@pytest.fixture
def serve_from_nothing(tmp_path):
    """`serve` in a new data directory; its name is long and Chinese: sockets have short names only, and URLs no Chinese ones."""
    with _serving(tmp_path / ("数据 目录" * 8), {}) as start:
        yield start


@contextlib.contextmanager
def _serving(data_dir: Path, database: dict[str, str]) -> Iterator[Callable[..., Served]]:
    if sys.platform != "linux":
        leave_out("services", "the processes are looked at through /proc")
    started: list[Served] = []

    def start(*options: str, **environment: str) -> Served:
        served = Served(data_dir, *options, **(database | environment))
        started.append(served)
        until(served.is_healthy, "the first page")
        return served

    yield start
    for served in started:
        if served.process.poll() is None:
            served.process.send_signal(signal.SIGTERM)
            served.process.wait(60)
        served.beside.end()


@pytest.fixture
def held(tmp_path):
    """A folder through which the slow job says that it has begun, and is told to go on."""
    folder = tmp_path / "held"
    folder.mkdir()
    return folder
