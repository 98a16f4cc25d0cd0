"""Every bound row again against the digest that the journal holds of it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry import labels
from registry.journal.seals.content import FACT, OPEN, digests, fixed_of
from registry.journal.seals.table import Bound, bound
from registry.models import JournalEntry, JournalHead

__all__ = ["Checked", "Departure", "check"]

CHUNK = 1000
_WHY: dict[str, Promise] = {
    "changed": _("differs from the journal's entry %(entry)s"),
    "gone": _("is missing, although recorded by the journal's entry %(entry)s"),
    "rewritten": _("in the journal's entry %(entry)s, an unchangeable value differs from an earlier entry"),
    "unbound": _("is not bound by any entry in the journal"),
}


@dataclass(frozen=True, slots=True, order=True)
class Departure:
    """A row that isn't what the journal says; `entry` is the sequence of the entry that bound it last."""

    model: str
    key: int
    why: str
    entry: int | None = None

    @property
    def what(self) -> str:
        """What is wrong with it, in the active language."""
        return f"{labels.thing(self.model)}: {str(_WHY[self.why]) % {'entry': self.entry}}"

    def __str__(self) -> str:
        return f"{self.model} {self.key}: {self.what}"


@dataclass(slots=True)
class Checked:
    """What was found, and how many rows of each model are bound."""

    departures: list[Departure] = field(default_factory=list)
    bound: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Journal:
    """What the entries up to `sequence` say: of each model's row the last digest and its entry."""

    sequence: int = 0
    seals: dict[str, dict[int, tuple[int, str]]] = field(default_factory=dict)
    told: list[Departure] = field(default_factory=list)  # what is wrong whatever stands in the tables now

    def read_on(self) -> None:
        """Take in the entries since, by the chunk: SQLite lets nobody write while it has an open cursor on an older state."""
        rows = JournalEntry.objects.order_by("sequence").values_list("sequence", "facts")
        while chunk := list(rows.filter(sequence__gt=self.sequence)[:CHUNK]):
            for sequence, facts in chunk:
                self._take(sequence, facts)
            self.sequence = chunk[-1][0]

    def _take(self, sequence: int, facts: str) -> None:
        if f'"{FACT}"' not in facts:
            return
        try:
            said = json.loads(facts)
        except ValueError:
            return  # the chain's own check says so
        for label, of in said.get(FACT, {}).items():
            known = self.seals.setdefault(label, {})
            for key, seal in of.items():
                before = fixed_of(known[int(key)][1]) if int(key) in known else ""
                if before and fixed_of(seal) not in ("", before):
                    self.told.append(Departure(label, int(key), "rewritten", sequence))
                known[int(key)] = sequence, seal


def check(progress: Callable[[int, int], None] | None = None) -> Checked:
    """Every departure of a bound row from the journal, in order; takes no lock but for what looks wrong, to look at that again."""
    journal = _Journal()
    journal.read_on()
    checked = Checked()
    suspects: dict[str, list[int]] = {}
    for place, (label, row) in enumerate(bound().items()):
        if progress:
            progress(place, len(bound()))
        suspects[label] = [each.key for each in _departures(row, journal, _keys(row, journal), checked)]
    if any(suspects.values()):
        checked.departures = _looked_at_again(journal, suspects)
    checked.departures = sorted([*checked.departures, *journal.told])
    return checked


def _looked_at_again(journal: _Journal, suspects: dict[str, list[int]]) -> list[Departure]:
    """What still departs while nobody can act: an act that ended between two of the questions is no departure."""
    with transaction.atomic():
        JournalHead.objects.select_for_update().get(pk=1)
        journal.read_on()
        return [
            each
            for label, keys in suspects.items()
            if keys
            for each in _departures(bound()[label], journal, keys, Checked())
        ]


def _keys(row: Bound, journal: _Journal) -> Iterator[int]:
    """The keys that are in the table or that the journal names, each once, in no order."""
    named = set(journal.seals.get(row.model, {}))
    last = 0
    rows = apps.get_model(row.model)._default_manager.order_by("pk").values_list("pk", flat=True)
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        named.difference_update(chunk)
        yield from chunk
        last = chunk[-1]
    yield from sorted(named)


def _departures(row: Bound, journal: _Journal, keys: Iterable[int], checked: Checked) -> Iterator[Departure]:
    seals = journal.seals.get(row.model, {})
    count = 0
    waiting = iter(keys)
    while chunk := list(islice(waiting, CHUNK)):
        found, there = digests(row, chunk), _there(row, chunk)
        for key in chunk:
            entry, said = seals.get(key, (None, None))
            if why := _why(said, found.get(key), is_there=key in there):
                yield Departure(row.model, key, why, entry)
            count += bool(said)
    checked.bound[row.model] = count


def _why(said: str | None, found: str | None, *, is_there: bool) -> str:
    """What is wrong with a row of which the journal said this and whose digest is now that; "" where nothing is."""
    if said is None:
        return "unbound" if found else ""
    if not is_there:
        return "gone"
    if said == OPEN:
        return "unbound" if found else ""
    return "" if said == found else "changed"


def _there(row: Bound, keys: Iterable[int]) -> set[Any]:
    return set(apps.get_model(row.model)._default_manager.filter(pk__in=keys).order_by().values_list("pk", flat=True))
