"""The accounting guidelines: which one is in force in a month, and its factors; one TOML file for each sector and version.

    guideline = for_period("steel", "2025-07")
    guideline.fuels["coke"].ncv, guideline.factors("carbonate")["limestone"].value, guideline.places("quantity")

Everything is asked for by the period's first day; NotInForceError when no guideline is in force for it.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from registry.law import Law, NotInForceError, load
from reporting.content import first_day

FOLDER = Path(__file__).parent
SOLID, LIQUID, GAS = STATES = ("solid", "liquid", "gas")

PURCHASED, OWN = ORIGINS = ("purchased", "own")
ORIGIN_WORDS = {PURCHASED: ("外购", "purchased"), OWN: ("自产", "own")}


@dataclass(frozen=True, slots=True)
class Factor:
    """A default factor with its names; `unit` is the factor's own, like "tCO2/t"."""

    code: str
    zh: str
    en: str
    value: Decimal
    unit: str

    @property
    def name(self) -> str:
        """Both names, as the workbook writes them."""
        return f"{self.zh} {self.en}"


@dataclass(frozen=True, slots=True)
class Fuel:
    """A fuel's defaults: ncv GJ per `measure` ("t" or "10⁴Nm³"), cc tC/GJ, of %.

    What a works both buys and makes (coke, its gases) is stated apart: such a `kind` has one fuel for each `origin`, with the kind's own
    defaults, and one without a mark, by which it was called before there were marks (`is_unmarked`).
    """

    code: str
    zh: str
    en: str
    state: str
    measure: str
    ncv: Decimal
    cc: Decimal
    of: Decimal
    default_only: bool  # its net calorific value may never be measured
    own_made: bool  # the works makes it itself, so more may leave than comes in
    kind: str  # the code of the fuel, whatever its origin
    origin: str = ""

    @property
    def is_unmarked(self) -> bool:
        """Whether it isn't said of it if it was bought or made, though it can be either."""
        return self.own_made and not self.origin

    @property
    def name(self) -> str:
        """Both names, as the workbook writes them."""
        return f"{self.zh} {self.en}"


class Guideline:
    """One guideline on one day."""

    def __init__(self, sector: str, law: Law, day: dt.date) -> None:
        self.sector = sector
        self.law = law
        self.day = day
        self.code = str(law["version"].at(day).value)
        self.fuels: Mapping[str, Fuel] = {fuel.code: fuel for state in STATES for fuel in self._fuels(state)}
        self._factors: dict[str, dict[str, Factor]] = {}

    @cached_property
    def figures(self) -> Mapping[str, Any]:
        """All that an account can depend on, by parameter, as it is on the guideline's day; which evidence is asked for is none of it."""
        known = ((name, parameter) for name, parameter in self.law.items() if not name.startswith("evidence."))
        return {
            name: dated.value for name, parameter in known for dated in parameter.values if dated.in_force(self.day)
        }

    def factors(self, group: str) -> Mapping[str, Factor]:
        """The factors below a heading of the file, like "carbonate" or "clinker", by code; empty if the sector has none."""
        if group not in self._factors:
            self._factors[group] = {
                code: Factor(code, parameter.zh, parameter.en, parameter.number(self.day), parameter.unit)
                for code, parameter in self.law.under(group).items()
            }
        return self._factors[group]

    def number(self, parameter: str) -> Decimal:
        """A parameter of the file by its whole id."""
        return self.law[parameter].number(self.day)

    def method(self, parameter: str) -> str:
        """By which method something is done that the rules may change the shape of; code knows each by its name."""
        return str(self.law[parameter].at(self.day).value)

    def places(self, what: str) -> int:
        """Decimals of a "quantity", "ncv", "emission", "total" or "intensity"."""
        return int(self.number(f"rounding.{what}"))

    def article(self, name: str) -> str:
        """The guideline and one of its equations, in words for either reader."""
        parameter = self.law[f"article.{name}"]
        return f"{self.code} {parameter.zh} {parameter.en}"

    def _fuels(self, state: str) -> list[Fuel]:
        found = self.law.under(f"fuel.{state}")
        codes = dict.fromkeys(key.partition(".")[0] for key in found)
        return [fuel for code in codes for fuel in _by_origin(self._fuel(state, code))]

    def _fuel(self, state: str, code: str) -> Fuel:
        ncv, cc, of = (self.law[f"fuel.{state}.{code}.{name}"] for name in ("ncv", "cc", "of"))
        return Fuel(
            code=code,
            zh=ncv.zh,
            en=ncv.en,
            state=state,
            measure=ncv.unit.removeprefix("GJ/"),
            ncv=ncv.number(self.day),
            cc=cc.number(self.day),
            of=of.number(self.day),
            default_only=bool(ncv.extra.get("default_only")),
            own_made=bool(ncv.extra.get("own_made")),
            kind=code,
        )


def _by_origin(fuel: Fuel) -> Iterator[Fuel]:
    yield fuel
    for origin in ORIGINS if fuel.own_made else ():
        zh, en = ORIGIN_WORDS[origin]
        marked = replace(fuel, code=f"{fuel.code}_{origin}", origin=origin, own_made=origin == OWN)
        yield replace(marked, zh=f"{fuel.zh}（{zh}）", en=f"{fuel.en} ({en})")


def kind_of(item: str) -> str:
    """The code of a fuel without the mark of its origin."""
    return next((item.removesuffix(f"_{origin}") for origin in ORIGINS if item.endswith(f"_{origin}")), item)


@cache
def versions(sector: str) -> tuple[Law, ...]:
    """Every version of a sector's guideline."""
    return tuple(load(path) for path in sorted(FOLDER.glob(f"{sector}-*.toml")))


@cache
def on_day(sector: str, day: dt.date) -> Guideline:
    """The guideline in force on `day`; NotInForceError when there is none. Days between which nothing changes share one."""
    for number, law in enumerate(versions(sector)):
        if any(value.in_force(day) for value in law["version"].values):
            return _since(sector, number, max(change for change in _changes(sector, number) if change <= day))
    raise NotInForceError(f"{sector} guideline", day)


@cache
def _since(sector: str, number: int, day: dt.date) -> Guideline:
    """A version as it is from `day` on, once: forms and templates are kept by guideline."""
    return Guideline(sector, versions(sector)[number], day)


@cache
def _changes(sector: str, number: int) -> frozenset[dt.date]:
    """The days on which some value of a version begins, or has just ended."""
    dated = [value for parameter in versions(sector)[number].values() for value in parameter.values]
    ended = {value.until + dt.timedelta(days=1) for value in dated if value.until}
    return frozenset({value.since for value in dated} | ended)


def for_period(sector: str, period: str) -> Guideline:
    """The guideline in force for a month or year."""
    return on_day(sector, first_day(period))


def spans(sector: str, periods: Iterable[str]) -> list[tuple[Guideline, list[str]]]:
    """The periods in order, parted where the guideline's figures change; each part with its guideline."""
    applied = [(for_period(sector, period), period) for period in sorted(periods)]
    parts = itertools.groupby(applied, key=lambda each: each[0].figures)
    found = [list(part) for _, part in parts]
    return [(part[0][0], [period for _, period in part]) for part in found]


@cache
def thresholds() -> Law:
    """The thresholds of the plausibility checks."""
    return load(FOLDER / "checks.toml")


@cache
def filing() -> Law:
    """For which periods files are taken, and how much of them."""
    return load(FOLDER / "filing.toml")


@cache
def risk_weights() -> Law:
    """The weights by which waiting packages are ordered."""
    return load(FOLDER / "risk.toml")
