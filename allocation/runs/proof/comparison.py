"""Two runs of one authority and sector, line by line: by how much the quota differs, and which cause brought how many tonnes.

The causes are exchanged one after the other, in this order, by the method itself: **scope** (a line that only one run has: its whole
quota), **verified result** (the later run's line under the earlier run's rules), **plan** (the later run's plan, year and day of
determination, with the earlier balance value) and **balance value**.
What they contribute sums exactly to the difference, per line and in total.
Where the earlier run had no balance value and the later plan needs one, it comes with the plan. A line that can't be determined halfway
(its new figures lack what the old rules ask for) has no contribution of that step; the next one brings the whole.

No database here: manifests are data, of whatever years and plans; keys that aren't known are left aside.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import gettext as _

from allocation import kept_shapes
from allocation.method import settlement, vector
from allocation.method.determination import faults
from allocation.method.line_facts import LineInput
from allocation.method.plan_rules import Rules, rules_of
from allocation.plans import Plan
from registry.refusal import Refusal

__all__ = ["CAUSES", "Change", "compare", "totals"]

CAUSES = ("scope", "verified_result", "plan", "balance_value")


@dataclass(frozen=True, slots=True)
class Change:
    """A line's quota in the two runs, None where it has none, and the tonnes that each cause contributed."""

    line: str
    before: int | None
    after: int | None
    scope: int = 0
    verified_result: int = 0
    plan: int = 0
    balance_value: int = 0

    @property
    def unit(self) -> str:
        return self.line.split("/")[0]

    @property
    def difference(self) -> int:
        return (self.after or 0) - (self.before or 0)


def compare(earlier: kept_shapes.Manifest, later: kept_shapes.Manifest) -> list[Change]:
    """The largest differences first; raises Refusal where the two can't be compared."""
    if _scope(earlier) != _scope(later):
        raise Refusal(_("Only runs of the same authority, sector and kind can be compared."))
    old, new = _lines(earlier), _lines(later)
    both = sorted(old.keys() & new.keys())
    steps = [
        _quotas(earlier, None, old.values()),
        _quotas(earlier, None, (new[key] for key in both)),
        _quotas(later, earlier["balance_value"], (new[key] for key in both)),
        _quotas(later, None, new.values()),
    ]
    changes = [_change(key, [step.get(key) for step in steps]) for key in both]
    changes += [Change(key, steps[0][key], None, scope=-steps[0][key]) for key in old.keys() - new.keys()]
    changes += [Change(key, None, steps[3][key], scope=steps[3][key]) for key in new.keys() - old.keys()]
    return sorted(changes, key=lambda row: (-abs(row.difference), row.line))


def totals(changes: Iterable[Change]) -> dict[str, int]:
    """The sums of all lines."""
    sums = dict.fromkeys(("before", "after", *CAUSES, "difference"), 0)
    for row in changes:
        for name in sums:
            sums[name] += getattr(row, name) or 0
    return sums


def _scope(manifest: kept_shapes.Manifest) -> tuple[str, str, str]:
    return manifest["authority"], manifest["sector"], manifest["kind"]


def _lines(manifest: kept_shapes.Manifest) -> dict[str, LineInput]:
    return {row["line"]: LineInput.from_canonical(row) for row in manifest["lines"]}


def _change(key: str, found: list[int | None]) -> Change:
    """A line that both runs have; a step at which it can't be determined brings nothing."""
    known = [found[0] or 0]
    for tonnes in found[1:]:
        known.append(known[-1] if tonnes is None else tonnes)
    verified, plan, value = (after - before for before, after in pairwise(known))
    return Change(key, known[0], known[-1], verified_result=verified, plan=plan, balance_value=value)


def _quotas(
    manifest: kept_shapes.Manifest, balance_value: kept_shapes.UsedValue | None, lines: Iterable[LineInput]
) -> dict[str, int]:
    """Each line's quota under the manifest's rules, at another balance value where one is given; without lines it can't be said of."""
    plan, lines = Plan.from_canonical(manifest["plan"]), list(lines)
    if manifest["kind"] == "pre_allocation":
        rate = plan.for_year(manifest["year"]).number("pre_allocation.rate")
        return {line.line: settlement.pre_allocated(line.emissions, rate) for line in lines}
    rules = _rules(manifest, plan, balance_value)
    odd = {fault.index for fault in faults(lines, rules)}
    usable = [line for index, line in enumerate(lines) if index not in odd]
    return {one.line.line: one.quota for one in vector.determine_under(rules, usable)}


def _rules(manifest: kept_shapes.Manifest, plan: Plan, balance_value: kept_shapes.UsedValue | None) -> Rules:
    day = dt.date.fromisoformat(manifest["determined_on"])
    rules = rules_of(plan, manifest["sector"], manifest["year"], day)
    value = balance_value or manifest["balance_value"]
    return rules.at(Fraction(value["value"])) if value and rules.needs_balance_value else rules
