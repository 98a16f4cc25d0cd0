"""Which periods a unit reports for, and by when (`calendar`); what the yearly directories ask of units (`expected`);
the terms of a province's review (`review_term`) and of a unit's request for one (`review_asked`).
"""

from reporting.periods.calendar import (
    YEARS,
    annual_due,
    due_day,
    ended,
    has_months,
    month_after,
    month_before,
    opens_on,
    periods_of,
    year_at_hand,
)

__all__ = [
    "YEARS",
    "annual_due",
    "due_day",
    "ended",
    "has_months",
    "month_after",
    "month_before",
    "opens_on",
    "periods_of",
    "year_at_hand",
]
