"""Guessing passwords is capped per account and per address, too, not only per pair of both.

From twenty addresses one account could be tried twenty times as often, and from one address thirty accounts. An address that the account
signed in from before is left to the cap of the pair: so nobody is kept out of their own account by a stranger's guesses.
"""

import datetime as dt
import functools
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_ip_address, get_client_username
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.utils import timezone

from registry import law
from registry.law import calendar

__all__ = ["CappedHandler", "most"]

logger = logging.getLogger(__name__)
_FILE = Path(__file__).parents[1] / "law_data" / "sign_in.toml"


@functools.cache
def _law() -> law.Law:
    return law.load(_FILE)


def most(parameter: str, at: dt.datetime) -> int:
    """A number of sign_in.toml, as in force on the day of the instant."""
    return int(_law()[parameter].number(calendar.local_day(at)))


@dataclass(frozen=True, slots=True)
class _Tried:
    """Wrong passwords within the pause: how many, and over how many others (addresses of an account, accounts of an address)."""

    wrong: int
    others: int


class CappedHandler(AxesDatabaseHandler):
    """What django-axes asks before a password is looked at."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        if _is_capped(request, credentials):
            request.axes_locked_out = True  # type: ignore[attr-defined]  # what its middleware answers by
            return True
        return False


def _is_capped(request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
    # In real time, as django-axes counts: a demonstration's clock is ahead.
    now = timezone.now()
    username, address = get_client_username(request, credentials) or "", get_client_ip_address(request) or ""
    since = now - dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
    account = _tried(Q(username=username) & ~Q(ip_address__in=_known(username, now)), "ip_address", since)
    place = _tried(Q(ip_address=address), "username", since)
    over = account.wrong >= most("account.most_wrong", now), place.wrong >= most("address.most_wrong", now)
    if not any(over) or address in _known(username, now):
        return False
    logger.warning(
        "signing in as %r from %s is paused: %d wrong passwords for the account from %d addresses, %d from the address for %d accounts",
        username,
        address,
        account.wrong,
        account.others,
        place.wrong,
        place.others,
    )
    return True


def _known(username: str, now: dt.datetime) -> set[str]:
    """The addresses that the account signed in from of late."""
    since = now - dt.timedelta(days=most("known_address.days", now))
    rows = AccessLog.objects.filter(username=username, attempt_time__gte=since)
    return set(rows.order_by().values_list("ip_address", flat=True).distinct())


def _tried(which: Q, other: str, since: dt.datetime) -> _Tried:
    rows = AccessAttempt.objects.filter(which, attempt_time__gte=since)
    found = rows.aggregate(wrong=Sum("failures_since_start", default=0), others=Count(other, distinct=True))
    return _Tried(**found)
