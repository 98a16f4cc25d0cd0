"""The aluminium workbook: the anode ledger, then each electrolysis process."""

from reporting.guidelines import Guideline
from reporting.workbook.definition import Form, Group, Item, Sheet, Words
from reporting.workbook.forms.fields import ledger, quantity, stops
from reporting.workbook.forms.registers import meters

ANODE = Item("anode", Words("炭阳极（含自产）", "carbon anode (own make included)"))


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
    )
    sheet = Sheet("工序生产数据及排放量表", "Processes: production and emissions", (anodes,), (stops(), electrolysis))
    line = Words("铝电解工序", "Electrolysis process")
    return Form("aluminium", guideline, (sheet,), "排放量汇总表", line, (meters((sheet,)),))
