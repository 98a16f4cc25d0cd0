"""Keep a handful of programs running: start them, start again what died, stop them all, leave no orphan."""

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import FrameType

from django.utils.translation import gettext as _

FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
STEADY_AFTER = 30.0  # seconds; a program that ran this long starts again without delay's memory
GRACE = 15.0  # seconds between asking a program to stop and killing it
LOOK_EVERY = 0.2
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    """What is to be kept running. `pass_fds` are open files that it inherits; one that `others_need_it` is stopped after them."""

    name: str
    arguments: Sequence[str]
    pass_fds: Sequence[int] = ()
    others_need_it: bool = False


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    delay: float = field(default=FIRST_DELAY)


class Supervisor:
    """Runs programs until told to stop. `say` shows a line to whoever started it; `environment` is what the programs see."""

    def __init__(self, programs: Sequence[Program], environment: dict[str, str], say: Callable[[str], object]) -> None:
        self._children = [_Child(program) for program in programs]
        self._environment = environment
        self._say = say
        self._stopping = threading.Event()

    def run(self, on_start: Callable[[], object] = lambda: None) -> None:
        """Start everything in order, call `on_start`, and stay until SIGINT, SIGTERM or SIGHUP."""
        with self._signals_stop_us():
            try:
                self._look_after_children()
                on_start()
                while not self._stopping.wait(LOOK_EVERY):
                    self._look_after_children()
            finally:
                self._stop_children()

    def stop(self) -> None:
        self._stopping.set()

    def _look_after_children(self) -> None:
        for child in self._children:
            if child.process is not None and (code := child.process.poll()) is not None:
                self._bury(child, code)
            if child.process is None and time.monotonic() >= child.start_at:
                self._start(child)

    def _start(self, child: _Child) -> None:
        child.started = time.monotonic()
        child.process = subprocess.Popen(  # noqa: S603 (our own command lines)
            child.program.arguments,
            env=self._environment,
            pass_fds=child.program.pass_fds,
            # A group of its own: Ctrl-C reaches us only, and we stop the programs in our order.
            process_group=0,
            preexec_fn=functools.partial(_die_with, os.getpid()) if sys.platform == "linux" else None,
        )

    def _bury(self, child: _Child, code: int) -> None:
        """Note that a program ended, and when it may start again: later each time that it doesn't hold."""
        child.process = None
        if time.monotonic() - child.started >= STEADY_AFTER:
            child.delay = FIRST_DELAY
        child.start_at = time.monotonic() + child.delay
        how = _("signal %(number)d") % {"number": -code} if code < 0 else _("exit code %(number)d") % {"number": code}
        message = _("%(program)s ended (%(how)s); it starts again in %(seconds)g s.")
        self._say(message % {"program": child.program.name, "how": how, "seconds": child.delay})
        child.delay = min(child.delay * 2, LONGEST_DELAY)

    def _stop_children(self) -> None:
        """Ask all at once, but those that others need when the others are gone; kill what does not listen."""
        deadline = time.monotonic() + GRACE
        for needed in (False, True):
            running = [
                child.process
                for child in self._children
                if child.process is not None and child.program.others_need_it == needed
            ]
            for process in running:
                process.terminate()
            for process in running:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.1, deadline - time.monotonic()))
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    @contextlib.contextmanager
    def _signals_stop_us(self) -> Iterator[None]:
        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _die_with(parent: int) -> None:
    """Run in the new process: have the kernel stop it when the supervisor dies, however it dies (Linux only)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked
        os._exit(0)
