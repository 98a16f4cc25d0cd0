from django.apps import AppConfig


class SlowConfig(AppConfig):
    """An app with one job that a test can hold in its middle."""

    name = "tests.services.slow"
    label = "slow"

    def ready(self) -> None:
        from registry import jobs
        from tests.services.slow import work  # noqa: F401 (registers the handler)

        # A test can't wait a minute for a dead worker's lease.
        jobs.LEASE_SECONDS = 3
        jobs.RING_AGAIN_SECONDS = 1
