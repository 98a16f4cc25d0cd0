"""What two plans say differently, side by side."""

import unicodedata
from dataclasses import dataclass

from reporting.control_plan.entries import ENTRY_FIELDS, Entry, Place, Plan


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one parameter, before and after."""

    place: Place
    field: str
    before: str
    after: str


def differences(before: Plan, after: Plan) -> list[Difference]:
    """Every difference, by parameter; a parameter that came or went shows all that was said of it."""
    places = dict.fromkeys([*sorted(before.entries), *sorted(after.entries)])
    found = []
    for place in places:
        old, new = before.entries.get(place) or Entry(), after.entries.get(place) or Entry()
        found += [
            Difference(place, name, getattr(old, name), getattr(new, name))
            for name in ENTRY_FIELDS
            if not _same(getattr(old, name), getattr(new, name))
        ]
    return found


def _same(before: str, after: str) -> bool:
    """Whether two texts differ in nothing but full or half width: versions of before were rewritten so where nobody had touched them."""
    return unicodedata.normalize("NFKC", before) == unicodedata.normalize("NFKC", after)
