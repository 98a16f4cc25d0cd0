"""What a steel works buys, burns, passes from process to process, and makes.

Of each works the intensity it comes to is thrown first; the blast-furnace gas is then as much as makes it so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from quota_site.demo.invented.country import LinePlan
from quota_site.demo.invented.figures.rows import Period, Writer, of, rounded
from quota_site.demo.invented.random_values import Chance
from registry.values.exact import half_up
from reporting.accounting.terms import CO2_PER_CARBON
from reporting.content import Row
from reporting.guidelines import Guideline

PULVERISED, COKE, OWN_COKE = "anthracite", "coke_purchased", "coke_own"
BF_GAS, OVEN_GAS, CONVERTER_GAS = "bf_gas_own", "coke_oven_gas_own", "converter_gas_own"


@dataclass(frozen=True, slots=True)
class _Month:
    """A works' quantities: tonnes, gases in 10⁴ Nm³."""

    iron: Decimal
    crude_steel: Decimal
    sinter: Decimal
    furnace_coke: Decimal
    sinter_coke: Decimal
    coal: Decimal
    sinter_coal: Decimal
    stove_gas: Decimal
    furnace_gas: Decimal
    own_coke: Decimal

    @property
    def coke(self) -> Decimal:
        return self.furnace_coke + self.sinter_coke

    @property
    def all_coal(self) -> Decimal:
        return self.coal + self.sinter_coal


def rows(
    line: LinePlan, period: Period, chance: Chance, guideline: Guideline, *, late_calibration: bool = False
) -> Iterator[Row]:
    """The enterprise's rows, then those of the processes.

    Where the late calibration of the coal's belt scale is told of, the coal is tested by batches and burnt in two processes.
    """
    writer = Writer(period, chance)
    month = _month(line, period, chance, guideline, late_calibration or chance.happens(60, "sinters with coal"))
    yield from _ledgers(writer, line, month, chance)
    yield from _materials(writer, month, chance)
    works = writer.at(line.code)
    yield from _iron(works, month)
    if month.own_coke:
        yield from _coking(works, month.own_coke)
    yield from _converter_and_power(works, month)
    if late_calibration or chance.happens(50, "measures ncv"):
        yield from writer.batches(PULVERISED, month.all_coal, _ncv(period, chance, guideline))
    if late_calibration:
        yield writer.scale_of(PULVERISED)


def _month(line: LinePlan, period: Period, chance: Chance, guideline: Guideline, sinters_with_coal: bool) -> _Month:
    load = chance.between("0.84", "0.96", "load") + chance.between("-0.03", "0.03", "load", period.text)
    days = period.days_from(line.commissioned, line.closed)
    iron = of(line.capacity * 10_000 * load / period.days_of_year, days)

    def per_tonne(low: str, high: str, name: str) -> Decimal:
        """About the same every month, for a tonne of iron."""
        return chance.between(low, high, name) * (1 + chance.between("-0.010", "0.010", name, period.text))

    # A few works lie so far from the others that their coefficient meets its limit.
    far = chance.one_of((Decimal("0.77"), Decimal("1.26")), "how far") if chance.happens(15, "far off") else Decimal(1)
    furnace_coke = of(iron, per_tonne("0.370", "0.410", "furnace coke") * max(far, Decimal(1)))
    sinter_fuel = of(iron, per_tonne("0.070", "0.085", "sinter coke"))
    # The poorer a month's coal, the more of it is sintered with: over a year the two processes don't burn the same.
    share = Decimal("0.35") - 6 * _richness(period, chance) if sinters_with_coal else 0
    sinter_coal = of(sinter_fuel, share)
    sinter_coke = sinter_fuel - sinter_coal
    coal = of(iron, per_tonne("0.140", "0.165", "coal"))
    stove_gas = of(iron, per_tonne("0.0500", "0.0600", "stove gas"))
    aim = per_tonne("1.320", "1.580", "intensity") * far * (1 - Decimal("0.006") * (period.year - 2024))
    burnt = (
        (furnace_coke + sinter_coke) * _factor(COKE, guideline)
        + (coal + sinter_coal) * _factor(PULVERISED, guideline)
        + stove_gas * _factor(BF_GAS, guideline)
    )
    return _Month(
        iron=iron,
        crude_steel=of(iron, per_tonne("1.040", "1.120", "steel")),
        sinter=of(iron, per_tonne("1.280", "1.420", "sinter")),
        furnace_coke=furnace_coke,
        sinter_coke=sinter_coke,
        coal=coal,
        sinter_coal=sinter_coal,
        stove_gas=stove_gas,
        furnace_gas=rounded((burnt - aim * iron) / _factor(BF_GAS, guideline)),
        own_coke=of(furnace_coke, Decimal("0.9")) if chance.happens(50, "has ovens") else Decimal(0),
    )


def _factor(fuel: str, guideline: Guideline) -> Decimal:
    """tCO2 in a unit of the fuel, near enough to aim with."""
    found = guideline.fuels[fuel]
    return found.ncv * half_up(CO2_PER_CARBON, 6) * found.cc


