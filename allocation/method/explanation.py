"""One line's determination unfolded: the formula with the numbers in place, every input, every parameter with its article, every rounding.

The explanation is JSON-able, every exact number is text, and nothing in it depends on a language: `name` and `symbol` are for pages to
label. It is stored beside the award; no other code works the numbers out again.
"""

from fractions import Fraction
from typing import Literal

from allocation import kept_shapes
from allocation.method import shown
from allocation.method.determination import Determination, Ratios
from allocation.method.line_facts import LineInput
from allocation.method.plan_rules import BY_INTENSITY, CARBIDE_SLAG, OUTSIDE, PARAMETER_OF, Case, Rules
from allocation.plans import PlanYear

# What a case rests on beside the rule that names it.
_ALSO = {
    Case.CARBIDE_SLAG: ("determination.carbide_slag_rate",),
    Case.SMALL_UNIT: ("determination.small_unit_counts",),
    Case.CLOSED: ("determination.closed_until",),
    Case.OUTSIDE_CLOSED: ("determination.closed_until", "determination.outside_means"),
    Case.OUTSIDE_COMMISSIONED: ("determination.outside_means",),
}
# The fields that explanations have in common.
SHARED: tuple[Literal["parameters"], Literal["roundings"]] = ("parameters", "roundings")
_COEFFICIENT = ("determination.slope", "determination.cap", "determination.limit")


def explain(one: Determination) -> kept_shapes.Explanation:
    """The determination as an explanation that can be stored and shown."""
    return Explainer(one.rules).explain(one)


class Explainer:
    """Explains many lines determined under the same rules; what they have in common is worked out once and is the same object."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._terms = rules.plan_year
        self._of_case: dict[tuple[Case, str, bool], kept_shapes.ExplanationOfCase] = {}
        if rules.intensity_terms and rules.balance_value:
            terms = rules.terms
            numbers = (terms.slope, terms.cap, terms.limit, rules.balance_value)
            self._slope, self._cap, self._limit, self._bp = map(shown.exact, numbers)

    def explain(self, one: Determination, ratios: Ratios | None = None) -> kept_shapes.Explanation:
        """As `explain`, given the line's ratios if they are known. The fields SHARED are other lines' too: never change them."""
        i, x, alpha = ratios or one.ratios
        formula, numbers = self._formula(one)
        return {
            "line": one.line.line,
            "quota": one.quota,
            "due": one.due,
            "formula": formula,
            "numbers": numbers,
            "inputs": self._inputs(one),
            "steps": [] if i is None or x is None else self._steps(one, i, x, alpha),
            **self._common(one.case, one.line.kind, bool(one.line.carbide_slag_rate)),
        }

    def _common(self, case: Case, kind: str, slag: bool) -> kept_shapes.ExplanationOfCase:
        """What is said of every line of the case and kind alike, with and without carbide slag."""
        if (known := self._of_case.get((case, kind, slag))) is None:
            rule = self._terms.value(PARAMETER_OF[case])
            known = self._of_case[case, kind, slag] = {
                "plan": self._terms.plan.id,
                "year": self._rules.year,
                "sector": self._rules.sector,
                "case": str(case),
                "article": rule.cite,
                "article_zh": rule.cite_zh,
                "parameters": [
                    written_parameter(self._terms, name) for name in _parameters(case, kind, slag, self._rules)
                ],
                "roundings": [written_parameter(self._terms, name) for name in _roundings(case)],
            }
        return known

    def _formula(self, one: Determination) -> tuple[str, str]:
        """The formula of the case in symbols, and with the numbers in place."""
        if one.case in OUTSIDE:
            return "A = 0", "A = 0"
        if one.case not in BY_INTENSITY:
            return "A = E", f"A = {one.quota}"
        if one.case is Case.WITHIN:
            symbols = "slope × (BP − I) / BP"
            numbers = f"{self._slope} × ({self._bp} − {_ratio(one.line)}) / {self._bp}"
        else:
            symbols, numbers = ("cap", self._cap) if one.case is Case.CLIPPED_ABOVE else ("(−cap)", f"(−{self._cap})")
        return f"A = floor(E × (1 + {symbols}))", f"A = floor({one.line.emissions} × (1 + {numbers})) = {one.quota}"

    def _inputs(self, one: Determination) -> list[kept_shapes.Input]:
        """What is known of the line, the day up to which closings count and the balance value: name, symbol, value, unit."""
        known: dict[str, object] = {**one.line.canonical(), "determined_on": self._rules.determined_on.isoformat()}
        if one.case in BY_INTENSITY:
            known["balance_value"] = self._bp
        return [
            {"name": name, "symbol": _SYMBOLS.get(name, ""), "value": _text(value), "unit": _UNITS.get(name, "")}
            for name, value in known.items()
            if value not in (None, "") and name != "line"
        ]

    def _steps(self, one: Determination, i: Fraction, x: Fraction, alpha: Fraction) -> list[kept_shapes.Step]:
        """The numbers on the way, each exact and as shown."""
        bp, limit, cap = self._bp, self._limit, self._cap
        ratio = _ratio(one.line)
        if one.case is Case.WITHIN:
            coefficient = f"α = slope × X, −{limit} < X < {limit}", f"{self._slope} × ({shown.exact(x)})"
        elif one.case is Case.CLIPPED_ABOVE:
            coefficient = f"α = +cap, X ≥ {limit}", cap
        else:
            coefficient = f"α = −cap, X ≤ −{limit}", f"−{cap}"
        unrounded = one.line.emissions * (1 + alpha)
        return [
            _step("I", "I = main_emissions / output", ratio, i, shown.intensity(i)),
            _step("X", "X = (BP − I) / BP", f"({bp} − {ratio}) / {bp}", x, shown.deviation(x)),
            _step("α", *coefficient, alpha, shown.coefficient(alpha)),
            _step("A", "A = floor(E × (1 + α))", f"floor({shown.exact(unrounded)})", unrounded, str(one.quota)),
        ]


def _ratio(line: LineInput) -> str:
    return f"{_text(line.main_emissions)} / {_text(line.output)}"


_SYMBOLS = {"emissions": "E", "balance_value": "BP"}
_UNITS = {
    "emissions": "tCO2e",
    "main_emissions": "tCO2e",
    "output": "t",
    "unit_emissions": "tCO2e",
    "balance_value": "tCO2e/t",
}


def _parameters(case: Case, kind: str, slag: bool, rules: Rules) -> list[str]:
    names = ["determination.method", PARAMETER_OF[case], *_ALSO.get(case, ())]
    if case in BY_INTENSITY:
        names += _COEFFICIENT
        if rules.asks_slag_rate_of(kind) and (slag or kind == CARBIDE_SLAG):
            names += [f"determination.kinds.{CARBIDE_SLAG}", "determination.carbide_slag_rate"]
    return list(dict.fromkeys(names))


def _roundings(case: Case) -> list[str]:
    names = ["rounding.verified_emissions"]
    if case in BY_INTENSITY:
        names += ["balance_value.places", "rounding.ratios", "rounding.quota"]
    return names


def written_parameter(terms: PlanYear, name: str) -> kept_shapes.Parameter:
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


def _step(symbol: str, formula: str, numbers: str, exact: Fraction, shown_as: str) -> kept_shapes.Step:
    return {"symbol": symbol, "formula": formula, "numbers": numbers, "exact": str(exact), "shown": shown_as}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
