"""`manage.py serve` with real processes: it starts, stops, refuses, survives."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from quota_site import broker
from tests.services.served import ROOT, Beside, Served, is_alive, lines, until

pytestmark = pytest.mark.services
supervision = pytest.mark.supervision

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@supervision
def test_a_site_from_nothing_is_served_whatever_dies_and_stops_cleanly(serve_from_nothing, tmp_path):
    """One site for all of it: to start another takes longer than any of it."""
    served = serve_from_nothing()
    _pages_name_their_style_by_its_content_for_good(served)
    _a_second_server_and_a_taken_port_are_refused(served, tmp_path / "other")
    _a_web_process_that_died_is_replaced(served)
    if broker.redis_program() is not None:
        _redis_dies_and_the_workers_find_its_successor(served, tmp_path / "after Redis")
    _a_job_whose_worker_is_killed_is_finished_once(served, tmp_path / "held")
    below = served.children()
    assert served.stop() == 0
    assert not [pid for pid in below if is_alive(pid)]
    assert served.log.read_text().rstrip().endswith("Stopped.")


def test_a_site_whose_messages_are_files_loses_no_job_and_killed_leaves_no_orphan(serve, tmp_path):
    served = serve("--web-workers", "1", REDIS_URL="filesystem://")
    _a_job_whose_worker_is_killed_is_finished_once(served, tmp_path / "held")
    _a_task_message_that_no_broker_took_is_sent_again(served, tmp_path / "lost")
    below = served.children()
    served.process.kill()
    served.process.wait()
    until(lambda: not [pid for pid in below if is_alive(pid)], "the programs to notice")


def _pages_name_their_style_by_its_content_for_good(served: Served) -> None:
    """The manifest storage is at work: a browser may keep what it fetched."""
    with urllib.request.urlopen(f"{served.url}/login/") as page:  # noqa: S310
        style = re.search(r"/static/css/quota\.[0-9a-f]{12}\.css", page.read().decode())
    assert style
    with urllib.request.urlopen(served.url + style[0]) as answer:  # noqa: S310
        assert "immutable" in answer.headers["Cache-Control"]


def _a_second_server_and_a_taken_port_are_refused(served: Served, other: Path) -> None:
    """Both at a time, each in its own process: what they'd do if they weren't refused mustn't be done here."""
    port = served.url.rpartition(":")[2]
    serve = [sys.executable, "manage.py", "serve", "--port"]
    elsewhere = served.environment | {"QUOTA_DATA_DIR": str(other)}
    with (
        subprocess.Popen([*serve, "0"], cwd=ROOT, env=served.environment, stderr=subprocess.PIPE, text=True) as second,
        subprocess.Popen([*serve, port], cwd=ROOT, env=elsewhere, stderr=subprocess.PIPE, text=True) as same_port,
    ):
        _nothing, of_the_data = second.communicate()
        _nothing, of_the_port = same_port.communicate()
    assert (second.returncode, same_port.returncode) == (1, 1)
    assert f"already being served by process {served.process.pid}" in of_the_data
    assert f"port {port}" in of_the_port
    assert "--port" in of_the_port


def _a_web_process_that_died_is_replaced(served: Served) -> None:
    (web, *workers) = served.children("gunicorn")
    os.kill(web, signal.SIGKILL)
    # The port stays ours all along: nobody else can take it, and who asks meanwhile is answered by the successor.
    socket.create_connection(("127.0.0.1", int(served.url.rpartition(":")[2]))).close()
    until(lambda: set(served.children("gunicorn")) - {web, *workers}, "another web process")
    until(lambda: not any(map(is_alive, workers)), "those of the dead one to end")
    until(served.is_healthy, "a page of the new one")


def _redis_dies_and_the_workers_find_its_successor(served: Served, held: Path) -> None:
    (redis,) = served.children("redis-server")
    os.kill(redis, signal.SIGKILL)
    until(lambda: [pid for pid in served.children("redis-server") if pid != redis], "another Redis")
    _ask(served, held, may_end=True)
    until(lambda: served.job(held)["state"] == "done", "the job to be done")
    assert len(lines(held / "finished")) == 1


def _a_job_whose_worker_is_killed_is_finished_once(served: Served, held: Path) -> None:
    """In its middle; its lease runs out by itself."""
    _ask(served, held)
    (victim,) = until(lambda: lines(held / "begun"), "the job to begin")
    os.kill(int(victim), signal.SIGKILL)
    _first, second = until(lambda: (begun := lines(held / "begun"))[1:] and begun, "another worker to take it over")
    (held / "go-on").touch()
    until(lambda: served.job(held)["state"] == "done", "the job to be done")
    assert served.job(held) == {"state": "done", "attempts": 2, "outcome": {"worker": int(second)}}
    assert lines(held / "finished") == [second]
    assert second != victim


def _a_task_message_that_no_broker_took_is_sent_again(served: Served, held: Path) -> None:
    """Whoever asked did not have to wait for the broker, and the sweeper makes good."""
    unheard = Beside(served.environment | {"REDIS_URL": NOBODY_LISTENS})
    _ask(unheard, held, may_end=True)
    unheard.end()
    until(lambda: lines(held / "finished"), "the sweeper to ring")
    until(lambda: served.job(held)["state"] == "done", "the job to be done")


def _ask(beside: Beside | Served, held: Path, *, may_end: bool = False) -> None:
    """Ask for the slow job; through the folder it says that it has begun, and is told to go on."""
    held.mkdir()
    if may_end:
        (held / "go-on").touch()
    beside.manage("slow_job", "ask", str(held))


def test_the_redis_of_a_long_path_is_its_owners_only(tmp_path):
    socket = broker.redis_socket(tmp_path / ("d" * 100))
    assert len(os.fsencode(socket)) <= 100
    broker.redis_arguments(Path("redis-server"), tmp_path / ("d" * 100))
    assert socket.parent.stat().st_mode & 0o777 == 0o700
    socket.parent.rmdir()
