"""The day that a page is asked about: `?as_of=YYYY-MM-DD`, else today in Shanghai."""

import datetime as dt
import unicodedata

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _

from registry import clock

# Days that terms can be counted from in both directions; the law itself says where nothing is in force.
YEARS = range(2000, 3000)


def as_of(request: HttpRequest) -> dt.date:
    """The day asked about; raises BadRequest (400), with a message for the person, where it is no day."""
    # NFKC: a Chinese keyboard may well write full-width digits.
    text = unicodedata.normalize("NFKC", request.GET.get("as_of", "")).strip()
    if not text:
        return clock.today()
    try:
        # strptime: fromisoformat would take a week date or a day without hyphens, too.
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
        if day.year not in YEARS:
            raise ValueError(text)
    except ValueError as error:
        message = _("“%(text)s” is not a day; write it as 2026-12-31.") % {"text": text[:40]}
        raise BadRequest(message) from error
    return day
