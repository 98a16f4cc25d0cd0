"""The products that the sectors' equations have in common, computed exactly and rounded once."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from registry.exact import half_up
from reporting.accounting.terms import CO2_PER_CARBON, Term
from reporting.content import Row
from reporting.guidelines import Fuel, Guideline


def product(*factors: Decimal | Fraction) -> Fraction:
    """The exact product."""
    result = Fraction(1)
    for factor in factors:
        result *= Fraction(factor)
    return result


def text(value: Decimal) -> str:
    """A number as a term shows it: plain digits, no exponent."""
    return f"{value:f}"


def percent(value: Decimal) -> Fraction:
    return Fraction(value) / 100


def quantity(value: Decimal, guideline: Guideline) -> Decimal:
    """A quantity rounded as the guideline says."""
    return half_up(value, guideline.places("quantity"))


def emission(value: Fraction, guideline: Guideline) -> Decimal:
    """An emission line rounded as the guideline says."""
    return half_up(value, guideline.places("emission"))


def total(values: Iterable[Decimal], guideline: Guideline) -> Decimal:
    """A sum of emission lines as the summary states it, in whole tonnes."""
    return half_up(sum(values, Decimal(0)), guideline.places("total")) or Decimal(0)  # never a negative zero


def ncv_of(row: Row, fuel: Fuel, guideline: Guideline, stated: Decimal | None = None) -> Decimal:
    """The row's own net calorific value, else the one stated elsewhere, else the default; always the default where only that is lawful."""
    own = row.number("ncv")
    value = stated if own is None else own
    return half_up(fuel.ncv if value is None or fuel.default_only else value, guideline.places("ncv"))


Named = Callable[[str, Fraction, str, Mapping[str, str]], Term]


def named(level: str, line: str, article: str, guideline: Guideline) -> Named:
    """A maker of terms that share level, line and article: `(source, exact emissions, formula, inputs) -> Term`."""

    def make(source: str, exact: Fraction, formula: str, inputs: Mapping[str, str]) -> Term:
        return Term(level, line, source, formula, dict(inputs), emission(exact, guideline), guideline.article(article))

    return make


def fuel_term(make: Named, source: str, amount: Decimal, ncv: Decimal, fuel: Fuel, sign: int = 1) -> Term:
    """± FC·NCV·CC·44/12, the full carbon balance of steel, which knows no oxidation rate."""
    exact = sign * product(amount, ncv, fuel.cc, CO2_PER_CARBON)
    formula = "FC × NCV × CC × 44/12" if sign > 0 else "−FC × NCV × CC × 44/12"
    return make(source, exact, formula, {"FC": text(amount), "NCV": text(ncv), "CC": text(fuel.cc)})


def burnt_fuel_term(make: Named, source: str, amount: Decimal, ncv: Decimal, fuel: Fuel) -> Term:
    """FC·NCV·CC·OF·44/12, fuel that is burnt and no more."""
    exact = product(amount, ncv, fuel.cc, percent(fuel.of), CO2_PER_CARBON)
    inputs = {"FC": text(amount), "NCV": text(ncv), "CC": text(fuel.cc), "OF": f"{text(fuel.of)}%"}
    return make(source, exact, "FC × NCV × CC × OF × 44/12", inputs)
