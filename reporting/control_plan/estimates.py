"""What stands for a missing value: the conservative estimate of the plan that is in force, picked by its days.

standing(plans, place, period) -> Standing      of one parameter in a period
standings(form, lines, plans, period) -> dict    of every parameter for which some plan fixed one, each fuel and material by itself

A stock lies there on one day: of the opening stock the plan of the period's first day speaks, of the closing stock that of its last.
Everything else is a value of the whole period. Where the plan changes within it and the two say different estimates, no one of them
holds for all of its days: none is offered, and both are named with their days.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from registry.values.bilingual import said_apart
from reporting.content import DEFAULT, first_day, last_day
from reporting.control_plan.asked import asked
from reporting.control_plan.entries import UNUSED, Entry, Place, Plan
from reporting.control_plan.validation import ESTIMATE
from reporting.workbook.definition import Form

__all__ = ["Part", "Standing", "standing", "standings"]


@dataclass(frozen=True, slots=True)
class Part:
    """What one plan says on some days of the period; `place` is its own row: of the fuel, else of the whole group. `value`: or None."""

    place: Place
    version: int
    first: dt.date
    last: dt.date
    value: Decimal | None
    fallback: str

    @property
    def words(self) -> str:
        """The estimate with its days."""
        return f"{'—' if self.value is None else f'{self.value:f}'} ({self.first} – {self.last})"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the plans of the period say, in the order of their days."""

    parts: tuple[Part, ...] = ()

    @property
    def values(self) -> list[Decimal]:
        """Every estimate that some plan fixed."""
        return list(dict.fromkeys(part.value for part in self.parts if part.value is not None))

    @property
    def one(self) -> Part | None:
        """The part whose estimate holds for all of the period, as the latest plan says it; None where there is none, or two."""
        said = {part.value for part in self.parts}
        return self.parts[-1] if len(said) == 1 and None not in said else None

    @property
    def words(self) -> str:
        """The estimate; where it changes within the period each with its days."""
        return f"{self.one.value:f}" if self.one else said_apart(part.words for part in self.parts)

    @property
    def fallback(self) -> str:
        """The words of the latest plan that fixed an estimate."""
        return next((part.fallback for part in reversed(self.parts) if part.value is not None), "")


def standing(plans: Sequence[Plan], place: Place, period: str) -> Standing:
    """What stands for the parameter when it is missing; nothing where it isn't used, or is the default anyway."""
    first, last = first_day(period), last_day(period)
    parts = [_part(plan, place, first, last) for plan in plans]
    if place.name == "opening":
        parts = parts[:1]
    elif place.name == "closing":
        parts = parts[-1:]
    return Standing(tuple(parts)) if any(part.value is not None for part in parts) else Standing()


def standings(form: Form, lines: Sequence[str], plans: Sequence[Plan], period: str) -> dict[Place, Standing]:
    """By parameter of each fuel or material; of a group of one thing, by the group's."""
    found = {}
    for each in asked(form, lines) if plans else ():
        for code in [item.code for item in each.group.items] or [""]:
            place = each.place._replace(item=code)
            if (said := standing(plans, place, period)).parts:
                found[place] = said
    return found


def _part(plan: Plan, place: Place, first: dt.date, last: dt.date) -> Part:
    own = plan.own(place)
    entry = plan.entries.get(own) or Entry()
    stands = entry.how not in ("", UNUSED) and not (place.name == "ncv" and entry.how == DEFAULT)
    value = Decimal(entry.estimate) if stands and ESTIMATE.fullmatch(entry.estimate) else None
    begins, ends = max(first, plan.since or first), min(last, plan.until or last)
    return Part(own, plan.version, begins, ends, value, entry.fallback)
