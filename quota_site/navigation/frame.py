"""The frame as its templates take it: the way about for the person's role, their seat, the day, the demonstration's clock."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise

from quota_site.navigation import waiting
from quota_site.navigation.places import Place, of_page
from quota_site.navigation.ways import groups
from registry import notifications
from registry.law import clock
from registry.web import as_of as asof
from registry.web import kept_input

__all__ = ["Item", "Menu", "context", "menus"]


@dataclass(frozen=True, slots=True)
class Item:
    """One way in a menu; `current` is what aria-current says of it: "page", "true" on a page below it, or nothing."""

    label: Promise
    url: str
    current: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Menu:
    """A group of the navigation, with what waits in it."""

    name: str
    label: Promise
    items: list[Item]
    is_current: bool
    count: int


def context(request: HttpRequest) -> dict[str, Any]:
    """The frame's variables; works for a visitor who isn't signed in, too."""
    at = clock.now()
    person: Any = getattr(request, "user", None)
    is_in = bool(getattr(person, "is_authenticated", False))
    place = of_page(person.role, request.path) if is_in else None
    counts = waiting.known(person) if is_in else None
    return {
        "menus": menus(person.role, place, counts.of if counts else {}) if is_in else [],
        "place": place,
        "corner": "" if place else _corner(request.path),
        "counts_are_old": is_in and (counts is None or not counts.is_fresh(at)),
        "seat": getattr(person, "seat", ""),
        "today": clock.today(),
        "as_of_ignored": asof.is_ignored(request),
        "unread": functools.partial(_unread, person),
        "demonstration": bool(settings.CLOCK_OFFSET_SECONDS),
        "typed_left": kept_input.left(request, at) if is_in else [],
    }


def menus(role: str, place: Place | None, counts: Mapping[str, int]) -> list[Menu]:
    """The role's groups, seen from a place."""
    return [
        Menu(
            group.name,
            group.label,
            [
                Item(way.label, way.url, _current(place, way.name), way.name.replace(":", "-"), counts.get(way.name, 0))
                for way in group.ways
            ],
            is_current=place is not None and place.group.name == group.name,
            count=counts.get(group.name, 0),
        )
        for group in groups(role)
    ]


# Pages that no list leads to, by how their addresses begin: which part of the frame does.
_CORNERS = {"/registry/messages/": "messages", "/account/": "account", "/password/": "account", "/search/": "search"}


def _corner(path: str) -> str:
    return next((corner for start, corner in _CORNERS.items() if path.startswith(start)), "")


def _current(place: Place | None, name: str) -> str:
    if place is None or place.way.name != name:
        return ""
    return "page" if place.is_list else "true"


def _unread(person: Any) -> int:
    """How many messages the person has not read. Asked by the frame, not by fragments."""
    return notifications.unread(person).count() if getattr(person, "is_authenticated", False) else 0
