"""The site's settings and the slow job."""

from quota_site.settings import *  # noqa: F403
from quota_site.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.services.slow"]
