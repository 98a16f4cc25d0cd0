"""The official tables of electrolysis processes."""

from allocation.letters.official_tables.columns import (
    CREDIT_CODE,
    FOUR,
    LAST_YEAR,
    PROCESS_NO,
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
    number=4,
    lines_zh="铝电解工序",
    pre_allocation=(UNIT_NAME, CREDIT_CODE, PROCESS_NO, *LAST_YEAR),
    determination=(
        UNIT_NAME,
        CREDIT_CODE,
        PROCESS_NO,
        capacity("产能（t/年）", "Capacity (t/a)"),
        output("①铝液产量（t）", "① Liquid aluminium output (t)"),
        component("②能源作为原材料用途的排放量", "② Emissions of energy used as raw material", "anode"),
        component("③阳极效应排放量", "③ Anode effect emissions", "effect"),
        Column("④吨铝碳排放量", "④ Emissions per tonne of aluminium", intensity, FOUR),
        emissions("⑤铝电解工序碳排放量", "⑤ Emissions of the electrolysis process"),
        *decided(6, "铝冶炼行业平衡值", "Balance value, aluminium"),
    ),
)
