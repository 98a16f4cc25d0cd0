"""The registers that forms share: tests of net calorific values, batch by batch, and meters with their certificates."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from reporting.guidelines import GAS, LIQUID, SOLID, Guideline
from reporting.workbook import definition as d
from reporting.workbook.definition import Column, Group, Item, Register, Sheet, Target, Words
from reporting.workbook.forms.fields import fuel_items

WORDS = {
    "fuel": Words("燃料净消耗量", "Fuel, net consumption"),
    "product": Words("固碳产品数量", "Products"),
    "power": Words("掺烧发电机组燃料", "Power units: fuel burnt"),
    "line_fuel": Words("入窑燃料", "Fuel into the line"),
}
WAYS = {"process_in": Words("输入燃料", "fuel in"), "process_out": Words("输出", "carbon leaving")}


def batches(guideline: Guideline) -> Register:
    """Every batch of a purchased solid fuel, every test of a liquid or gas."""
    return Register(
        table="batch",
        name="热值检测",
        en="Calorific value tests",
        hint=Words(
            "选用实测热值的逐批（次）填写；固体燃料按批次质量加权，液体、气体取当月各次平均；检测报告晚于采样40天等不符合要求的批（次）按缺省值计入。",
            "One row a batch or test where the value is measured; a test that doesn't count enters with the default.",
        ),
        columns=(
            Column("", Words("燃料", "Fuel"), d.ITEM, 26),
            Column("", Words("批次（检测）编号", "Batch or test"), d.PART, 16),
            Column(
                "mass", Words("批次质量 t（气体、液体可不填）", "Mass"), d.NUMBER, 16, guideline.places("quantity"), "t"
            ),
            Column(
                "ncv",
                Words("低位发热量 GJ/t、GJ/10⁴Nm³", "Net calorific value"),
                d.NUMBER,
                16,
                guideline.places("ncv"),
                "GJ/t, GJ/10⁴Nm³",
            ),
            Column("report", Words("检测报告编号", "Report no."), d.TEXT, 20),
            Column("sampled", Words("采样日期", "Sampled on"), d.DAY, 13),
            Column("reported", Words("报告日期", "Reported on"), d.DAY, 13),
            Column("accredited", Words("CMA/CNAS 资质含该参数", "Accredited laboratory"), d.ANSWER, 14),
            Column("sound", Words("采样、检测合规", "Sound sampling and test"), d.ANSWER, 14),
            Column("report", Words("支撑材料文件名", "Supporting file"), d.FILE, 26),
        ),
        items=fuel_items(guideline, SOLID, LIQUID, GAS),
    )


def meters(sheets: tuple[Sheet, ...], processes: Mapping[str, Words] = MappingProxyType({})) -> Register:
    """The meters of the quantities on these sheets; one that isn't listed is taken to be in order."""
    targets = tuple(_targets(sheets, processes))
    return Register(
        table="meter",
        name="计量器具",
        en="Meters and calibration",
        hint=Words(
            "检定/校准至少每12个月一次；未检定或逾期的天数按法定准确度要求（已知误差更大的按误差）保守修正，误差超出要求的按超出部分修正。准确度要求可留空，按核算报告指南的规定计算。",
            "At least every 12 months; days without a certificate and errors above the guideline's accuracy are penalised.",
        ),
        columns=(
            Column("measures", Words("测量的量", "Measures"), d.TARGET, 34),
            Column("", Words("生产线（工序）编号", "Line"), d.LINE, 12),
            Column("", Words("燃料或物料", "Fuel or material"), d.ITEM, 24),
            Column("", Words("计量器具编号", "Meter no."), d.PART, 16),
            Column("accuracy", Words("准确度要求 %", "Required accuracy"), d.NUMBER, 12, 2, "%"),
            Column("calibrated", Words("最近检定/校准日期", "Last calibrated on"), d.DAY, 14),
            Column("valid_until", Words("有效期至", "Valid until"), d.DAY, 13),
            Column("before", Words("上一证书有效期至", "Certificate before it until"), d.DAY, 14),
            Column("error", Words("检定误差 %", "Error found"), d.NUMBER, 11, 2, "%"),
            Column("calibrated", Words("证书文件名", "Certificate file"), d.FILE, 26),
        ),
        targets=targets,
        rows=12,
    )


def _targets(sheets: tuple[Sheet, ...], processes: Mapping[str, Words]) -> Iterator[Target]:
    """Each quantity that counts once, with what all its groups may hold."""
    found: dict[str, tuple[Words, bool, dict[Item, None]]] = {}
    whole: set[str] = set()
    for sheet in sheets:
        for group in (*sheet.unit_groups, *sheet.line_groups):
            each_line = group in sheet.line_groups
            for name in ("consumed",) if group.table == "fuel" else group.metered:
                field = group.field(name)
                if field is not None and (group.equation or group.is_output):
                    words = _words(group, field.words, processes)
                    code = f"{group.table}/{group.process}/{name}"
                    whole |= set() if group.items else {code}
                    found.setdefault(code, (words, each_line, {}))[2].update(dict.fromkeys(group.items))
    for code, (words, each_line, items) in found.items():
        yield Target(code, words, each_line, tuple(items), may_be_whole=code in whole)


def _words(group: Group, field: Words, processes: Mapping[str, Words]) -> Words:
    """What the quantity is called: by table and process, since it may stand in several groups."""
    if group.table in WORDS:
        return WORDS[group.table]
    if group.process:
        process, way = processes[group.process], WAYS.get(group.table, field)
        return Words(f"{process.zh}·{way.zh}", f"{process.en}: {way.en}")
    return Words(f"{group.words.zh}·{field.zh}", f"{group.words.en}: {field.en}")
