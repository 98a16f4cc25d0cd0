"""What an electrolysis process states."""

from reporting.content.tables import Must, Tables
from reporting.findings import both

TABLES = Tables(
    output=("electrolysis", "", "amount"),
    fed=("electrolysis", "", "anode"),
    must=(
        Must("electrolysis", "", "anode", both("炭阳极消耗量", "anode consumed")),
        Must("electrolysis", "", "amount", both("铝液产量", "liquid aluminium produced")),
    ),
)
