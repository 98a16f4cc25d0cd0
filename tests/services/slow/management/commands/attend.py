"""Do one command after another: a line each on standard input, what it said as a line on standard output."""

import io
import json
import sys

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    requires_system_checks = []

    def handle(self, *args, **options):
        for line in sys.stdin:
            said = io.StringIO()
            call_command(*json.loads(line), stdout=said)
            self.stdout.write(json.dumps(said.getvalue()))
            self.stdout.flush()
