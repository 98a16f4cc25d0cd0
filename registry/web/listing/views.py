"""The views of a list that a person has kept: links above it, and the address that a view is made of."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve, reverse

from registry.law import clock
from registry.models import Person, SavedView
from registry.web import kept_input
from registry.web.export import ASKED

__all__ = ["View", "address_of", "new_name", "of_page"]

# What is of the moment and no part of a view.
_PASSING = (ASKED, "page", "as_of")


@dataclass(frozen=True, slots=True)
class View:
    """A kept view as the page shows it."""

    kept: SavedView
    url: str
    current: bool
    name: str  # in the field to rename it: its own, or the one that was typed and refused


def of_page(request: HttpRequest, person: Person) -> list[View]:
    """The person's views of the list at hand. One query."""
    match = request.resolver_match
    rows = SavedView.objects.filter(person=person, page=match.view_name) if match else ()
    now = _query(request.GET.urlencode())
    return [
        View(row, f"{request.path}?{row.query}", row.query == now, _typed(request, "rename", row.pk) or row.name)
        for row in rows
    ]


def new_name(request: HttpRequest) -> str:
    """The name that was typed for a new view and refused."""
    return _typed(request, "save")


def address_of(text: str) -> tuple[str, str] | None:
    """The list's URL name and the query worth keeping, of an address of ours; None where no list is there."""
    path, _mark, query = text.partition("?")
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return (match.view_name, _query(query)) if getattr(match.func, "is_list", False) else None


def _typed(request: HttpRequest, act: str, *of: int) -> str:
    return kept_input.given(request, clock.now(), reverse(f"registry:view_{act}", args=of)).get("name", "")


def _query(text: str) -> str:
    """An address's query without what is of the moment, in one order, so that equal views are equal."""
    lists = QueryDict(text).lists()
    kept = QueryDict(mutable=True)
    for name, values in sorted(lists):
        if name not in _PASSING and any(values):
            kept.setlist(name, values)
    return kept.urlencode()
