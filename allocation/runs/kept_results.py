"""What the database holds of a run, and whether its hashes still say so."""

from typing import Any

from allocation import kept_shapes, scope
from allocation.models import Run
from allocation.runs import outcome
from registry.values.canonical import digest, sha256

__all__ = ["stored_result", "tampered"]


def stored_result(run: Run) -> kept_shapes.Result:
    """The run's result as the database holds it now, in the shape of `outcome.result_of`."""
    awards = [outcome.written_award(scope.line_key(row.line), row) for row in _plain(run.awards)]
    settlements = run.settlements.order_by().select_related("unit", "withholding").prefetch_related("movements")
    left_out: list[kept_shapes.LeftOutRow] = [
        {"line": scope.line_key(row.line), "reason": row.reason} for row in _plain(run.left_out)
    ]
    return {
        "awards": sorted(awards, key=lambda row: row["line"]),
        "settlements": sorted(
            (outcome.written_settlement(row.unit.credit_code, row) for row in settlements), key=lambda row: row["unit"]
        ),
        "left_out": sorted(left_out, key=lambda row: row["line"]),
    }


def _plain(rows: Any) -> Any:
    """The run's rows with their lines, in no order: they are sorted by name afterwards, as `outcome.result_of` sorts them."""
    return rows.order_by().select_related("line__unit")


def tampered(run: Run) -> bool:
    """Whether manifest or result are no longer what their hashes say."""
    manifest_holds = sha256(run.manifest.encode()) == run.manifest_sha256
    return not manifest_holds or digest(stored_result(run)) != run.result_sha256
