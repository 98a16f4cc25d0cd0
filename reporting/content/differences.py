"""What differs between two contents, datum by datum, and between what was found in them. Plain Python.

Rows are the same where their key is (reporting.content.rows.Row.key). Two versions of a package, or two months of a unit, compare alike.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from reporting.content.rows import Content, Datum, Key, Row
from reporting.findings import Finding

__all__ = ["Change", "Difference", "changed", "compare", "findings_between", "relative"]

EVIDENCE = "evidence"
NOTES = ("how", "source", EVIDENCE, "remarks")
ADDED, GONE, CHANGED, NOTED, SAME = "added", "gone", "changed", "noted", "same"
Place = tuple[str, ...]
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Change:
    """A note that says something else: how it was obtained, source, evidence, remarks."""

    note: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A datum on both sides; None where a side doesn't state it."""

    key: Key
    name: str
    before: Datum | None
    after: Datum | None
    by_name: bool = True  # else files that are named are equal, whatever their names

    @property
    def kind(self) -> str:
        """added, gone, changed, noted (the value is the same, what is said of it isn't) or same."""
        if self.before is None:
            return ADDED
        if self.after is None:
            return GONE
        if self.before.value != self.after.value:
            return CHANGED
        return NOTED if self.notes else SAME

    @property
    def absolute(self) -> Decimal | None:
        """After less before; None where either is no number. What isn't stated is no zero."""
        pair = self._numbers()
        return pair[1] - pair[0] if pair else None

    @property
    def relative(self) -> Fraction | None:
        """The change relative to before; None where there is nothing to compare with."""
        pair = self._numbers()
        return relative(*pair) if pair else None

    @property
    def notes(self) -> list[Change]:
        """Notes that changed; none of a datum that is stated on one side only."""
        if self.before is None or self.after is None:
            return []
        pairs = ((note, getattr(self.before, note), getattr(self.after, note)) for note in NOTES)
        return [Change(*each) for each in pairs if self._differ(*each)]

    def _differ(self, note: str, before: str, after: str) -> bool:
        if note == EVIDENCE and not self.by_name:
            return bool(before) != bool(after)
        return before != after

    def _numbers(self) -> tuple[Decimal, Decimal] | None:
        if self.before is None or self.after is None:
            return None
        before, after = self.before.value, self.after.value
        return (before, after) if isinstance(before, Decimal) and isinstance(after, Decimal) else None


def relative(before: Decimal | Fraction | int | None, after: Decimal | Fraction | int | None) -> Fraction | None:
    """The exact relative change; None from nothing, or of what isn't known."""
    if before is None or after is None or not before:
        return None
    return (Fraction(after) - Fraction(before)) / abs(Fraction(before))


def compare(before: Content, after: Content) -> list[Difference]:
    """Every datum of either side, in the form's order; what is gone stands where it stood.

    Every month has files of its own: of two months only whether a file is named is compared.
    """
    by_name = before.period == after.period
    old, new = dict(_numbered(before.rows)), dict(_numbered(after.rows))
    found = []
    for place in _merged(list(old), list(new)):
        was, now = old.get(place), new.get(place)
        data = (was.data if was else {}), (now.data if now else {})
        names = _merged(*(sorted(side, key=lambda name: _cell(side[name])) for side in data))
        found += [Difference(place[0], name, data[0].get(name), data[1].get(name), by_name) for name in names]
    return found


def _merged(old: Sequence[Entry], new: Sequence[Entry]) -> list[Entry]:
    """What stands in `new`, in its order; and each that only `old` has behind what it followed there."""
    found, known, behind = list(new), set(new), 0
    for each in old:
        if each in known:
            behind = found.index(each) + 1
        else:
            found.insert(behind, each)
            behind += 1
    return found


def _cell(datum: Datum) -> tuple[int, int, str]:
    """Where a datum stands in its sheet, from the top and then from the left: a row's data are kept by name. Without a cell first."""
    column = datum.cell.rstrip("0123456789")
    return int(datum.cell[len(column) :] or 0), len(column), column


def changed(differences: Iterable[Difference]) -> list[Difference]:
    """Those that are not the same on both sides."""
    return [each for each in differences if each.kind != SAME]


def _numbered(rows: Iterable[Row]) -> Iterator[tuple[tuple[Key, int], Row]]:
    """Rows by their key, and, of several with one key, which one it is: none may hide another."""
    seen: Counter[Key] = Counter()
    for row in rows:
        yield (row.key, seen[row.key]), row
        seen[row.key] += 1


def findings_between(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """The findings that appeared and those that disappeared; one is the same while its code and what it is about are."""
    before, after = list(before), list(after)
    return _beyond(after, before), _beyond(before, after)


def _beyond(findings: list[Finding], others: list[Finding]) -> list[Finding]:
    left = Counter(_place(other) for other in others)
    found = []
    for finding in findings:
        if left[_place(finding)]:
            left[_place(finding)] -= 1
        else:
            found.append(finding)
    return found


def _place(finding: Finding) -> Place:
    """What a finding is about; numbers that it quotes may change without making it another."""
    return (
        finding.code,
        finding.sheet,
        finding.cell,
        *(finding.params.get(name, "") for name in ("line", "item", "what")),
    )
