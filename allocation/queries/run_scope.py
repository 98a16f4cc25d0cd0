"""The scope of a run: every line that could belong to it, in which part of it the line is, and why. Nothing falls out silently.

It partitions the lines that the register knows of the authority and sector, so its counts add up to all of them. What the run stored
(awards, who was left out) is read from there; why a line was not even considered follows from the register and the year's directory.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from allocation import labels, objections, plans, scope
from allocation.method import plan_rules as cases
from allocation.method.determination import case_without_intensity, intensity, refuse_contradiction
from allocation.method.line_facts import LineInput, UnusableLineError, with_unit_totals
from allocation.method.plan_rules import CARBIDE_SLAG, EQUAL, OUTSIDE, Case, Rules, rules_of
from allocation.models import LeftOut, Run
from registry import directory
from registry.law.calendar import local_day
from registry.models import Authority, Line
from reporting.models import Verification, VerifiedResult

__all__ = ["Part", "RunScope", "ScopeRow", "of_run", "prospective"]


class Part(TextChoices):
    """Where a line is, seen from the run."""

    IN = "in", _("in the run")
    EQUAL = "equal", _("in the run, quota equals emissions")
    OUTSIDE = "outside", _("outside the year's allocation")
    LEFT_OUT = "left_out", _("left out")


class Unconsidered(TextChoices):
    """Why the run did not even consider a line: what stands beside LeftOut.Reason, which it stores."""

    UNIT_NOT_LISTED = "unit_not_listed", _("its unit is not in the year's directory")
    COMMISSIONED_LATER = "commissioned_later", _("commissioned after the year")
    CLOSED_EARLIER = "closed_earlier", _("closed before the year")
    NOT_THEN = "not_then", _("not in the register or directory when the run was requested")


BY_INTENSITY, UNUSABLE = "by_intensity", "unusable"
_BY_INTENSITY = {BY_INTENSITY, *cases.BY_INTENSITY}
REASONS = {
    **labels.CASES,
    BY_INTENSITY: labels.CASES["within"],
    UNUSABLE: _("its verified figures are unusable: the run would fail"),
    **dict(LeftOut.Reason.choices),
    **dict(Unconsidered.choices),
}
_ABROAD = frozenset({Unconsidered.COMMISSIONED_LATER, Unconsidered.CLOSED_EARLIER})


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """A line and what becomes of it; `award` is the award's key. The figures are None where no verified result stands behind it."""

    line: Line
    part: str
    reason: str
    result: VerifiedResult | None = None
    award: int | None = None
    quota: int | None = None
    contested: bool = False

    @property
    def because(self) -> str:
        return str(REASONS.get(self.reason, self.reason))

    @property
    def slag_rate(self) -> Fraction | None:
        """The carbide-slag rate that the line is judged by; None where it burns none and isn't registered as a line that does."""
        if self.result is None:
            return None
        rate = self.result.carbide_slag_rate
        return rate if rate or self.result.kind == CARBIDE_SLAG else None

    @property
    def mislabelled(self) -> bool:
        """Whether the rate decided otherwise than the line's label lets one expect: worth a look."""
        labelled = self.result is not None and self.result.kind == CARBIDE_SLAG
        return self.reason in _BY_INTENSITY if labelled else self.reason == Case.CARBIDE_SLAG

    @property
    def output(self) -> Decimal | None:
        return self.result.output if self.result else None

    @property
    def emissions(self) -> int | None:
        return self.result.emissions if self.result else None


