"""The steel workbook: the works' balance on one sheet, its processes on another, a summary between them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reporting.accounting.citations import FACTORS
from reporting.content import MAIN_PROCESSES
from reporting.guidelines import GAS, LIQUID, SOLID, Guideline, kind_of
from reporting.workbook.definition import Field, Form, Group, Item, Register, Sheet, Words
from reporting.workbook.forms.fields import (
    CUBIC_METRES,
    TONNES,
    calorific,
    factor_items,
    fuel_items,
    ledger,
    quantity,
    stops,
)
from reporting.workbook.forms.registers import batches, meters
from reporting.workbook.sector import SummaryRow as Row
from reporting.workbook.sector import Workbook

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
COKES = ("coke_purchased", "coke_own")
OVEN_GAS, FURNACE_GAS, CONVERTER_GAS = "coke_oven_gas_own", "bf_gas_own", "converter_gas_own"
TAKES_IN = {
    "coking": (("coking_coal",), (OVEN_GAS, FURNACE_GAS)),
    "sintering": ((*COKES, "anthracite"), (OVEN_GAS, FURNACE_GAS)),
    "pelletising": (("bituminous",), (OVEN_GAS, FURNACE_GAS)),
    "ironmaking": ((*COKES, "semi_coke", "anthracite", "bituminous"), (FURNACE_GAS, OVEN_GAS, "natural_gas")),
    "converter": ((*COKES, "semi_coke"), (OVEN_GAS, "natural_gas")),
    "electric_arc": (COKES, ("natural_gas",)),
}
# What leaves a process is the works' own.
GIVES_OFF = {
    "coking": (("coke_own",), (OVEN_GAS,)),
    "ironmaking": (("coke",), (FURNACE_GAS,)),
    "converter": ((), (CONVERTER_GAS,)),
}
# What ironmaking makes beside pig iron; its output is the sum of all.
OTHER_IRON = (
    Item("direct_reduced_iron", Words("直接还原铁", "direct reduced iron")),
    Item("smelting_reduction_iron", Words("熔融还原铁", "smelting-reduction iron")),
    Item("nickel_iron", Words("镍铁合金", "nickel-iron alloy")),
)
SINCE_MARKED = ("ironmaking.other", "product.processed")
"""Groups that the forms of before own and purchased were told apart haven't got."""
# Fuel is weighed or metered: group, states, measure, words.
KINDS = (
    ("mass", (SOLID, LIQUID), TONNES, Words("固体、液体", "weighed")),
    ("gas", (GAS,), CUBIC_METRES, Words("气体", "gases")),
)
COKE_FINES = Item("coke", Words("焦粉", "coke fines"), own_made=True)


CO2 = "tCO2"
PART = 2  # decimals of what is a part of a total


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
        group(SOLID, Words("固体燃料", "Solid fuels"), TONNES, 9, ("coking_coal", "anthracite", "bituminous", *COKES)),
        group(LIQUID, Words("液体燃料", "Liquid fuels"), TONNES, 2, ("diesel",)),
        group(GAS, Words("气体燃料", "Gases"), CUBIC_METRES, 6, ("natural_gas", "coke_oven_gas_purchased", OVEN_GAS)),
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
        items = tuple(
            item for item in factor_items(guideline, FACTORS.get(table, table)) if not codes or item.code in codes
        )
        presets = tuple(item.code for item in items)
        field = quantity(guideline, "amount", label.zh, label.en)
        equation = "deducted" if table in ("product", "processed") else "factor"
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
        group(
            "product.processed",
            "processed",
            Words("焦油、粗苯：厂内继续加工（视同外销）", "Tar and benzol processed further, which counts as sold"),
            Words("继续加工量", "Processed further"),
            ("tar", "crude_benzol"),
        ),
    )


def _processes(guideline: Guideline) -> tuple[Group, ...]:
    groups: list[Group] = []
    for process, words in PROCESSES.items():
        product = PRODUCTS[process]
        output = quantity(guideline, "amount", product.zh, product.en)
        groups.append(Group(f"{process}.output", "process_output", words, (output,), process, is_output=True))
        if process == "ironmaking":
            groups.append(_other_iron(guideline))
        groups += _flows(guideline, process, "in", TAKES_IN[process], spare=1)
        groups += _flows(guideline, process, "out", GIVES_OFF.get(process, ((), ())), spare=0)
    return tuple(groups)


def _other_iron(guideline: Guideline) -> Group:
    words = Words("炼铁工序其他产品（非高炉炼铁、RKEF等）", "Ironmaking: other products")
    presets = tuple(item.code for item in OTHER_IRON)
    made = quantity(guideline, "amount", "产量", "Produced")
    return Group(
        "ironmaking.other",
        "process_output",
        words,
        (made,),
        "ironmaking",
        OTHER_IRON,
        presets,
        len(OTHER_IRON),
        is_output=True,
    )


