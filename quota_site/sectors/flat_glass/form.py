"""The flat-glass workbook: the unit's fuel ledger, then each melting line."""

from collections.abc import Iterator, Mapping

from reporting.guidelines import GAS, LIQUID, SOLID, Guideline
from reporting.workbook.definition import OBJECT, Form, Group, Sheet, Words
from reporting.workbook.forms import line_fuels
from reporting.workbook.forms.fields import factor_items, quantity, stops
from reporting.workbook.forms.registers import batches, meters
from reporting.workbook.layout import Slot
from reporting.workbook.sector import SummaryRow as Row
from reporting.workbook.sector import Workbook
from reporting.workbook.writing.formulas import Lists, guarded, more, ref, rounded

CO2 = "tCO2"
PART = 2  # decimals of what is a part of a total
# state: slots, and the fuels that stand in them beforehand
FUELS = {
    SOLID: (2, ("petroleum_coke",)),
    LIQUID: (2, ("fuel_oil", "diesel")),
    GAS: (2, ("natural_gas",)),
}
MATERIALS = {
    "carbonate": (Words("碳酸盐原料", "Carbonates"), 5, "factor"),
    "carbon": (Words("碳粉", "Carbon powder"), 1, "carbon"),
}


def form(guideline: Guideline) -> Form:
    glass = Group(
        "glass",
        "glass",
        Words("平板玻璃", "Flat glass"),
        (quantity(guideline, "amount", "产量", "Produced"),),
        is_output=True,
    )
    sheet = Sheet(
        "生产线生产数据及排放量表",
        "Lines: production and emissions",
        line_fuels.ledgers(guideline, FUELS),
        (stops(), *line_fuels.into_the_line(guideline, FUELS), *_materials(guideline), glass),
    )
    line, registers = Words("平板玻璃生产线", "Melting line"), (batches(guideline), meters((sheet,)))
    return Form("flat_glass", guideline, (sheet,), "排放量汇总表", line, registers)


def _materials(guideline: Guideline) -> tuple[Group, ...]:
    field = quantity(guideline, "amount", "消耗量", "Consumed")
    return tuple(
        Group(table, table, words, (field,), "", items, tuple(item.code for item in items), slots, equation)
        for table, (words, slots, equation) in MATERIALS.items()
        for items in [factor_items(guideline, table)]
    )


def _summary(lines: int) -> Iterator[Row]:
    return (row for line in range(1, lines + 1) for row in _rows(line))


def _rows(line: int) -> Iterator[Row]:
    fuel, carbonate, carbon, glass = (
        f"L{line}/{group}" for group in ("line_fuel.*", "carbonate*", "carbon/*", "glass/1/amount")
    )
    whole = (fuel, carbonate, carbon)
    yield Row(Words("化石燃料燃烧排放量", "Fuel burnt"), CO2, (fuel,), line=line, places=PART)
    yield Row(Words("碳酸盐分解排放量", "Carbonates decomposed"), CO2, (carbonate,), line=line, places=PART)
    yield Row(Words("碳粉氧化排放量", "Carbon powder oxidised"), CO2, (carbon,), line=line, places=PART)
    yield Row(Words("生产线碳排放量", "Line"), CO2, whole, line=line)
    yield Row(Words("平板玻璃产量", "Flat glass"), "t", (glass,), stated=True, line=line)
    yield Row(Words("吨玻璃碳排放量", "Intensity"), "tCO2/t", whole, over=(glass,), line=line)


def _carbon(slot: Slot, lists: Lists) -> Mapping[int, str]:
    row = slot.row_of("amount")
    if row is None:
        return {}
    amount = rounded(slot, "amount")
    return {row: guarded(amount, f"{amount}*{more(row)}*{lists.material(ref(slot.row, OBJECT))}*44/12")}


WORKBOOK = Workbook(
    form,
    _summary,
    factors=("carbonate", "carbon"),
    example="示例平板玻璃生产线 example line",
    equations={"carbon": _carbon},
)
