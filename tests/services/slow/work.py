"""A job that says when it has begun, and goes on when it is told to; it leaves a line for each beginning and each end."""

import os
import time
from pathlib import Path

from registry import jobs
from registry.jobs import Lease


@jobs.handler("slow.wait")
def wait(lease: Lease) -> None:
    folder = Path(lease.job.payload["folder"])
    _note(folder / "begun")
    while not (folder / "go-on").exists():
        lease.progress(1, 2)
        time.sleep(0.05)
    with lease.finishing({"worker": os.getpid()}):
        _note(folder / "finished")


def _note(path: Path) -> None:
    with path.open("a") as file:
        file.write(f"{os.getpid()}\n")
