"""Where a model keeps whom its rows concern."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from registry.permissions.acts import Act

__all__ = ["Path", "Paths"]

Path = str | Callable[[int], Q] | None


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a model keeps whom it concerns, as lookups from its rows; None where that question has no answer.

    `body` leads to the technical service bodies that it was assigned to, `person` to the one who asked for it. Where no single
    lookup says it (a body sees the months of the unit, sector and year that it verifies, no others), a path is a function that
    makes the condition from the person's key.
    """

    view: Act
    unit: Path = None
    authority: Path = None
    body: Path = None
    person: Path = None
