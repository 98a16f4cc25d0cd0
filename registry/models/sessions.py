"""Sessions, each with the person whose it is, so that theirs can be listed and ended."""

import importlib
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from registry.models.people import Person


class Session(AbstractBaseSession):
    """Django's own, with a column for the person; nobody's before somebody signs in."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="sessions")

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> Any:
        return importlib.import_module(settings.SESSION_ENGINE).SessionStore
