"""The official tables of steel works."""

from allocation.letters.official_tables.columns import (
    CREDIT_CODE,
    FOUR,
    LAST_YEAR,
    UNIT_NAME,
    Column,
    capacity,
    component,
    decided,
    emissions,
    intensity,
    output,
)
from allocation.letters.official_tables.sector import OfficialTables

OFFICIAL_TABLES = OfficialTables(
    number=2,
    lines_zh="钢铁企业",
    pre_allocation=(UNIT_NAME, CREDIT_CODE, *LAST_YEAR),
    determination=(
        UNIT_NAME,
        CREDIT_CODE,
        capacity("炼铁工序生产能力（万t/年）", "Ironmaking capacity (10⁴ t/a)"),
        output("①炼铁工序产品产量（t）", "① Ironmaking output (t)"),
        component("②炼铁工序碳排放量", "② Ironmaking emissions", "ironmaking"),
        component("③烧结工序碳排放量", "③ Sintering emissions", "sintering"),
        Column("④重点工序排放总量与炼铁工序产品产量的比值", "④ Main emissions per ironmaking output", intensity, FOUR),
        component("⑤粗钢产量（t）", "⑤ Crude steel output (t)", "crude_steel"),
        emissions("⑥钢铁企业碳排放量", "⑥ Emissions of the steel works"),
        *decided(7, "钢铁行业平衡值", "Balance value, steel"),
    ),
)
