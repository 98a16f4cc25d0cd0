"""Totals of a determination, and what is reported beside a balance value (allocation.md §3)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from allocation import kept_shapes
from allocation.method import balance, shown
from allocation.method.determination import Determination, determine_under
from allocation.method.line_facts import LineInput
from allocation.method.plan_rules import BY_INTENSITY, EQUAL, OUTSIDE, Case, Rules

# Places at which two surplus rates can't be told apart any more: (A − E)/E of whole tonnes below 10¹⁵ differ by more than 10⁻³⁰.
_RATE_SCALE = 10**30


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of whole tonnes over the lines inside the allocation; `residue` is quota − emissions."""

    total_emissions: int
    total_quota: int
    clipped_above: int
    clipped_below: int
    within: int
    equal_lines: int
    outside_lines: int

    @property
    def residue(self) -> int:
        return self.total_quota - self.total_emissions


@dataclass(frozen=True, slots=True)
class BalanceReport:
    """A balance value with what its rounded form brings about: totals, and the surplus rates at every tenth of the lines.

    `surplus_deciles` are (A − E)/E of the lines whose intensity decides: the lowest, the nine deciles by nearest rank, the highest.
    """

    solution: balance.BalanceValue
    totals: Totals
    surplus_deciles: tuple[Fraction, ...]

    def canonical(self) -> kept_shapes.BalanceReport:
        """The report as JSON-able data, exact numbers as text."""
        interval = self.solution.interval
        return {
            "value": format(self.solution.value, "f"),
            "root": shown.exact(self.solution.root),
            "interval": [shown.exact(end) for end in interval] if interval else None,
            "total_emissions": self.totals.total_emissions,
            "total_quota": self.totals.total_quota,
            "residue": self.totals.residue,
            "within": self.totals.within,
            "clipped_above": self.totals.clipped_above,
            "clipped_below": self.totals.clipped_below,
            "equal_lines": self.totals.equal_lines,
            "outside_lines": self.totals.outside_lines,
            "surplus_deciles": [shown.coefficient(rate) for rate in self.surplus_deciles],
        }


def report(lines: Iterable[LineInput], rules: Rules) -> BalanceReport:
    """Solve for the balance value and determine every line at its rounded form; raises as `balance.solve` does."""
    lines = list(lines)
    solution = balance.solve(lines, rules)
    determinations = determine_under(rules.at(solution.value), lines)
    return BalanceReport(solution, totals(determinations), surplus_deciles(determinations))


def totals(determinations: Iterable[Determination]) -> Totals:
    count: Counter[Case] = Counter()
    quota = due = 0
    for one in determinations:
        count[one.case] += 1
        quota += one.quota
        due += one.due
    return Totals(
        total_emissions=due,
        total_quota=quota,
        clipped_above=count[Case.CLIPPED_ABOVE],
        clipped_below=count[Case.CLIPPED_BELOW],
        within=count[Case.WITHIN],
        equal_lines=sum(count[case] for case in EQUAL),
        outside_lines=sum(count[case] for case in OUTSIDE),
    )


def surplus_deciles(determinations: Iterable[Determination]) -> tuple[Fraction, ...]:
    """Eleven rates from the lowest to the highest; empty where no line's intensity decides."""
    rated = [(one.quota - one.due, one.due) for one in determinations if one.case in BY_INTENSITY and one.due]
    rated.sort(key=lambda surplus: surplus[0] * _RATE_SCALE // surplus[1])
    return tuple(Fraction(*_nearest_rank(rated, tenth)) for tenth in range(11)) if rated else ()


def _nearest_rank(rated: Sequence[tuple[int, int]], tenth: int) -> tuple[int, int]:
    return rated[max(0, -(-tenth * len(rated) // 10) - 1)]
