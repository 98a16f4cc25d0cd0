"""Emissions of a month and of a year, from plain facts; every number is a Fraction, rounding is half-up.

A fact is what a ledger, a meter or a laboratory says. Fuels, materials and kinds of clinker go by their Chinese names in the rules' tables.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

FACTORS = json.loads((Path(__file__).parent / "factors.json").read_text(encoding="utf-8"), parse_float=Fraction)
CARBON_TO_CO2 = Fraction(44, 12)

A1 = {row["zh"]: row for row in FACTORS["steel_A1"]}
A2 = {row["zh"]: Fraction(row["tCO2_per_t"]) for row in FACTORS["steel_A2"]}
COKE, SEMI_COKE = "焦炭(兰炭可参照)", "兰炭"
A1[SEMI_COKE] = A1[COKE]
DEFAULT_ONLY = {COKE, SEMI_COKE}
OWN, PURCHASED = "自产", "外购"


def half_up(value: Fraction, places: int) -> Fraction:
    """Away from zero where a half is left over."""
    scaled = abs(value) * 10**places
    whole = int(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**places)


@dataclass(frozen=True)
class Meter:
    """A meter in one month: its class and its found error in percent, and on how many of the month's days no certificate covers it."""

    accuracy: Fraction
    error: Fraction
    uncovered: int
    days: int

    @property
    def penalty(self) -> Fraction:
        """The mean over the days of what each is charged."""
        excess = max(Fraction(0), self.error - self.accuracy)
        without = max(self.accuracy, self.error)
        return (without * self.uncovered + excess * (self.days - self.uncovered)) / self.days / 100


@dataclass(frozen=True)
class Test:
    """A laboratory's test: the mass it stands for (of a solid), the value, and whether it counts."""

    ncv: Fraction
    counts: bool = True
    mass: Fraction = Fraction(0)


@dataclass(frozen=True)
class Flow:
    """A metered quantity."""

    amount: Fraction
    meter: Meter | None = None

    @property
    def penalty(self) -> Fraction:
        """In tonnes, as a quantity is rounded."""
        return half_up(abs(self.amount) * self.meter.penalty, 2) if self.meter else Fraction(0)

    def charged(self, emits: bool) -> Fraction:
        """What counts: more of what emits, less of what is deducted; exact."""
        share = self.meter.penalty if self.meter else Fraction(0)
        return self.amount * (1 + share if emits == (self.amount > 0) else 1 - share)


@dataclass(frozen=True)
class Fuel:
    """A fuel's line in the works' ledger; `flow` is FC, net of what is sold, excluded or used as feedstock.

    Own and purchased coke and gas of one kind are two lines, each with its own net calorific value: `origin` says which.
    """

    name: str
    flow: Flow
    stated: Fraction | None = None
    tests: tuple[Test, ...] = ()
    origin: str = ""

    def ncv(self, default: Fraction) -> Fraction:
        """The month's net calorific value."""
        if self.name in DEFAULT_ONLY:
            return default
        if self.stated is not None:
            return self.stated
        if not self.tests:
            return default
        weights = [test.mass or Fraction(1) for test in self.tests]
        values = [test.ncv if test.counts else default for test in self.tests]
        return half_up(sum((w * v for w, v in zip(weights, values, strict=True)), Fraction()) / sum(weights), 3)


@dataclass(frozen=True)
class Burnt:
    """Fuel into or out of a process, or into a power unit; `stated` is an own net calorific value."""

    where: str
    way: str
    fuel: str
    flow: Flow
    stated: Fraction | None = None
    origin: str = ""


@dataclass(frozen=True)
class SteelMonth:
    fuels: tuple[Fuel, ...]
    materials: tuple[tuple[str, Flow], ...]
    products: tuple[tuple[str, Flow], ...]
    processed: tuple[tuple[str, Flow], ...]  # tar and benzol that are processed further on site count as sold
    burnt: tuple[Burnt, ...]
    iron: tuple[tuple[str, Flow], ...]

    def ncv_of(self, use: Burnt) -> Fraction:
        default = Fraction(A1[use.fuel]["ncv"])
        if use.fuel in DEFAULT_ONLY:
            return default
        if use.stated is not None:
            return use.stated
        ledger = next((fuel for fuel in self.fuels if (fuel.name, fuel.origin) == (use.fuel, use.origin)), None)
        return ledger.ncv(default) if ledger else default


