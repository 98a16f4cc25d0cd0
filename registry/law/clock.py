"""The only place that asks what time it is. Services take `at`, questions take `day`; views, commands and jobs get them here."""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def now() -> dt.datetime:
    """The present instant; in a demonstration country, that country's present."""
    return timezone.now() + dt.timedelta(seconds=settings.CLOCK_OFFSET_SECONDS)


def today() -> dt.date:
    """The present day in Shanghai."""
    return timezone.localdate(now())
