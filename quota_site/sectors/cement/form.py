"""The cement workbook: the unit's fuel ledger, then each clinker line."""

from collections.abc import Iterator

from reporting.guidelines import GAS, LIQUID, SOLID, Guideline
from reporting.workbook.definition import Form, Group, Sheet, Words
from reporting.workbook.forms import line_fuels
from reporting.workbook.forms.fields import factor_items, quantity, stops
from reporting.workbook.forms.registers import batches, meters
from reporting.workbook.sector import SummaryRow as Row
from reporting.workbook.sector import Workbook

# state: slots, and the fuels that stand in them beforehand
FUELS = {
    SOLID: (3, ("bituminous", "anthracite")),
    LIQUID: (1, ("diesel",)),
    GAS: (1, ("natural_gas",)),
}


CO2 = "tCO2"
PART = 2  # decimals of what is a part of a total


def form(guideline: Guideline) -> Form:
    sheet = Sheet(
        "生产线生产数据及排放量表",
        "Lines: production and emissions",
        line_fuels.ledgers(guideline, FUELS),
        (stops(), *line_fuels.into_the_line(guideline, FUELS), _clinker(guideline), _alternatives(guideline)),
    )
    line, registers = Words("水泥熟料生产线", "Clinker line"), (batches(guideline), meters((sheet,)))
    return Form("cement", guideline, (sheet,), "排放量汇总表", line, registers)


def _clinker(guideline: Guideline) -> Group:
    field = quantity(guideline, "amount", "产量", "Produced")
    words = Words("熟料", "Clinker")
    items = factor_items(guideline, "clinker")
    return Group("clinker", "clinker", words, (field,), "", items, ("portland",), 2, "factor")


def _alternatives(guideline: Guideline) -> Group:
    field = quantity(guideline, "amount", "消耗量", "Consumed")
    words = Words("替代原料（扣减）", "Alternative materials (deducted)")
    return Group(
        "alternative", "alternative", words, (field,), "", factor_items(guideline, "alternative"), (), 6, "deducted"
    )


def _summary(lines: int) -> Iterator[Row]:
    return (row for line in range(1, lines + 1) for row in _rows(line))


def _rows(line: int) -> Iterator[Row]:
    fuel, clinker, alternative = (f"L{line}/{group}" for group in ("line_fuel.*", "clinker*", "alternative*"))
    yield Row(Words("化石燃料燃烧排放量", "Fuel burnt"), CO2, (fuel,), line=line, places=PART)
    process = Words("过程排放量", "Process")
    yield Row(process, CO2, (), floored=(clinker, alternative), line=line, places=PART)
    yield Row(Words("生产线碳排放量", "Line"), CO2, (fuel,), floored=(clinker, alternative), line=line)
    yield Row(Words("熟料产量", "Clinker"), "t", (clinker,), stated=True, line=line)
    words = Words("吨熟料碳排放量", "Intensity")
    yield Row(words, "tCO2/t", (fuel,), floored=(clinker, alternative), over=(clinker,), line=line)


WORKBOOK = Workbook(
    form,
    _summary,
    factors=("clinker", "alternative"),
    example="示例熟料生产线 example line",
    of_kind={("clinker", "white"): ("white",)},
)
