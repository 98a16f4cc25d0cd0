"""kill -9 of the worker in a real reading and a real run: before it, in its middle, in its last transaction; each is done once."""

import json
import os
import signal
from pathlib import Path

import pytest

from tests.services.served import Served, is_alive, lines, until
from tests.services.slow import hold

pytestmark = pytest.mark.services

# The Redis that is named; without one the site brings its own.
REDIS_URL = os.environ.get("QUOTA_TEST_REDIS_URL", "")


class Killing:
    """Workers of a served site are held at every point of the jobs of one kind, and are killed there."""

    def __init__(self, served: Served, folder: Path, kind: str, act: str) -> None:
        self.served, self.folder, self.kind, self.act = served, folder, kind, act
        self.victims: list[int] = []

    def ask(self) -> None:
        """Have the job asked for, with a marker at each of its points."""
        for point in hold.POINTS:
            hold.marker(self.folder, self.kind, point).touch()
        self.served.manage("real_job", f"ask-{self.act}")

    def show(self) -> dict:
        return json.loads(self.served.manage("real_job", f"show-{self.act}"))

    def kill_at(self, point: str) -> dict:
        """Kill whoever gets to the point, and have the lease run out; what is stored then, before anybody else can get past it."""
        reached = hold.reached(self.folder, self.kind, point)
        victim = int(until(lambda: lines(reached), f"a worker to be held at {point}")[0])
        assert victim in self.served.children("worker")
        os.kill(victim, signal.SIGKILL)
        until(lambda: not is_alive(victim), "it to be dead")
        self.victims.append(victim)
        stored = self.show()
        hold.marker(self.folder, self.kind, point).unlink()
        self.served.manage("real_job", "lapse")
        return stored

    def finished(self) -> dict:
        """What is stored once a worker that was not killed has stored it."""
        stored = hold.stored(self.folder, self.kind)
        until(lambda: lines(stored), "the job to be done")
        shown = self.show()
        (winner,) = lines(stored)
        assert int(winner) not in self.victims
        assert len(set(self.victims)) == len(hold.POINTS)
        assert shown["job"]["attempts"] > len(hold.POINTS)
        assert (shown["job"]["state"], shown["job"]["open"]) == ("done", 0)
        return shown


def test_a_reading_and_a_run_are_done_once_however_often_their_worker_is_killed(serve, held):
    served = serve("--web-workers", "1", REDIS_URL=REDIS_URL, QUOTA_TEST_HOLD=str(held))
    _a_workbook_is_read_once(Killing(served, held, "reporting.read", "read"))
    _a_run_is_prepared_once(Killing(served, held, "allocation.run", "run"))


def _a_workbook_is_read_once(site: Killing) -> None:
    site.ask()
    for point in hold.POINTS:
        stored = site.kill_at(point)
        assert (stored["job"]["state"], stored["package"], stored["version"]) == ("running", "open", None)
        assert [stored[what] for what in ("versions", "findings", "terms", "line_totals")] == [[], [], [], []]
        assert stored["journal"] == 0
    stored = site.finished()
    expected = stored["expected"]
    assert expected["findings"]
    assert len(expected["terms"]) > 10
    assert stored["versions"] == [[1, expected["outcome"]]]
    assert [stored[what] for what in ("package", "version", "journal")] == ["read", 1, 1]
    for what in ("findings", "terms", "line_totals"):
        assert stored[what] == expected[what]
    assert site.served.manage("verify_journal")  # it exits 1 over a chain with a fault


def _a_run_is_prepared_once(site: Killing) -> None:
    site.ask()
    for point in hold.POINTS:
        stored = site.kill_at(point)
        assert (stored["job"]["state"], stored["state"], stored["manifest"]) == ("running", "preparing", "")
        assert [stored[what] for what in ("awards", "settlements", "left_out")] == [[], [], []]
        assert stored["journal"] == 0
    stored = site.finished()
    assert (stored["state"], stored["faults"], stored["journal"]) == ("prepared", [], 1)
    assert stored["as hashed"]
    # 甲 96,000 t anode → 291,400.81, 204,000 t metal → 29,541.24: 320,942.05 → 320,942 t. 乙 is half of it: 160,471.02 → 160,471 t.
    # In 2024 the quota of a line equals its emissions.
    first, second, third = "甲示例铝业有限公司", "乙示例铝业有限公司", "丙示例铝业有限公司"
    assert stored["awards"] == [[first, "P1", 320_942], [second, "P1", 160_471]]
    assert stored["settlements"] == [[first, 320_942, 320_942], [second, 160_471, 160_471]]
    assert stored["left_out"] == [[third, "P1", "no_verified_result"]]
    assert stored["job"]["outcome"] == {"awards": 2, "left_out": 1}
    # What it gave can be approved and issued like any other, and the books agree.
    assert json.loads(site.served.manage("real_job", "issue-run")) == {first: 320_942, second: 160_471}
    assert site.served.manage("reconcile")
    assert json.loads(site.served.manage("real_job", "chain")) == []
