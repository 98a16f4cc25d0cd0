"""What the law says of control plans, and which workbook a year's plan is about."""

from functools import cache

from registry.law import Law, load
from reporting.guidelines import FOLDER
from reporting.workbook.definition import Form
from reporting.workbook.forms import form_for


@cache
def rules() -> Law:
    """Since when months are read against plans."""
    return load(FOLDER / "control_plan.toml")


def form_of(sector: str, year: int) -> Form:
    """The form whose data the plan is about: that of the year's first month; NotInForceError when no guideline is in force for it."""
    return form_for(sector, f"{year}-01")
