"""The result of a manifest, and its hash."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from allocation import kept_shapes
from allocation.method.explanation import SHARED
from allocation.method.line_facts import LineInput
from allocation.plans import Plan
from allocation.runs.outcome import awards as awarding
from allocation.runs.outcome import settlements as settling
from allocation.scope.issued import Before
from registry.values.canonical import Shared, spliced

__all__ = ["digest_of", "explanations", "result_of"]


def result_of(manifest: kept_shapes.Manifest) -> kept_shapes.Result:
    """Awards, settlements and lines left out, sorted, JSON-able; raises UnusableRunError."""
    plan = Plan.from_canonical(manifest["plan"])
    lines = [LineInput.from_canonical(row) for row in manifest["lines"]]
    pre = manifest["kind"] == "pre_allocation"
    awards = awarding.allocated_in_advance(plan, manifest, lines) if pre else awarding.determined(plan, manifest, lines)
    before = _before(manifest)
    settle = settling.settled_in_advance if pre else settling.settled
    balances = {code: [settling.held(row) for row in rows] for code, rows in manifest["outstanding"].items()}
    units = _by_unit(lines, awards)
    if not pre:
        # Allocated quota in advance, and no line of theirs is determined or waits: they keep nothing of it.
        gone = {code for code, row in before.items() if row.pre_allocated or row.issued or row.settled}
        units |= {code: [] for code in gone - units.keys()}
    courses = {} if pre else manifest.get("courses", {})
    settlements = [
        settling.settled_without(code, rows, before.get(code, Before()), courses[code], manifest["year"])
        if code in courses
        else settle(code, rows, before.get(code, Before()), balances.get(code, ()))
        for code, rows in sorted(units.items())
    ]
    return {
        "awards": sorted(awards, key=lambda row: row["line"]),
        "settlements": [settling.withheld(row, manifest.get("differentiated", {})) for row in settlements],
        "left_out": sorted(manifest["left_out"], key=lambda row: row["line"]),
    }


def explanations(awards: Iterable[kept_shapes.AwardRow]) -> Iterator[str]:
    """The explanation of each award of `result_of` as it is stored, canonical JSON."""
    shared = Shared()
    for award in awards:
        explanation = award["explanation"]
        yield spliced(explanation, {name: shared.canonical(explanation[name]) for name in SHARED})


def digest_of(result: kept_shapes.Result, explained: Iterable[str]) -> str:
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


def _by_unit(
    lines: Iterable[LineInput], awards: Iterable[kept_shapes.AwardRow]
) -> dict[str, list[kept_shapes.AwardRow]]:
    unit_of = {line.line: line.unit for line in lines}
    units: dict[str, list[kept_shapes.AwardRow]] = defaultdict(list)
    for award in awards:
        units[unit_of[award["line"]]].append(award)
    return units


def _before(manifest: kept_shapes.Manifest) -> dict[str, Before]:
    """What each unit got in advance, without what it got for lines that wait for their result: that stays until they are determined."""
    before = {code: Before(**row) for code, row in manifest["before"].items()}
    for key, advance in manifest["waiting"].items():
        code = key.split("/")[0]
        whole = before[code]
        before[code] = replace(
            whole, pre_allocated=whole.pre_allocated - advance, issued=max(0, whole.issued - advance)
        )
    return before
