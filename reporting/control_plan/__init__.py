"""The data quality control plan 数据质量控制方案: what a unit fixes beforehand about how each value of its months is obtained.

preset(sector, year, unit, lines, month) -> Plan      a blank plan, filled as far as can be known
carried(before, year, lines) -> Plan                  last year's plan for a new year
faults(plan) -> list[Fault]                           everything that is wrong with it
differences(before, after) -> list[Difference]        what a new version changes
standing(plans, place, period) -> Standing          the conservative estimate for a missing value, by the plans' days
standings(form, lines, plans, period) -> dict       of every parameter for which there is one
asked(form, lines, extra) -> tuple[Asked, ...]        the parameters that a plan must speak of

What is `asked` for is filled into `entries` (`preset`, by the `rules` of the sector), with `estimates` for what
will be missing; `validation` and `differences` look at the whole.
"""

from reporting.control_plan.asked import Asked, asked, group_of
from reporting.control_plan.differences import Difference, differences
from reporting.control_plan.entries import (
    CERTIFICATE_FILE,
    ENTRY_FIELDS,
    FREQUENCIES,
    UNUSED,
    Entry,
    Place,
    Plan,
    file_of,
)
from reporting.control_plan.estimates import Standing, standing, standings
from reporting.control_plan.preset import carried, preset
from reporting.control_plan.rules import form_of, rules
from reporting.control_plan.validation import Fault, day_of, faults

__all__ = [
    "CERTIFICATE_FILE",
    "ENTRY_FIELDS",
    "FREQUENCIES",
    "UNUSED",
    "Asked",
    "Difference",
    "Entry",
    "Fault",
    "Place",
    "Plan",
    "Standing",
    "asked",
    "carried",
    "day_of",
    "differences",
    "faults",
    "file_of",
    "form_of",
    "group_of",
    "preset",
    "rules",
    "standing",
    "standings",
]
