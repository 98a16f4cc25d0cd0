"""A computed balance value taken apart: everything here follows from its manifest, so it is the same on any later day."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from allocation.balance_values import acts as balance_values
from allocation.balance_values.law import law_of_study
from allocation.method.determination import Determination, determine_under
from allocation.method.distribution import Group, Supposed, grouped, size_class, suppose
from allocation.method.influence import Influence, most_influential
from allocation.method.line_facts import LineInput
from allocation.method.plan_rules import Rules
from allocation.models import BalanceValue
from registry import law
from registry.models import Authority, Unit

__all__ = [
    "Study",
    "by_province",
    "by_size",
    "influences",
    "matching",
    "names",
    "of",
    "size_bounds",
    "what_if",
]


@dataclass(frozen=True, slots=True)
class Study:
    """The lines that a value was computed from, the rules at the value, and each line's determination."""

    lines: Sequence[LineInput]
    rules: Rules
    determinations: Sequence[Determination]

    def line(self, name: str) -> Determination | None:
        return next((one for one in self.determinations if one.line.line == name), None)


def of(bv: BalanceValue) -> Study:
    """The study of a computed value."""
    return _study(bv.pk, bv.manifest_sha256)


@functools.lru_cache(maxsize=2)
def _study(pk: int, _manifest_sha256: str) -> Study:
    """Kept for the next page: a manifest that has a hash never changes."""
    bv = BalanceValue.objects.get(pk=pk)
    lines, rules = balance_values.inputs(bv)
    at_value = rules.at(bv.decimal)
    return Study(lines, at_value, determine_under(at_value, lines))


def by_province(study: Study) -> list[tuple[Authority, Group[int]]]:
    """Each province's surplus, in the order of codes; a unit is counted where it belongs now. Two queries."""
    codes = {line.unit for line in study.lines}
    of_unit = dict(Unit.objects.filter(credit_code__in=codes).values_list("credit_code", "authority"))
    groups = {group.key: group for group in grouped(study.determinations, lambda one: of_unit[one.line.unit])}
    return [(one, groups[one.pk]) for one in Authority.objects.filter(pk__in=groups).order_by("code")]


def size_bounds(study: Study) -> law.DatedValue:
    """The bounds of the size classes for the value's year."""
    return law_of_study()["size.bounds"].at(study.rules.plan_year.last_day)


def by_size(study: Study, bounds: Sequence[int]) -> list[Group[int]]:
    """The surplus of the size classes, by the verified emissions of a line's whole unit in the sector, small ones first."""
    groups = grouped(study.determinations, lambda one: size_class(one.line.unit_emissions or 0, bounds))
    return sorted(groups, key=lambda group: group.key)


def influences(bv: BalanceValue) -> Sequence[Influence]:
    """The lines that the value hangs on most."""
    return _influences(bv.pk, bv.manifest_sha256)


@functools.lru_cache(maxsize=4)
def _influences(pk: int, manifest_sha256: str) -> tuple[Influence, ...]:
    study = _study(pk, manifest_sha256)
    return tuple(most_influential(study.lines, study.rules))


def what_if(study: Study, name: str, *, emissions: int, main: Decimal, output: Decimal) -> Supposed:
    """The value if one line's year had been another. Nothing is stored."""
    return suppose(study.lines, study.rules, name, emissions=emissions, main=main, output=output)


def matching(study: Study, text: str) -> list[LineInput]:
    """The lines that are meant by a text: a line's own name, else part of its unit's name or code. One query at most."""
    if found := study.line(text):
        return [found.line]
    units = Unit.objects.filter(Q(name__icontains=text) | Q(credit_code__icontains=text))
    codes = set(units.values_list("credit_code", flat=True))
    return [line for line in study.lines if line.unit in codes]


def names(lines: Sequence[LineInput]) -> dict[str, Unit]:
    """The units of a few lines by credit code. One query."""
    return {unit.credit_code: unit for unit in Unit.objects.filter(credit_code__in={line.unit for line in lines})}