@dataclass
class SteelTotals:
    enterprise: Fraction = Fraction(0)
    processes: dict[str, Fraction] = field(default_factory=dict)
    main: Fraction = Fraction(0)
    output: Fraction = Fraction(0)


def steel_year(months: Sequence[SteelMonth]) -> SteelTotals:
    """The year from the year's values; of a single month it is the month."""
    terms = [*_enterprise_fuels(months), *_materials(months)]
    processes: dict[str, Fraction] = defaultdict(Fraction)
    for (where, way, fuel, _origin), uses in _grouped((use, m) for m in months for use in m.burnt).items():
        values = [month.ncv_of(use) for use, month in uses]
        quantity = _charged([use.flow for use, _ in uses], emits=way != "out")
        ncv = _weighted([use.flow.amount for use, _ in uses], values)
        sign = -1 if way == "out" else 1
        oxidised = Fraction(A1[fuel]["of_pct"]) / 100 if where == "power" else 1
        processes[where] += half_up(sign * quantity * ncv * Fraction(A1[fuel]["cc"]) * oxidised * CARBON_TO_CO2, 2)
    whole = {where: half_up(value, 0) for where, value in processes.items()}
    main = whole.get("ironmaking", Fraction(0)) + whole.get("sintering", Fraction(0))
    return SteelTotals(half_up(sum(terms, Fraction(0)), 0), whole, main, _iron(months))


def _iron(months: Sequence[SteelMonth]) -> Fraction:
    """Ironmaking's output: pig iron, DRI, smelting-reduction iron and nickel-iron alloy, each less what its meter costs."""
    made: dict[str, list[Flow]] = defaultdict(list)
    for month in months:
        for name, flow in month.iron:
            made[name].append(flow)
    return sum((half_up(_charged(flows, emits=False), 2) for flows in made.values()), Fraction(0))


def _enterprise_fuels(months: Sequence[SteelMonth]) -> Iterable[Fraction]:
    by_fuel: dict[tuple[str, str], list[Fuel]] = defaultdict(list)
    for month in months:
        for fuel in month.fuels:
            by_fuel[fuel.name, fuel.origin].append(fuel)
    for (name, _origin), fuels in by_fuel.items():
        factors = A1[name]
        values = [fuel.ncv(Fraction(factors["ncv"])) for fuel in fuels]
        ncv = _weighted([fuel.flow.amount for fuel in fuels], values)
        quantity = _charged([fuel.flow for fuel in fuels], emits=True)
        yield half_up(quantity * ncv * Fraction(factors["cc"]) * CARBON_TO_CO2, 2)


def _materials(months: Sequence[SteelMonth]) -> Iterable[Fraction]:
    for sign, which in ((1, "materials"), (-1, "products"), (-1, "processed")):
        flows: dict[str, list[Flow]] = defaultdict(list)
        for month in months:
            for name, flow in getattr(month, which):
                flows[name].append(flow)
        for name, each in flows.items():
            yield sign * half_up(_charged(each, emits=sign > 0) * A2[name], 2)


Use = tuple[str, str, str, str]
"""Process, in or out, fuel, origin."""


def _grouped(uses: Iterable[tuple[Burnt, SteelMonth]]) -> dict[Use, list[tuple[Burnt, SteelMonth]]]:
    found: dict[Use, list[tuple[Burnt, SteelMonth]]] = defaultdict(list)
    for use, month in uses:
        found[use.where, use.way, use.fuel, use.origin].append((use, month))
    return found


def _charged(flows: Sequence[Flow], *, emits: bool) -> Fraction:
    """A month's quantity with its penalty, exact; of several months their sums, the penalties rounded as quantities."""
    if len(flows) == 1:
        return flows[0].charged(emits)
    penalty = sum((flow.penalty for flow in flows), Fraction(0))
    return sum((flow.amount for flow in flows), Fraction(0)) + (penalty if emits else -penalty)


def _weighted(weights: Sequence[Fraction], values: Sequence[Fraction]) -> Fraction:
    if len(values) == 1:
        return values[0]
    whole = sum(weights, Fraction(0))
    return half_up(sum((w * v for w, v in zip(weights, values, strict=True)), Fraction(0)) / whole, 3)


