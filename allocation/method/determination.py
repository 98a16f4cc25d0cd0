"""Determined quota 核定配额, line by line, in exact numbers.

The functions stand in the order in which the rules are asked: is the line inside the year's allocation at all; does its quota equal
its emissions; else its intensity decides. Every number comes from the plan, through `Rules`; none stands here. Tonnes are tCO2e.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from allocation.method.line_facts import LineFault, LineInput, UnusableLineError, UnusableLinesError
from allocation.method.plan_rules import (
    BY_INTENSITY,
    CARBIDE_SLAG,
    EQUAL_TO_VERIFIED,
    INTENSITY_COEFFICIENT,
    OUTSIDE,
    Case,
    IntensityTerms,
    Rules,
    rules_of,
)
from allocation.plans import Plan
from registry.values.exact import floor

# 1. Is the line outside the year's allocation?


def commissioned_in_the_year(line: LineInput, rules: Rules) -> bool:
    """当年投产: commissioned in the emission year itself."""
    return line.commissioned is not None and line.commissioned.year == rules.year


def closed_before_determination(line: LineInput, rules: Rules) -> bool:
    """核定前关停: closed up to the day of determination, that day included."""
    return line.closed is not None and line.closed <= rules.determined_on


def closed_before_the_year(line: LineInput, rules: Rules) -> bool:
    """A line that closed before the emission year began and has emissions in it: worth a look, for the rules only put it outside."""
    return line.closed is not None and line.closed.year < rules.year and bool(line.emissions)


def outside_the_allocation(line: LineInput, rules: Rules) -> Case | None:
    """Outside means: no quota, nothing due, no part in the balance value."""
    if rules.commissioned == "outside" and commissioned_in_the_year(line, rules):
        return Case.OUTSIDE_COMMISSIONED
    if rules.closed == "outside" and closed_before_determination(line, rules):
        return Case.OUTSIDE_CLOSED
    return None


# 2. Does its quota equal its verified emissions, A = E?


def every_line(_line: LineInput, _rules: Rules) -> Case | None:
    """A year in which the plan gives every line what it emitted."""
    return Case.EQUAL_BY_PLAN


def new_or_closed_but_inside(line: LineInput, rules: Rules) -> Case | None:
    """Under a plan that keeps them inside: lines commissioned in the year or closed before determination."""
    if rules.commissioned == "equal" and commissioned_in_the_year(line, rules):
        return Case.COMMISSIONED
    if rules.closed == "equal" and closed_before_determination(line, rules):
        return Case.CLOSED
    return None


def idle(line: LineInput) -> Case | None:
    """A line that neither emitted nor made anything has no intensity, and its quota is 0 whatever the coefficient."""
    return Case.IDLE if line.emissions == 0 and not line.main_emissions and line.output == 0 else None


def of_a_special_kind(line: LineInput, rules: Rules) -> Case | None:
    """The kinds that the plan names: white clinker, gypsum to sulphuric acid, oxygen furnace."""
    return Case(line.kind) if rules.kinds.get(line.kind) == "equal" else None


def above_the_carbide_slag_rate(line: LineInput, rules: Rules) -> Case | None:
    """A line whose carbide-slag rate in the year lies above the plan's, whatever kind it is registered as."""
    if not rules.asks_slag_rate_of(line.kind):
        return None
    return Case.CARBIDE_SLAG if carbide_slag_rate(line) > rules.terms.carbide_slag_rate else None


def rate_without_label(line: LineInput, rules: Rules) -> bool:
    """A rate above the plan's on a line that isn't registered as a carbide-slag line: the rate decides, but it is worth a look."""
    asked = rules.intensity_terms is not None and line.kind != CARBIDE_SLAG and bool(line.carbide_slag_rate)
    return asked and above_the_carbide_slag_rate(line, rules) is not None


