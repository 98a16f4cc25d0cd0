"""The day that a page is asked about: `?as_of=YYYY-MM-DD`, else today in Shanghai. And the year: `?year=YYYY`.

A page that can show a past day asks `as_of`; on every other page the frame says that what it shows is of today (`is_ignored`). A day
still to come is refused on both: what it brings isn't known. Only thresholds are known ahead.
"""

import datetime as dt
import unicodedata

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from registry.law import clock

__all__ = ["FIRST_YEAR", "as_of", "is_ignored", "redirect_kept", "refuse_unknown_day", "year_asked"]

# Days that terms can be counted from in both directions; the law itself says where nothing is in force.
YEARS = range(2000, 3000)
FIRST_YEAR = 2024  # of the three sectors in the market
# What is in force on a day still to come is decided already.
_KNOWN_AHEAD = "registry:parameter"
_HELD = "quota.as_of"


def as_of(request: HttpRequest) -> dt.date:
    """The day asked about; raises BadRequest (400), with a message for the person, where it is no day, or one still to come."""
    day = _asked(request)
    request.META[_HELD] = True
    return clock.today() if day is None else day


def is_ignored(request: HttpRequest) -> bool:
    """Whether the address names a past day and the page that is being shown has not asked for it. Ask when the page is rendered."""
    named = request.method == "GET" and bool(request.GET.get("as_of", "").strip())
    return named and _HELD not in request.META


def refuse_unknown_day(request: HttpRequest) -> None:
    """Raise BadRequest for what is no day, and for a day still to come, also where the page doesn't ask."""
    _asked(request)


def redirect_kept(request: HttpRequest, to: str, **kwargs: object) -> HttpResponseRedirect:
    """To the page that an address stands for, of the same day."""
    asked = {name: request.GET[name] for name in ("as_of",) if name in request.GET}
    request.META[_HELD] = True
    return HttpResponseRedirect(resolve_url(to, **kwargs) + (f"?{urlencode(asked)}" if asked else ""))


def year_asked(request: HttpRequest, usual: int) -> int:
    """The emission year in the address, `usual` where none is named; 404 for one that the market has not had and doesn't prepare."""
    text = unicodedata.normalize("NFKC", request.GET.get("year", "")).strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit()) or not FIRST_YEAR <= int(text) <= clock.today().year + 1:
        raise Http404
    return int(text)


def _asked(request: HttpRequest) -> dt.date | None:
    # NFKC: a Chinese keyboard may well write full-width digits.
    text = unicodedata.normalize("NFKC", request.GET.get("as_of", "")).strip()
    if not text:
        return None
    try:
        # strptime: fromisoformat would take a week date or a day without hyphens, too.
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
        if day.year not in YEARS:
            raise ValueError(text)
    except ValueError as error:
        message = _("“%(text)s” is not a day; write it as 2026-12-31.") % {"text": text[:40]}
        raise BadRequest(message) from error
    if day > clock.today() and not _is_known_ahead(request):
        message = _("%(day)s is in the future: there are no records for it yet.") % {"day": day.isoformat()}
        raise BadRequest(message)
    return day


def _is_known_ahead(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (match.view_name or "").startswith(_KNOWN_AHEAD)
