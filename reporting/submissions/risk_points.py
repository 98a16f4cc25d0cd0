"""How soon a package deserves a look: a whole number of points with its parts. Plain Python; `risk_scoring` finds the facts.

Points order a queue and nothing else: no package is refused or accepted for them. The weights are dated data (guidelines/risk.toml).
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry.law import Law

__all__ = ["Facts", "Part", "Warned", "bulk_limit", "score"]

BLOCKED, RETURNED, LATE, WARNING, PEERS, VALUE = "blocked", "returned", "late", "warning", "peers", "value"


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning of the version, and whether a reason was given for it."""

    code: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a package. Counts are over the months looked back, its own among them; `z` is that of the farthest line."""

    blocked: int = 0
    returned: int = 0
    late: int = 0
    warnings: tuple[Warned, ...] = ()
    z: Decimal | None = None
    tonnes: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Points for one reason; `found` is the number they are for, `code` the finding's where it is one."""

    kind: str
    points: int
    found: str
    code: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "points": self.points, "found": self.found, "code": self.code}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Part":
        return cls(stored["kind"], stored["points"], stored["found"], stored["code"])


def score(facts: Facts, weights: Law, day: dt.date) -> list[Part]:
    """The parts that count by the weights in force on `day`, the heaviest first; their sum is the score."""
    parts = [part for part in _parts(facts, _Weights(weights, day)) if part.points]
    return sorted(parts, key=lambda part: -part.points)


def bulk_limit(weights: Law, day: dt.date) -> int:
    """The highest score that may be accepted in bulk."""
    return int(weights["bulk.most"].number(day))


def _parts(facts: Facts, weight: "_Weights") -> Iterator[Part]:
    most = weight("history.most")
    for kind, count in ((BLOCKED, facts.blocked), (RETURNED, facts.returned), (LATE, facts.late)):
        yield Part(kind, min(most, count * weight(f"history.{kind}")), str(count))
    for warned in facts.warnings:
        points = weight.of_code(warned.code)
        share = weight("finding.answered") if warned.answered else 100
        yield Part(WARNING, points * share // 100, "answered" if warned.answered else "", warned.code)
    if facts.z is not None:
        off = int(abs(facts.z))
        yield Part(PEERS, min(weight("peers.most"), off * weight("peers.each")), f"{abs(facts.z):f}")
    tonnes = max(facts.tonnes, 0)
    yield Part(VALUE, min(weight("value.most"), tonnes // weight("value.tonnes")), str(tonnes))


class _Weights:
    def __init__(self, law: Law, day: dt.date) -> None:
        self.law, self.day = law, day

    def __call__(self, name: str) -> int:
        return int(self.law[name].number(self.day))

    def of_code(self, code: str) -> int:
        name = f"code.{code}"
        return self(name if name in self.law else "finding.usual")
