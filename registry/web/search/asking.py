"""Asking every app for what it has of a term; each limits by registry.access what the person is shown."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from registry.models import Person
from registry.web.search import units
from registry.web.search.term import Term, read

__all__ = ["Asked", "Found", "Hit", "Result", "all_of", "found", "offer", "search"]

SHOWN = 5  # of a kind


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found; `is_exact` where the term is its own number, code or name."""

    title: str
    subtitle: str
    url: str
    when: dt.date | None = None
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a kind: the first few and how many there are; `url` is the list that has them all, where one is narrowed by the
    same words. `rows` are all of them, each told by `hit`; `code` names the kind in an address.
    """

    kind: str | Promise
    hits: list[Hit]
    count: int
    rows: QuerySet[Any]
    hit: Callable[[Any], Hit]
    url: str = ""
    code: str = ""


@dataclass(frozen=True)
class Asked:
    """Who looks for what. `units` are the keys of the units that its words name, of whosever reach; None where they are too many."""

    person: Person
    term: Term
    at: dt.datetime

    @cached_property
    def units(self) -> list[int] | None:
        return units.keys_of(self.term.words)


Finder = Callable[[Asked], Found | None]
_finders: list[Finder] = []


@dataclass(frozen=True, slots=True)
class Result:
    """What there is of a term: kind by kind, and apart what was named exactly if that is a single thing."""

    term: Term
    found: list[Found] = field(default_factory=list)
    exact: Hit | None = None
    is_broad: bool = False

    @property
    def count(self) -> int:
        return sum(each.count for each in self.found)


def offer(*finders: Finder) -> None:
    """Have these asked for every term, in this order behind those that were offered before."""
    _finders.extend(finder for finder in finders if finder not in _finders)


def search(person: Person, typed: str, at: dt.datetime) -> Result:
    """Everything that the person may see and that fits what they typed."""
    term = read(typed)
    if term.is_too_short:
        return Result(term)
    asked = Asked(person, term, at)
    there = [replace(each, code=finder.__name__) for finder in _finders if (each := finder(asked)) and each.count]
    exact = [hit for each in there for hit in each.hits if hit.is_exact]
    return Result(term, there, exact[0] if len(exact) == 1 else None, is_broad=asked.units is None)


def all_of(person: Person, typed: str, code: str, at: dt.datetime) -> Found | None:
    """What there is of one kind; None where nothing is found, or there is no such kind."""
    term = read(typed)
    finder = next((finder for finder in _finders if finder.__name__ == code), None)
    if term.is_too_short or finder is None:
        return None
    there = finder(Asked(person, term, at))
    return there if there and there.count else None


def found(kind: str | Promise, rows: QuerySet[Any], hit: Callable[[Any], Hit], url: str = "") -> Found:
    """The first few of the rows, and how many there are: one query where they are few."""
    first = list(rows[: SHOWN + 1])
    count = rows.count() if len(first) > SHOWN else len(first)
    return Found(kind, [*_hits(first[:SHOWN], hit)], count, rows, hit, url)


def _hits(rows: Iterable[Any], hit: Callable[[Any], Hit]) -> Iterator[Hit]:
    return map(hit, rows)
