"""Random months as a works could have had them, in the calculator's own words. The same seed gives the same country."""

from collections.abc import Iterator, Set
from dataclasses import replace
from fractions import Fraction
from random import Random

from tests.independent.emissions import (
    A1,
    COKE,
    DEFAULT_ONLY,
    FACTORS,
    OWN,
    PURCHASED,
    SEMI_COKE,
    AluminiumMonth,
    Burnt,
    CementMonth,
    Flow,
    Fuel,
    KilnFuel,
    Meter,
    SteelMonth,
    Test,
    kiln_default,
)

DAYS = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
COALS = ("无烟煤", "烟煤", "褐煤", "洗精煤(炼焦煤)", "其他煤制品")
GASES = ("天然气", "高炉煤气", "焦炉煤气", "转炉煤气")
LIQUIDS = ("柴油", "燃料油")
INTO = {
    "ironmaking": (*COALS[:3], COKE, SEMI_COKE, "天然气"),
    "sintering": (*COALS[:2], COKE, "高炉煤气"),
    "coking": (COALS[3],),
}
TWOFOLD = {COKE, *GASES[1:]}  # bought and made: own and purchased are stated apart
IRON = ("生铁", "直接还原铁", "熔融还原铁", "镍铁合金")
OUT_OF = {"ironmaking": (COKE, "高炉煤气"), "coking": (COKE, "焦炉煤气"), "converter": ("转炉煤气",)}


def tonnes(random: Random, low: int, high: int) -> Fraction:
    """To the hundredth of a tonne, with halves and hundredths that make ties."""
    return Fraction(random.randint(low * 100, high * 100), 100)


def ncv(random: Random, default: Fraction) -> Fraction:
    """Within ten percent of the default, three decimals."""
    return Fraction(int(default * random.randint(900, 1100)), 1000)


def meter(random: Random, month: int, accuracy: str) -> Meter | None:
    """Most quantities are measured soundly."""
    if random.random() < 0.7:
        return None
    days = DAYS[month]
    return Meter(
        Fraction(accuracy),
        Fraction(random.randint(0, 300), 100),
        random.choice((0, days, random.randint(0, days))),
        days,
    )


def flow(random: Random, month: int, low: int, high: int, accuracy: str = "0.5") -> Flow:
    return Flow(tonnes(random, low, high), meter(random, month, accuracy))


def accuracy_of(fuel: str) -> str:
    return "2.0" if A1[fuel]["unit"] != "t" else "0.5"


def steel_year(random: Random) -> list[SteelMonth]:
    """Twelve months of one works: which fuels it has, which it measures and which it sells stay the same through the year."""
    coals = random.sample(COALS, 3)
    measured = {name for name in coals if random.random() < 0.6}
    sold = {name for name in (COKE, "焦炉煤气") if random.random() < 0.4}
    return [_steel_month(random, number, coals, measured, sold) for number in DAYS]


def _steel_month(random: Random, number: int, coals: list[str], measured: set[str], sold: set[str]) -> SteelMonth:
    fuels = [_solid(random, number, name, name in measured) for name in coals]
    fuels += [_tested(random, number, name) for name in (*random.sample(LIQUIDS, 1), "天然气")]
    fuels += [_tested(random, number, "焦炉煤气", origin, sold) for origin in (OWN, PURCHASED)]
    fuels += [_coke(random, number, origin, sold) for origin in (OWN, PURCHASED)]
    materials = [(name, flow(random, number, 1, 30_000)) for name in ("石灰石", "白云石", "电极", "废钢", "高碳铬铁")]
    products = [(name, flow(random, number, 1, 400_000)) for name in ("粗钢", "生铁", "焦油", "粗苯")]
    processed = [(name, flow(random, number, 1, 4_000)) for name in ("焦油", "粗苯")]
    iron = [(name, flow(random, number, 10_000, 400_000)) for name in (IRON[0], random.choice(IRON[1:]))]
    burnt = (*_flows_in(random, number), *_flows_out(random, number))
    return SteelMonth(tuple(fuels), tuple(materials), tuple(products), tuple(processed), burnt, tuple(iron))


