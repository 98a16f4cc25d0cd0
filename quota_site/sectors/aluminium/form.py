"""The aluminium workbook: the anode ledger, then each electrolysis process."""

from collections.abc import Iterator, Mapping

from reporting.guidelines import Guideline
from reporting.workbook.definition import Form, Group, Item, Sheet, Words
from reporting.workbook.forms.fields import ledger, quantity, stops
from reporting.workbook.forms.registers import meters
from reporting.workbook.layout import Slot
from reporting.workbook.sector import SummaryRow as Row
from reporting.workbook.sector import Workbook
from reporting.workbook.writing.formulas import Lists, guarded, more, rounded

ANODE = Item("anode", Words("炭阳极（含自产）", "carbon anode (own make included)"))


CO2E = "tCO2e"
PART = 2  # decimals of what is a part of a total


def form(guideline: Guideline) -> Form:
    anodes = Group(
        key="fuel.anode",
        table="fuel",
        words=Words("炭阳极台账", "Anode ledger"),
        fields=ledger(guideline),
        items=(ANODE,),
        presets=("anode",),
    )
    electrolysis = Group(
        key="electrolysis",
        table="electrolysis",
        words=Words("铝电解", "Electrolysis"),
        fields=(
            quantity(guideline, "anode", "炭阳极消耗量", "Anode consumed"),
            quantity(guideline, "amount", "铝液产量", "Liquid aluminium produced"),
            quantity(guideline, "power", "交流电耗电量", "AC power", "MWh"),
        ),
        equation="electrolysis",
        amount="anode",
        metered=("anode", "amount"),
    )
    sheet = Sheet("工序生产数据及排放量表", "Processes: production and emissions", (anodes,), (stops(), electrolysis))
    line = Words("铝电解工序", "Electrolysis process")
    return Form("aluminium", guideline, (sheet,), "排放量汇总表", line, (meters((sheet,)),))


def _summary(lines: int) -> Iterator[Row]:
    return (row for line in range(1, lines + 1) for row in _rows(line))


def _rows(line: int) -> Iterator[Row]:
    anode, metal = (f"L{line}/electrolysis/1/{name}" for name in ("anode", "amount"))
    yield Row(Words("能源作为原材料用途的排放量", "Anode consumption"), CO2E, (anode,), line=line, places=PART)
    yield Row(Words("阳极效应排放量", "Anode effect"), CO2E, (metal,), line=line, places=PART)
    yield Row(Words("铝电解工序碳排放量", "Electrolysis process"), CO2E, (anode, metal), line=line)
    yield Row(Words("铝液产量", "Liquid aluminium"), "t", (metal,), stated=True, line=line)
    yield Row(Words("吨铝碳排放量", "Intensity"), "tCO2e/t", (anode, metal), over=(metal,), line=line)


def _electrolysis(slot: Slot, lists: Lists) -> Mapping[int, str]:
    anode, metal = slot.row_of("anode"), slot.row_of("amount")
    if anode is None or metal is None:
        return {}
    consumed, made = rounded(slot, "anode"), rounded(slot, "amount")
    loss, sulphur, ash = (lists.factor("anode", name) for name in ("loss", "sulphur", "ash"))
    cf4, c2f6, gwp_cf4, gwp_c2f6 = (lists.factor("effect", name) for name in ("cf4", "c2f6", "gwp_cf4", "gwp_c2f6"))
    return {
        anode: guarded(consumed, f"{consumed}*{more(anode)}*(1-{loss}/100)*(1-{sulphur}/100-{ash}/100)*44/12"),
        metal: guarded(made, f"{made}*{more(metal)}*({cf4}*{gwp_cf4}+{c2f6}*{gwp_c2f6})/1000"),
    }


WORKBOOK = Workbook(
    form,
    _summary,
    factors=("anode", "effect"),
    example="示例铝电解工序 example process",
    equations={"electrolysis": _electrolysis},
    sources={("electrolysis", "anode"): "anode", ("electrolysis", "amount"): "effect"},
)
