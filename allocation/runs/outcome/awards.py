"""What each line is determined, or allocated in advance, with the explanation of every tonne."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from allocation.method import settlement, shown, vector
from allocation.method.determination import Determination
from allocation.method.explanation import Explainer, written_parameter
from allocation.method.lines import LineInput, UnusableLinesError
from allocation.method.rules import rules_of
from allocation.plans import Plan, PlanYear

__all__ = ["AWARD_FIELDS", "UnusableRunError", "allocated_in_advance", "determined"]

AWARD_FIELDS = ("emissions", "quota", "due", "intensity", "deviation", "coefficient", "case", "article")

Row = dict[str, Any]


class UnusableRunError(Exception):
    """A run that can't be computed: `faults` are texts for people, all of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def determined(plan: Plan, manifest: Mapping[str, Any], lines: list[LineInput]) -> list[Row]:
    value = manifest["balance_value"]
    day = dt.date.fromisoformat(manifest["determined_on"])
    rules = rules_of(plan, manifest["sector"], manifest["year"], day)
    rules = rules.at(Fraction(value["value"])) if value else rules
    try:
        found = vector.determine_under(rules, lines)
    except UnusableLinesError as error:
        raise UnusableRunError([f"{fault.line}: {fault.field}: {fault.message}" for fault in error.faults]) from error
    explainer = Explainer(rules)
    return [_award(one, explainer) for one in found]


def _award(one: Determination, explainer: Explainer) -> Row:
    ratios = intensity, deviation, coefficient = one.ratios
    explanation = explainer.explain(one, ratios)
    return {
        "line": one.line.line,
        "emissions": one.line.emissions,
        "quota": one.quota,
        "due": one.due,
        "intensity": _text(intensity),
        "deviation": _text(deviation),
        "coefficient": str(coefficient),
        "case": str(one.case),
        "article": explanation["article"],
        "explanation": explanation,
    }


def _text(value: Fraction | None) -> str:
    return "" if value is None else str(value)


def allocated_in_advance(plan: Plan, manifest: Mapping[str, Any], lines: list[LineInput]) -> list[Row]:
    terms = plan.for_year(manifest["year"])
    rate = terms.number("pre_allocation.rate")
    shared = {
        "parameters": [written_parameter(terms, "pre_allocation.rate")],
        "roundings": [written_parameter(terms, "pre_allocation.rounding")],
    }
    return [_advance(line, rate, terms, manifest["sector"], shared) for line in lines]


def _advance(line: LineInput, rate: Decimal, terms: PlanYear, sector: str, shared: Row) -> Row:
    """A line's pre-allocation, floor(rate × last year's verified emissions); nothing is due for it yet.

    `shared` is what all lines' explanations have in common.
    """
    quota = settlement.pre_allocated(line.emissions, rate)
    rule = terms.value("pre_allocation.rate")
    inputs: list[Row] = [
        {"name": "emissions", "symbol": "E", "value": str(line.emissions), "unit": "tCO2e"},
        {"name": "emissions_year", "symbol": "", "value": str(terms.year - 1), "unit": ""},
    ]
    explanation = {
        "line": line.line,
        "plan": terms.plan.id,
        "year": terms.year,
        "sector": sector,
        "case": "pre_allocation",
        "article": rule.cite,
        "article_zh": rule.cite_zh,
        "quota": quota,
        "due": 0,
        "formula": "A = floor(rate × E)",
        "numbers": f"floor({shown.exact(rate)} × {line.emissions}) = {quota}",
        "inputs": inputs,
        "steps": [],
        **shared,
    }
    return {
        "line": line.line,
        "emissions": line.emissions,
        "quota": quota,
        "due": 0,
        "intensity": "",
        "deviation": "",
        "coefficient": str(Fraction(rate)),
        "case": "pre_allocation",
        "article": rule.cite,
        "explanation": explanation,
    }
