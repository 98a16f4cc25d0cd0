"""A worker can do every kind of job: whoever handles one is imported when Django is set up, and not by chance later."""

import importlib
import json
import pkgutil
import subprocess
import sys

from django.conf import settings

from registry.jobs import acts as jobs

SHOW = "import django, json; django.setup(); from registry.jobs import acts as jobs; print(json.dumps(sorted(jobs._handlers)))"
APPS = ("registry", "reporting", "allocation")


def test_every_handler_is_there_once_django_is_set_up():
    said = subprocess.run(
        [sys.executable, "-c", SHOW], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    for app in APPS:
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    ours = {kind for kind, handler in jobs._handlers.items() if handler.__module__.partition(".")[0] in APPS}
    assert len(ours) > 10
    assert ours <= set(json.loads(said.stdout))
