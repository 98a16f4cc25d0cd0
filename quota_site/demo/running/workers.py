"""Many hands: a day's acts in their order, by several processes that take turns or, in tests, by this one."""

import contextlib
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Protocol

from django.db import connections

from quota_site.demo.running import worker_process
from quota_site.demo.running.event import Event, do_one, make_ready, turns
from quota_site.demo.running.world import World


class Hands(Protocol):
    def in_turn(self, events: Sequence[Event]) -> None:
        """Do all of them, one after the other in their order."""


class OwnHands:
    """Everything here and now; tests need it, because other processes can't see an open transaction."""

    def __init__(self, world: World) -> None:
        self._world = world

    def in_turn(self, events: Sequence[Event]) -> None:
        for event in events:
            do_one(self._world, event, make_ready(self._world, event))


class ManyHands:
    """Processes that each load the world once. An act must be a function of a module, its things plain data."""

    def __init__(self, executor: ProcessPoolExecutor) -> None:
        self._executor = executor
        self._done = 0

    def in_turn(self, events: Sequence[Event]) -> None:
        after = [self._done + turn for turn in turns(events)]
        self._done += len(events)
        # One at a time: who is handed many at once would make all others wait for the first of them.
        list(self._executor.map(worker_process.do_in_turn, after, events))


@contextlib.contextmanager
def many_hands(scale_name: str, seed: int, processes: int) -> Iterator[ManyHands | None]:
    """Processes that are there until the end of the block, none for 0. They ask the database at their first act."""
    if not processes:
        yield None
        return
    # Forked, because to import everything anew takes each of them seconds; but none shares this process's database connection.
    connections.close_all()
    context = multiprocessing.get_context("fork")
    of = (scale_name, seed, worker_process.Turns.of(context))
    executor = ProcessPoolExecutor(processes, context, initializer=worker_process.begin, initargs=of)
    try:
        for _each in range(processes):
            executor.submit(worker_process.be_ready)
        yield ManyHands(executor)
    finally:
        executor.shutdown(cancel_futures=True)
