"""A bound row as canonical content, and the digest of it that goes into the journal."""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

from registry.database.prepared import Question
from registry.journal.seals.table import ALL, Bound, Part, bound
from registry.values.canonical import digest

__all__ = ["FACT", "OPEN", "digests", "fixed_of", "sealed", "sealed_each"]

FACT = "seals"  # the name under which an entry's facts hold them: {model: {key: digest}}
OPEN = ""  # instead of a digest: the row is being worked on and bound by nothing until the next act
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def sealed(rows: Iterable[Model]) -> dict[str, dict[str, dict[str, str]]]:
    """The seals of those of these rows that are bound, as facts of a journal's entry. Read from the database, one query a model."""
    keys: dict[str, set[Any]] = defaultdict(set)
    for row in rows:
        if row._meta.label_lower in bound():
            keys[row._meta.label_lower].add(row.pk)
    found = {label: _with_open(bound()[label], of) for label, of in keys.items()}
    return {FACT: found} if found else {}


def sealed_each(rows: Sequence[Model]) -> list[dict[str, dict[str, dict[str, str]]]]:
    """The same for rows of one model, apart for each, in their order."""
    whole = sealed(rows).get(FACT, {})
    return [
        {FACT: {label: {str(row.pk): of[str(row.pk)]} for label, of in whole.items()}} if whole else {} for row in rows
    ]


def _with_open(row: Bound, keys: Collection[Any]) -> dict[str, str]:
    found = digests(row, keys)
    return {str(key): found.get(key, OPEN) for key in sorted(keys)}


def digests(row: Bound, keys: Collection[Any]) -> dict[Any, str]:
    """The seal of each row with these keys that is there and bound, by its key. A query, and one for each part.

    A seal is two sha256 with a point between them, of what never changes and of what acts change; either may be missing.
    """
    plan, asked = _plan(row), list(keys)
    parts = [[_parts(part, asked) for part in side.parts] for side in plan.sides]
    return {
        values[plan.key]: ".".join(
            side.digest(values, values[plan.key], of) for side, of in zip(plan.sides, parts, strict=True)
        )
        for values in plan.question.rows(asked)
    }


def fixed_of(seal: str) -> str:
    """The part of a seal that every seal of the row has; "" where there is none."""
    return seal.partition(".")[0]


_Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _AskedPart:
    """How a part's contents are asked for: `of` is the column that has the row's key."""

    name: str
    of: str
    fields: list["Field[Any, Any]"]
    question: Question


@dataclass(frozen=True, slots=True)
class _Side:
    """What of a row never changes, or what moves: its own columns, and its parts."""

    fields: list["Field[Any, Any]"]
    parts: list[_AskedPart]

    def digest(self, values: _Content, key: Any, parts: list[dict[Any, list[_Content]]]) -> str:
        """Of a row with these columns; `parts` are their contents by the row's key."""
        if not self.fields and not self.parts:
            return ""
        contents = {part.name: of.get(key, []) for part, of in zip(self.parts, parts, strict=True)}
        return digest({"row": _said(self.fields, values), **contents})


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is asked of a bound model's rows, the same for all of them."""

    key: str
    sides: list[_Side]
    question: Question


@functools.cache
def _plan(row: Bound) -> _Plan:
    model = apps.get_model(row.model)
    sides = [_side(row, model, moving=moving) for moving in (False, True)]
    key = model._meta.pk.attname
    names = {key: None} | {field.attname: None for side in sides for field in side.fields}
    return _Plan(key, sides, Question(model, "pk", tuple(names), row.when))


def _side(row: Bound, model: type[Model], *, moving: bool) -> _Side:
    fields = [
        field for field in _fields(model, but=row.but) if (row.fixed == ALL or field.name in row.fixed) is not moving
    ]
    return _Side(fields, [_asked(part) for part in row.parts if part.moves is moving])


def _asked(part: Part) -> _AskedPart:
    model = apps.get_model(part.model)
    fields = _fields(model, only=part.only)
    of = model._meta.get_field(part.of).attname
    names = {of: None} | {field.attname: None for field in fields}
    return _AskedPart(f"{part.model}.{part.of}", of, fields, Question(model, part.of, tuple(names), order=("pk",)))


def _parts(part: _AskedPart, keys: list[Any]) -> dict[Any, list[_Content]]:
    """The parts' contents by the key of the row that they belong to, in the order of their own keys."""
    found: dict[Any, list[_Content]] = defaultdict(list)
    for values in part.question.rows(keys):
        found[values[part.of]].append(_said(part.fields, values))
    return found


def _fields(model: type[Model], *, only: Collection[str] = (), but: Collection[str] = ()) -> list["Field[Any, Any]"]:
    return [
        field for field in model._meta.concrete_fields if field.name not in but and (not only or field.name in only)
    ]


def _said(fields: Iterable["Field[Any, Any]"], values: dict[str, Any]) -> dict[str, Any]:
    said = {field.attname: values[field.attname] for field in fields}
    return {name: _plain(value) for name, value in said.items() if value not in _EMPTY}


def _plain(value: Any) -> Any:
    """The value as canonical JSON has it, the same from every database."""
    match value:
        case str() | int() | None:  # most are
            return value
        case Decimal():
            return f"{value.normalize():f}"
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date():
            return value.isoformat()
        case bytes() | memoryview():
            return bytes(value).hex()
        case float():
            return repr(value)
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
    return value
