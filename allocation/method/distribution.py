"""Who gains and who loses at a balance value: the surplus of groups of lines, and of one line whose year would have been another."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

from allocation.method import balance
from allocation.method.balance import BalanceValue
from allocation.method.determination import Determination, determine_under
from allocation.method.line_facts import LineInput, with_unit_totals
from allocation.method.plan_rules import OUTSIDE, Rules
from allocation.method.report import Totals, totals

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Group(Generic[K]):
    """Lines inside the allocation that share something: how many, their whole tonnes, and how many gain and lose."""

    key: K
    lines: int
    emissions: int
    quota: int
    gaining: int
    losing: int

    @property
    def surplus(self) -> int:
        return self.quota - self.emissions

    @property
    def rate(self) -> Fraction | None:
        """(A − E) / E of the whole group; None where it emitted nothing."""
        return Fraction(self.surplus, self.emissions) if self.emissions else None


def grouped(determinations: Iterable[Determination], key: Callable[[Determination], K]) -> list[Group[K]]:
    """The groups in the order in which they are met; lines outside the allocation belong to none."""
    sums: dict[K, list[int]] = {}
    for one in determinations:
        if one.case not in OUTSIDE:
            surplus = one.quota - one.due
            row = sums.setdefault(key(one), [0, 0, 0, 0, 0])
            for place, more in enumerate((1, one.due, one.quota, surplus > 0, surplus < 0)):
                row[place] += more
    return [Group(name, *row) for name, row in sums.items()]


def size_class(emissions: int, bounds: Sequence[int]) -> int:
    """In which class so many tonnes lie: 0 below the first bound, 1 from it on, and so forth."""
    return sum(emissions >= bound for bound in bounds)


@dataclass(frozen=True, slots=True)
class Supposed:
    """What the sector would look like if one line's year had been another."""

    solution: BalanceValue
    totals: Totals
    own: Determination


def suppose(
    lines: Sequence[LineInput], rules: Rules, name: str, *, emissions: int, main: Decimal, output: Decimal
) -> Supposed:
    """The value anew with the line's figures exchanged, and all that it brings about; raises as `balance.solve` does."""
    changed = [
        replace(line, emissions=emissions, main_emissions=main, output=output) if line.line == name else line
        for line in lines
    ]
    changed = with_unit_totals(changed)
    solution = balance.solve(changed, rules)
    determinations = determine_under(rules.at(solution.value), changed)
    own = next(one for one in determinations if one.line.line == name)
    return Supposed(solution, totals(determinations), own)
