"""The sheets beside the data: instructions, identity, summary, and the lists of fuels and factors."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from reporting.guidelines import Fuel
from reporting.workbook import definition as d
from reporting.workbook import sector
from reporting.workbook.definition import Form, Words
from reporting.workbook.layout import Layout, Slot
from reporting.workbook.writing import formulas as f
from reporting.workbook.writing import records
from reporting.workbook.writing.formulas import Lists, ref
from reporting.workbook.writing.styles import Styles
from reporting.workbook.writing.summary import rows

IDENTITY_FIRST_ROW = 3
IDENTITY_KEY, IDENTITY_LABEL, IDENTITY_VALUE = range(3)
SUMMARY_FIRST_ROW, SUMMARY_VALUE = 4, 3

HELP = (
    Words(
        "1. 请先核对“基本信息”：单位、行业和报告期由系统填写，请勿改动；其他单位或其他月份的数据表不予接收。",
        "First check the sheet 基本信息: unit, sector and period are filled in; a workbook of another unit or month is refused.",
    ),
    Words(
        "2. 只填写浅黄色单元格，每行一个数据项。未发生的填0或留空；各项产量，以及台账中已填有数量的燃料的净消耗量，未发生的也须填0。",
        "Pale yellow cells only. What there wasn't is 0 or empty; outputs, and the net use in a ledger that is begun, are typed even if 0.",
    ),
    Words(
        "3. 燃料和原料从下拉列表中选择，同一燃料在同一部分只填写一次；期初库存等于上期期末库存。",
        "Choose fuels and materials from the lists; each stands only once in a section. Opening stock is last period's closing stock.",
    ),
    Words(
        "4. 台账须平衡：期初库存＋购入－外销－期末库存＝净消耗量。",
        "The ledger must add up: opening stock + purchased − sold − closing stock = consumed (net).",
    ),
    Words(
        "5. 低位发热量：选用缺省值的留空；选用实测值的逐批填写“热值检测”，或填写数值和带CMA/CNAS章的检测报告文件名。全年只采用一种方式。",
        "Net calorific value: empty means default; where measured, list the tests, or state it with its stamped report. One choice a year.",
    ),
    Words(
        "6. 数值只填数字，不带单位、逗号和全角字符；数量保留2位小数，低位发热量保留3位小数，多余位数四舍五入后计入。",
        "Digits only, without units or commas; quantities count with two decimals, calorific values with three, rounded half-up.",
    ),
    Words(
        "7. 灰色“自动计算”列和汇总表仅供参考（已含计量器具修正），以系统按原始数据重新核算的结果为准。“缺省值”表列出全部缺省因子。",
        "The grey computed columns and the summary hold the meters' penalties and serve the eye only; the platform computes afresh.",
    ),
    Words(
        "8. 另存为.xlsx格式上传，不得加密、带宏或合并单元格。可以插入空行；工作表保护未设密码。",
        "Save as .xlsx without password, macros or merged cells. Rows may be inserted; the sheets' protection has no password.",
    ),
    Words(
        "9. “计量器具”表填写检定/校准信息，每行一条，可自行增加行；逾期未检定的天数由系统按保守原则修正，未列出的器具视为合格。",
        "计量器具 lists meters and certificates; days without one are penalised, what isn't listed is taken to be in order.",
    ),
    Words(
        "10. 数据确实缺失的，按数据质量控制方案事先确定的保守估计值（最右一列）填写：获取方式选“缺省值”，数据来源写明该方案及版本。",
        "A value that can't be had: the control plan's conservative estimate (last column), obtained as a default, the plan as source.",
    ),
    Words(
        "11. 校验有警告而数值无误的，在“警告说明”表写明理由；可在月度页面下载已列出警告的数据表，填好说明后重新上传。",
        "A warning, and the value is right? Say why in 警告说明; the month's page hands out a workbook with its warnings listed there.",
    ),
)
ROUNDED = Words(
    "分项保留2位小数，合计修约至整吨；强度＝整吨数÷产量。",
    "Parts: two decimals; totals: whole tonnes.",
)


def write_help(sheet: Worksheet, form: Form, styles: Styles) -> None:
    """What a clerk must know, on one page."""
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 108)
    sheet.write_string(0, 0, f"{d.SECTOR_WORDS[form.sector].zh}企业碳排放数据表", styles.title)
    sheet.set_row(0, 30)
    sheet.write_string(
        1, 0, f"{d.SECTOR_WORDS[form.sector].en} · monthly workbook · {form.guideline.code}", styles.hint
    )
    more = sector.of(form.sector).help
    for number, words in enumerate((*HELP, *more)):
        row = 3 + 3 * number
        sheet.write_string(row, 1, words.zh, styles.paragraph)
        sheet.set_row(row, 32 if len(words.zh) > 62 else 17)
        sheet.write_string(row + 1, 1, words.en, styles.english_paragraph)
        sheet.set_row(row + 1, 14)
        sheet.set_row(row + 2, 6)


def write_identity(sheet: Worksheet, styles: Styles) -> None:
    """Who and when, by key."""
    for column, width in enumerate((9, 46, 40)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, d.IDENTITY_SHEET, styles.title)
    sheet.set_row(0, 30)
    sheet.write_string(1, 0, "Identity of this workbook", styles.hint)
    for row, (key, words) in enumerate(d.IDENTITY.items(), start=IDENTITY_FIRST_ROW):
        sheet.write_string(row, IDENTITY_KEY, key, styles.key)
        sheet.write_rich_string(row, IDENTITY_LABEL, f"{words.zh} ", styles.english, words.en, styles.label)
        free = key in ("unit", "unit_name")
        sheet.write_blank(row, IDENTITY_VALUE, None, styles.choice if free else styles.object)
        sheet.set_row(row, 22)


def write_summary(sheet: Worksheet, form: Form, lines: int, layouts: Sequence[Layout], styles: Styles) -> None:
    """Sums for the eye."""
    for column, width in enumerate((15, 48, 14, 20)):
        sheet.set_column(column, column, width)
    sheet.write_rich_string(0, 0, f"{form.summary_sheet} ", styles.english, "Summary (computed)", styles.title)
    sheet.set_row(0, 28)
    sheet.write_blank(1, 0, None, styles.plain)
    sheet.write_rich_string(2, 0, f"{ROUNDED.zh} ", styles.english, ROUNDED.en, styles.hint)
    for column, words in enumerate((form.line_words, *d.HEADER[d.LABEL : d.VALUE + 1])):
        sheet.write_rich_string(3, column, f"{words.zh} ", styles.english_light, words.en, styles.header)
    sheet.set_row(3, 34)
    sheet.freeze_panes(SUMMARY_FIRST_ROW, 0)
    for number, row in enumerate(rows(form, lines), start=SUMMARY_FIRST_ROW):
        sheet.write_blank(number, 0, None, styles.object)
        sheet.write_rich_string(number, 1, f"{row.words.zh} ", styles.english, row.words.en, styles.label)
        sheet.write_string(number, 2, row.measure, styles.measure)
        style = styles.ratio if row.over else styles.computed if row.stated or row.places else styles.total
        sheet.write_formula(number, SUMMARY_VALUE, f.summed(row, layouts), style)


def write_lists(sheet: Worksheet, lists: Lists, form: Form, layouts: Sequence[Layout], styles: Styles) -> None:
    """Default factors: what the drop-down lists offer, and what the formulas look up."""
    heads = {
        f.FUEL_NAME: Words("燃料", "Fuel"),
        f.FUEL_MEASURE: Words("单位", "Unit"),
        f.FUEL_NCV: Words("低位发热量 GJ/单位", "NCV"),
        f.FUEL_CC: Words("单位热值含碳量 tC/GJ", "CC"),
        f.FUEL_OF: Words("碳氧化率 %", "OF"),
        f.FUEL_USED: Words("本期采用热值", "NCV in use"),
        f.FUEL_FREE: Words("可实测", "May be measured"),
        f.FACTOR_NAME: Words("原料、产品、参数", "Material, product, parameter"),
        f.FACTOR_VALUE: Words("因子", "Factor"),
        f.FACTOR_UNIT: Words("单位", "Unit"),
        f.TARGET_NAME: Words("计量的量", "Metered quantity"),
        f.ITEM_NAME: Words("燃料、物料", "Fuel or material"),
        f.PERIOD_FIRST: Words("报告期首日", "First day"),
        f.PERIOD_LAST: Words("报告期末日", "Last day"),
    }
    sheet.write_rich_string(0, 0, f"{d.LISTS_SHEET} ", styles.english, "Default factors", styles.title)
    sheet.write_string(1, 0, lists.guideline.code, styles.hint)
    for column, width in enumerate((38, 10, 12, 14, 10, 14, 10, 52, 10, 12, 3, 44, 38, 3, 12, 12)):
        sheet.set_column(column, column, width)
    for column, words in heads.items():
        if lists.fuels or (column > f.FUEL_FREE and column != f.ITEM_NAME):
            sheet.write_rich_string(2, column, f"{words.zh} ", styles.english_light, words.en, styles.header)
    sheet.set_row(2, 34)
    sheet.freeze_panes(f.LISTS_FIRST_ROW, 0)
    _write_fuels(sheet, lists, form, layouts, styles)
    for column, names in ((f.TARGET_NAME, records.target_names(form)), (f.ITEM_NAME, records.item_names(form))):
        for row, name in enumerate(names, start=f.LISTS_FIRST_ROW):
            sheet.write_string(row, column, name, styles.constant)
    period = (
        f"'{d.IDENTITY_SHEET}'!{ref(IDENTITY_FIRST_ROW + list(d.IDENTITY).index('period'), IDENTITY_VALUE, fixed=True)}"
    )
    for column, day in ((f.PERIOD_FIRST, _first_day(period)), (f.PERIOD_LAST, _last_day(period))):
        sheet.write_formula(f.LISTS_FIRST_ROW, column, day, styles.computed_day)
    for row, (group, code) in enumerate(lists.factors, start=f.LISTS_FIRST_ROW):
        factor = lists.guideline.factors(group)[code]
        sheet.write_string(row, f.FACTOR_NAME, factor.name, styles.constant)
        sheet.write_number(row, f.FACTOR_VALUE, float(factor.value), styles.constant)
        sheet.write_string(row, f.FACTOR_UNIT, factor.unit, styles.measure)


def _first_day(period: str) -> str:
    """Of "2025-07" or "2024"."""
    return f"=DATE(LEFT({period},4),IF(LEN({period})=4,1,MID({period},6,2)),1)"


def _last_day(period: str) -> str:
    return f"=DATE(LEFT({period},4),IF(LEN({period})=4,12,MID({period},6,2))+1,0)"


def _write_fuels(sheet: Worksheet, lists: Lists, form: Form, layouts: Sequence[Layout], styles: Styles) -> None:
    for row, (name, code) in enumerate(lists.named, start=f.LISTS_FIRST_ROW):
        fuel = lists.guideline.fuels[code]
        sheet.write_string(row, f.FUEL_NAME, name, styles.constant)
        sheet.write_string(row, f.FUEL_MEASURE, fuel.measure, styles.measure)
        for column, value in ((f.FUEL_NCV, fuel.ncv), (f.FUEL_CC, fuel.cc), (f.FUEL_OF, fuel.of)):
            sheet.write_number(row, column, float(value), styles.constant)
        default = ref(row, f.FUEL_NCV)
        used = default if fuel.default_only else _stated_ncv(row, fuel, layouts, records.mean(form, fuel, row))
        sheet.write_formula(row, f.FUEL_USED, f"={used}", styles.constant)
        sheet.write_number(row, f.FUEL_FREE, 0 if fuel.default_only else 1, styles.constant)


def _stated_ncv(row: int, fuel: Fuel, layouts: Sequence[Layout], otherwise: str) -> str:
    """The calorific value that the works' ledger states for a fuel, else what its tests or default come to.

    A slot in which nothing is stated is none, so of two that name the fuel the one that states a value is meant.
    """
    used = otherwise
    for layout in layouts:
        for slot in reversed([slot for slot in layout.slots if _may_hold(slot, fuel)]):
            place, ncv = (_on(layout, slot.row, d.OBJECT), _on(layout, slot.row_of("ncv") or 0, d.VALUE))
            states = f"AND({place}={ref(row, f.FUEL_NAME)},ISNUMBER({ncv}))"
            used = f"IF({states},ROUND({ncv},3),{used})"
    return used


def _may_hold(slot: Slot, fuel: Fuel) -> bool:
    """Whether a slot of the works' ledger takes the fuel and states its calorific value."""
    group = slot.group
    return group.table == "fuel" and group.field("ncv") is not None and any(i.code == fuel.code for i in group.items)


def _on(layout: Layout, row: int, column: int) -> str:
    return f"'{layout.sheet.name}'!{ref(row, column, fixed=True)}"
