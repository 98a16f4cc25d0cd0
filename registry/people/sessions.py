"""A person's sessions: where they signed in that is still open, and ending what they don't know.

Where a session was begun stands in the session itself, which ends within the day: nothing of it is kept.
"""

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from axes.helpers import get_client_ip_address
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from registry import journal
from registry.models import Person, Session

__all__ = ["Open", "SessionStore", "before", "begin", "end_others", "open_ones"]

_BEGUN = "begun"
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    *(("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Mac OS X", "macOS"), ("HarmonyOS", "HarmonyOS"), ("Linux", "Linux")),
)


class SessionStore(DatabaseStore):
    """What the settings name as the session engine."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row


@dataclass(frozen=True, slots=True)
class Open:
    """A session that is open; `since` is None where it was begun without the sign-in page."""

    since: dt.datetime | None
    address: str
    browser: str
    is_here: bool


def begin(request: HttpRequest, last: dt.datetime | None, *, at: dt.datetime) -> None:
    """Note in the session that just began when and where it did, and when the person had signed in before."""
    request.session[_BEGUN] = {
        "since": at.isoformat(),
        "before": last.isoformat() if last else "",
        "address": get_client_ip_address(request) or "",
        "browser": _browser(request.headers.get("User-Agent", "")),
    }


def before(request: HttpRequest) -> dt.datetime | None:
    """When the person had signed in before this session; None where nobody knows."""
    return parse_datetime(request.session.get(_BEGUN, {}).get("before", ""))


def open_ones(person: Person, here: str | None) -> list[Open]:
    """The person's sessions, the one with the key `here` first, then the latest."""
    rows = Session.objects.filter(person=person, expire_date__gt=timezone.now()).order_by("-expire_date")
    found = [_shown(row.get_decoded().get(_BEGUN, {}), is_here=row.session_key == here) for row in rows]
    return sorted(found, key=lambda one: not one.is_here)


@transaction.atomic
def end_others(person: Person, here: str | None, *, at: dt.datetime) -> int:
    """End every session of the person but this one; how many there were."""
    rows = Session.objects.filter(person=person, expire_date__gt=timezone.now()).exclude(session_key=here)
    count, _of_which = rows.delete()
    if count:
        journal.record("person.sessions_ended", person, by=person, at=at, count=count)
    return count


def _shown(begun: Mapping[str, str], *, is_here: bool) -> Open:
    since = parse_datetime(begun.get("since", ""))
    return Open(since, begun.get("address", ""), begun.get("browser", ""), is_here)


def _browser(agent: str) -> str:
    """The browser and its system in a word each, as Firefox · Windows; not the whole of it, which tells machines apart."""
    first = functools.partial(_first, agent)
    return " · ".join(filter(None, (first(_BROWSERS), first(_SYSTEMS))))


def _first(agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in agent), "")
