"""The other end of `hands`: what a helping process does. Imports nothing of Django before it is set up."""

import functools
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from quota_site.demo.world import World

T = TypeVar("T")
R = TypeVar("R")

_of: list[tuple[str, int]] = []  # the scale and seed


def begin(scale_name: str, seed: int) -> None:
    """Set Django up, once in the process."""
    import django

    thrift()
    # Ctrl-C is for the builder, which then ends us; if it is killed itself, we notice.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_builder, daemon=True).start()
    django.setup()
    from quota_site.demo.bell import answer_at_once

    answer_at_once()
    _of.append((scale_name, seed))


def be_ready() -> None:
    """Nothing to do: a process is started by what it is to do first."""


def thrift() -> None:
    """Look for rubbish seldom: a build makes little that refers to itself, and much that is looked at in vain."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _end_with_builder() -> None:
    """However it ends: a transaction under way is rolled back by the database."""
    builder = multiprocessing.parent_process()
    if builder is not None:
        builder.join()
        os._exit(1)


def do(act: "Callable[[World, T], R]", thing: T) -> R:
    return act(_world(), thing)


@functools.cache
def _world() -> "World":
    """The world as it had settled in by the first act."""
    from quota_site.demo.world import World

    return World.load(*_of[0])