def label_with_low_rate(line: LineInput, rules: Rules) -> bool:
    """A line registered as a carbide-slag line whose rate in the year is not above the plan's: its intensity decides."""
    asked = rules.intensity_terms is not None and line.kind == CARBIDE_SLAG and line.carbide_slag_rate is not None
    return asked and rules.asks_slag_rate_of(line.kind) and above_the_carbide_slag_rate(line, rules) is None


def of_a_small_unit(line: LineInput, rules: Rules) -> Case | None:
    """A line of a unit whose verified emissions lie at or below the plan's limit: 以下 includes the number."""
    unit = line.emissions if line.unit_emissions is None else line.unit_emissions
    return Case.SMALL_UNIT if rules.small_unit is not None and unit <= rules.small_unit else None


def some_lines(line: LineInput, rules: Rules) -> Case | None:
    """The first of these that applies names the case; the quota is the same under each."""
    return (
        new_or_closed_but_inside(line, rules)
        or idle(line)  # before its kind: a line that stood still all year has no carbide-slag rate to be asked for
        or of_a_special_kind(line, rules)
        or above_the_carbide_slag_rate(line, rules)
        or of_a_small_unit(line, rules)
    )


# A plan names its method; when the shape of the rule changes, the plan names another one.
QUOTA_EQUALS_EMISSIONS: dict[str, Callable[[LineInput, Rules], Case | None]] = {
    EQUAL_TO_VERIFIED: every_line,
    INTENSITY_COEFFICIENT: some_lines,
}


def case_without_intensity(line: LineInput, rules: Rules) -> Case | None:
    """The case of a line whose intensity plays no part, else None. The lines of which it is None make the balance value."""
    return outside_the_allocation(line, rules) or QUOTA_EQUALS_EMISSIONS[rules.method](line, rules)


# 3. Else its intensity decides.


def intensity(line: LineInput) -> Fraction:
    """I = main emissions / output, tCO2e per tonne, unrounded."""
    main, output = main_and_output(line)
    above, below = main.as_integer_ratio()
    over, under = output.as_integer_ratio()
    return Fraction(above * under, below * over)


def deviation(intensity: Fraction, balance_value: Fraction) -> Fraction:
    """X = (BP − I) / BP, the intensity deviation 碳排放强度偏离度: above zero is better than the balance value."""
    return 1 - intensity / balance_value


def coefficient(deviation: Fraction, terms: IntensityTerms) -> tuple[Case, Fraction]:
    """α, the intensity coefficient 碳排放强度系数: slope × X inside the limit, the cap at and beyond it, on either side."""
    if deviation >= terms.limit:
        return Case.CLIPPED_ABOVE, terms.cap
    if deviation <= -terms.limit:
        return Case.CLIPPED_BELOW, -terms.cap
    return Case.WITHIN, terms.slope * deviation


def determined_quota(emissions: int, coefficient: Fraction) -> int:
    """A = E × (1 + α), rounded down to whole tonnes once, at the end."""
    return floor(emissions * (1 + coefficient))


# The determination.


# Intensity, deviation and coefficient; None where the line has no such thing.
Ratios = tuple[Fraction | None, Fraction | None, Fraction]


@dataclass(frozen=True, slots=True)
class Determination:
    """What a line is given (`quota`) and owes (`due`), in whole tonnes, and the case that decided it."""

    line: LineInput
    case: Case
    quota: int
    due: int
    rules: Rules

    @property
    def intensity(self) -> Fraction | None:
        """The line's intensity, also where it did not decide; None where it can't be computed."""
        return intensity(self.line) if self.line.main_emissions is not None and self.line.output else None

    @property
    def deviation(self) -> Fraction | None:
        """X; None where the intensity did not decide."""
        return self.ratios[1]

    @property
    def coefficient(self) -> Fraction:
        """α; 0 where the intensity did not decide."""
        return self.ratios[2]

    @property
    def ratios(self) -> Ratios:
        """Intensity, deviation and coefficient together."""
        i = self.intensity
        if self.case not in BY_INTENSITY or i is None:
            return i, None, Fraction(0)
        x = deviation(i, self.rules.bp)
        return i, x, coefficient(x, self.rules.terms)[1]

    @property
    def article(self) -> str:
        """The citation of the rule that decided, in the active language."""
        return self.rules.article(self.case)


