"""What would raise or lower a line's quota: computed by the method itself, with one input changed and all else as it was."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction

from allocation import kept_shapes
from allocation.method import settlement
from allocation.method.determination import (
    Determination,
    coefficient,
    determine_line,
    determined_quota,
    deviation,
    intensity,
)
from allocation.method.line_facts import LineInput
from allocation.method.plan_rules import BY_INTENSITY, OUTSIDE, Rules, rules_of
from allocation.plans import Plan
from registry.values.exact import whole_tonnes

__all__ = ["Effect", "effects"]

STEP = Decimal("0.01")  # one per cent, the change that is shown
_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Effect:
    """One change: `code` says which, `at` the intensity or balance value that it means, and what quota and tonnes due would be."""

    code: str
    at: Fraction | None
    quota: int
    due: int
    more: int  # quota less the quota given

    @property
    def surplus(self) -> int:
        return self.quota - self.due


def effects(manifest: kept_shapes.Manifest, key: str) -> list[Effect]:
    """What small changes to the line would do to its quota, and where the coefficient begins and ends; empty for a line outside."""
    line = LineInput.from_canonical(next(row for row in manifest["lines"] if row["line"] == key))
    plan = Plan.from_canonical(manifest["plan"])
    if manifest["kind"] == "pre_allocation":
        return list(_in_advance(line, plan.for_year(manifest["year"]).number("pre_allocation.rate")))
    day, value = dt.date.fromisoformat(manifest["determined_on"]), manifest["balance_value"]
    rules = rules_of(plan, manifest["sector"], manifest["year"], day)
    rules = rules.at(Fraction(value["value"])) if value else rules
    given = determine_line(line, rules)
    if given.case in OUTSIDE:
        return []
    if given.case not in BY_INTENSITY:
        return list(_of_emissions(given))
    return [*_of_intensity(given), *_of_emissions(given), *_of_balance_value(given), *_marks(given)]


def _in_advance(line: LineInput, rate: Decimal) -> Iterator[Effect]:
    given = settlement.pre_allocated(line.emissions, rate)
    for code, factor in (("emissions_lower", 1 - STEP), ("emissions_higher", 1 + STEP)):
        quota = settlement.pre_allocated(whole_tonnes(line.emissions * factor), rate)
        yield Effect(code, None, quota, 0, quota - given)


def _of_intensity(given: Determination) -> Iterator[Effect]:
    """Main emissions over output one per cent lower or higher, at the same emissions of the whole line."""
    for code, factor in (("intensity_lower", 1 - STEP), ("intensity_higher", 1 + STEP)):
        line = replace(given.line, main_emissions=_times(given.line.main_emissions, factor))
        yield _effect(code, given, determine_line(line, given.rules), intensity(line))


def _of_emissions(given: Determination) -> Iterator[Effect]:
    """All its emissions one per cent lower or higher at the same output, so its intensity with them."""
    for code, factor in (("emissions_lower", 1 - STEP), ("emissions_higher", 1 + STEP)):
        line, emissions = given.line, whole_tonnes(given.line.emissions * factor)
        unit = None if line.unit_emissions is None else line.unit_emissions + emissions - line.emissions
        main = _times(line.main_emissions, factor)
        changed = replace(line, emissions=emissions, unit_emissions=unit, main_emissions=main)
        yield _effect(code, given, determine_line(changed, given.rules), intensity(changed) if line.output else None)


def _of_balance_value(given: Determination) -> Iterator[Effect]:
    for code, factor in (("balance_value_lower", 1 - STEP), ("balance_value_higher", 1 + STEP)):
        rules = given.rules.at(given.rules.bp * Fraction(factor))
        yield _effect(code, given, determine_line(given.line, rules), rules.bp)


def _marks(given: Determination) -> Iterator[Effect]:
    """The intensities at which quota is the most, equals emissions, is the least."""
    for code, away in (("most", 1), ("equal", 0), ("least", -1)):
        at = _intensity_at(away * given.rules.terms.limit, given.rules)
        _case, alpha = coefficient(deviation(at, given.rules.bp), given.rules.terms)
        quota = determined_quota(given.line.emissions, alpha)
        yield Effect(code, at, quota, given.due, quota - given.quota)


def _intensity_at(x: Fraction, rules: Rules) -> Fraction:
    """The intensity whose deviation is `x`."""
    return rules.bp * (1 - x)


def _effect(code: str, given: Determination, changed: Determination, at: Fraction | None) -> Effect:
    return Effect(code, at, changed.quota, changed.due, changed.quota - given.quota)


def _times(value: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if value is None else _EXACT.multiply(value, factor)
