"""Ask for a real job, or show what is stored of it."""

import json

from django.core.management.base import BaseCommand

from tests.services.slow import real

ACTS = {
    "ask-read": real.ask_read,
    "show-read": real.show_read,
    "ask-run": real.ask_run,
    "show-run": real.show_run,
    "lapse": real.lapse,
    "issue-run": real.issue_run,
    "chain": real.chain,
}
DIE = "die-in-run"


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("act", choices=[*ACTS, DIE])
        parser.add_argument(
            "--statements", type=int, nargs="*", help="of the job, before which a worker each is killed"
        )

    def handle(self, *args, act, statements, **options):
        shown = [real.die_in_run(statement) for statement in statements] if act == DIE else ACTS[act]()
        self.stdout.write(json.dumps(shown))
