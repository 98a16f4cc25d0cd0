"""Build a demonstration country in the data directory, show who can sign in, and serve it."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from quota_site.demo import printed
from quota_site.demo.build import PRESENT, build
from quota_site.demo.invented.scales import SCALES
from quota_site.demo.running import ground
from quota_site.demo.running.timeline import Step
from quota_site.demo.running.workers import Hands, many_hands
from quota_site.demo.summary import Summary
from quota_site.management.commands.serve import only_server_of
from registry.terminal import TerminalCommand

MOST_PROCESSES = 4  # SQLite has one writer: more would only wait for it


class Command(TerminalCommand):
    help = "Builds a fresh demonstration country by driving the real services, prints the logins, and serves it."
    needs_database = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=SCALES, default="small")
        parser.add_argument("--no-serve", action="store_true", help="builds the country and ends")
        parser.add_argument("--seed", type=int, default=1, help="another seed is another country")
        parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, MOST_PROCESSES))
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        data_dir: Path = settings.DATA_DIR
        data_dir.mkdir(parents=True, exist_ok=True)
        with only_server_of(data_dir):
            summary = self._build(options)
        for line in printed.lines(summary):
            self.stdout.write(line)
        self.stdout.write("")
        if not options["no_serve"]:
            call_command("serve", host=options["host"], port=options["port"], stdout=self.stdout)

    def _build(self, options: dict[str, Any]) -> Summary:
        try:
            ground.refuse_foreign()
        except ground.ForeignDatabaseError as error:
            raise CommandError(str(error), returncode=2) from error
        ground.clear()
        # Marked before anything is built: what an interrupted build leaves is ours, too.
        ground.mark()
        try:
            with many_hands(options["scale"], options["seed"], options["processes"]) as helpers:
                call_command("migrate", interactive=False, verbosity=0)
                summary = self._build_in_its_own_language(options, helpers)
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted; the next demonstration starts afresh."), returncode=130) from None
        ground.mark(PRESENT)
        return summary

    def _build_in_its_own_language(self, options: dict[str, Any], helpers: Hands | None) -> Summary:
        """What is said of it is in the terminal's language; the country's own texts don't change by that."""
        spoken = translation.get_language()

        def say(step: Step) -> None:
            with translation.override(spoken):
                self.stdout.write(str(step))
            self.stdout.flush()

        with translation.override(settings.LANGUAGE_CODE):
            return build(options["scale"], options["seed"], say, helpers)
