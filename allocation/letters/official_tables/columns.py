"""The columns, in the order and with the headers of forms.md; each knows how it reads a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allocation.models import Award, Differentiation, LeftOut, Settlement, Withholding
from registry.values import sectors
from registry.values.exact import half_up
from reporting.accounting.items import EXACT

Cell = int | Decimal | str | None
Reader = Callable[[Any], Cell]

WHOLE, CENTS, FOUR, SIX, PERCENT, TEXT = "#,##0", "#,##0.00", "0.0000", "0.000000", "0.00", "@"


@dataclass(frozen=True, slots=True)
class Column:
    """`format` is the cell's number format, `total` whether the foot sums it up, `width` in characters.

    `of_line` columns say what is known of a line without its result, so they are filled for a line that was left out, too.
    """

    zh: str
    en: str
    read: Reader
    format: str = TEXT
    total: bool = False
    width: int = 14
    of_line: bool = False


def detail(item: str) -> Reader:
    """A verified component by its item (reporting.accounting.items); empty where the line has none."""

    def read(award: Award) -> Decimal | None:
        text = award.result.details.get(item)
        return None if text is None else Decimal(text)

    return read


def intensity(award: Award) -> Decimal | None:
    return None if award.exact_intensity is None else half_up(award.exact_intensity, 4)


def _deviation(award: Award) -> Decimal | None:
    return None if award.exact_deviation is None else half_up(award.exact_deviation * 100, 2)


def _coefficient(award: Award) -> Decimal:
    return half_up(award.exact_coefficient, 6)


def _balance_value(award: Award) -> Decimal | None:
    return award.run.balance_value.value if award.run.balance_value else None


def _rate(award: Award) -> Decimal:
    return half_up(award.exact_coefficient * 100, 2)


UNIT_NAME = Column("重点排放单位名称", "Key emission unit", lambda row: row.unit.name, width=32, of_line=True)
CREDIT_CODE = Column(
    "统一社会信用代码", "Unified social credit code", lambda row: row.unit.credit_code, width=22, of_line=True
)
REMARKS = Column("需要特殊说明的事项", "Remarks", lambda row: remark(row), width=24, of_line=True)
LINE_NO = Column("生产线编号", "Line", lambda row: row.line.code, of_line=True)
PROCESS_NO = Column("工序编号", "Process", lambda row: row.line.code, of_line=True)


def remark(row: Award | Settlement | LeftOut) -> str:
    """What a row needs said about it: its sector where a unit has a row in each, why it gets nothing, which rule decided it."""
    if isinstance(row, LeftOut):
        return REMARK_OF_LEFT_OUT[LeftOut.Reason(row.reason)]
    if isinstance(row, Award):
        return "；".join(filter(None, (REMARK_OF_CASE.get(row.case), _unrounded(row))))
    return f"{sectors.of(row.run.sector).zh}行业"


def _unrounded(award: Award) -> str:
    """Where the factors' four decimals give another carbide-slag rate than the one that decided: that one."""
    rate = award.result.carbide_slag_rate
    if not rate or not any(name.endswith(EXACT) for name in award.result.details):
        return ""
    return f"因子为加权平均值，电石渣替代率按未修约值计算为{half_up(rate * 100, 4):f}%"


REMARK_OF_LEFT_OUT = {
    LeftOut.Reason.NO_VERIFIED_LAST_YEAR: "无上一年度经核查排放量，预分配配额为0",
    LeftOut.Reason.NO_VERIFIED_RESULT: "尚无本年度经核查结果，暂不核定配额",
    LeftOut.Reason.NOT_LISTED: "未列入本年度重点排放单位名录，不核定配额",
}
REMARK_OF_CASE = {
    "white": "仅生产白水泥熟料，核定配额等于经核查排放量",
    "carbide_slag": "电石渣替代率超过方案规定，核定配额等于经核查排放量",
    "gypsum_acid": "石膏制硫酸联产水泥，核定配额等于经核查排放量",
    "outside_commissioned": "当年投产，不纳入当年度配额分配",
    "outside_closed": "核定前关停，不纳入当年度配额分配",
    "idle": "全年未生产，排放量为0",
}

LAST_YEAR = (
    Column("上一年度经核查排放量", "Verified emissions of the year before", lambda row: row.emissions, WHOLE, True, 18),
    Column("预分配比例（%）", "Pre-allocation rate (%)", _rate, PERCENT),
    Column("预分配配额", "Pre-allocated quota", lambda row: row.quota, WHOLE, True, 16),
    REMARKS,
)


def _amount(zh: str, en: str, field: str) -> Column:
    return Column(zh, en, lambda row: getattr(row, field), WHOLE, True, 16)


