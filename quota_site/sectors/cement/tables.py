"""What a clinker line states."""

from reporting.content.tables import Must, Tables
from reporting.findings import both

TABLES = Tables(
    output=("clinker", "", "amount"),
    fed=("line_fuel", "", "amount"),
    must=(Must("clinker", "", "amount", both("熟料产量", "clinker produced")),),
)
