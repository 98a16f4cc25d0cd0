"""What is kept as JSON, shape by shape: a run's manifest and result, an explanation, what is reported beside a balance value.

These are the bytes under the hashes, so nothing here is computed: each room that writes a shape says how, and whoever reads one back
(`Run.inputs`, `BalanceValue.found`) gets the same names. Exact numbers are text, whole tonnes are integers, days are ISO. A field that is
`NotRequired` is left out where there is nothing to say, so that what was kept before the field was thought of keeps its hash.
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

__all__ = [
    "AwardRow",
    "BalanceReport",
    "Comparison",
    "Course",
    "CourseDecision",
    "CourseStage",
    "DeductedRow",
    "Explanation",
    "ExplanationOfCase",
    "Input",
    "IssuedBefore",
    "IssuedRow",
    "LeftOutLine",
    "LeftOutRow",
    "Line",
    "LineChange",
    "LineSide",
    "Manifest",
    "ManifestLine",
    "Mark",
    "OutstandingRow",
    "Parameter",
    "Plan",
    "ProvinceSums",
    "Result",
    "SettlementRow",
    "SideTotals",
    "Step",
    "UsedValue",
    "Withheld",
]


# A manifest: everything that a run's result depends on.


class Plan(TypedDict):
    """A plan in full. Its header and parameters are what its file says; law.read knows them."""

    plan: Mapping[str, Any]
    parameters: Mapping[str, Any]


class Line(TypedDict):
    """A line's verified year, as determination is told it (method.lines.LineInput)."""

    line: str
    emissions: int
    main_emissions: str | None
    output: str | None
    kind: str
    carbide_slag_rate: str | None
    commissioned: str | None
    closed: str | None
    unit: str
    unit_emissions: NotRequired[int | None]


class ManifestLine(Line):
    """The line with the id and version of the verified result that it was read from."""

    result: int
    version: int


class UsedValue(TypedDict):
    id: int
    value: str


class IssuedBefore(TypedDict):
    """What a unit was issued of the year so far (scope.issued.Before)."""

    pre_allocated: int
    deducted: int
    issued: int
    settled: int


class OutstandingRow(TypedDict):
    """A deduction's balance: what it holds, what the year's pre-allocation took for it, and what the year's determinations took so far."""

    decision: str
    number: str
    decided_on: str
    left: int
    in_advance: int
    determined: NotRequired[int]


class CourseDecision(TypedDict):
    decision: str
    number: str
    decided_on: str
    tonnes: int
    taken: int
    determined: int
    revoked: bool


class CourseStage(TypedDict):
    year: int
    pre_allocated: int
    determined: int | None
    decisions: list[str]


class Course(TypedDict):
    """All decisions over a unit of which one was revoked, and the approved runs that took from them, in their order."""

    decisions: list[CourseDecision]
    stages: list[CourseStage]


class Mark(TypedDict):
    """The mark of a differentiated unit, under its id."""

    mark: int
    ground: str
    facts: str


class LeftOutRow(TypedDict):
    line: str
    reason: str


class Manifest(TypedDict):
    """Lines are named "credit code/line code", units by credit code; `waiting` are advances by line, what else is a mapping is by unit."""

    method: str
    kind: str
    authority: str
    sector: str
    year: int
    time: int
    determined_on: str
    plan: Plan
    balance_value: UsedValue | None
    lines: list[ManifestLine]
    before: dict[str, IssuedBefore]
    outstanding: dict[str, list[OutstandingRow]]
    differentiated: NotRequired[dict[str, Mark]]
    waiting: dict[str, int]
    left_out: list[LeftOutRow]
    courses: NotRequired[dict[str, Course]]


# A result: what follows from a manifest.


class Input(TypedDict):
    name: str
    symbol: str
    value: str
    unit: str


class Step(TypedDict):
    """A number on the way, exact and as shown."""

    symbol: str
    formula: str
    numbers: str
    exact: str
    shown: str


class Parameter(TypedDict):
    """A parameter of the plan with the value that the year has of it, and where it is written."""

    name: str
    value: str
    unit: str
    zh: str
    en: str
    cite: str
    cite_zh: str
    confidence: str
    assumed: bool


class ExplanationOfCase(TypedDict):
    """What is said alike of every line of a case and kind."""

    plan: str
    year: int
    sector: str
    case: str
    article: str
    article_zh: str
    parameters: list[Parameter]
    roundings: list[Parameter]


class Explanation(ExplanationOfCase):
    """One line's quota unfolded."""

    line: str
    quota: int
    due: int
    formula: str
    numbers: str
    inputs: list[Input]
    steps: list[Step]


class AwardRow(TypedDict):
    """What a line gets; the ratios are exact, "numerator/denominator", or empty where the case has none."""

    line: str
    emissions: int
    quota: int
    due: int
    intensity: str
    deviation: str
    coefficient: str
    case: str
    article: str
    explanation: Explanation


class DeductedRow(TypedDict):
    """What a run takes from a decision or gives back to it; `before` is what the decision held."""

    decision: str
    before: int
    given_back: int
    taken: int


class Withheld(TypedDict):
    mark: int
    tonnes: int


class IssuedRow(TypedDict):
    """What a unit was allocated and issued."""

    unit: str
    pre_allocated: int
    determined: int
    issued_before: int
    issued_now: int
    issued_total: int


class SettlementRow(IssuedRow):
    """The columns of tables 1-5 and 2-5 for one unit (models.Settlement)."""

    top_up: int
    deduction_returned: int
    deducted: int
    outstanding: int
    due: int
    deductions: NotRequired[list[DeductedRow]]
    withheld: NotRequired[Withheld]


class Result(TypedDict):
    awards: list[AwardRow]
    settlements: list[SettlementRow]
    left_out: list[LeftOutRow]


# What is found beside a balance value, and beside one that is recomputed.


class LeftOutLine(TypedDict):
    authority: str
    unit: str
    line: str
    name: str


class BalanceReport(TypedDict):
    value: str
    root: str
    interval: list[str] | None
    total_emissions: int
    total_quota: int
    residue: int
    within: int
    clipped_above: int
    clipped_below: int
    equal_lines: int
    outside_lines: int
    surplus_deciles: list[str]
    lines: NotRequired[int]
    missing: NotRequired[list[LeftOutLine]]
    strangers: NotRequired[list[LeftOutLine]]


class LineSide(TypedDict):
    emissions: int
    intensity: str
    quota: int
    due: int
    case: str


class LineChange(TypedDict):
    """A line as published and as recomputed; None on the side that has no such line."""

    line: str
    before: LineSide | None
    after: LineSide | None


class SideTotals(TypedDict):
    emissions: int
    quota: int
    lines: int


class ProvinceSums(TypedDict):
    """A province's emissions and quota on both sides."""

    authority: str
    before: tuple[int, int]
    after: tuple[int, int]


class Comparison(TypedDict):
    lines: list[LineChange]
    moved: int
    totals: tuple[SideTotals, SideTotals]
    provinces: list[ProvinceSums]


class CcerConditions(TypedDict):
    """On what conditions voluntary reductions may settle a notice: `share` of the tonnes due, the day as ISO, and where it is written."""

    share: str
    registered_after: str
    from_covered_units: bool
    cite: str
    cite_zh: str
