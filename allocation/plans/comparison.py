"""Two plans side by side: rule by rule what each says for its year."""

from dataclasses import dataclass

from allocation.plans.plan import PlanYear
from registry.law import DatedValue, Parameter

__all__ = ["Beside", "beside"]


@dataclass(frozen=True, slots=True)
class Beside:
    """One rule; a side is None where its plan does not say it for its year."""

    parameter: Parameter
    left: DatedValue | None
    right: DatedValue | None

    @property
    def kind(self) -> str:
        """One of same, changed, left and right (said on that side only); where it is written and how sure it is makes no difference."""
        if self.left is None:
            return "right"
        if self.right is None:
            return "left"
        return "same" if self.left.value == self.right.value else "changed"

    @property
    def differs(self) -> bool:
        return self.kind != "same"


def beside(left: PlanYear, right: PlanYear) -> list[Beside]:
    """The rules that one of the two says, in the order of the first plan, with what only the second knows after its section."""
    known = {**right.plan.parameters, **left.plan.parameters}
    sections = list(dict.fromkeys(name.split(".")[0] for name in (*left.plan.parameters, *right.plan.parameters)))
    order = {name: place for place, name in enumerate((*left.plan.parameters, *right.plan.parameters))}
    names = sorted(known, key=lambda name: (sections.index(name.split(".")[0]), order[name]))
    rows = (Beside(known[name], left.find(name), right.find(name)) for name in names)
    return [row for row in rows if row.left is not None or row.right is not None]
