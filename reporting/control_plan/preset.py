"""A blank plan, filled as far as can be known: from the workbook's definition, and from what the unit's last month said.

preset(sector, year, unit, lines, month=None) -> Plan
carried(before, sector, year, unit, lines) -> Plan      last year's plan for the new year's lines
"""

from collections.abc import Sequence

from reporting.content import DEFAULT, MEASURED, Content, Row
from reporting.control_plan.asked import Asked, asked, group_of
from reporting.control_plan.entries import BATCH, DAY, MONTH, UNUSED, Entry, Place, Plan
from reporting.control_plan.rules import form_of
from reporting.guidelines import SOLID, Guideline
from reporting.workbook.definition import Form

SOURCES = {MEASURED: "计量台账", "calculated": "生产统计台账", "design": "设计文件", DEFAULT: "核算指南缺省值"}
REPORT = "检测报告"
FALLBACK = "数据缺失时按保守原则取值：排放不低估、产量不高估，取前三个月中较不利者。"


def preset(sector: str, year: int, unit: str, lines: Sequence[str], month: Content | None = None) -> Plan:
    """A plan in which only what nobody can know is missing: names, numbers and days of meters and laboratories."""
    form = form_of(sector, year)
    entries: dict[Place, Entry] = {}
    for each in asked(form, lines):
        rows = [] if month is None else _rows(form, each, month)
        entries[each.place] = _entry(each, rows, month, form.guideline)
        for row in rows:
            single = each.place._replace(item=row.item)
            how = _how(each, row, month)
            if row.item and how != entries[each.place].how:
                entries[single] = _entry(each, [row], month, form.guideline)
    return Plan(sector, year, unit, tuple(lines), entries)


def carried(before: Plan, year: int, lines: Sequence[str]) -> Plan:
    """Last year's entries wherever the new year asks for the same parameter, blank presets elsewhere."""
    blank = preset(before.sector, year, before.unit, lines)
    form = form_of(before.sector, year)
    known = {each.place for each in asked(form, lines, tuple(before.entries))}
    kept = {place: entry for place, entry in before.entries.items() if place in known}
    return Plan(before.sector, year, before.unit, tuple(lines), {**blank.entries, **kept})


def _rows(form: Form, each: Asked, month: Content) -> list[Row]:
    """The month's rows of the parameter's group and line; a net calorific value that isn't stated is the default or the tests'."""
    rows = [row for row in month.table(each.group.table, line=each.place.line) if group_of(form, row) == each.group]
    return [row for row in rows if each.field.name in row.data or each.field.name == "ncv"]


def _how(each: Asked, row: Row, month: Content | None) -> str:
    stated = row.data.get(each.field.name)
    if stated is not None and stated.how:
        return stated.how
    if each.field.name == "ncv":
        tested = month is not None and any(test.item == row.item for test in month.table("batch"))
        return MEASURED if tested else DEFAULT
    return each.field.preset_how


def _entry(each: Asked, rows: list[Row], month: Content | None, guideline: Guideline) -> Entry:
    """Of a group with several fuels by what most of them say."""
    if month is not None and not rows and each.group.items:
        return Entry(how=UNUSED)
    hows = [_how(each, row, month) for row in rows] or [each.field.preset_how]
    how = max(hows, key=hows.count)
    stated = next((row.data[each.field.name] for row in rows if each.field.name in row.data), None)
    source = (stated.source if stated else "") or (REPORT if each.is_tested and how == MEASURED else SOURCES[how])
    texts = {"how": how, "source": source, "frequency": _frequency(each, guideline)}
    if how != DEFAULT:
        texts["fallback"] = FALLBACK
    if each.is_metered:
        texts["accuracy"] = f"{each.accuracy(guideline):f}"
        texts["interval"] = f"{guideline.number('calibration.months'):f}"
    return Entry(**texts, **(_meter(each, rows, month) if each.is_metered and month else {}))


def _frequency(each: Asked, guideline: Guideline) -> str:
    if each.field.name == "ncv":
        fuels = (guideline.fuels.get(item.code) for item in each.group.items)
        return BATCH if any(fuel is not None and fuel.state == SOLID for fuel in fuels) else MONTH
    return MONTH if each.field.name in ("opening", "closing", "moisture") else DAY


def _meter(each: Asked, rows: list[Row], month: Content) -> dict[str, str]:
    """What the month's register says of the parameter's meters."""
    measures = f"{each.group.table}/{each.group.process}/{each.field.name}"
    items = {row.item for row in rows}
    meters = [
        meter
        for meter in month.table("meter", line=each.place.line)
        if meter.words("measures") == measures and meter.item in items
    ]
    if not meters:
        return {}
    calibrated = [day for meter in meters if (day := meter.day("calibrated"))]
    found = {"number": "、".join(meter.part for meter in meters)}
    return found | ({"calibrated": min(calibrated).isoformat()} if calibrated else {})
