"""What accounting gives back: terms, one for each product in a formula, and totals made of nothing but terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from registry.values.exact import half_up
from reporting.content import Content
from reporting.guidelines import Guideline

ENTERPRISE, PROCESS, LINE = "enterprise", "process", "line"

CO2_PER_CARBON = Fraction(44, 12)


@dataclass(frozen=True, slots=True)
class Term:
    """One product of a formula with its numbers in place.

    `level` is "enterprise", "process" (steel; the two levels overlap and are never summed) or "line". `source` names the product,
    like "fuel.coke" or "ironmaking.out.bf_gas". `inputs` are the factors as text, in the formula's order. `emissions` are tonnes
    of CO2e rounded half-up to two decimals; what leaves the boundary is negative.
    """

    level: str
    line: str
    source: str
    formula: str
    inputs: Mapping[str, str]
    emissions: Decimal
    article: str


@dataclass(frozen=True, slots=True)
class LineTotal:
    """What allocation asks of one line.

    `emissions` and `main_emissions` are whole tonnes; `output` is tonnes of pig iron, clinker or liquid aluminium. `main_emissions`
    are a steel works' ironmaking and sintering, another line's own. `details`, tonnes unless said otherwise:
    steel: ironmaking, sintering, crude_steel (output); cement: fuel, process, carbide_slag (consumed), carbide_slag_factor and
    clinker_factor (tCO2/t); aluminium: anode, effect. `means` are those of them that are means and lose something when rounded, in full.
    """

    emissions: Decimal
    output: Decimal
    main_emissions: Decimal
    carbide_slag_rate: Fraction | None = None
    details: Mapping[str, Decimal] = field(default_factory=dict)
    means: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def exact_intensity(self) -> Fraction | None:
        """The ratio that allocation uses, unrounded; None without output."""
        return Fraction(self.main_emissions) / Fraction(self.output) if self.output > 0 else None

    @property
    def intensity(self) -> Decimal | None:
        """The ratio for display, four decimals."""
        exact = self.exact_intensity
        return None if exact is None else half_up(exact, 4)


@dataclass(frozen=True, slots=True)
class Totals:
    """Whole tonnes. `processes` (steel): the six main processes, `power` and `other`, which is the rest and may be negative."""

    enterprise: Decimal
    ironmaking: Decimal | None
    sintering: Decimal | None
    lines: Mapping[str, LineTotal]
    processes: Mapping[str, Decimal] = field(default_factory=dict)

    @classmethod
    def of_lines(cls, lines: Mapping[str, LineTotal]) -> "Totals":
        """Where a unit's emissions are the sum of its lines."""
        return cls(sum((total.emissions for total in lines.values()), Decimal(0)), None, None, lines)


@dataclass(frozen=True, slots=True)
class Span:
    """Months with one guideline, what they state together, and their terms; a month by itself is one, and so is a year workbook."""

    periods: tuple[str, ...]
    guideline: Guideline
    content: Content
    terms: tuple[Term, ...]

    @property
    def emissions(self) -> Decimal:
        """The sum of the terms that the enterprise's emissions are made of, not rounded to whole tonnes."""
        return sum((term.emissions for term in self.terms if term.level != PROCESS), Decimal("0.00"))


def lines_of(spans: Sequence[Span]) -> list[str]:
    """Every line that some span speaks of, in order."""
    return list(dict.fromkeys(line for span in spans for line in span.content.lines))


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a month or year."""

    terms: tuple[Term, ...]
    totals: Totals
