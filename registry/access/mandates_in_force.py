"""Which mandates to file for another unit open something on a day."""

import datetime as dt

from django.db.models import QuerySet

from registry.models import FilingMandate

__all__ = ["on"]


def on(day: dt.date) -> QuerySet[FilingMandate]:
    """The mandates that open something on the day."""
    return FilingMandate.objects.filter(state=FilingMandate.State.ACCEPTED, since__lte=day, until__gte=day)
