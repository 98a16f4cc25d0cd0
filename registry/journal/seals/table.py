"""What is bound to the journal: each app names its papers and states of record once, when it is ready."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

__all__ = ["ALL", "Bound", "Part", "bind", "bound", "bound_elsewhere", "elsewhere", "models_within"]


ALL = ("*",)  # every column of a row that never changes


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that belong to a bound row and are digested with it: those of `model` whose field `of` leads to it.

    `only` limits what is said of each to these columns, where the rest is bound by other means. `moves` where some come or go later.
    """

    model: str
    of: str
    only: tuple[str, ...] = ()
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """A model whose rows the journal's entries hold the digest of.

    `fixed` columns must be the same in every entry that binds the row, the others as in the last one: else whoever changes a row in the
    database would only have to wait for the next act to have it bound as it is then. `but` are columns that change without an act.
    Where `when` is given only rows that it finds are bound: any other is still being worked on. Empty values are left out of a
    content, so a column that comes later must be empty in older rows.
    """

    model: str
    fixed: tuple[str, ...] = ALL
    but: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    when: Q | None = None


_BOUND: dict[str, Bound] = {}
_ELSEWHERE: dict[str, str] = {}


def bind(*rows: Bound) -> None:
    """Have the rows of these models bound."""
    _BOUND.update({row.model: row for row in rows})


def elsewhere(reasons: Mapping[str, str]) -> None:
    """Say of models that refuse changes, and aren't bound here, by what else a change of them is noticed."""
    _ELSEWHERE.update(reasons)


def bound() -> Mapping[str, Bound]:
    """What is bound, by the model's lower-case label."""
    return _BOUND


def bound_elsewhere() -> Mapping[str, str]:
    return _ELSEWHERE


def models_within() -> set[str]:
    """Every model whose rows are bound, by themselves or as parts of another's."""
    parts = {part.model for row in _BOUND.values() for part in row.parts if not part.only}
    return parts | set(_BOUND)
