"""Telling people: one service for every event and reminder. What is told waits in the application; e-mail follows (`outbox`).

An app names its kinds when it is ready: a sentence each, whose placeholders `params` fill in the reader's language and not before.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise

from registry import journal, labels
from registry.models import Notification, Person
from registry.values.bilingual import listed
from registry.values.sectors import Sector

__all__ = [
    "Told",
    "choose_mail",
    "kinds",
    "mark_all_read",
    "mark_read",
    "name",
    "notify",
    "notify_all",
    "text",
    "unread",
    "untold",
    "word",
]

# A sentence that lists things names so many of them.
MOST_NAMED = 6
STEP = 500
_KINDS: dict[str, Promise] = {}
_WORDS: dict[str, Callable[[Any], str]] = {}


def name(kinds: Mapping[str, Promise]) -> None:
    """Add an app's kinds with their sentences.

    Of the placeholders `sector` (its code), `act` (the journal's code) and `periods` (pairs of sector and period) are put into words, and
    so is a param {sort: value} whose sort an app has given words (`word`); all others are shown as given.
    """
    _KINDS.update(kinds)


def word(sort: str, say: Callable[[Any], str]) -> None:
    """Let params {sort: value} be said by `say`, in the reader's language: things whose name is not the same in both."""
    _WORDS[sort] = say


def kinds() -> Mapping[str, Promise]:
    return _KINDS


@dataclass(frozen=True, slots=True)
class Told:
    """What one person is to be told; `params` must be JSON."""

    person_id: int
    kind: str
    key: str
    link: str
    params: dict[str, Any] = field(default_factory=dict)


def notify(
    people: Iterable[Person],
    kind: str,
    key: str,
    params: dict[str, Any],
    link: str,
    at: dt.datetime,
    *,
    is_first: bool = False,
) -> list[Notification]:
    """Tell every one of the people, within the caller's transaction; who was told under this key before, or has left, is passed over.

    `link` is the path of the page where they see it or acts. Two queries beside the people's own. `is_first`: nobody can have been told
    under this key, because it names a row that the caller has just written; then nobody is looked for.
    """
    told = [Told(person.pk, kind, key, link, params) for person in people if person.is_active]
    return Notification.objects.bulk_create(_rows(told, at)) if is_first else notify_all(told, at)


@transaction.atomic
def notify_all(told: Iterable[Told], at: dt.datetime) -> list[Notification]:
    """Tell each what is for them, once; what had not been told before. Who has left must not be among them. Two queries for 500.

    Raises KeyError for a kind that no app has named, and for params that its sentence lacks.
    """
    new = untold(_rows(told, at))
    # Somebody else may have told them at this very moment: then nothing changes. Not ignore_conflicts: SQLite would ignore every fault.
    return Notification.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["person", "key"], update_fields=["key"], batch_size=STEP
    )


def _rows(told: Iterable[Told], at: dt.datetime) -> list[Notification]:
    """What is to be written, once for a person and key; each can be put into words."""
    rows = {
        (one.person_id, one.key): Notification(
            person_id=one.person_id, kind=one.kind, key=one.key, params=one.params, link=one.link, at=at
        )
        for one in told
    }
    for row in rows.values():
        _KINDS[row.kind] % _said(row)
    return list(rows.values())


def untold(rows: Iterable[Notification]) -> list[Notification]:
    """Those that the persons have not been told. One query for 500."""
    found, rest = [], iter(rows)
    while chunk := list(islice(rest, STEP)):  # itertools.batched came with Python 3.12
        keys, people = {row.key for row in chunk}, {row.person_id for row in chunk}
        known = set(
            Notification.objects.filter(key__in=keys, person__in=people).order_by().values_list("person_id", "key")
        )
        found += [row for row in chunk if (row.person_id, row.key) not in known]
    return found


def text(notification: Notification) -> str:
    """What it says, in the language of the moment; the kind itself where nobody names it any more."""
    sentence = _KINDS.get(notification.kind)
    return notification.kind if sentence is None else str(sentence) % _said(notification)


def unread(person: Person) -> QuerySet[Notification]:
    return Notification.objects.filter(person=person, read_at__isnull=True)


def mark_read(notification: Notification, *, at: dt.datetime) -> None:
    """They have seen it; the first time counts."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=at)


def mark_all_read(person: Person, *, until: int, at: dt.datetime) -> int:
    """They have seen all up to the one with the key `until`, the newest that they were shown; how many were new to them."""
    return unread(person).filter(pk__lte=until).update(read_at=at)


@transaction.atomic
def choose_mail(person: Person, *, wanted: bool, address: str, language: str, at: dt.datetime) -> Person:
    """They choose whether, where and in which language e-mails come; what is told in the application can't be turned off."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    person.wants_mail, person.email, person.mail_language = wanted, address, language
    person.save(update_fields=["wants_mail", "email", "mail_language"])
    # Not the address: the journal is read by others, and kept.
    journal.record("person.mail_changed", person, by=person, at=at, wanted=wanted, language=language)
    return person


def _said(notification: Notification) -> dict[str, Any]:
    return {name: _in_words(name, value) for name, value in notification.params.items()}


def _in_words(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        ((sort, said),) = value.items()
        return _WORDS[sort](said)
    if name == "sector":
        return Sector(value).label
    if name == "act":
        return labels.act(value)
    if name == "periods":
        named = [f"{period} {Sector(sector).label}" for sector, period in value[:MOST_NAMED]]
        return listed(named) + (" …" if len(value) > MOST_NAMED else "")
    return value
