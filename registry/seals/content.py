"""A bound row as canonical content, and the digest of it that goes into the journal."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

from registry.canonical import digest
from registry.seals.table import ALL, Bound, Part, bound

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
    model = apps.get_model(row.model)
    rows = model._default_manager.filter(pk__in=keys).order_by()
    if row.when is not None:
        rows = rows.filter(row.when)
    sides = [_side(row, keys, moving=moving) for moving in (False, True)]
    names = {field.attname for side in sides for field in side.fields}
    return {values["pk"]: ".".join(side.digest(values) for side in sides) for values in rows.values("pk", *names)}


def fixed_of(seal: str) -> str:
    """The part of a seal that every seal of the row has; "" where there is none."""
    return seal.partition(".")[0]


@dataclass(frozen=True, slots=True)
class _Side:
    """What of a row never changes, or what moves: its own columns, and the contents of its parts by the row's key."""

    fields: list["Field[Any, Any]"]
    parts: dict[str, dict[Any, list[dict[str, Any]]]]

    def digest(self, values: dict[str, Any]) -> str:
        if not self.fields and not self.parts:
            return ""
        parts = {name: of.get(values["pk"], []) for name, of in self.parts.items()}
        return digest({"row": _said(self.fields, values), **parts})


def _side(row: Bound, keys: Collection[Any], *, moving: bool) -> _Side:
    model = apps.get_model(row.model)
    fields = [
        field for field in _fields(model, but=row.but) if (row.fixed == ALL or field.name in row.fixed) is not moving
    ]
    parts = {f"{part.model}.{part.of}": _parts(part, keys) for part in row.parts if part.moves is moving}
    return _Side(fields, parts)


def _parts(part: Part, keys: Collection[Any]) -> dict[Any, list[dict[str, Any]]]:
    """The parts' contents by the key of the row that they belong to, in the order of their own keys."""
    model = apps.get_model(part.model)
    fields = _fields(model, only=part.only)
    rows = model._default_manager.filter(**{f"{part.of}__in": keys}).order_by("pk")
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for values in rows.values(part.of, *(field.attname for field in fields)):
        found[values[part.of]].append(_said(fields, values))
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
