"""A worker that imports nothing but the apps knows what to do with every job, and what the night has to do."""

import subprocess
import sys

# Prints the kinds of jobs that are known only once a module is imported that the apps don't import themselves.
LATE = """
import pkgutil
from importlib import import_module
import django
django.setup()
import allocation, registry, reporting
from registry.jobs import acts, nightly

known = {*acts._handlers, *nightly._kinds}
for app in (registry, reporting, allocation):
    for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
        if ".migrations" not in module.name:
            import_module(module.name)
print(*sorted({*acts._handlers, *nightly._kinds} - known))
"""


def test_every_handler_is_known_once_the_apps_are_ready():
    worker = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, check=True)
    assert worker.stdout.split() == []
