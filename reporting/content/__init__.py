"""What a unit says about one month or one year, free of files and databases: rows of data, each with how and from
where it was obtained (`rows`); in which of them a sector states what it makes and uses (`tables`); how one points at a
datum (`places`); what differs between two contents (`differences`).
"""

from reporting.content.rows import (
    CALCULATED,
    DEFAULT,
    DESIGN,
    HOWS,
    MAIN_PROCESSES,
    MEASURED,
    NO,
    YES,
    Content,
    Datum,
    Key,
    Place,
    Row,
    Unstated,
    closing_stocks,
    days_in,
    first_day,
    is_year,
    last_day,
    parse_period,
)

__all__ = [
    "CALCULATED",
    "DEFAULT",
    "DESIGN",
    "HOWS",
    "MAIN_PROCESSES",
    "MEASURED",
    "NO",
    "YES",
    "Content",
    "Datum",
    "Key",
    "Place",
    "Row",
    "Unstated",
    "closing_stocks",
    "days_in",
    "first_day",
    "is_year",
    "last_day",
    "parse_period",
]
