"""The steel workbook: the works' balance on one sheet, its processes on another, a summary between them."""

from reporting.guidelines import GAS, LIQUID, SOLID, Guideline
from reporting.workbook.definition import Field, Form, Group, Item, Sheet, Words
from reporting.workbook.forms.fields import TONNES, calorific, factor_items, fuel_items, ledger, quantity, stops
from reporting.workbook.forms.registers import batches, meters

CUBIC_METRES = "10⁴Nm³"

PROCESSES = {
    "coking": Words("炼焦工序", "Coking"),
    "sintering": Words("烧结工序", "Sintering"),
    "pelletising": Words("球团工序", "Pelletising"),
    "ironmaking": Words("炼铁工序", "Ironmaking"),
    "converter": Words("转炉炼钢工序", "Converter steelmaking"),
    "electric_arc": Words("电炉炼钢工序", "Electric-arc steelmaking"),
}
PRODUCTS = {
    "coking": Words("焦炭产量", "Coke produced"),
    "sintering": Words("烧结矿产量", "Sinter produced"),
    "pelletising": Words("球团矿产量", "Pellets produced"),
    "ironmaking": Words("铁水（生铁）产量", "Pig iron produced"),
    "converter": Words("转炉钢产量", "Converter steel produced"),
    "electric_arc": Words("电炉钢产量", "Electric-arc steel produced"),
}
# Fuels that a process commonly takes in, those weighed and those metered as gas.
TAKES_IN = {
    "coking": (("coking_coal",), ("coke_oven_gas", "bf_gas")),
    "sintering": (("coke", "anthracite"), ("coke_oven_gas", "bf_gas")),
    "pelletising": (("bituminous",), ("coke_oven_gas", "bf_gas")),
    "ironmaking": (("coke", "anthracite", "bituminous"), ("bf_gas", "coke_oven_gas", "natural_gas")),
    "converter": (("coke",), ("coke_oven_gas", "natural_gas")),
    "electric_arc": (("coke",), ("natural_gas",)),
}
GIVES_OFF = {
    "coking": (("coke",), ("coke_oven_gas",)),
    "ironmaking": (("coke",), ("bf_gas",)),
    "converter": ((), ("converter_gas",)),
}
# Fuel is weighed or metered: group, states, measure, words.
KINDS = (
    ("mass", (SOLID, LIQUID), TONNES, Words("固体、液体", "weighed")),
    ("gas", (GAS,), CUBIC_METRES, Words("气体", "gases")),
)
COKE_FINES = Item("coke", Words("焦粉", "coke fines"), own_made=True)


def form(guideline: Guideline) -> Form:
    enterprise = Sheet("企业层级生产数据及排放量表", "Enterprise: production and emissions", _enterprise(guideline))
    processes = Sheet(
        "工序-生产线生产数据及排放量表",
        "Processes: production and emissions",
        line_groups=(stops(), *_processes(guideline), *_power(guideline)),
    )
    line = Words("钢铁企业（生产线）", "Steel works")
    registers = (batches(guideline), meters((enterprise, processes), PROCESSES))
    return Form("steel", guideline, (enterprise, processes), "排放量汇总表", line, registers)


def _enterprise(guideline: Guideline) -> tuple[Group, ...]:
    return (*_fuels(guideline), *_materials(guideline))


def _fuels(guideline: Guideline) -> tuple[Group, ...]:
    def group(state: str, words: Words, measure: str, slots: int, presets: tuple[str, ...]) -> Group:
        return Group(
            key=f"fuel.{state}",
            table="fuel",
            words=words,
            fields=_fuel_fields(guideline, state, measure),
            items=fuel_items(guideline, state),
            presets=presets,
            slots=slots,
            equation="balance",
            amount="consumed",
        )

    return (
        group(SOLID, Words("固体燃料", "Solid fuels"), TONNES, 7, ("coking_coal", "anthracite", "bituminous", "coke")),
        group(LIQUID, Words("液体燃料", "Liquid fuels"), TONNES, 2, ("diesel",)),
        group(GAS, Words("气体燃料", "Gases"), CUBIC_METRES, 4, ("natural_gas", "coke_oven_gas")),
    )


