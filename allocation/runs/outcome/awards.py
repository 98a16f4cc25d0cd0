"""What each line is determined, or allocated in advance, with the explanation of every tonne."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from allocation import kept_shapes
from allocation.method import settlement, shown, vector
from allocation.method.determination import Determination
from allocation.method.explanation import Explainer, written_parameter
from allocation.method.line_facts import LineInput, UnusableLinesError
from allocation.method.plan_rules import rules_of
from allocation.plans import Plan

__all__ = ["AWARD_FIELDS", "UnusableRunError", "allocated_in_advance", "determined"]

AwardField = Literal["emissions", "quota", "due", "intensity", "deviation", "coefficient", "case", "article"]
AWARD_FIELDS: tuple[AwardField, ...] = get_args(AwardField)


class UnusableRunError(Exception):
    """A run that can't be computed: `faults` are texts for people, all of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def determined(plan: Plan, manifest: kept_shapes.Manifest, lines: list[LineInput]) -> list[kept_shapes.AwardRow]:
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


def _award(one: Determination, explainer: Explainer) -> kept_shapes.AwardRow:
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


def allocated_in_advance(
    plan: Plan, manifest: kept_shapes.Manifest, lines: list[LineInput]
) -> list[kept_shapes.AwardRow]:
    terms = plan.for_year(manifest["year"])
    rate = terms.number("pre_allocation.rate")
    rule = terms.value("pre_allocation.rate")
    shared: kept_shapes.ExplanationOfCase = {
        "plan": terms.plan.id,
        "year": terms.year,
        "sector": manifest["sector"],
        "case": "pre_allocation",
        "article": rule.cite,
        "article_zh": rule.cite_zh,
        "parameters": [written_parameter(terms, "pre_allocation.rate")],
        "roundings": [written_parameter(terms, "pre_allocation.rounding")],
    }
    return [_advance(line, rate, shared) for line in lines]


def _advance(line: LineInput, rate: Decimal, shared: kept_shapes.ExplanationOfCase) -> kept_shapes.AwardRow:
    """A line's pre-allocation, floor(rate × last year's verified emissions); nothing is due for it yet."""
    quota = settlement.pre_allocated(line.emissions, rate)
    explanation: kept_shapes.Explanation = {
        **shared,
        "line": line.line,
        "quota": quota,
        "due": 0,
        "formula": "A = floor(rate × E)",
        "numbers": f"floor({shown.exact(rate)} × {line.emissions}) = {quota}",
        "inputs": [
            {"name": "emissions", "symbol": "E", "value": str(line.emissions), "unit": "tCO2e"},
            {"name": "emissions_year", "symbol": "", "value": str(shared["year"] - 1), "unit": ""},
        ],
        "steps": [],
    }
    return {
        "line": line.line,
        "emissions": line.emissions,
        "quota": quota,
        "due": 0,
        "intensity": "",
        "deviation": "",
        "coefficient": str(Fraction(rate)),
        "case": shared["case"],
        "article": shared["article"],
        "explanation": explanation,
    }
