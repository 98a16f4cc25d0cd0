"""What each unit's awards come to with what it was allocated before and what decisions still take from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from allocation import kept_shapes
from allocation.deductions import after_revocation
from allocation.method import settlement
from allocation.method.settlement import Balance
from allocation.scope.issued import Before

__all__ = [
    "MOVEMENT_FIELDS",
    "SETTLEMENT_FIELDS",
    "held",
    "settled",
    "settled_in_advance",
    "settled_without",
    "withheld",
]

SettlementField = Literal[
    "pre_allocated",
    "determined",
    "top_up",
    "deduction_returned",
    "deducted",
    "issued_before",
    "issued_now",
    "issued_total",
    "outstanding",
    "due",
]
SETTLEMENT_FIELDS: tuple[SettlementField, ...] = get_args(SettlementField)
MovementField = Literal["before", "given_back", "taken"]
MOVEMENT_FIELDS: tuple[MovementField, ...] = get_args(MovementField)


@dataclass(frozen=True, slots=True)
class Held:
    """A decision's balance: what it holds, what the year's pre-allocation took, what determinations of the year took before this one."""

    decision: str
    left: int
    in_advance: int
    determined: int

    @property
    def at_determination(self) -> Balance:
        """The balance as the first determination of the year found it."""
        return Balance(self.decision, self.left + self.determined)


def held(row: kept_shapes.OutstandingRow) -> Held:
    # Manifests from before a second determination could be made say nothing of an earlier one.
    return Held(row["decision"], row["left"], row["in_advance"], row.get("determined", 0))


def settled_in_advance(
    unit: str, awards: list[kept_shapes.AwardRow], _before: Before, balances: Sequence[Held]
) -> kept_shapes.SettlementRow:
    """Table 1-5: what of the pre-allocation is issued."""
    held = [Balance(balance.decision, balance.left) for balance in balances]
    stage = settlement.pre_stage(sum(award["quota"] for award in awards), held)
    return _row(
        unit,
        _moved(balances, {balance.decision: balance.tonnes for balance in stage.deductions}),
        pre_allocated=stage.pre_allocated,
        deducted=stage.deducted,
        issued_now=stage.issued,
        issued_total=stage.issued,
        outstanding=settlement.total(stage.balances),
    )


def settled(
    unit: str, awards: list[kept_shapes.AwardRow], before: Before, balances: Sequence[Held]
) -> kept_shapes.SettlementRow:
    """Table 2-5: determined quota against what was allocated in advance, less what earlier determinations of the year have settled.

    A quota that is re-determined is settled as if it had been so the first time: what its unit keeps in the end, and what each
    decision took from it, does not depend on the way there. The row says what has to move for that.
    """
    in_advance = [Balance(balance.decision, balance.in_advance) for balance in balances]
    pre_stage = settlement.PreStage(
        before.pre_allocated, settlement.first(in_advance, before.pre_allocated), before.issued, ()
    )
    determined = sum(award["quota"] for award in awards)
    stage = settlement.determination_stage(determined, pre_stage, [balance.at_determination for balance in balances])
    took = {balance.decision: balance.tonnes for balance in stage.deductions}
    for balance in stage.given_back:
        took[balance.decision] = took.get(balance.decision, 0) - balance.tonnes
    moved = _moved(
        balances, {balance.decision: took.get(balance.decision, 0) - balance.determined for balance in balances}
    )
    given_back, taken = sum(row["given_back"] for row in moved), sum(row["taken"] for row in moved)
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
        outstanding=settlement.total(stage.balances),
        due=sum(award["due"] for award in awards),
    )


def settled_without(
    unit: str, awards: list[kept_shapes.AwardRow], before: Before, course: kept_shapes.Course, year: int
) -> kept_shapes.SettlementRow:
    """Table 2-5 of a unit with a revoked decision: what has to move so that it stands, over all its years, as if that had never been.

    ① is what the determined quota brings over what was allocated in advance and settled before; ② what decisions give back, ③ what they
    take, ⑤ = ① − ③ + ②, as for every unit.
    """
    decisions, stages = after_revocation.read(course)
    determined = sum(award["quota"] for award in awards)
    now = after_revocation.Stage(year, before.pre_allocated, determined, tuple(each.decision for each in decisions))
    in_the_end = after_revocation.as_if_never(decisions, [*stages, now])
    balances = [Held(each.decision, each.tonnes - each.taken, 0, each.determined) for each in decisions]
    moved = _moved(balances, {each.decision: in_the_end[each.decision] - each.taken for each in decisions})
    given_back, taken = sum(row["given_back"] for row in moved), sum(row["taken"] for row in moved)
    settled_before = before.settled + sum(each.determined for each in decisions)
    top_up = determined - before.pre_allocated - settled_before
    issued_before = before.issued + before.settled
    issued_now = top_up - taken + given_back
    return _row(
        unit,
        moved,
        pre_allocated=before.pre_allocated,
        determined=determined,
        top_up=top_up,
        deduction_returned=given_back,
        deducted=taken,
        issued_before=issued_before,
        issued_now=issued_now,
        issued_total=issued_before + issued_now,
        outstanding=sum(each.tonnes - in_the_end[each.decision] for each in decisions if not each.revoked),
        due=sum(award["due"] for award in awards),
    )


def withheld(
    row: kept_shapes.SettlementRow, differentiated: Mapping[str, kept_shapes.Mark]
) -> kept_shapes.SettlementRow:
    """A differentiated unit's row says how much of what is issued goes to its province; what it returns is not withheld."""
    mark = differentiated.get(row["unit"])
    return {**row, "withheld": {"mark": mark["mark"], "tonnes": max(0, row["issued_now"])}} if mark else row


def _moved(balances: Iterable[Held], taken: Mapping[str, int]) -> list[kept_shapes.DeductedRow]:
    """What this run takes from each decision's balance (below zero: gives back); those to which nothing happens are left out."""
    return [
        {
            "decision": balance.decision,
            "before": balance.left,
            "given_back": max(0, -taken[balance.decision]),
            "taken": max(0, taken[balance.decision]),
        }
        for balance in balances
        if taken[balance.decision]
    ]


def _row(
    unit: str,
    balances: list[kept_shapes.DeductedRow],
    *,
    pre_allocated: int,
    determined: int = 0,
    top_up: int = 0,
    deduction_returned: int = 0,
    deducted: int,
    issued_before: int = 0,
    issued_now: int,
    issued_total: int,
    outstanding: int,
    due: int = 0,
) -> kept_shapes.SettlementRow:
    """A settlement; `balances` stands in it only where something is moved, so that results without any keep their hash."""
    row: kept_shapes.SettlementRow = {
        "unit": unit,
        "pre_allocated": pre_allocated,
        "determined": determined,
        "top_up": top_up,
        "deduction_returned": deduction_returned,
        "deducted": deducted,
        "issued_before": issued_before,
        "issued_now": issued_now,
        "issued_total": issued_total,
        "outstanding": outstanding,
        "due": due,
    }
    if balances:
        row["deductions"] = balances
    return row
