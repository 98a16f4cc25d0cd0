"""Many hands: the same act for many things, in several processes or, in tests, in this one."""

import contextlib
import functools
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Protocol, TypeVar

from quota_site.demo import helper
from quota_site.demo.world import World

T = TypeVar("T")
R = TypeVar("R")

Act = Callable[[World, T], R]


class Hands(Protocol):
    def each(self, act: Act[T, R], things: Iterable[T]) -> list[R]:
        """What the act gives for each of the things, in their order."""


class OwnHands:
    """Everything here and now; tests need it, because other processes can't see an open transaction."""

    def __init__(self, world: World) -> None:
        self._world = world

    def each(self, act: Act[T, R], things: Iterable[T]) -> list[R]:
        return [act(self._world, thing) for thing in things]


class ManyHands:
    """Processes that each load the world once. An act must be a function of a module, its things plain data."""

    def __init__(self, executor: ProcessPoolExecutor, processes: int) -> None:
        self._executor = executor
        self._processes = processes

    def each(self, act: Act[T, R], things: Iterable[T]) -> list[R]:
        waiting = list(things)
        # Small enough that all processes end together, large enough that handing out costs nothing.
        portion = max(1, min(8, len(waiting) // (16 * self._processes)))
        return list(self._executor.map(functools.partial(helper.do, act), waiting, chunksize=portion))


@contextlib.contextmanager
def many_hands(scale_name: str, seed: int, processes: int) -> Iterator[ManyHands | None]:
    """Processes that are there until the end of the block, none for 0. They make themselves ready meanwhile, and ask the database at
    their first act."""
    if not processes:
        yield None
        return
    # Spawned, not forked: a forked process would share the parent's database connection.
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(processes, context, initializer=helper.begin, initargs=(scale_name, seed))
    try:
        for _each in range(processes):
            executor.submit(helper.be_ready)
        yield ManyHands(executor, processes)
    finally:
        executor.shutdown(cancel_futures=True)
