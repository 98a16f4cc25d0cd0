"""The commands of docs/deployment.md, as they stand there: web behind a proxy's socket, worker, sweeper, on the Redis that is named."""

import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.conftest import leave_out
from tests.services.served import PATIENCE, ROOT, lines, until

pytestmark = pytest.mark.services
PAGE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
REDIS_URL = os.environ.get("QUOTA_TEST_REDIS_URL", "")


class SocketConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket, as nginx speaks it."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.host)


@pytest.fixture
def run_folder():
    """In place of /run/quota; short, because a socket's name must be."""
    folder = Path(tempfile.mkdtemp(prefix="quota-run-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def redis_url():
    if not REDIS_URL:
        leave_out("services", "QUOTA_TEST_REDIS_URL names no Redis")
    return REDIS_URL


@pytest.fixture
def environment(tmp_path, redis_url, site_database):
    """/etc/quota.env with this run's own places; the database has its tables already, the commands find nothing missing."""
    file = re.search(r"```ini\n(DATABASE_URL=.*?)```", PAGE, re.DOTALL)[1]
    settings = dict(line.split("=", 1) for line in file.splitlines()) | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/data/quota.sqlite3",
        **site_database,
        "REDIS_URL": redis_url,
        "DJANGO_SECRET_KEY": "k" * 60,
        "QUOTA_DATA_DIR": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "tests.services.settings",
    }
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **settings}


@pytest.fixture
def units(run_folder, environment):
    """Every ExecStart of the page, running."""
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    running = []
    for command in re.findall(r"^ExecStart=(.*)$", PAGE, re.MULTILINE):
        here = command.replace("/srv/quota/app/.venv/bin/", f"{Path(sys.executable).parent}/")
        here = here.replace("/run/quota", str(run_folder)).replace("%i", "1").replace("%%", "%")
        running.append(subprocess.Popen(shlex.split(here), cwd=ROOT, env=environment, stdin=subprocess.DEVNULL))
    yield running
    for process in running:
        process.send_signal(signal.SIGTERM)
    for process in running:
        process.wait(PATIENCE)


def manage(environment, *arguments) -> str:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def status(run_folder: Path, path: str, **headers: str) -> int:
    connection = SocketConnection(str(run_folder / "web.sock"))
    try:
        connection.request("GET", path, headers={"Host": "quota.example.cn", **headers})
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def test_the_units_of_the_page_serve_and_work(units, run_folder, environment, tmp_path):
    assert len(units) == 3
    until(lambda: status(run_folder, "/health/", **{"X-Forwarded-Proto": "https"}) == 200, "a page")
    assert status(run_folder, "/health/") == 301  # without TLS it sends to https
    assert status(run_folder, "/health/", **{"X-Forwarded-Proto": "https", "Host": "elsewhere.example"}) == 400
    held = tmp_path / "held"
    held.mkdir()
    (held / "go-on").touch()
    manage(environment, "slow_job", "ask", str(held))
    until(lambda: lines(held / "finished"), "the worker to do the job")
