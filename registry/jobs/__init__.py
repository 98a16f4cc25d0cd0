"""Jobs: ask for work, do it once, survive a worker that is killed at any instant (`acts`); and what is asked for once
a night (`nightly`).
"""

from registry.jobs.acts import TASK, Lease, LeaseLostError, cancel, enqueue, handler, run, sweep

__all__ = [
    "TASK",
    "Lease",
    "LeaseLostError",
    "cancel",
    "enqueue",
    "handler",
    "run",
    "sweep",
]
