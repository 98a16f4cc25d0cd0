"""Which parameter of the guideline each factor of a term is, so that a page can show its citation and whether it is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from registry.law import DatedValue
from reporting.accounting import sector
from reporting.guidelines import Guideline

FACTORS = {"processed": "product"}
"""Tables whose factors stand under another's heading: a product that is processed further counts as sold."""

_FACTOR_NAMES = ("EF", "D")
_PENALTY = {"p": "calibration.months"}


@dataclass(frozen=True, slots=True)
class Cited:
    """A parameter's id and unit, and its value on the guideline's day with citation, confidence and `assumed`."""

    parameter: str
    unit: str
    dated: DatedValue


class Factored(Protocol):
    """A term, computed or stored."""

    @property
    def source(self) -> str: ...

    @property
    def inputs(self) -> Mapping[str, str]: ...


def cited(term: Factored, guideline: Guideline) -> dict[str, Cited]:
    """By the names of the term's inputs; amounts and measured values are the unit's own and aren't among them."""
    parameters = {**(sector.of(guideline.sector).cited.get(term.source) or _of_item(term, guideline)), **_PENALTY}
    found = {name: guideline.law.get(parameter) for name, parameter in parameters.items() if name in term.inputs}
    return {
        name: Cited(parameter.id, parameter.unit, parameter.at(guideline.day))
        for name, parameter in found.items()
        if parameter is not None
    }


def _of_item(term: Factored, guideline: Guideline) -> Mapping[str, str]:
    source, _, item = term.source.rpartition(".")
    group = FACTORS.get(source, source)
    if item in guideline.factors(group):
        return dict.fromkeys(_FACTOR_NAMES, f"{group}.{item}")
    fuel = guideline.fuels.get(item)
    if fuel is None:
        return {}
    names = {"CC": "cc", "OF": "of"}
    if Decimal(term.inputs.get("NCV", "0")) == fuel.ncv:
        names["NCV"] = "ncv"
    return {name: f"fuel.{fuel.state}.{fuel.kind}.{last}" for name, last in names.items()}