def _fuel_fields(guideline: Guideline, state: str, measure: str) -> tuple[Field, ...]:
    excluded = Words("不计入量（电力市场机组、点火、运输）", "Outside the boundary")
    fields = [*ledger(guideline, measure), Field("excluded", excluded, measure, guideline.places("quantity"))]
    if state == GAS:
        fields.append(quantity(guideline, "feedstock", "用作化工原料量（焦炉煤气）", "Chemical feedstock", measure))
    fields.append(calorific(guideline, measure))
    if state == SOLID:
        fields.append(quantity(guideline, "moisture", "收到基水分", "Moisture as received", "%"))
        fields.append(quantity(guideline, "dry", "干基净消耗量", "Net use, dry basis", own=True))
    return tuple(fields)


def _materials(guideline: Guideline) -> tuple[Group, ...]:
    def group(key: str, table: str, words: Words, label: Words, codes: tuple[str, ...] = ()) -> Group:
        items = tuple(item for item in factor_items(guideline, table) if not codes or item.code in codes)
        presets = tuple(item.code for item in items)
        field = quantity(guideline, "amount", label.zh, label.en)
        equation = "deducted" if table == "product" else "factor"
        return Group(key, table, words, (field,), "", items, presets, len(items), equation)

    used = Words("消耗量", "Consumed")
    return (
        group("carbonate", "carbonate", Words("碳酸盐", "Carbonates"), used),
        group("electrode", "electrode", Words("电极", "Electrodes"), used),
        group("material", "material", Words("含碳原料", "Carbon materials"), Words("购入使用量", "Purchased and used")),
        group(
            "product.made",
            "product",
            Words("固碳产品：产量", "Products made"),
            Words("产量", "Produced"),
            ("crude_steel",),
        ),
        group(
            "product.sold",
            "product",
            Words("固碳产品：外销", "Products sold"),
            Words("外销量", "Sold"),
            ("pig_iron", "tar", "crude_benzol"),
        ),
    )


def _processes(guideline: Guideline) -> tuple[Group, ...]:
    groups: list[Group] = []
    for process, words in PROCESSES.items():
        product = PRODUCTS[process]
        output = quantity(guideline, "amount", product.zh, product.en)
        groups.append(Group(f"{process}.output", "process_output", words, (output,), process))
        groups += _flows(guideline, process, "in", TAKES_IN[process], spare=1)
        groups += _flows(guideline, process, "out", GIVES_OFF.get(process, ((), ())), spare=0)
    return tuple(groups)


def _flows(
    guideline: Guideline, process: str, way: str, presets: tuple[tuple[str, ...], tuple[str, ...]], spare: int
) -> list[Group]:
    """Fuel into or out of a process: one group weighed in tonnes, one metered as gas."""
    direction = Words("输入燃料", "fuel in") if way == "in" else Words("输出", "carbon leaving")
    groups = []
    for (kind, states, measure, by), codes in zip(KINDS, presets, strict=True):
        items = fuel_items(guideline, *states)
        if way == "out":
            items = tuple(item for item in items if item.code in codes)
        if process == "ironmaking" and way == "out" and kind == "mass":
            items = (COKE_FINES,)
        if not codes:
            continue
        name = PROCESSES[process]
        words = Words(f"{name.zh}{direction.zh}（{by.zh}）", f"{name.en}: {direction.en}, {by.en}")
        group = Group(
            key=f"{process}.{way}.{kind}",
            table=f"process_{way}",
            words=words,
            fields=(quantity(guideline, "amount", "数量", "Quantity", measure), calorific(guideline, measure)),
            process=process,
            items=items,
            presets=codes,
            slots=len(codes) + spare,
            equation="balance" if way == "in" else "leaving",
        )
        groups.append(group)
    return groups


def _power(guideline: Guideline) -> tuple[Group, ...]:
    presets = (("bituminous",), ("bf_gas", "coke_oven_gas", "converter_gas"))
    return tuple(
        Group(
            key=f"power.{kind}",
            table="power",
            words=Words(f"掺烧自产焦炭、煤气的发电机组（{by.zh}）", f"Power units burning own coke or gas: {by.en}"),
            fields=(quantity(guideline, "amount", "消耗量", "Burnt", measure), calorific(guideline, measure)),
            items=fuel_items(guideline, *states),
            presets=codes,
            slots=len(codes) + 1,
            equation="burnt",
        )
        for (kind, states, measure, by), codes in zip(KINDS, presets, strict=True)
    )