@dataclass(frozen=True, slots=True)
class RunScope:
    """All rows, in the order of credit code and line code."""

    rows: list[ScopeRow]
    counts: Counter[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", Counter((row.part, row.reason) for row in self.rows))

    @property
    def parts(self) -> list[tuple[str, int]]:
        """How many lines are in each part, the empty ones too: together all lines."""
        return [(part, sum(1 for row in self.rows if row.part == part)) for part in Part.values]

    @property
    def reasons(self) -> list[tuple[str, str, int]]:
        """Part, reason and how many lines, in the order of the parts."""
        order = {part: place for place, part in enumerate(Part.values)}
        return [(*key, self.counts[key]) for key in sorted(self.counts, key=lambda key: (order[key[0]], key[1]))]

    @property
    def contested(self) -> int:
        return sum(row.contested for row in self.rows)


def of_run(run: Run) -> RunScope:
    """What a run that was computed did with every line of its authority and sector."""
    awards = run.awards.order_by().select_related("result", "line__unit").defer("explanation")
    rows = [ScopeRow(one.line, _part(one.case), one.case, one.result, one.pk, one.quota) for one in awards]
    rows += [
        ScopeRow(one.line, Part.LEFT_OUT, one.reason) for one in run.left_out.order_by().select_related("line__unit")
    ]
    return _whole(rows, run.authority, run.sector, run.year, run.kind, run.requested_at)


def prospective(authority: Authority, sector: str, year: int, kind: str, at: dt.datetime) -> RunScope:
    """What a run asked for at `at` would do with every line; the intensities decide only when the balance value is there.

    Raises plans.PlanError where no plan is in force for the sector and year.
    """
    lines = scope.of_run(authority, sector, year, kind, at)
    if kind == Run.Kind.PRE_ALLOCATION:
        rows = [ScopeRow(one.line, Part.IN, _in_advance(one), one) for one in lines.results]
    else:
        rules = rules_of(plans.in_force(sector, year), sector, year, local_day(at))
        inputs = with_unit_totals(scope.line_inputs(lines.results))
        cases = [_case(line, rules) for line in inputs]
        rows = [ScopeRow(one.line, _part(case), case, one) for one, case in zip(lines.results, cases, strict=True)]
    rows += [ScopeRow(line, Part.LEFT_OUT, reason) for line, reason in lines.left_out]
    return _whole(rows, authority, sector, year, kind, at)


def _in_advance(result: VerifiedResult) -> str:
    return UNUSABLE if scope.before_commissioning(result, result.line) else "pre_allocation"


def _case(line: LineInput, rules: Rules) -> str:
    try:
        refuse_contradiction(line, rules)
        if case := case_without_intensity(line, rules):
            return case
        intensity(line)
    except UnusableLineError:
        return UNUSABLE
    return BY_INTENSITY


def _part(case: str) -> str:
    """Cases compare as their texts; what is no case of the determination (an advance, say) is in."""
    if case in OUTSIDE:
        return Part.OUTSIDE
    return Part.EQUAL if case in EQUAL else Part.IN


def _whole(
    found: Sequence[ScopeRow], authority: Authority, sector: str, year: int, kind: str, at: dt.datetime
) -> RunScope:
    """The rows found, those of the register that are not among them, and who objects."""
    seen = {row.line.pk for row in found}
    registered = Line.objects.filter(sector=sector, unit__authority=authority).select_related("unit")
    registered = registered.exclude(unit__in=directory.reports_only(year, sector).order_by().values("unit"))
    listed = set(directory.allocated(year, sector, local_day(at)).order_by().values_list("unit", flat=True))
    others = []
    for line in registered.order_by():
        if line.pk not in seen:
            why = _unconsidered(line, line.unit_id in listed, year)
            others.append(ScopeRow(line, Part.OUTSIDE if why in _ABROAD else Part.LEFT_OUT, why))
    rows = _contested([*found, *others], authority, sector, year, year - (kind == Run.Kind.PRE_ALLOCATION))
    return RunScope(sorted(rows, key=lambda row: (row.line.unit.credit_code, row.line.code)))


def _unconsidered(line: Line, listed: bool, year: int) -> str:
    if line.commissioned and line.commissioned.year > year:
        return Unconsidered.COMMISSIONED_LATER
    if line.closed and line.closed.year < year:
        return Unconsidered.CLOSED_EARLIER
    return Unconsidered.NOT_THEN if listed else Unconsidered.UNIT_NOT_LISTED


def _contested(rows: Iterable[ScopeRow], authority: Authority, sector: str, year: int, verified: int) -> list[ScopeRow]:
    """The rows, those marked over whose line, or whose whole unit, an objection is before the province; and those of a unit whose result
    of the year `verified` is being re-verified because the unit asked for it."""
    open_ones = objections.under_objection(authority.pk, sector, year).values_list("unit", "award__line")
    reviewed = Verification.objects.filter(
        unit__authority=authority, sector=sector, year=verified, ground=Verification.Ground.REVIEW
    ).exclude(state__in=[Verification.State.APPROVED, Verification.State.WITHDRAWN])
    units = set(reviewed.values_list("unit", flat=True))
    lines: set[int] = set()
    for unit, line in open_ones:
        (lines if line else units).add(line or unit)
    if not units and not lines:
        return list(rows)
    return [
        ScopeRow(
            row.line,
            row.part,
            row.reason,
            row.result,
            row.award,
            row.quota,
            row.line.pk in lines or row.line.unit_id in units,
        )
        for row in rows
    ]
