"""A served site in processes of its own, and ways to look at it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds until a condition that should come true counts as never coming true


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait until the condition is truthy and return its value; fail, saying `what` was waited for."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE:g} s in vain for {what}")


class Beside:
    """One process that does commands on a data directory, one after another: each in its own would load everything anew."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None

    def manage(self, *arguments: str) -> str:
        """What the command said; a failure is one of the test."""
        if self._process is None:
            command = [sys.executable, "manage.py", "attend"]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdin=pipe, stdout=pipe, text=True, bufsize=1
            )
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(arguments) + "\n")
        answer = self._process.stdout.readline()
        assert answer, f"{arguments} failed"
        return str(json.loads(answer))

    def end(self) -> None:
        if self._process is not None:
            self._process.communicate(timeout=PATIENCE)


class Served:
    """`manage.py serve` on a free port with a data directory of its own."""

    def __init__(self, data_dir: Path, *options: str, **environment: str) -> None:
        self.data_dir = data_dir
        self.environment = {key: value for key, value in os.environ.items() if key not in ("REDIS_URL", "DATABASE_URL")}
        settings = {
            "DJANGO_SETTINGS_MODULE": "tests.services.settings",
            "LC_ALL": "C.UTF-8",
        }  # English, as the tests read it
        self.environment |= {"QUOTA_DATA_DIR": str(data_dir)} | settings
        self.environment |= environment
        self.beside = Beside({name: value for name, value in self.environment.items() if name != "QUOTA_TEST_HOLD"})
        self.log = data_dir / "serve.log"
        data_dir.mkdir(parents=True, exist_ok=True)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", "0", *options],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def url(self) -> str:
        """The address that it printed; waits until it has."""
        return str(until(lambda: re.search(r"http://\S+/", self._text()), "the address")[0]).rstrip("/")

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/", timeout=10) as response:  # noqa: S310
                return response.status == 200
        except OSError:
            return False

    def manage(self, *arguments: str) -> str:
        """Another command on the same data directory; its output."""
        return self.beside.manage(*arguments)

    def job(self, folder: Path) -> dict:
        return json.loads(self.manage("slow_job", "show", str(folder)))

    def children(self, naming: str = "") -> list[int]:
        """The process ids of everything below it whose command line contains `naming`."""
        below, found = [self.process.pid], []
        parents = _parents()
        while below:
            parent = below.pop()
            below += (mine := [pid for pid, of in parents.items() if of == parent])
            found += mine
        return [pid for pid in found if naming in _command_line(pid)]

    def stop(self) -> int:
        """End it as Ctrl-C or a service manager does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def _text(self) -> str:
        if self.process.poll() is not None:
            raise AssertionError(f"serve ended with {self.process.returncode}:\n{self.log.read_text()}")
        return self.log.read_text()


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that is dead and waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _parents() -> dict[int, int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended while we looked
    return parents


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
