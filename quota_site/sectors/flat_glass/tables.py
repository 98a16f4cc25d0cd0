"""What a melting line states."""

from reporting.content.tables import Must, Tables
from reporting.findings import both

TABLES = Tables(
    output=("glass", "", "amount"),
    fed=("line_fuel", "", "amount"),
    must=(Must("glass", "", "amount", both("平板玻璃产量", "flat glass produced")),),
)
