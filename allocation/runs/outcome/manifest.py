"""Everything that a run's result depends on, as data."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from allocation import kept_shapes
from allocation.models import LeftOut, Run
from allocation.plans import load_plan
from allocation.scope import Scope, line_input, line_key
from allocation.scope.issued import Before

__all__ = ["METHOD", "manifest_of", "written_before"]

WAITING = str(LeftOut.Reason.NO_VERIFIED_RESULT)
METHOD = "allocation.run/5"  # a change of the method that could change a tonne gets another number


def manifest_of(
    run: Run,
    scope: Scope,
    *,
    before: Mapping[str, Before],
    advances: Mapping[str, int],
    balances: Mapping[str, Sequence[kept_shapes.OutstandingRow]],
    differentiated: Mapping[str, kept_shapes.Mark],
    determined_on: dt.date,
    courses: Mapping[str, kept_shapes.Course],
) -> kept_shapes.Manifest:
    """Everything the run's result depends on, read once. `advances` are by line, the other mappings by unit."""
    value = run.balance_value
    totals: Counter[int] = Counter()
    for result in scope.results:
        totals[result.unit_id] += result.emissions
    inputs = [line_input(result, totals[result.unit_id]) for result in scope.results]
    manifest: kept_shapes.Manifest = {
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
        "outstanding": {code: list(rows) for code, rows in sorted(balances.items())},
        "differentiated": dict(sorted(differentiated.items())),
        "waiting": {
            key: advances[key]
            for key in sorted(line_key(line) for line, reason in scope.left_out if reason == WAITING)
            if key in advances
        },
        "left_out": [{"line": line_key(line), "reason": reason} for line, reason in scope.left_out],
    }
    if courses:  # where no decision was revoked, manifests keep their hash
        manifest["courses"] = dict(courses)
    return manifest


def written_before(before: Mapping[str, Before]) -> dict[str, kept_shapes.IssuedBefore]:
    """What was issued before, in the shape of the manifest."""
    return {code: row.canonical() for code, row in sorted(before.items())}
