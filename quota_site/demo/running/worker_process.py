"""The other end of `hands`: what a helping process does."""

import functools
import gc
import multiprocessing
import os
import signal
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import translation

from quota_site.demo.running.eager_jobs import answer_at_once
from quota_site.demo.running.event import Event, do_one, make_ready
from quota_site.demo.running.world import World

if TYPE_CHECKING:
    from ctypes import c_longlong
    from multiprocessing.context import BaseContext
    from multiprocessing.synchronize import Condition

_of: list[tuple[str, int]] = []  # the scale and seed
_turns: "list[Turns]" = []


@dataclass(frozen=True, slots=True)
class Turns:
    """How many events are done, which all processes know; who changes the number tells those who wait for their turn."""

    done: "c_longlong"
    changed: "Condition"

    @classmethod
    def of(cls, context: "BaseContext") -> "Turns":
        return cls(context.RawValue("q", 0), context.Condition())

    def wait_for(self, after: int) -> None:
        """Until so many events are done."""
        with self.changed:
            self.changed.wait_for(lambda: self.done.value >= after)

    def one_more(self) -> None:
        with self.changed:
            self.done.value += 1
            self.changed.notify_all()


def begin(scale_name: str, seed: int, turns: Turns) -> None:
    """Once in the process, which is forked from the builder's. `turns` are those of all processes."""
    thrift()
    # Ctrl-C is for the builder, which then ends us; if it is killed itself, we notice.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_builder, daemon=True).start()
    # Uploads need not outlive a loss of power here: a demonstration that was interrupted is built afresh.
    os.fsync = _at_once
    translation.deactivate()  # the country's texts don't depend on the language that the builder speaks in the terminal
    answer_at_once()
    _of.append((scale_name, seed))
    _turns.append(turns)


def be_ready() -> None:
    """Nothing to do: a process is started by what it is to do first."""


def thrift() -> None:
    """Look for rubbish rarely: a build makes little that refers to itself, and much that is looked at in vain."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _at_once(fd: object) -> None:
    """In the place of `os.fsync`."""


def _end_with_builder() -> None:
    """However it ends: a transaction under way is rolled back by the database."""
    builder = multiprocessing.parent_process()
    if builder is not None:
        builder.join()
        os._exit(1)


def do_in_turn(after: int, event: Event) -> None:
    """Make ready what the event needs, wait until so many are done, do it, and say that it is done, whatever has become of it."""
    made: tuple[object, ...] | None = None
    try:
        made = make_ready(_world(), event)
    finally:
        _turns[0].wait_for(after)
        try:
            if made is not None:
                do_one(_world(), event, made)
        finally:
            _turns[0].one_more()


@functools.cache
def _world() -> World:
    """The world as it had settled in by the first act."""
    return World.load(*_of[0])
