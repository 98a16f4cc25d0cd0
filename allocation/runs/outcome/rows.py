"""Rows of the database in the shape of a result."""

from allocation import kept_shapes
from allocation.models import Award, DeductionMovement, Settlement, Withholding

__all__ = ["written_award", "written_settlement"]


def written_award(line: str, award: Award) -> kept_shapes.AwardRow:
    """A stored award in the shape of `result_of`."""
    return {
        "line": line,
        "emissions": award.emissions,
        "quota": award.quota,
        "due": award.due,
        "intensity": award.intensity,
        "deviation": award.deviation,
        "coefficient": award.coefficient,
        "case": award.case,
        "article": award.article,
        "explanation": award.explained,
    }


def written_settlement(unit: str, row: Settlement) -> kept_shapes.SettlementRow:
    """A stored settlement in the shape of `result_of`; `row.movements` in the order of their decisions."""
    found: kept_shapes.SettlementRow = {
        "unit": unit,
        "pre_allocated": row.pre_allocated,
        "determined": row.determined,
        "top_up": row.top_up,
        "deduction_returned": row.deduction_returned,
        "deducted": row.deducted,
        "issued_before": row.issued_before,
        "issued_now": row.issued_now,
        "issued_total": row.issued_total,
        "outstanding": row.outstanding,
        "due": row.due,
    }
    if balances := [_written_movement(each) for each in row.movements.all()]:
        found["deductions"] = balances
    held: Withholding | None = getattr(row, "withholding", None)
    if held:
        found["withheld"] = {"mark": held.differentiation_id, "tonnes": held.tonnes}
    return found


def _written_movement(row: DeductionMovement) -> kept_shapes.DeductedRow:
    return {
        "decision": str(row.deduction_id),
        "before": row.before,
        "given_back": row.given_back,
        "taken": row.taken,
    }