def determine_line(line: LineInput, rules: Rules) -> Determination:
    """One line's determination; raises UnusableLineError where a rule needs what the line does not say."""
    case = case_without_intensity(line, rules)
    if case in OUTSIDE:
        return Determination(line, case, quota=0, due=0, rules=rules)
    if case is not None:
        return Determination(line, case, quota=line.emissions, due=line.emissions, rules=rules)
    x = deviation(intensity(line), rules.bp)
    case, alpha = coefficient(x, rules.terms)
    return Determination(line, case, quota=determined_quota(line.emissions, alpha), due=line.emissions, rules=rules)


def determine(
    lines: Iterable[LineInput],
    plan: Plan,
    *,
    sector: str,
    year: int,
    balance_value: Fraction | Decimal | None = None,
    determined_on: dt.date | None = None,
) -> list[Determination]:
    """Every line's determination, in the order given.

    Raises UnusableLinesError with the faults of all lines, NotCoveredError where the plan does not cover the sector or year, and
    ValueError where the plan's method needs a balance value and none above zero is given.
    """
    rules = rules_of(plan, sector, year, determined_on)
    return determine_under(rules if balance_value is None else rules.at(balance_value), lines)


def determine_under(rules: Rules, lines: Iterable[LineInput]) -> list[Determination]:
    """As `determine`, under rules already fetched."""
    return [determine_line(line, rules) for line in usable(lines, rules)]


# What keeps a line from being determined.


def usable(lines: Iterable[LineInput], rules: Rules) -> list[LineInput]:
    """The lines, if all of them can be determined; else raises UnusableLinesError."""
    lines = list(lines)
    if found := list(faults(lines, rules)):
        raise UnusableLinesError(found)
    return lines


def faults(lines: Iterable[LineInput], rules: Rules) -> Iterator[LineFault]:
    """The faults of all lines, one at most of each: what contradicts itself, and what a rule needs and the line does not say."""
    for index, line in enumerate(lines):
        try:
            refuse_contradiction(line, rules)
            if case_without_intensity(line, rules) is None:
                main_and_output(line)
        except UnusableLineError as fault:
            yield LineFault(index, line.line, fault.field, fault.message)


def refuse_contradiction(line: LineInput, rules: Rules) -> None:
    for field in ("emissions", "main_emissions", "output", "carbide_slag_rate"):
        if (getattr(line, field) or 0) < 0:
            raise UnusableLineError(field, _("is below zero"))
    if line.closed and line.commissioned and line.closed < line.commissioned:
        raise UnusableLineError("closed", _("precedes the commissioning of the line"))
    if line.commissioned and line.commissioned.year > rules.year:
        message = _("is later than the emission year %(year)d: a line has no emissions before it is commissioned")
        raise UnusableLineError("commissioned", message % {"year": rules.year})


def main_and_output(line: LineInput) -> tuple[Decimal, Decimal]:
    """The two quantities whose ratio is the intensity; the output is above zero."""
    if line.main_emissions is None:
        raise UnusableLineError("main_emissions", _("is missing, and the line's intensity decides its quota"))
    if line.output is None:
        raise UnusableLineError("output", _("is missing, and the line's intensity decides its quota"))
    if line.output == 0:
        raise UnusableLineError(
            "output", _("is zero although the line has emissions: the plan has no rule for its quota")
        )
    return line.main_emissions, line.output


def carbide_slag_rate(line: LineInput) -> Decimal:
    """The line's carbide-slag rate 电石渣替代率 of the year, a fraction. Nothing said is 0, unless the label says that it burns slag."""
    if line.carbide_slag_rate is not None:
        return line.carbide_slag_rate
    if line.kind == CARBIDE_SLAG:
        raise UnusableLineError("carbide_slag_rate", _("is missing, and it decides how a carbide-slag line is treated"))
    return Decimal(0)