def _ledgers(writer: Writer, line: LinePlan, month: _Month, chance: Chance) -> Iterator[Row]:
    iron_a_month = line.capacity * 10_000 / 12
    bought = month.coke - month.own_coke

    def damp(used: Decimal, low: str, high: str, *name: str) -> dict[str, Decimal]:
        """A month's moisture of a fuel, and what is left of it without."""
        moisture = rounded(chance.between(low, high, *name, writer.period.text))
        return {"moisture": moisture, "dry": of(rounded(used), 1 - moisture / 100)}

    if month.own_coke:
        mixed = of(month.own_coke, Decimal("1.36"))
        moist = damp(mixed, "9.00", "11.00", "moisture", "coking coal")
        yield writer.ledger("coking_coal", mixed, of(iron_a_month, Decimal("0.45")), **moist)
    moist = damp(month.all_coal, "7.00", "9.00", "moisture")
    yield writer.ledger(PULVERISED, month.all_coal, of(iron_a_month, Decimal("0.15")), **moist)
    yield writer.ledger(
        COKE, bought, of(iron_a_month, Decimal("0.1")), **damp(bought, "3.00", "6.00", "moisture", "coke")
    )
    yield writer.ledger("diesel", of(month.iron, Decimal("0.0006")), of(iron_a_month, Decimal("0.0006")))


def _ncv(period: Period, chance: Chance, guideline: Guideline) -> Decimal:
    """What the period's coal was measured to have; the ledger leaves its value to the batches."""
    return rounded(guideline.fuels[PULVERISED].ncv * (1 + _richness(period, chance)), 3)


def _richness(period: Period, chance: Chance) -> Decimal:
    """By how much the heat of the period's coal lies above the default."""
    return chance.between("-0.040", "0.040", "ncv", period.text)


def _materials(writer: Writer, month: _Month, chance: Chance) -> Iterator[Row]:
    """Carbonates, electrodes, carbon materials; crude steel made, by-products sold."""

    def part(whole: Decimal, low: str, high: str, name: str) -> Decimal:
        return of(whole, chance.between(low, high, name, writer.period.text))

    yield writer.row("carbonate", "limestone", amount=part(month.iron, "0.060", "0.090", "limestone"))
    yield writer.row("carbonate", "dolomite", amount=part(month.iron, "0.040", "0.060", "dolomite"))
    yield writer.row("electrode", "electrode", amount=part(month.crude_steel, "0.00020", "0.00040", "electrode"))
    yield writer.row("material", "ferrosilicon", amount=part(month.crude_steel, "0.00300", "0.00500", "ferrosilicon"))
    yield writer.row("material", "scrap_steel", amount=part(month.crude_steel, "0.0800", "0.1200", "scrap"))
    yield writer.row("product", "crude_steel", amount=month.crude_steel)
    if month.own_coke:
        yield writer.row("product", "tar", amount=of(month.own_coke, Decimal("0.035")))
        yield writer.row("product", "crude_benzol", amount=of(month.own_coke, Decimal("0.010")))


def _iron(works: Writer, month: _Month) -> Iterator[Row]:
    """Sintering and ironmaking, the two processes that quota looks at."""
    sintering, ironmaking = works.at(works.line, "sintering"), works.at(works.line, "ironmaking")
    yield sintering.row("process_output", amount=month.sinter)
    yield sintering.row("process_in", COKE, amount=month.sinter_coke)
    if month.sinter_coal:
        yield sintering.row("process_in", PULVERISED, amount=month.sinter_coal)
    yield ironmaking.row("process_output", amount=month.iron)
    yield ironmaking.row("process_in", COKE, amount=month.furnace_coke - month.own_coke)
    if month.own_coke:
        yield ironmaking.row("process_in", OWN_COKE, amount=month.own_coke)
    yield ironmaking.row("process_in", PULVERISED, amount=month.coal)
    yield ironmaking.row("process_in", BF_GAS, amount=month.stove_gas)
    yield ironmaking.row("process_out", BF_GAS, amount=month.furnace_gas)


def _coking(works: Writer, coke: Decimal) -> Iterator[Row]:
    coking = works.at(works.line, "coking")
    yield coking.row("process_output", amount=coke)
    yield coking.row("process_in", "coking_coal", amount=of(coke, Decimal("1.36")))
    yield coking.row("process_in", OVEN_GAS, amount=of(coke, Decimal("0.018")))
    yield coking.row("process_out", OWN_COKE, amount=coke)
    yield coking.row("process_out", OVEN_GAS, amount=of(coke, Decimal("0.042")))


def _converter_and_power(works: Writer, month: _Month) -> Iterator[Row]:
    """Converter steel with its gas, and the works' own power units that burn what gas is left."""
    converter, gas = works.at(works.line, "converter"), month.furnace_gas - month.stove_gas
    yield converter.row("process_output", amount=month.crude_steel)
    yield converter.row("process_out", CONVERTER_GAS, amount=of(month.crude_steel, Decimal("0.010")))
    yield works.row("power", BF_GAS, amount=of(gas, Decimal("0.85")))
    yield works.row("power", CONVERTER_GAS, amount=of(month.crude_steel, Decimal("0.008")))
