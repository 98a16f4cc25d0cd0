"""The other end of `hands`: what a helping process does. Imports nothing of Django before it is set up."""

import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from quota_site.demo.world import World

T = TypeVar("T")
R = TypeVar("R")

_worlds: "list[World]" = []


def begin(scale_name: str, seed: int) -> None:
    """Set Django up and load the world, once in the process."""
    import django

    # Ctrl-C is for whoever started us; he ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    django.setup()
    from quota_site.demo.bell import answer_at_once
    from quota_site.demo.world import World

    answer_at_once()
    _worlds.append(World.load(scale_name, seed))


def do(act: "Callable[[World, T], R]", thing: T) -> R:
    return act(_worlds[0], thing)
