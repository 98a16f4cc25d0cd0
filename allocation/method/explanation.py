"""One line's determination unfolded: the formula with the numbers in place, every input, every parameter with its article, every rounding.

The explanation is JSON-able, every exact number is text, and nothing in it depends on a language: `name` and `symbol` are for pages to
label. It is stored beside the award; no other code works the numbers out again.
"""

from fractions import Fraction
from typing import Any

from allocation.method import shown
from allocation.method.determination import Determination
from allocation.method.lines import LineInput
from allocation.method.rules import BY_INTENSITY, OUTSIDE, PARAMETER_OF, Case
from allocation.plans import PlanYear

# What a case rests on beside the rule that names it.
_ALSO = {
    Case.CARBIDE_SLAG: ("determination.carbide_slag_rate",),
    Case.SMALL_UNIT: ("determination.small_unit_counts",),
    Case.CLOSED: ("determination.closed_until",),
    Case.OUTSIDE_CLOSED: ("determination.closed_until", "determination.outside_means"),
    Case.OUTSIDE_COMMISSIONED: ("determination.outside_means",),
}
_COEFFICIENT = ("determination.slope", "determination.cap", "determination.limit")


def explain(one: Determination) -> dict[str, Any]:
    """The determination as an explanation that can be stored and shown."""
    formula, numbers = _formula(one)
    return {
        "line": one.line.line,
        "plan": one.rules.plan_year.plan.id,
        "year": one.rules.year,
        "sector": one.rules.sector,
        "case": str(one.case),
        "article": one.article,
        "article_zh": one.rules.plan_year.value(PARAMETER_OF[one.case]).cite_zh,
        "quota": one.quota,
        "due": one.due,
        "formula": formula,
        "numbers": numbers,
        "inputs": _inputs(one),
        "parameters": [written_parameter(one.rules.plan_year, name) for name in _parameters(one)],
        "steps": _steps(one),
        "roundings": [written_parameter(one.rules.plan_year, name) for name in _roundings(one)],
    }


def _formula(one: Determination) -> tuple[str, str]:
    """The formula of the case in symbols, and with the numbers in place."""
    if one.case in OUTSIDE:
        return "A = 0", "A = 0"
    if one.case not in BY_INTENSITY:
        return "A = E", f"A = {one.quota}"
    terms = one.rules.terms
    slope, cap, bp = (shown.exact(number) for number in (terms.slope, terms.cap, one.rules.bp))
    symbols, numbers = {
        Case.WITHIN: ("slope × (BP − I) / BP", f"{slope} × ({bp} − {_ratio(one.line)}) / {bp}"),
        Case.CLIPPED_ABOVE: ("cap", cap),
        Case.CLIPPED_BELOW: ("(−cap)", f"(−{cap})"),
    }[one.case]
    return f"A = floor(E × (1 + {symbols}))", f"A = floor({one.line.emissions} × (1 + {numbers})) = {one.quota}"


def _ratio(line: LineInput) -> str:
    return f"{_text(line.main_emissions)} / {_text(line.output)}"


def _inputs(one: Determination) -> list[dict[str, Any]]:
    """What is known of the line, the day up to which closings count and the balance value: name, symbol, value, unit."""
    known: dict[str, str | int | None] = one.line.canonical()
    known |= {"determined_on": one.rules.determined_on.isoformat()}
    known |= {"balance_value": shown.exact(one.rules.bp)} if one.case in BY_INTENSITY else {}
    return [
        {"name": name, "value": _text(value), **_SIGNS.get(name, {"symbol": "", "unit": ""})}
        for name, value in known.items()
        if name != "line" and value not in (None, "")
    ]


_SIGNS = {
    "emissions": {"symbol": "E", "unit": "tCO2e"},
    "main_emissions": {"symbol": "", "unit": "tCO2e"},
    "output": {"symbol": "", "unit": "t"},
    "unit_emissions": {"symbol": "", "unit": "tCO2e"},
    "balance_value": {"symbol": "BP", "unit": "tCO2e/t"},
}


def _parameters(one: Determination) -> list[str]:
    names = ["determination.method", PARAMETER_OF[one.case], *_ALSO.get(one.case, ())]
    if one.case in BY_INTENSITY:
        names += _COEFFICIENT
        if one.line.kind in one.rules.kinds:
            names += [f"determination.kinds.{one.line.kind}", "determination.carbide_slag_rate"]
    return list(dict.fromkeys(names))


def _roundings(one: Determination) -> list[str]:
    names = ["rounding.verified_emissions"]
    if one.case in BY_INTENSITY:
        names += ["balance_value.places", "rounding.ratios", "rounding.quota"]
    return names


def written_parameter(terms: PlanYear, name: str) -> dict[str, Any]:
    """A parameter of the plan with the value that the year has of it and where it is written: JSON-able, in both languages."""
    parameter, dated = terms.plan.parameters[name], terms.value(name)
    return {
        "name": name,
        "value": _text(dated.value),
        "unit": parameter.unit,
        "zh": parameter.zh,
        "en": parameter.en,
        "cite": dated.cite,
        "cite_zh": dated.cite_zh,
        "confidence": dated.confidence,
        "assumed": dated.assumed,
    }


def _steps(one: Determination) -> list[dict[str, str]]:
    """The numbers on the way, each exact and as shown; empty where the intensity did not decide."""
    x, i = one.deviation, one.intensity
    if x is None or i is None:
        return []
    terms, alpha, bp = one.rules.terms, one.coefficient, shown.exact(one.rules.bp)
    slope = f"{shown.exact(terms.slope)} × ({shown.exact(x)})"
    limit, cap = shown.exact(terms.limit), shown.exact(terms.cap)
    coefficient = {
        Case.WITHIN: (f"α = slope × X, −{limit} < X < {limit}", slope),
        Case.CLIPPED_ABOVE: (f"α = +cap, X ≥ {limit}", cap),
        Case.CLIPPED_BELOW: (f"α = −cap, X ≤ −{limit}", f"−{cap}"),
    }[one.case]
    unrounded = one.line.emissions * (1 + alpha)
    return [
        _step("I", "I = main_emissions / output", _ratio(one.line), i, shown.intensity(i)),
        _step("X", "X = (BP − I) / BP", f"({bp} − {_ratio(one.line)}) / {bp}", x, shown.deviation(x)),
        _step("α", *coefficient, alpha, shown.coefficient(alpha)),
        _step("A", "A = floor(E × (1 + α))", f"floor({shown.exact(unrounded)})", unrounded, str(one.quota)),
    ]


def _step(symbol: str, formula: str, numbers: str, exact: Fraction, shown_as: str) -> dict[str, str]:
    return {"symbol": symbol, "formula": formula, "numbers": numbers, "exact": str(exact), "shown": shown_as}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
