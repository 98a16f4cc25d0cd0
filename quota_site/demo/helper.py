"""The other end of `hands`: what a helping process does. Imports nothing of Django before it is set up."""

import functools
import gc
import multiprocessing
import os
import signal
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

    from quota_site.demo.diary import Event
    from quota_site.demo.world import World

WAIT = 0.0005  # seconds between two looks at whose turn it is

_of: list[tuple[str, int]] = []  # the scale and seed
_done: "list[Synchronized[int]]" = []


def begin(scale_name: str, seed: int, done: "Synchronized[int]") -> None:
    """Set Django up, once in the process. `done` says to all processes how many events are done."""
    import django

    thrift()
    # Ctrl-C is for the builder, which then ends us; if it is killed itself, we notice.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_builder, daemon=True).start()
    django.setup()
    from quota_site.demo.bell import answer_at_once

    answer_at_once()
    _of.append((scale_name, seed))
    _done.append(done)


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


def do_in_turn(after: int, event: "Event") -> None:
    """Make ready what the event needs, wait until so many are done, do it, and say that it is done, whatever has become of it."""
    from quota_site.demo.diary import do_one, make_ready

    made: tuple[object, ...] | None = None
    try:
        made = make_ready(_world(), event)
    finally:
        _wait_for(after)
        try:
            if made is not None:
                do_one(_world(), event, made)
        finally:
            with _done[0].get_lock():
                _done[0].value += 1


def _wait_for(after: int) -> None:
    while _done[0].value < after:
        time.sleep(WAIT)


@functools.cache
def _world() -> "World":
    """The world as it had settled in by the first act."""
    from quota_site.demo.world import World

    return World.load(*_of[0])
