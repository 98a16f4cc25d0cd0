"""Rows of the database in the shape of a result."""

import json
from typing import Any

from allocation.models import Award, Settlement, Withholding
from allocation.runs.outcome.awards import AWARD_FIELDS
from allocation.runs.outcome.settlements import POT_FIELDS, SETTLEMENT_FIELDS

__all__ = ["written_award", "written_settlement"]

Row = dict[str, Any]


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