def _flows(
    guideline: Guideline, process: str, way: str, presets: tuple[tuple[str, ...], tuple[str, ...]], spare: int
) -> list[Group]:
    """Fuel into or out of a process: one group weighed in tonnes, one metered as gas."""
    direction = Words("输入燃料", "fuel in") if way == "in" else Words("输出", "carbon leaving")
    groups = []
    for (kind, states, measure, by), codes in zip(KINDS, presets, strict=True):
        items = fuel_items(guideline, *states)
        if way == "out":
            items = tuple(item for item in items if item.code in (*codes, *map(kind_of, codes)))
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
    presets = (("bituminous",), (FURNACE_GAS, OVEN_GAS, CONVERTER_GAS))
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


def _summary(_lines: int) -> Iterator[Row]:
    enterprise = ("fuel.*", "carbonate*", "electrode*", "material*", "product*")
    labels = (
        Words("燃料净消耗", "Fuels, net"),
        Words("碳酸盐", "Carbonates"),
        Words("电极", "Electrodes"),
        Words("含碳原料", "Carbon materials"),
        Words("固碳产品（扣除）", "Products (deducted)"),
    )
    for words, pattern in zip(labels, enterprise, strict=True):
        yield Row(words, CO2, (pattern,), places=PART)
    yield Row(Words("企业碳排放量", "Enterprise emissions"), CO2, enterprise)
    for process in MAIN_PROCESSES:
        words = PROCESSES[process]
        yield Row(Words(f"{words.zh}碳排放量", words.en), CO2, (f"L1/{process}.*",))
    yield Row(Words("掺烧发电机组碳排放量", "Power units"), CO2, ("L1/power.*",))
    main = ("L1/ironmaking.*", "L1/sintering.*")
    yield Row(Words("炼铁＋烧结工序碳排放量", "Ironmaking and sintering"), CO2, main, apart=True)
    iron = ("L1/ironmaking.output/1/amount", "L1/ironmaking.other/*")
    yield Row(Words("炼铁工序产品产量", "Output of ironmaking"), "t", iron, stated=True)
    yield Row(Words("重点工序碳排放强度", "Intensity of the main processes"), "tCO2/t", main, over=iron, apart=True)
    yield Row(Words("粗钢产量", "Crude steel"), "t", ("product.made/1/amount",), stated=True)


def _unmarked(form: Form) -> Form:
    """The form before own and purchased fuels were told apart, and before it asked for all that ironmaking makes."""
    sheets = tuple(
        replace(
            sheet, unit_groups=_groups_then(form, sheet.unit_groups), line_groups=_groups_then(form, sheet.line_groups)
        )
        for sheet in form.sheets
    )
    registers = tuple(_register_then(form, register, sheets) for register in form.registers)
    return Form(form.sector, form.guideline, sheets, form.summary_sheet, form.line_words, registers)


def _groups_then(form: Form, groups: Iterable[Group]) -> tuple[Group, ...]:
    kept = (group for group in groups if group.key not in SINCE_MARKED)
    return tuple(replace(group, items=_items_then(form, group.items)) for group in kept)


def _items_then(form: Form, items: Iterable[Item]) -> tuple[Item, ...]:
    fuels = form.guideline.fuels
    return tuple(replace(item, offered=True) for item in items if item.code not in fuels or not fuels[item.code].origin)


def _register_then(form: Form, register: Register, sheets: tuple[Sheet, ...]) -> Register:
    if register.targets:
        return meters(sheets, PROCESSES)
    return replace(register, items=_items_then(form, register.items))


HELP = (
    Words(
        "11. 购入的固体燃料须填写收到基水分（%）和干基净消耗量：干基净消耗量＝净消耗量×（1－水分）。",
        "Every solid fuel bought states its moisture as received (%) and its net use on the dry basis: net use × (1 − moisture).",
    ),
    Words(
        "12. 焦炭、煤气按“外购”“自产”分别选择、分别填报，各用各的低位发热量。焦油、粗苯在厂内继续加工的填“继续加工量”，视同外销。",
        "Coke and gas are purchased or own: each has its own rows and value. Tar and benzol processed further on site count as sold.",
    ),
)

WORKBOOK = Workbook(
    form,
    _summary,
    factors=("carbonate", "electrode", "material", "product"),
    example="示例钢铁企业 example works",
    help=HELP,
    processes=PROCESSES,
    aliases=lambda form: (*form.unmarked, COKE_FINES),
    earlier=_unmarked,
)
