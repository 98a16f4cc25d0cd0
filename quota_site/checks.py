"""What is checked of an installation before a command runs."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.utils.translation import gettext as _

from quota_site.demo.running import mark


@register
def marked_for_another(**_kwargs: Any) -> list[CheckMessage]:
    """A data directory with a demonstration's mark that serves another database: its clock is the real one, and why."""
    marked = mark.foreign(settings.DEMO_FILE, settings.DATABASES["default"])
    if not marked:
        return []
    said = _(
        "%(file)s marks the database %(marked)s as a demonstration; the one served is another, so its clock is the "
        "real one."
    )
    return [Warning(said % {"file": settings.DEMO_FILE, "marked": marked}, id="quota_site.W001")]
