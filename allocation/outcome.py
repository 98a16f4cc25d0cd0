"""A run's manifest, and the result that follows from the manifest alone: run again, it gives the same bytes.

No database here. The manifest is canonical JSON data: the plan in full, the balance value, each line with the id and version of its
verified result, what was issued before and for which waiting line, what earlier decisions still take, whose quota is withheld, who is left
out. Lines are named "credit code/line code", units by credit code.
"""

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from allocation import settlement
from allocation.issued import Before
from allocation.method import shown, vector
from allocation.method.determination import Determination
from allocation.method.explanation import SHARED, Explainer, written_parameter
from allocation.method.lines import LineInput, UnusableLinesError
from allocation.method.rules import rules_of
from allocation.models import Award, LeftOut, Run, Settlement, Withholding
from allocation.plans import Plan, PlanYear, load_plan
from allocation.scope import Scope, line_input, line_key
from allocation.settlement import Pot
from registry.canonical import Shared, spliced

__all__ = [
    "AWARD_FIELDS",
    "METHOD",
    "POT_FIELDS",
    "SETTLEMENT_FIELDS",
    "UnusableRunError",
    "digest_of",
    "explanations",
    "manifest_of",
    "result_of",
    "written_award",
    "written_before",
    "written_settlement",
]

WAITING = str(LeftOut.Reason.NO_VERIFIED_RESULT)
METHOD = "allocation.run/4"  # a change of the method that could change a tonne gets another number
AWARD_FIELDS = ("emissions", "quota", "due", "intensity", "deviation", "coefficient", "case", "article")
SETTLEMENT_FIELDS = (
    "pre_allocated",
    "determined",
    "top_up",
    "deduction_returned",
    "deducted",
    "issued_before",
    "issued_now",
    "issued_total",
    "pot_left",
    "due",
)

POT_FIELDS = ("before", "given_back", "taken")

Row = dict[str, Any]


class UnusableRunError(Exception):
    """A run that can't be computed: `faults` are texts for people, all of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def manifest_of(
    run: Run,
    scope: Scope,
    before: Mapping[str, Before],
    advances: Mapping[str, int],
    pots: Mapping[str, Sequence[Row]],
    differentiated: Mapping[str, Row],
    determined_on: dt.date,
) -> Row:
    """Everything the run's result depends on, read once. `advances` are by line, `before`, `pots` and `differentiated` by unit."""
    value = run.balance_value
    totals: Counter[int] = Counter()
    for result in scope.results:
        totals[result.unit_id] += result.emissions
    inputs = [line_input(result, totals[result.unit_id]) for result in scope.results]
    return {
        "method": METHOD,
        "kind": str(run.kind),
        "authority": run.authority.code,
        "sector": run.sector,
        "year": run.year,
        "time": run.time,
        "determined_on": determined_on.isoformat(),
        "plan": load_plan(run.plan_id).canonical(),
        "balance_value": {"id": value.pk, "value": f"{value.decimal:f}"} if value else None,
        "lines": [
            {**line.canonical(), "result": result.pk, "version": result.version}
            for line, result in zip(inputs, scope.results, strict=True)
        ],
        "before": written_before(before),
        "pots": {code: list(rows) for code, rows in sorted(pots.items())},
        "differentiated": dict(sorted(differentiated.items())),
        "waiting": {
            key: advances[key]
            for key in sorted(line_key(line) for line, reason in scope.left_out if reason == WAITING)
            if key in advances
        },
        "left_out": [{"line": line_key(line), "reason": reason} for line, reason in scope.left_out],
    }


