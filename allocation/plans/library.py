"""Which plans there are, and which one is in force."""

import functools
import tomllib
from pathlib import Path

from allocation.plans.plan import NoPlanInForceError, Plan, UnknownPlanError
from registry import law

_FOLDER = Path(__file__).parent


@functools.cache
def all_plans() -> tuple[Plan, ...]:
    """Every plan, by id; raises LawError if a file can't be used."""
    return tuple(_read(path) for path in sorted(_FOLDER.glob("*.toml")))


def load_plan(plan_id: str) -> Plan:
    """The plan of that id; raises UnknownPlanError."""
    for plan in all_plans():
        if plan.id == plan_id:
            return plan
    raise UnknownPlanError(plan_id, [plan.id for plan in all_plans()])


def in_force(sector: str, year: int) -> Plan:
    """The final plan in force for the sector's emission year; raises NoPlanInForceError, which names the drafts."""
    for plan in all_plans():
        if plan.in_force and plan.covers(sector, year):
            return plan
    raise NoPlanInForceError(sector, year, drafts(sector, year))


def drafts(sector: str, year: int) -> tuple[Plan, ...]:
    """The drafts that cover the sector's emission year: they can be simulated."""
    return tuple(plan for plan in all_plans() if not plan.in_force and plan.covers(sector, year))


def _read(path: Path) -> Plan:
    with path.open("rb") as file:
        document = tomllib.load(file)
    header = document.pop("plan", {})
    if header.get("id") != path.stem:
        raise law.LawError(f"{path.name}: the plan's id must be {path.stem}")
    return Plan.of(header, law.read(document, path.name))
