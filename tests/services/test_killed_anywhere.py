"""SIGKILL at ten statements of a real run, on a real database: whoever comes after finishes it, once."""

import json
import random
import signal
import subprocess
import sys

import pytest

from tests.services.served import ROOT

pytestmark = pytest.mark.services

SEED, KILLS, AMONG = 20261116, 10, 18  # the job takes more statements than that


@pytest.fixture
def manage(tmp_path, site_database, monkeypatch):
    """`manage(*arguments)`: a command in a process of its own on a fresh database; its output, or the signal that ended it."""
    for name in ("REDIS_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    places = {"QUOTA_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.services.settings"} | site_database
    for name, value in places.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> str | int:
        done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, capture_output=True, text=True)
        return done.returncode or done.stdout

    assert "OK" in run("migrate")
    return run


def test_a_run_is_prepared_once_wherever_its_worker_is_killed(manage):
    manage("real_job", "ask-run")
    for statement in random.Random(SEED).sample(range(1, AMONG + 1), KILLS):  # noqa: S311
        assert manage("real_job", "die-in-run", "--statement", str(statement)) == -signal.SIGKILL
        stored = json.loads(manage("real_job", "show-run"))
        assert (stored["state"], stored["manifest"], stored["journal"]) == ("preparing", "", 0)
        assert [stored[what] for what in ("awards", "settlements", "left_out")] == [[], [], []]
    for _worker in range(2):
        manage("real_job", "die-in-run", "--statement", "100000")
    stored = json.loads(manage("real_job", "show-run"))
    assert (stored["state"], stored["as hashed"], stored["journal"]) == ("prepared", True, 1)
    assert (stored["job"]["state"], stored["job"]["open"], stored["job"]["outcome"]) == (
        "done",
        0,
        {"awards": 2, "left_out": 1},
    )
    assert [len(stored[what]) for what in ("awards", "settlements", "left_out")] == [2, 2, 1]
    assert manage("verify_journal")