# Cement.


@dataclass(frozen=True)
class KilnFuel:
    name: str
    flow: Flow
    stated: Fraction | None = None

    @property
    def ncv(self) -> Fraction:
        return self.stated if self.stated is not None else kiln_default(self.name)


@dataclass(frozen=True)
class CementMonth:
    """One clinker line."""

    fuels: tuple[KilnFuel, ...]
    clinker: tuple[tuple[str, Flow], ...]
    alternatives: tuple[tuple[str, Flow], ...]


@dataclass(frozen=True)
class LineTotals:
    emissions: Fraction
    output: Fraction
    rate: Fraction | None = None


def kiln_default(name: str) -> Fraction:
    """The building materials' own default of coal, else table A.1's."""
    own = FACTORS["cement_solid_fuel_ncv_building_materials"]
    return Fraction(own.get(name, A1[name]["ncv"]))


def cement_year(months: Sequence[CementMonth]) -> LineTotals:
    burnt = sum(_kiln_fuels(months), Fraction(0))
    clinker = _by_name(months, "clinker", FACTORS["cement_clinker_ef"])
    given = _by_name(months, "alternatives", FACTORS["cement_altmat_deduction"])
    process = sum((half_up(_charged(flows, emits=True) * ef, 2) for _, flows, ef in clinker), Fraction(0))
    process -= sum((half_up(_charged(flows, emits=False) * d, 2) for _, flows, d in given), Fraction(0))
    made = [(half_up(_charged(flows, emits=False), 2), ef) for _, flows, ef in clinker]
    slag = [(half_up(_charged(flows, emits=False), 2), d) for name, flows, d in given if name == "电石渣"]
    whole = sum((amount * ef for amount, ef in made), Fraction(0))
    rate = sum((amount * d for amount, d in slag), Fraction(0)) / whole if whole else None
    return LineTotals(half_up(burnt + max(Fraction(0), process), 0), sum((a for a, _ in made), Fraction(0)), rate)


def _kiln_fuels(months: Sequence[CementMonth]) -> Iterable[Fraction]:
    by_fuel: dict[str, list[KilnFuel]] = defaultdict(list)
    for month in months:
        for fuel in month.fuels:
            by_fuel[fuel.name].append(fuel)
    for name, fuels in by_fuel.items():
        ncv = _weighted([fuel.flow.amount for fuel in fuels], [fuel.ncv for fuel in fuels])
        quantity = _charged([fuel.flow for fuel in fuels], emits=True)
        factors = A1[name]
        burnt = quantity * ncv * Fraction(factors["cc"]) * Fraction(factors["of_pct"]) / 100
        yield half_up(burnt * CARBON_TO_CO2, 2)


def _by_name(
    months: Sequence[CementMonth], which: str, factors: dict[str, Fraction]
) -> list[tuple[str, list[Flow], Fraction]]:
    flows: dict[str, list[Flow]] = defaultdict(list)
    for month in months:
        for name, flow in getattr(month, which):
            flows[name].append(flow)
    return [(name, each, Fraction(factors[name])) for name, each in flows.items()]


# Aluminium.


@dataclass(frozen=True)
class AluminiumMonth:
    """One electrolysis process."""

    anode: Flow
    metal: Flow


def aluminium_year(months: Sequence[AluminiumMonth]) -> LineTotals:
    law = {name: Fraction(value) for name, value in FACTORS["aluminium"].items()}
    carbon = (1 - law["anode_loss_pct"] / 100) * (1 - law["S_pct"] / 100 - law["ash_pct"] / 100)
    gas = (law["CF4_kg_t"] * law["GWP_CF4"] + law["C2F6_kg_t"] * law["GWP_C2F6"]) / 1000
    anode = half_up(_charged([month.anode for month in months], emits=True) * carbon * CARBON_TO_CO2, 2)
    # The metal both emits (anode effect) and is the output: on each side its meter's doubt counts against the works.
    effect = half_up(_charged([month.metal for month in months], emits=True) * gas, 2)
    output = half_up(_charged([month.metal for month in months], emits=False), 2)
    return LineTotals(half_up(anode + effect, 0), output)
