"""What a steel works states."""

from reporting.content.tables import Must, Tables
from reporting.findings import both

TABLES = Tables(
    output=("process_output", "ironmaking", "amount"),
    fed=("process_in", "ironmaking", "amount"),
    must=(
        Must("process_output", "ironmaking", "amount", both("炼铁工序产品产量", "output of ironmaking")),
        Must("process_output", "sintering", "amount", both("烧结矿产量", "sinter produced")),
        Must("product", "", "amount", both("粗钢产量", "crude steel produced"), item="crude_steel", of_unit=True),
    ),
    one_line=True,
)
