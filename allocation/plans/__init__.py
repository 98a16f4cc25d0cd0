"""Allocation plans 配额分配方案 as data: one TOML file each beside this module, read through registry.law.

A plan says for each emission year how quota is determined, issued, surrendered and carried over. Drafts can be simulated; only a
final plan is in force.

The files are found in the `library` and read as a `plan` whose `assumed` values are told; `usable_vintages` says
what may settle a year, `ccer` on what conditions reductions may; `vintage_labels` how the exchange calls a vintage;
`comparison` sets two plans side by side, a `clause` is one sentence of one.
"""

from allocation.plans.library import all_plans, drafts, in_force, load_plan
from allocation.plans.plan import (
    NoPlanInForceError,
    NotCoveredError,
    Plan,
    PlanError,
    PlanYear,
    UnknownPlanError,
    sector_year,
)

__all__ = [
    "NoPlanInForceError",
    "NotCoveredError",
    "Plan",
    "PlanError",
    "PlanYear",
    "UnknownPlanError",
    "all_plans",
    "drafts",
    "in_force",
    "load_plan",
    "sector_year",
]
