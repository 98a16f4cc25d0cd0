"""Make a data directory as `serve` makes it before it starts its programs: to be copied, which is quicker than to make it anew."""

import os

from django.core.management import call_command
from django.core.management.base import BaseCommand

from quota_site import static_files


class Command(BaseCommand):
    def handle(self, *args, **options):
        call_command("migrate", interactive=False, verbosity=0)
        static_files.collect(os.environ | {"QUOTA_STATIC_STORAGE": static_files.MANIFEST_STORAGE})
