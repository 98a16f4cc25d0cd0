"""What a browser has to load before any page stands: all our styles and scripts, with those that we did not write, as they are sent."""

import gzip

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import get_finders

from quota_site.static_files import StaticFiles

MOST = 120_000  # bytes, gzipped


def test_styles_and_scripts_together_are_light():
    names = {
        name
        for finder in get_finders()
        for name, _storage in finder.list(StaticFiles.ignore_patterns)
        if name.endswith((".css", ".js"))
    }
    sizes = {name: len(gzip.compress(_read(name), mtime=0)) for name in names}
    assert {"css/quota.css", "js/frame.js", "vendor/bootstrap/bootstrap.min.css"} <= names
    assert sum(sizes.values()) <= MOST, sorted(sizes.items(), key=lambda item: -item[1])


def _read(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str)
    with open(found, "rb") as file:
        return file.read()
