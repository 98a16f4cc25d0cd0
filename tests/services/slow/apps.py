import os
from pathlib import Path

from django.apps import AppConfig


class SlowConfig(AppConfig):
    """An app with a job that a test can hold in its middle, and, where QUOTA_TEST_HOLD names a folder, points to hold any job at."""

    name = "tests.services.slow"
    label = "slow"

    def ready(self) -> None:
        from registry.jobs import acts as jobs
        from tests.services.slow import hold, work  # noqa: F401 (registers the handler)

        # A test can't wait a minute for a dead worker's lease.
        jobs.LEASE_SECONDS = 3
        jobs.RING_AGAIN_SECONDS = 1
        if folder := os.environ.get("QUOTA_TEST_HOLD"):
            hold.install(Path(folder))
