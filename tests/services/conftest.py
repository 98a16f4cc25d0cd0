"""Real processes, each test with its own data directory; on PostgreSQL with its own database."""

import signal
import sys
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from tests.conftest import leave_out
from tests.services.served import Served, until


@pytest.fixture
def site_database(tmp_path, django_db_blocker):
    """The environment that names the served site's database: a file in its data directory, or a fresh PostgreSQL database."""
    if connection.vendor != "postgresql":
        yield {}
        return
    import psycopg
    from psycopg import sql

    known = settings.DATABASES["default"]
    server = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    server = {key: value for key, value in server.items() if value}
    name = f"quota_served_{tmp_path.name[:40]}_{tmp_path.parent.name[-8:]}".lower()
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as maintenance:
        maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        login = quote(known["USER"], safe="") + (f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else "")
        host = known["HOST"]  # a path names the folder of a socket
        place = f"/{host}" if host.startswith("/") else host + (f":{known['PORT']}" if known["PORT"] else "")
        yield {"DATABASE_URL": f"postgres://{login}@{place}/{name}"}
        maintenance.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def serve(tmp_path, site_database):
    """`serve(**environment)`: a site that answers; whatever is left of it is killed at the end."""
    if sys.platform != "linux":
        leave_out("services", "the processes are looked at through /proc")
    started: list[Served] = []

    def start(**environment: str) -> Served:
        served = Served(tmp_path / "data", **(site_database | environment))
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
