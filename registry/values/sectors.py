"""The sectors of the market: each is a folder of the package sectors, and nothing else lists them.

    Sector.values, Sector("steel").label      every sector, in its place, named in the page's language
    of("steel")                               what all apps know of it
    with_quota()                              those that get quota; the others report and are verified
    part("steel", "form")                     a part of it that one room asks for: the module quota_site.sectors.steel.form

A sector's own rules can't be imported by the rooms that ask for them, or each would know the list; they ask by name.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import lazy

from registry.values.bilingual import in_language

__all__ = ["Capacity", "Facts", "Sector", "choices", "has_quota", "of", "part", "quota_choices", "with_quota", "words"]

FOLDER = Path(__file__).parents[2] / "quota_site" / "sectors"

_in_language = lazy(in_language, str)


@dataclass(frozen=True, slots=True)
class Capacity:
    """How approved capacity is measured: `tonnes` in one unit of it, made "per" day or year."""

    zh: str
    en: str
    tonnes: int
    per: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What every app knows of a sector; `kinds` are those that its lines may be of, `quota_from` its first year with quota.

    Where `quota_varieties` are named, a line whose variety is known and has none of these words in its name gets no quota.
    """

    code: str
    place: int
    zh: str
    en: str
    also: tuple[str, ...]
    kinds: tuple[str, ...]
    capacity: Capacity
    quota_from: int | None = None
    quota_varieties: tuple[str, ...] = ()


def _read(path: Path) -> Facts:
    data: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    lists = {name: tuple(data[name]) for name in ("also", "kinds", "quota_varieties") if name in data}
    return Facts(**{**data, **lists, "code": path.parent.name, "capacity": Capacity(**data["capacity"])})


_FACTS = {
    each.code: each
    for each in sorted(map(_read, FOLDER.glob("*/sector.toml")), key=lambda each: (each.place, each.code))
}


if TYPE_CHECKING:  # mypy can't know the members that files make
    from django.db.models.enums import _TextChoicesType

    class _Named(_TextChoicesType):
        def __getattr__(cls, name: str) -> "Sector": ...  # noqa: N805
else:
    _Named = type(models.TextChoices)


class Sector(models.TextChoices, metaclass=_Named):
    """The sectors by their codes; a member of the code's name for each file."""

    _ignore_ = ["facts"]
    for facts in _FACTS.values():
        vars()[facts.code.upper()] = facts.code, _in_language(facts.zh, facts.en)


def choices() -> list[tuple[str, str]]:
    """A model's field asks for them when they are needed: a further sector is no change of any table."""
    return Sector.choices


def of(sector: str) -> Facts:
    return _FACTS[sector]


def with_quota(year: int | None = None) -> list[Sector]:
    """The sectors that get quota, in their places; of one year, where it is asked for."""
    first = {code: facts.quota_from for code, facts in _FACTS.items()}
    return [Sector(code) for code, since in first.items() if since is not None and (year is None or since <= year)]


def has_quota(sector: str, variety: str) -> bool:
    """Whether what a line makes is inside its sector's quota, as far as its variety says; an empty one says nothing."""
    words = of(sector).quota_varieties
    return not words or not variety or any(word in variety for word in words)


def quota_choices() -> list[tuple[str, str]]:
    """The sectors that get quota, to choose from."""
    return [(sector.value, sector.label) for sector in with_quota()]


def words() -> dict[str, str]:
    """Every Chinese word for a sector that may stand in an uploaded table, with the sector's code."""
    return {word: code for code, facts in _FACTS.items() for word in (facts.zh, *facts.also)}


@cache
def part(sector: str, name: str) -> ModuleType:
    """A sector's module; ModuleNotFoundError names the one that is missing."""
    return import_module(f"quota_site.sectors.{sector}.{name}")