def result_of(manifest: Mapping[str, Any]) -> Row:
    """Awards, settlements and lines left out, sorted, JSON-able; raises UnusableRunError."""
    plan = Plan.from_canonical(manifest["plan"])
    lines = [LineInput.from_canonical(row) for row in manifest["lines"]]
    pre = manifest["kind"] == "pre_allocation"
    awards = _pre_allocated(plan, manifest, lines) if pre else _determined(plan, manifest, lines)
    before = _before(manifest)
    settle = _settled_in_advance if pre else _settled
    pots = {code: [_held(row) for row in rows] for code, rows in manifest["pots"].items()}
    units = _by_unit(lines, awards)
    if not pre:
        # Allocated quota in advance, and no line of theirs is determined or waits: they keep nothing of it.
        gone = {code for code, row in before.items() if row.pre_allocated or row.issued or row.settled}
        units |= {code: [] for code in gone - units.keys()}
    settlements = [
        settle(code, rows, before.get(code, Before()), pots.get(code, ())) for code, rows in sorted(units.items())
    ]
    return {
        "awards": sorted(awards, key=lambda row: row["line"]),
        "settlements": [_withheld(row, manifest.get("differentiated", {})) for row in settlements],
        "left_out": sorted(manifest["left_out"], key=lambda row: row["line"]),
    }


def explanations(awards: Iterable[Row]) -> list[str]:
    """The explanation of each award of `result_of` as it is stored, canonical JSON."""
    shared = Shared()
    texts = []
    for award in awards:
        explanation = award["explanation"]
        texts.append(spliced(explanation, {name: shared.canonical(explanation[name]) for name in SHARED}))
    return texts


def digest_of(result: Mapping[str, Any], explained: Iterable[str]) -> str:
    """`digest(result)`, where the explanations of its awards, in their order, are canonical JSON already."""
    awards = (
        spliced({**award, "explanation": None}, {"explanation": text})
        for award, text in zip(result["awards"], explained, strict=True)
    )
    # Hashed award by award: together they are tens of megabytes.
    mark = "\0"
    before, after = spliced({**result, "awards": None}, {"awards": f"[{mark}]"}).split(mark)
    hashed = hashlib.sha256(before.encode())
    for number, award in enumerate(awards):
        hashed.update((f",{award}" if number else award).encode())
    hashed.update(after.encode())
    return hashed.hexdigest()


def written_before(before: Mapping[str, Before]) -> Row:
    """What was issued before, in the shape of the manifest."""
    return {code: asdict(row) for code, row in sorted(before.items())}


def written_award(line: str, award: Award) -> Row:
    """A stored award in the shape of `result_of`."""
    fields = {name: getattr(award, name) for name in AWARD_FIELDS}
    return {"line": line, **fields, "explanation": json.loads(award.explanation)}


def written_settlement(unit: str, row: Settlement) -> Row:
    """A stored settlement in the shape of `result_of`; `row.movements` in the order of their decisions."""
    pots = [
        {"decision": str(each.deduction_id), **{name: getattr(each, name) for name in POT_FIELDS}}
        for each in row.movements.all()
    ]
    return {
        "unit": unit,
        **{name: getattr(row, name) for name in SETTLEMENT_FIELDS},
        **({"pots": pots} if pots else {}),
        **_written_withholding(row),
    }


def _written_withholding(row: Settlement) -> Row:
    held: Withholding | None = getattr(row, "withholding", None)
    return {"withheld": {"mark": held.differentiation_id, "tonnes": held.tonnes}} if held else {}


def _determined(plan: Plan, manifest: Mapping[str, Any], lines: list[LineInput]) -> list[Row]:
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


def _pre_allocated(plan: Plan, manifest: Mapping[str, Any], lines: list[LineInput]) -> list[Row]:
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


def _by_unit(lines: Iterable[LineInput], awards: Iterable[Row]) -> dict[str, list[Row]]:
    unit_of = {line.line: line.unit for line in lines}
    units: dict[str, list[Row]] = defaultdict(list)
    for award in awards:
        units[unit_of[award["line"]]].append(award)
    return units


def _before(manifest: Mapping[str, Any]) -> dict[str, Before]:
    """What each unit got in advance, without what it got for lines that wait for their result: that stays until they are determined."""
    before = {code: Before(**row) for code, row in manifest["before"].items()}
    for key, advance in manifest["waiting"].items():
        code = key.split("/")[0]
        whole = before[code]
        before[code] = replace(
            whole, pre_allocated=whole.pre_allocated - advance, issued=max(0, whole.issued - advance)
        )
    return before


