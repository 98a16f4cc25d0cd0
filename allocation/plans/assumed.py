"""Which of a plan's values that no source states a quota, or a balance value, rests on."""

from allocation.plans.plan import PlanYear
from registry.law import DatedValue, Parameter

__all__ = ["FOR_BALANCE_VALUE", "FOR_DETERMINATION", "FOR_PRE_ALLOCATION", "assumed"]

# Which sections of a plan are asked, by what is computed.
FOR_PRE_ALLOCATION = ("pre_allocation", "deductions")
FOR_DETERMINATION = ("determination", "rounding", "balance_value", "deductions")
FOR_BALANCE_VALUE = ("determination", "rounding", "balance_value")


def assumed(terms: PlanYear, sections: tuple[str, ...]) -> list[tuple[Parameter, DatedValue]]:
    """The assumed values of these sections that the year has, in the plan's order."""
    named = ((parameter, terms.find(name)) for name, parameter in terms.plan.parameters.items())
    found = [(parameter, value) for parameter, value in named if value is not None and value.assumed]
    return [(parameter, value) for parameter, value in found if parameter.id.split(".")[0] in sections]
