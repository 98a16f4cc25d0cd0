"""Ask for the slow job, or show what became of it."""

import json

from django.core.management.base import BaseCommand

from registry import jobs
from registry.law import clock
from registry.models import Job


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("act", choices=["ask", "show"])
        parser.add_argument("folder")

    def handle(self, *args, act, folder, **options):
        if act == "ask":
            jobs.enqueue("slow.wait", key=folder[-120:], by=None, at=clock.now(), payload={"folder": folder})
        else:
            job = Job.objects.get(key=folder[-120:])
            self.stdout.write(json.dumps({"state": job.state, "attempts": job.attempts, "outcome": job.outcome}))