@dataclass(frozen=True, slots=True)
class Held:
    """A decision's pot: what it holds, what the year's pre-allocation took, what determinations of the year took before this one."""

    decision: str
    left: int
    in_advance: int
    determined: int

    @property
    def at_determination(self) -> Pot:
        """The pot as the first determination of the year found it."""
        return Pot(self.decision, self.left + self.determined)


def _held(row: Row) -> Held:
    # Manifests from before a second determination could be made say nothing of an earlier one.
    return Held(row["decision"], row["left"], row["in_advance"], row.get("determined", 0))


def _settled_in_advance(unit: str, awards: list[Row], before: Before, pots: Sequence[Held]) -> Row:
    """Table 1-5: what of the pre-allocation is issued."""
    held = [Pot(pot.decision, pot.left) for pot in pots]
    stage = settlement.pre_stage(sum(award["quota"] for award in awards), held)
    return _row(
        unit,
        _moved(pots, {pot.decision: pot.tonnes for pot in stage.deductions}),
        pre_allocated=stage.pre_allocated,
        deducted=stage.deducted,
        issued_now=stage.issued,
        issued_total=stage.issued,
        pot_left=settlement.total(stage.pots),
    )


def _settled(unit: str, awards: list[Row], before: Before, pots: Sequence[Held]) -> Row:
    """Table 2-5: determined quota against what was allocated in advance, less what earlier determinations of the year have settled.

    A quota that is determined once more is settled as if it had been so the first time: what its unit keeps in the end, and what each
    decision took from it, does not depend on the way there. The row says what has to move for that.
    """
    in_advance = [Pot(pot.decision, pot.in_advance) for pot in pots]
    pre_stage = settlement.PreStage(
        before.pre_allocated, settlement.first(in_advance, before.pre_allocated), before.issued, ()
    )
    determined = sum(award["quota"] for award in awards)
    stage = settlement.determination_stage(determined, pre_stage, [pot.at_determination for pot in pots])
    took = {pot.decision: pot.tonnes for pot in stage.deductions}
    for pot in stage.given_back:
        took[pot.decision] = took.get(pot.decision, 0) - pot.tonnes
    moved = _moved(pots, {pot.decision: took.get(pot.decision, 0) - pot.determined for pot in pots})
    given_back, taken = (sum(row[name] for row in moved) for name in ("given_back", "taken"))
    issued_before = before.issued + before.settled
    issued_now = stage.issued_total - issued_before
    return _row(
        unit,
        moved,
        pre_allocated=before.pre_allocated,
        determined=determined,
        top_up=issued_now + taken - given_back,
        deduction_returned=given_back,
        deducted=taken,
        issued_before=issued_before,
        issued_now=issued_now,
        issued_total=stage.issued_total,
        pot_left=settlement.total(stage.pots),
        due=sum(award["due"] for award in awards),
    )


def _withheld(row: Row, differentiated: Mapping[str, Row]) -> Row:
    """A differentiated unit's row says how much of what is issued goes to its province; what it hands back is not withheld."""
    mark = differentiated.get(row["unit"])
    return {**row, "withheld": {"mark": mark["mark"], "tonnes": max(0, row["issued_now"])}} if mark else row


def _moved(pots: Iterable[Held], taken: Mapping[str, int]) -> list[Row]:
    """What this run takes from each decision's pot (below zero: gives back); those to which nothing happens are left out."""
    return [
        {
            "decision": pot.decision,
            "before": pot.left,
            "given_back": max(0, -taken[pot.decision]),
            "taken": max(0, taken[pot.decision]),
        }
        for pot in pots
        if taken[pot.decision]
    ]


def _row(unit: str, pots: list[Row], **known: int) -> Row:
    """A settlement; `pots` stands in it only where something is moved, so that results without any keep their hash."""
    return {"unit": unit, **dict.fromkeys(SETTLEMENT_FIELDS, 0), **known, **({"pots": pots} if pots else {})}
