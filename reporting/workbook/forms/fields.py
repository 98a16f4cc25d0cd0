"""The fields and items that the sectors' forms share."""

from reporting.content import DEFAULT, MEASURED
from reporting.guidelines import Fuel, Guideline
from reporting.workbook.definition import Field, Group, Item, Words

TONNES = "t"
CUBIC_METRES = "10⁴Nm³"


def quantity(guideline: Guideline, name: str, zh: str, en: str, measure: str = TONNES, *, own: bool = False) -> Field:
    """An amount, with as many decimals as the guideline gives to quantities."""
    return Field(name, Words(zh, en), measure, guideline.places("quantity"), may_be_negative=own)


def ledger(guideline: Guideline, measure: str = TONNES) -> tuple[Field, ...]:
    """Opening stock + purchased − sold − closing stock = consumed."""
    return (
        quantity(guideline, "opening", "期初库存量", "Opening stock", measure),
        quantity(guideline, "purchased", "购入量", "Purchased", measure),
        quantity(guideline, "sold", "外销量", "Sold", measure),
        quantity(guideline, "closing", "期末库存量", "Closing stock", measure),
        quantity(guideline, "consumed", "净消耗量", "Consumed (net)", measure, own=True),
    )


def calorific(guideline: Guideline, measure: str) -> Field:
    """Net calorific value: measured with a report, or left empty for the default."""
    words = Words("低位发热量（缺省留空）", "Net calorific value")
    return Field("ncv", words, f"GJ/{measure}", guideline.places("ncv"), (MEASURED, DEFAULT), DEFAULT)


def fuel_items(guideline: Guideline, *states: str) -> tuple[Item, ...]:
    """The guideline's fuels of these states; after those that are offered what has no mark of its origin."""
    fuels = [fuel for fuel in guideline.fuels.values() if fuel.state in states]
    return tuple(fuel_item(fuel) for fuel in sorted(fuels, key=lambda fuel: fuel.is_unmarked))


def fuel_item(fuel: Fuel) -> Item:
    return Item(fuel.code, Words(fuel.zh, fuel.en), fuel.own_made, offered=not fuel.is_unmarked)


def factor_items(guideline: Guideline, group: str) -> tuple[Item, ...]:
    """The guideline's materials under a heading."""
    return tuple(Item(factor.code, Words(factor.zh, factor.en)) for factor in guideline.factors(group).values())


def stops() -> Group:
    """Stops, overhauls and restarts of a line."""
    fields = (
        Field("days", Words("停产天数", "Days stopped"), "d", 0, hows=()),
        Field("stopped", Words("停产日期", "Stopped on"), "YYYY-MM-DD", 0, hows=(), is_date=True),
        Field("restarted", Words("复产日期", "Restarted on"), "YYYY-MM-DD", 0, hows=(), is_date=True),
    )
    return Group("stop", "stop", Words("停产、检修与复产", "Stops, overhauls and restarts"), fields)
