"""SIGKILL at ten statements of a real run, on a real database: whoever comes after finishes it, once."""

import json
import os
import random
import signal

import pytest

from tests.services.served import Beside

pytestmark = pytest.mark.services

SEED, KILLS, AMONG = 20261116, 10, 18  # the job takes more statements than that
NEVER = 100_000


@pytest.fixture
def manage(tmp_path, site_database):
    """`manage(*arguments)`: a command in another process, on a database of its own; its output."""
    kept = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "DATABASE_URL")}
    places = {"QUOTA_DATA_DIR": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "tests.services.settings"}
    beside = Beside(kept | places | site_database)
    yield beside.manage
    beside.end()


def test_a_run_is_prepared_once_wherever_its_worker_is_killed(manage):
    manage("real_job", "ask-run")
    statements = random.Random(SEED).sample(range(1, AMONG + 1), KILLS)
    *killed, first, second = json.loads(
        manage("real_job", "die-in-run", "--statements", *map(str, [*statements, NEVER, NEVER]))
    )
    for after in killed:
        stored = after["stored"]
        assert after["signal"] == signal.SIGKILL
        assert (stored["state"], stored["manifest"], stored["journal"]) == ("preparing", "", 0)
        assert [stored[what] for what in ("awards", "settlements", "left_out")] == [[], [], []]
    assert len(killed) == KILLS
    assert [(after["signal"], after["exit"]) for after in (first, second)] == [(0, 0), (0, 0)]
    assert first == second  # who comes when it is done leaves everything as it is
    stored = second["stored"]
    assert (stored["state"], stored["as hashed"], stored["journal"]) == ("prepared", True, 1)
    assert (stored["job"]["state"], stored["job"]["open"], stored["job"]["outcome"]) == (
        "done",
        0,
        {"awards": 2, "left_out": 1},
    )
    assert [len(stored[what]) for what in ("awards", "settlements", "left_out")] == [2, 2, 1]
    assert manage("verify_journal")