def _flows_in(random: Random, month: int) -> Iterator[Burnt]:
    """Into the processes, own and purchased apart, and into power units that burn own gas."""
    for process, names in INTO.items():
        for name in random.sample(names, random.randint(1, len(names))):
            for origin in (OWN, PURCHASED) if name in TWOFOLD else ("",):
                own = flow(random, month, 10, 40_000, accuracy_of(name))
                yield Burnt(process, "in", name, own, _own_ncv(random, name), origin)
    for name in GASES[1:]:
        yield Burnt("power", "in", name, flow(random, month, 10, 9_000, accuracy_of(name)), origin=OWN)


def _flows_out(random: Random, month: int) -> Iterator[Burnt]:
    """What leaves a process is own; coke fines that leave ironmaking have no mark."""
    for process, names in OUT_OF.items():
        for name in names:
            origin = "" if (process, name) == ("ironmaking", COKE) else OWN
            yield Burnt(process, "out", name, flow(random, month, 10, 9_000, accuracy_of(name)), origin=origin)


def _coke(random: Random, month: int, origin: str, sold: set[str]) -> Fuel:
    return Fuel(COKE, _signed(flow(random, month, 100, 30_000), origin == OWN and COKE in sold), origin=origin)


def _solid(random: Random, month: int, name: str, is_measured: bool) -> Fuel:
    own = flow(random, month, 1_000, 90_000)
    default = Fraction(A1[name]["ncv"])
    if not is_measured:
        return Fuel(name, own)
    if random.random() < 0.5:
        return Fuel(name, own, stated=ncv(random, default))
    tests = (
        Test(ncv(random, default), random.random() < 0.8, tonnes(random, 10, 9_000))
        for _ in range(random.randint(1, 5))
    )
    return Fuel(name, own, tests=tuple(tests))


def _tested(random: Random, month: int, name: str, origin: str = "", sold: Set[str] = frozenset()) -> Fuel:
    """A liquid or gas: some of its tests came late or without a stamp."""
    own = _signed(flow(random, month, 10, 5_000, accuracy_of(name)), origin == OWN and name in sold)
    default = Fraction(A1[name]["ncv"])
    tests = tuple(Test(ncv(random, default), random.random() < 0.8) for _ in range(random.randint(0, 4)))
    return Fuel(name, own, tests=tests, origin=origin)


def _signed(own: Flow, is_sold: bool) -> Flow:
    """Own coke and gas that are sold are net negative."""
    return replace(own, amount=-own.amount) if is_sold else own


def _own_ncv(random: Random, name: str) -> Fraction | None:
    return ncv(random, Fraction(A1[name]["ncv"])) if name not in DEFAULT_ONLY and random.random() < 0.3 else None


def cement_year(random: Random) -> list[CementMonth]:
    kinds = random.sample(sorted(FACTORS["cement_clinker_ef"]), random.randint(1, 2))
    materials = sorted({"电石渣", *random.sample(sorted(FACTORS["cement_altmat_deduction"]), 2)})
    return [_cement_month(random, number, kinds, materials) for number in DAYS]


def _cement_month(random: Random, number: int, kinds: list[str], materials: list[str]) -> CementMonth:
    fuels = [
        KilnFuel("烟煤", flow(random, number, 1_000, 30_000), _maybe(random, kiln_default("烟煤"))),
        KilnFuel("无烟煤", flow(random, number, 0, 3_000)),
        KilnFuel("柴油", flow(random, number, 1, 40)),
    ]
    clinker = [(kind, flow(random, number, 1_000, 200_000)) for kind in kinds]
    alternatives = [(name, flow(random, number, 1, 40_000)) for name in materials]
    return CementMonth(tuple(fuels), tuple(clinker), tuple(alternatives))


def _maybe(random: Random, default: Fraction) -> Fraction | None:
    return ncv(random, default) if random.random() < 0.7 else None


def aluminium_year(random: Random) -> list[AluminiumMonth]:
    return [AluminiumMonth(flow(random, month, 500, 20_000), flow(random, month, 1_000, 45_000)) for month in DAYS]
