"""A revoked decision 核减 never was: what a determination has to move so that its unit stands as without it.

Other decisions may have been spared while the revoked one took their place, so it isn't enough to return what it took. The unit's
course is gone through again without it, with the rules by which it went (`settlement`): each pre-allocation and each determination
in the order of approval, out of the decisions that were in force then. The difference to what was really taken is what has to move.
No database here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from allocation import kept_shapes
from allocation.method import settlement
from allocation.method.settlement import Balance

__all__ = ["Decision", "Stage", "as_if_never", "read"]


@dataclass(frozen=True, slots=True)
class Decision:
    """`taken` is what approved runs took from it, less what they gave back; `determined` what the year's own took."""

    decision: str
    tonnes: int
    taken: int
    determined: int
    revoked: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """An approved run over the unit: what it allocated in advance or determined, and the decisions in force then, oldest first.

    A determination's `pre_allocated` is that of the lines which it determined; `determined` is None for a pre-allocation.
    """

    year: int
    pre_allocated: int
    determined: int | None
    decisions: tuple[str, ...]


def read(course: kept_shapes.Course) -> tuple[list[Decision], list[Stage]]:
    """A course as the manifest holds it."""
    decisions = [
        Decision(row["decision"], row["tonnes"], row["taken"], row["determined"], row["revoked"])
        for row in course["decisions"]
    ]
    stages = [
        Stage(row["year"], row["pre_allocated"], row["determined"], tuple(row["decisions"])) for row in course["stages"]
    ]
    return decisions, stages


def as_if_never(decisions: Sequence[Decision], stages: Sequence[Stage]) -> dict[str, int]:
    """What each decision has taken in the end if the revoked ones had never been, by decision; the revoked ones took nothing."""
    left = {each.decision: each.tonnes for each in decisions if not each.revoked}
    in_advance: dict[int, tuple[Balance, ...]] = {}
    given_back: tuple[Balance, ...]
    for stage in stages:
        balances = [Balance(name, left[name]) for name in stage.decisions if name in left]
        if stage.determined is None:
            advance = settlement.pre_stage(stage.pre_allocated, balances)
            in_advance[stage.year] = advance.deductions
            taken, given_back = advance.deductions, ()
        else:
            taken, given_back = _determined(stage, balances, in_advance.get(stage.year, ()))
        for balance in taken:
            left[balance.decision] -= balance.tonnes
        for balance in given_back:
            left[balance.decision] += balance.tonnes
    return {each.decision: 0 if each.revoked else each.tonnes - left[each.decision] for each in decisions}


def _determined(
    stage: Stage, balances: Sequence[Balance], in_advance: Sequence[Balance]
) -> tuple[tuple[Balance, ...], tuple[Balance, ...]]:
    """What the determination takes, and what it gives back of what was deducted in advance."""
    of_its_lines = settlement.first(in_advance, stage.pre_allocated)
    before = settlement.PreStage(
        stage.pre_allocated, of_its_lines, stage.pre_allocated - settlement.total(of_its_lines), ()
    )
    found = settlement.determination_stage(stage.determined or 0, before, balances)
    return found.deductions, found.given_back
