"""The rules of one plan, sector and emission year, fetched once before any line is determined."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from allocation.plans import NotCoveredError, Plan, PlanYear, sector_year
from registry import law
from registry.law import calendar
from registry.values.bilingual import in_language

EQUAL_TO_VERIFIED = "equal_to_verified"
INTENSITY_COEFFICIENT = "intensity_coefficient"

# The kind of line whose rule asks for a rate, and of which lines the plan asks it. The second stands in manifests of runs approved before.
CARBIDE_SLAG = "carbide_slag"
ANY_LINE_ABOVE_RATE = "any_line_above_rate"
LABELLED_ABOVE_RATE = "equal_above_rate"


class Case(StrEnum):
    """Which rule decided a line. The values are stored and published: they never change."""

    EQUAL_BY_PLAN = "equal_by_plan"
    IDLE = "idle"
    WHITE = "white"
    GYPSUM_ACID = "gypsum_acid"
    CARBIDE_SLAG = "carbide_slag"
    OXYGEN_FURNACE = "oxygen_furnace"
    SMALL_UNIT = "small_unit"
    COMMISSIONED = "commissioned"
    CLOSED = "closed"
    OUTSIDE_COMMISSIONED = "outside_commissioned"
    OUTSIDE_CLOSED = "outside_closed"
    WITHIN = "within"
    CLIPPED_ABOVE = "clipped_above"
    CLIPPED_BELOW = "clipped_below"


OUTSIDE = frozenset({Case.OUTSIDE_COMMISSIONED, Case.OUTSIDE_CLOSED})
BY_INTENSITY = frozenset({Case.WITHIN, Case.CLIPPED_ABOVE, Case.CLIPPED_BELOW})
EQUAL = frozenset(Case) - OUTSIDE - BY_INTENSITY

# The parameter of the plan that says so; its citation is the line's article.
PARAMETER_OF = MappingProxyType(
    {
        Case.EQUAL_BY_PLAN: "determination.method",
        Case.IDLE: "determination.method",
        Case.WHITE: "determination.kinds.white",
        Case.GYPSUM_ACID: "determination.kinds.gypsum_acid",
        Case.CARBIDE_SLAG: "determination.kinds.carbide_slag",
        Case.OXYGEN_FURNACE: "determination.kinds.oxygen_furnace",
        Case.SMALL_UNIT: "determination.small_unit",
        Case.COMMISSIONED: "determination.commissioned_in_the_year",
        Case.CLOSED: "determination.closed_before_determination",
        Case.OUTSIDE_COMMISSIONED: "determination.commissioned_in_the_year",
        Case.OUTSIDE_CLOSED: "determination.closed_before_determination",
        Case.WITHIN: "determination.slope",
        Case.CLIPPED_ABOVE: "determination.cap",
        Case.CLIPPED_BELOW: "determination.cap",
    }
)


@dataclass(frozen=True, slots=True)
class IntensityTerms:
    """The parameters of the intensity coefficient, exact, with cap = slope × limit; and the rate that lifts carbide slag out of it."""

    slope: Fraction
    cap: Fraction
    limit: Fraction
    carbide_slag_rate: Decimal


@dataclass(frozen=True, slots=True)
class Rules:
    """What a line is determined by. `kinds` says how each special kind of line of the sector is treated."""

    plan_year: PlanYear
    year: int
    sector: str
    determined_on: dt.date
    balance_value: Fraction | None
    method: str
    intensity_terms: IntensityTerms | None
    kinds: Mapping[str, str]
    small_unit: int | None
    commissioned: str
    closed: str

    @property
    def needs_balance_value(self) -> bool:
        return self.intensity_terms is not None

    def asks_slag_rate_of(self, kind: str) -> bool:
        """Whether the carbide-slag rate of a line registered as of this kind may decide its quota."""
        asked = self.kinds.get(CARBIDE_SLAG)
        return asked == ANY_LINE_ABOVE_RATE or (asked == LABELLED_ABOVE_RATE and kind == CARBIDE_SLAG)

    @property
    def terms(self) -> IntensityTerms:
        """The intensity coefficient's parameters; raises NotCoveredError where the year's method has no such coefficient."""
        if self.intensity_terms is None:
            raise NotCoveredError(self.plan_year.plan, f"{INTENSITY_COEFFICIENT} ({self.year})")
        return self.intensity_terms

    @property
    def bp(self) -> Fraction:
        """The balance value, t per t; raises ValueError where none was given."""
        if self.balance_value is None:
            raise ValueError(f"{self.plan_year.plan.id} needs a balance value for {self.year}")
        return self.balance_value

    def article(self, case: Case) -> str:
        """The citation of the rule that decided the case, in the active language; what is stored holds both."""
        rule = self.plan_year.value(PARAMETER_OF[case])
        return in_language(rule.cite_zh, rule.cite)

    def at(self, balance_value: Fraction | Decimal) -> "Rules":
        """The same rules at a balance value, t per t; raises ValueError unless it is above zero."""
        if balance_value <= 0:
            raise ValueError(f"a balance value must be above zero, not {balance_value}")
        return replace(self, balance_value=Fraction(balance_value))


def rules_of(plan: Plan, sector: str, year: int, determined_on: dt.date | None = None) -> Rules:
    """The plan's rules for a sector's emission year, without a balance value yet.

    `determined_on` is until when a closing counts, by default the calendar's day of determination for that emission year. Raises
    NotCoveredError where the plan does not cover the sector or the year.
    """
    if not plan.covers(sector, year):
        raise NotCoveredError(plan, sector_year(sector, year))
    terms = plan.for_year(year)
    by_intensity = terms.text("determination.method") == INTENSITY_COEFFICIENT
    small_unit = terms.find("determination.small_unit")
    return Rules(
        plan_year=terms,
        year=year,
        sector=sector,
        determined_on=determined_on or determination_day(terms),
        balance_value=None,
        method=terms.text("determination.method"),
        intensity_terms=_intensity_terms(terms) if by_intensity else None,
        kinds=_kinds(terms, sector),
        small_unit=int(terms.number("determination.small_unit")) if small_unit else None,
        commissioned=terms.text("determination.commissioned_in_the_year"),
        closed=terms.text("determination.closed_before_determination"),
    )


def known_kinds(plan: Plan, sector: str) -> tuple[str, ...]:
    """The special kinds of line that the plan knows in a sector, in whatever year."""
    kinds = plan.parameters.under("determination.kinds")
    return tuple(kind for kind, parameter in kinds.items() if parameter.extra["sector"] == sector)


def determination_day(terms: PlanYear) -> dt.date:
    """The day on which the year's quota is determined: the plan's own, else the calendar's; never today."""
    if terms.find("determination.day"):
        return terms.days("determination.day")
    day = calendar.rules()["deadline.determination"].at(terms.last_day).value
    if not isinstance(day, dt.date):
        raise law.LawError(f"deadline.determination: {day!r} is not a day")
    return day


def _kinds(terms: PlanYear, sector: str) -> dict[str, str]:
    kinds = terms.under("determination.kinds")
    return {kind: terms.text(row.id) for kind, row in kinds.items() if row.extra["sector"] == sector}


def _intensity_terms(terms: PlanYear) -> IntensityTerms:
    slope, cap, limit = (Fraction(terms.number(f"determination.{name}")) for name in ("slope", "cap", "limit"))
    if cap != slope * limit:
        # The balance value exists because quota rises without a jump; a plan that jumps needs another method.
        raise law.LawError(f"{terms.plan.id}: the cap must equal slope × limit")
    return IntensityTerms(slope, cap, limit, terms.number("determination.carbide_slag_rate"))