def component(zh: str, en: str, item: str, format: str = CENTS, total: bool = True) -> Column:
    return Column(zh, en, detail(item), format, total, 16)


def output(zh: str, en: str) -> Column:
    return Column(zh, en, lambda row: row.result.output, CENTS, True, 16)


def capacity(zh: str, en: str) -> Column:
    return Column(zh, en, lambda row: row.line.capacity, CENTS, of_line=True)


GROUND_ZH = {
    "judicial_freeze": "司法冻结",
    "clear_risk": "存在明显履约风险",
    "closed_before_determination": "核定前关停",
    "under_surrender": "上一年度未足额清缴",
}


def differentiation_of(row: Settlement) -> Differentiation | None:
    """By which mark what the row issues is withheld; None where it goes to the unit. A row added up over sectors has it noted."""
    noted: Differentiation | None = getattr(row, "withheld_by", None)
    if noted:
        return noted
    held: Withholding | None = getattr(row, "withholding", None)
    return held.differentiation if held else None


def _grounds(row: Settlement) -> str:
    mark = differentiation_of(row)
    return f"{GROUND_ZH.get(mark.ground, mark.ground)}：{mark.facts}" if mark else ""


_DIFFERENTIATED = (
    Column(
        "是否属于差异化情形暂不发放（是/否）",
        "Differentiated, not issued yet (yes/no)",
        lambda row: "是" if differentiation_of(row) else "否",
        width=18,
    ),
    Column("差异化具体情况", "Grounds of the differentiation", lambda row: _grounds(row), width=28),
)


def pre_allocation_units(years: Sequence[int]) -> tuple[Column, ...]:
    """Table 1-5; `years` are those for which something is deducted: ② has a column for each (one, all zeros, where there is none)."""
    return (
        UNIT_NAME,
        CREDIT_CODE,
        _amount("①预分配配额", "① Pre-allocated quota", "pre_allocated"),
        *([_deducted_for(year) for year in years] or [_amount(*_DEDUCTED, "deducted")]),
        _amount("③预分配实发配额", "③ Issued of it", "issued_now"),
        _amount("④预分配配额发放后剩余待调整配额", "④ Still to be deducted afterwards", "outstanding"),
        *_DIFFERENTIATED,
        REMARKS,
    )


_DEDUCTED = ("②配额调整（核减量）", "② Quota adjustment (deducted)")


def _deducted_for(year: int) -> Column:
    zh, en = _DEDUCTED
    return Column(f"{zh}{year}年度", f"{en}, {year}", lambda row: row.deducted_for.get(year, 0), WHOLE, True, 16)


def decided(number: int, balance_value: str, english: str) -> tuple[Column, ...]:
    """Deviation, balance value, coefficient, quota and due: the same five columns in each sector, numbered from `number`."""
    signs = "①②③④⑤⑥⑦⑧⑨⑩⑪"[number - 1 :]
    return (
        Column(f"{signs[0]}碳排放强度偏离度（%）", f"{signs[0]} Intensity deviation (%)", _deviation, PERCENT),
        Column(f"{signs[1]}{balance_value}", f"{signs[1]} {english}", _balance_value, FOUR),
        Column(f"{signs[2]}碳排放强度系数", f"{signs[2]} Intensity coefficient", _coefficient, SIX),
        Column(f"{signs[3]}核定配额", f"{signs[3]} Determined quota", lambda row: row.quota, WHOLE, True, 16),
        Column(f"{signs[4]}应清缴配额", f"{signs[4]} Quota due", lambda row: row.due, WHOLE, True, 16),
        REMARKS,
    )


def emissions(zh: str, en: str) -> Column:
    return Column(zh, en, lambda row: row.emissions, WHOLE, True, 16)


DETERMINATION_UNITS = (
    UNIT_NAME,
    CREDIT_CODE,
    _amount("预分配配额", "Pre-allocated quota", "pre_allocated"),
    _amount("核定配额", "Determined quota", "determined"),
    _amount("①多退少补配额", "① Top-up or return", "top_up"),
    _amount("②退回已核减配额", "② Deduction given back", "deduction_returned"),
    _amount("③配额调整（核减量）", "③ Quota adjustment (deducted)", "deducted"),
    _amount("④预分配实发配额", "④ Issued in advance", "issued_before"),
    _amount("⑤核定实发配额", "⑤ Issued at determination", "issued_now"),
    _amount("⑥实发配额合计", "⑥ Issued in total", "issued_total"),
    _amount("应清缴配额", "Quota due", "due"),
    _amount("⑦核定配额发放后剩余待调整配额", "⑦ Still to be deducted afterwards", "outstanding"),
    *_DIFFERENTIATED,
    REMARKS,
)
