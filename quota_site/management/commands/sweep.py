"""Send the task message again for jobs whose task message was lost or whose worker died; ask for the night's work once it is night."""

import logging
import os
import signal
import threading
from typing import Any

from django.core.management.base import CommandParser
from django.db import Error, close_old_connections
from django.utils.translation import gettext as _

from registry import jobs
from registry.integrity import nightly as watch
from registry.jobs import nightly
from registry.law import clock
from registry.notifications import outbox
from registry.terminal import TerminalCommand, refuse_unusable_database

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5


class Command(TerminalCommand):
    help = (
        "Rings again, every few seconds, for jobs whose bell was lost or whose worker died; asks for the night's work."
        " Asks for the sending of e-mails, and keeps the journal's end in the data directory."
    )
    needs_database = False  # one that is away for a moment must not end the sweeper

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once and say how many")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            refuse_unusable_database()
            self._ask()
            self.stdout.write(_("Task messages sent for %(count)d jobs.") % {"count": jobs.sweep()})
            return
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_signal: stopping.set())
        parent = os.getppid()
        while not stopping.wait(EVERY_SECONDS) and os.getppid() == parent:
            self._sweep()

    def _ask(self) -> None:
        now = clock.now()
        nightly.ask(now)
        outbox.ask(now)

    def _sweep(self) -> None:
        """One round; a database that is away for a moment must not end the sweeper."""
        close_old_connections()
        try:
            self._ask()
            jobs.sweep()
            watch.keep_end()
        except Error:
            logger.exception("the sweep failed and is tried again")
