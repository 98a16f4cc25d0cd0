"""What two runs issue beside each other, unit by unit: by how much it differs, and what settlement has to do with it.

The quota determined (or allocated in advance) is compared in `comparison`; here it is one of three causes, of which each follows from the
settlement's own columns: issued now = quota − what decisions keep of it − what had been issued before. So the three sum exactly to the
difference, per unit and in total:

    quota          how much more quota, the sum of its lines' differences
    deductions     how much less decisions 核减 keep of the year's quota (less is plus)
    issued_before  how much less had been issued before the run (less is plus)

No database here: settlements are rows of a result, or of the database in that shape.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from allocation import kept_shapes

__all__ = ["ISSUE_CAUSES", "IssueChange", "compare_issued", "issued_totals"]

ISSUE_CAUSES = ("quota", "deductions", "issued_before")


@dataclass(frozen=True, slots=True)
class IssueChange:
    """What is issued to a unit by the two runs (below zero: returned), None where it has no part in one, and what each cause brought."""

    unit: str
    before: int | None
    after: int | None
    quota: int = 0
    deductions: int = 0
    issued_before: int = 0

    @property
    def difference(self) -> int:
        return (self.after or 0) - (self.before or 0)


def compare_issued(
    earlier: Iterable[kept_shapes.IssuedRow], later: Iterable[kept_shapes.IssuedRow], kind: str
) -> list[IssueChange]:
    """The largest differences first; rows of two runs of one `kind`."""
    old, new = ({row["unit"]: row for row in rows} for rows in (earlier, later))
    column: Literal["pre_allocated", "determined"] = "pre_allocated" if kind == "pre_allocation" else "determined"
    changes = [_change(unit, old.get(unit), new.get(unit), column) for unit in old.keys() | new.keys()]
    return sorted(changes, key=lambda row: (-abs(row.difference), row.unit))


def issued_totals(changes: Iterable[IssueChange]) -> dict[str, int]:
    """The sums of all units."""
    sums = dict.fromkeys(("before", "after", *ISSUE_CAUSES, "difference"), 0)
    for row in changes:
        for name in sums:
            sums[name] += getattr(row, name) or 0
    return sums


def _change(
    unit: str,
    old: kept_shapes.IssuedRow | None,
    new: kept_shapes.IssuedRow | None,
    column: Literal["pre_allocated", "determined"],
) -> IssueChange:
    (quota, kept, before), (quota_now, kept_now, before_now) = (_parts(row, column) for row in (old, new))
    return IssueChange(
        unit,
        old["issued_now"] if old else None,
        new["issued_now"] if new else None,
        quota=quota_now - quota,
        deductions=kept - kept_now,
        issued_before=before - before_now,
    )


def _parts(row: kept_shapes.IssuedRow | None, column: Literal["pre_allocated", "determined"]) -> tuple[int, int, int]:
    """The quota, what decisions keep of it, and what had been issued; nothing where the unit has no row."""
    if row is None:
        return 0, 0, 0
    return row[column], row[column] - row["issued_total"], row["issued_before"]
