"""How much waits for a person at each way: the sums of their to-do list, which is asked for apart from the pages.

The list of a province takes dozens of questions, too many for every page. So a page shows what was counted last, and has its counts
asked for anew once it stands, if they are older than a minute. What a person does themselves makes them forget the counts at once.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from quota_site.navigation.places import of_page
from registry.models import Person
from registry.todo import Todo

__all__ = ["Counts", "ForgetCountsMiddleware", "forget", "keep", "known"]

FRESH = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things wait, by the name of a group or of a way; `at` is when they were counted."""

    of: Mapping[str, int]
    at: dt.datetime

    def is_fresh(self, at: dt.datetime) -> bool:
        return dt.timedelta(0) <= at - self.at < FRESH


def keep(person: Person, found: Iterable[Todo], at: dt.datetime) -> Counts:
    """Count a to-do list by where its items lead, and keep that for the person's next pages."""
    numbers: Counter[str] = Counter()
    for todo in found:
        if place := of_page(person.role, urlsplit(todo.url).path):
            numbers[place.group.name] += todo.count
            numbers[place.way.name] += todo.count
    counts = Counts(dict(numbers), at)
    cache.set(_key(person), counts, settings.SESSION_COOKIE_AGE)
    return counts


def known(person: Person) -> Counts | None:
    """What was counted last for the person; None if nothing was, or they have done something since."""
    found: Counts | None = cache.get(_key(person))
    return found


def forget(person: Person) -> None:
    """Have them counted anew."""
    cache.delete(_key(person))


class ForgetCountsMiddleware:
    """Whoever sends a form has probably done what was waiting."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and isinstance(person := request.user, Person):
            forget(person)
        return response


def _key(person: Person) -> str:
    return f"waiting:{person.pk}"
