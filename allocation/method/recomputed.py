"""A published balance value beside one that later results would give: which lines' results changed, and what it would do to tonnes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from allocation import kept_shapes
from allocation.method import shown
from allocation.method.determination import Determination
from allocation.method.line_facts import LineInput

# What a line's determination looks at; the unit's total follows from the lines themselves.
_LOOKED_AT = tuple(field.name for field in fields(LineInput) if field.name not in ("line", "unit", "unit_emissions"))


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line whose result is not the same, or that only one of the two has."""

    line: str
    before: Determination | None
    after: Determination | None

    def canonical(self) -> kept_shapes.LineChange:
        """The change as JSON-able data; None on the side that has no such line."""
        return {"line": self.line, "before": _written(self.before), "after": _written(self.after)}


def changes(before: Iterable[Determination], after: Iterable[Determination]) -> Iterator[LineChange]:
    """The lines whose results differ, in the order of their names; a quota that moves with the value alone is no change of a line."""
    old, new = ({one.line.line: one for one in side} for side in (before, after))
    for name in sorted(old.keys() | new.keys()):
        left, right = old.get(name), new.get(name)
        if left is None or right is None or _figures(left.line) != _figures(right.line):
            yield LineChange(name, left, right)


def moved(before: Iterable[Determination], after: Iterable[Determination]) -> int:
    """How many lines would have another quota, for whatever reason; one that only one side has is one of them."""
    old, new = ({one.line.line: one.quota for one in side} for side in (before, after))
    return sum(old.get(name) != new.get(name) for name in old.keys() | new.keys())


def _figures(line: LineInput) -> tuple[object, ...]:
    return tuple(getattr(line, name) for name in _LOOKED_AT)


def _written(one: Determination | None) -> kept_shapes.LineSide | None:
    if one is None:
        return None
    return {
        "emissions": one.line.emissions,
        "intensity": shown.intensity(one.intensity),
        "quota": one.quota,
        "due": one.due,
        "case": str(one.case),
    }
