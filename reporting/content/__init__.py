"""What a unit says about one month or one year, free of files and databases: rows of data, each with how and from
where it was obtained (`rows`); how one points at a datum (`places`); what differs between two contents
(`differences`).
"""

from reporting.content.rows import (
    CALCULATED,
    DEFAULT,
    DESIGN,
    HOWS,
    MAIN_PROCESSES,
    MEASURED,
    NO,
    OUTPUT,
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
    "OUTPUT",
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
