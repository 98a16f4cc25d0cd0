"""The official tables of clinker lines."""

from decimal import Decimal
from fractions import Fraction

from allocation.letters.official_tables.columns import (
    CREDIT_CODE,
    FOUR,
    LAST_YEAR,
    LINE_NO,
    PERCENT,
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
from allocation.models import Award
from registry.values.exact import half_up

CATEGORY_ZH = {"white": "白水泥熟料", "carbide_slag": "电石渣水泥熟料", "gypsum_acid": "石膏制硫酸联产熟料"}


def _slag_rate(award: Award) -> Decimal | None:
    rate: Fraction | None = award.result.carbide_slag_rate
    return None if rate is None else half_up(rate * 100, 2)


OFFICIAL_TABLES = OfficialTables(
    number=3,
    lines_zh="水泥熟料生产线",
    pre_allocation=(UNIT_NAME, CREDIT_CODE, LINE_NO, *LAST_YEAR),
    determination=(
        UNIT_NAME,
        CREDIT_CODE,
        LINE_NO,
        component("经核查的电石渣消耗量（t）", "Verified carbide slag consumed (t)", "carbide_slag"),
        component("电石渣的扣减系数", "Deduction factor of carbide slag", "carbide_slag_deduction", FOUR, False),
        output("①熟料产量（t）", "① Clinker output (t)"),
        component("熟料的过程排放因子", "Process emission factor of clinker", "clinker_ef", FOUR, False),
        Column("电石渣替代率（%）", "Carbide-slag rate (%)", _slag_rate, PERCENT),
        Column("熟料类别", "Clinker category", lambda row: CATEGORY_ZH.get(row.result.kind, "通用"), width=16),
        Column("熟料品种", "Clinker variety", lambda row: row.line.variety, width=18, of_line=True),
        capacity("批复的设计能力（t/d）", "Approved capacity (t/d)"),
        component("化石燃料燃烧排放量", "Fossil fuel emissions", "fuel"),
        component("过程排放量", "Process emissions", "process"),
        emissions("②生产线碳排放量", "② Emissions of the line"),
        Column("③吨熟料碳排放量", "③ Emissions per tonne of clinker", intensity, FOUR),
        *decided(4, "水泥行业平衡值", "Balance value, cement"),
    ),
)
