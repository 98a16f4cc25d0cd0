"""The products that the sectors' equations have in common, computed exactly and rounded once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.values.exact import half_up
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


def quantity(value: Decimal | Fraction, guideline: Guideline) -> Decimal:
    """A quantity rounded as the guideline says."""
    return half_up(value, guideline.places("quantity"))


def emission(value: Fraction, guideline: Guideline) -> Decimal:
    """An emission line rounded as the guideline says."""
    return half_up(value, guideline.places("emission"))


def total(values: Iterable[Decimal], guideline: Guideline) -> Decimal:
    """A sum of emission lines as the summary states it, in whole tonnes."""
    return half_up(sum(values, Decimal(0)), guideline.places("total")) or Decimal(0)  # never a negative zero


@dataclass(frozen=True, slots=True)
class Penalty:
    """p of (1 ± p), and how it is written in a formula, like "0.5% × 12/31"."""

    share: Fraction
    text: str


NONE = Penalty(Fraction(0), "")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in a formula: how it is written there, its inputs, and what it exactly comes to."""

    formula: str
    inputs: dict[str, str]
    exact: Fraction

    @classmethod
    def of(cls, symbol: str, value: Decimal, penalty: Penalty = NONE, *, emits: bool = True) -> "Amount":
        """`emits` False for what is deducted and for outputs."""
        stated = {symbol: f"{value:f}"}
        if not penalty.share:
            return cls(symbol, stated, Fraction(value))
        up = emits == (value > 0)
        factor = 1 + penalty.share if up else 1 - min(penalty.share, Fraction(1))
        formula = f"{symbol} × (1 {'+' if up else '−'} p)"
        return cls(formula, {**stated, "p": penalty.text}, Fraction(value) * factor)


def net_consumption(row: Row) -> Decimal:
    """FC of a steel works: what the ledger says was consumed, less chemical feedstock and what lies outside the boundary.

    The ledger knows no own production, so own coke and gas that are sold make it negative: their carbon came in with the coal.
    """
    return row.amount("consumed") - row.amount("feedstock") - row.amount("excluded")


def size_of(row: Row, name: str) -> Decimal:
    """How much a quantity comes to, whichever way it goes; of a fuel's ledger it is the net consumption."""
    return abs(net_consumption(row) if name == "consumed" else row.amount(name))


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


def fuel_term(make: Named, source: str, amount: Amount, ncv: Decimal, fuel: Fuel, sign: int = 1) -> Term:
    """± FC·NCV·CC·44/12, the full carbon balance of steel, which knows no oxidation rate."""
    exact = sign * product(amount.exact, ncv, fuel.cc, CO2_PER_CARBON)
    formula = f"{'−' if sign < 0 else ''}{amount.formula} × NCV × CC × 44/12"
    return make(source, exact, formula, {**amount.inputs, "NCV": text(ncv), "CC": text(fuel.cc)})


def burnt_fuel_term(make: Named, source: str, amount: Amount, ncv: Decimal, fuel: Fuel) -> Term:
    """FC·NCV·CC·OF·44/12, fuel that is burnt and no more."""
    exact = product(amount.exact, ncv, fuel.cc, percent(fuel.of), CO2_PER_CARBON)
    inputs = {**amount.inputs, "NCV": text(ncv), "CC": text(fuel.cc), "OF": f"{text(fuel.of)}%"}
    return make(source, exact, f"{amount.formula} × NCV × CC × OF × 44/12", inputs)
