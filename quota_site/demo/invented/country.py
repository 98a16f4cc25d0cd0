"""The enterprises: invented names, artificial credit codes, lines of every kind. Plain data, made from a scale and a seed."""

import datetime as dt
import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from quota_site.demo.invented.names import works_names
from quota_site.demo.invented.provinces import BY_CODE, HOME
from quota_site.demo.invented.random_values import Chance
from quota_site.demo.invented.scales import Scale
from quota_site.demo.invented.scenarios import CAST, Story
from quota_site.demo.invented.sectors import ALUMINIUM, CEMENT, SECTORS, STEEL
from registry.values.credit_code import check_character
from registry.values.sectors import Sector

CODE_BODY = "DEM"
RUNNING = 2026  # the year whose months come in just now


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A line as the registry will know it. `slag_rate` is a carbide-slag line's usual rate in percent."""

    sector: str
    code: str
    name: str
    capacity: Decimal
    commissioned: dt.date
    kind: str = ""
    variety: str = ""
    closed: dt.date | None = None
    slag_rate: int = 0

    def runs_in(self, first: dt.date, last: dt.date) -> bool:
        return self.commissioned <= last and (self.closed is None or self.closed >= first)


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """An enterprise."""

    number: int
    credit_code: str
    name: str
    city: str
    authority: str
    lines: tuple[LinePlan, ...]
    stories: frozenset[Story] = field(default_factory=frozenset)

    @property
    def sectors(self) -> list[str]:
        return list(dict.fromkeys(line.sector for line in self.lines))

    def lines_of(self, sector: str) -> tuple[LinePlan, ...]:
        return tuple(line for line in self.lines if line.sector == sector)


@dataclass(frozen=True)
class Country:
    """All that is invented beforehand; what the months say is thrown by `chance` when it is needed (figures)."""

    scale: Scale
    chance: Chance
    units: tuple[UnitPlan, ...]

    def takes_part(self, unit: UnitPlan, year: int) -> bool:
        """Whether the unit's authority has a directory of the year."""
        return year != RUNNING or self.scale.everywhere_in_2026 or unit.authority in self._told_of

    @functools.cached_property
    def _told_of(self) -> frozenset[str]:
        """The authorities in which a story is told, the home province among them."""
        return frozenset({HOME, *(unit.authority for unit in self.units if unit.stories)})

    def in_sector(self, sector: str) -> list[UnitPlan]:
        """The sector's units, those of the home province first."""
        return _home_first([unit for unit in self.units if sector in unit.sectors])


def plan(scale: Scale, seed: int) -> Country:
    """The country of a scale and seed; the same two give the same country."""
    chance = Chance(f"quota-{seed}")
    units = _merge_two(list(_units(scale, chance)))
    units = _give_special_lines(units)
    return Country(scale, chance, tuple(_tell_stories(units)))


def _units(scale: Scale, chance: Chance) -> Iterator[UnitPlan]:
    names = works_names(chance)
    numbers = itertools.count(1)
    for authority in scale.authorities:
        for sector in SECTORS:
            for _each in range(scale.units[sector].get(authority, 0)):
                yield _unit(next(numbers), authority, sector, next(names), chance)


def _unit(number: int, authority: str, sector: Sector, word: str, chance: Chance) -> UnitPlan:
    own = chance.of("unit", number)
    noun = {STEEL: "钢铁", CEMENT: "水泥", ALUMINIUM: "铝业"}[sector]
    return UnitPlan(
        number=number,
        credit_code=credit_code(authority, number),
        name=f"{BY_CODE[authority].short}示例{word}{noun}有限公司",
        city=f"示例{own.one_of('甲乙丙丁', 'city')}市",
        authority=authority,
        lines=tuple(_ordinary_lines(sector, own)),
    )


def credit_code(authority: str, number: int) -> str:
    """A well-formed code that nobody can take for a real one: its body is DEM and the unit's number."""
    first_17 = f"91{authority}{CODE_BODY}{number:06d}"
    return first_17 + check_character(first_17)


def _ordinary_lines(sector: Sector, chance: Chance) -> Iterator[LinePlan]:
    started = dt.date(chance.whole(2003, 2019, "started"), chance.whole(1, 12, "month"), 1)
    if sector == STEEL:
        capacity = Decimal(chance.whole(31, 68, "capacity") * 10)
        yield LinePlan(sector, "S1", "钢铁联合生产线", capacity, started)
        return
    if sector == ALUMINIUM:
        for index in range(1, 2 + chance.happens(35, "second")):
            capacity = Decimal(chance.whole(24, 47, "capacity", index) * 10_000)
            yield LinePlan(sector, f"A{index}", f"{index}号电解系列", capacity, started)
        return
    for index in range(1, 2 + chance.happens(12, "second") + chance.happens(3, "third")):
        yield clinker_line(
            index, Decimal(chance.one_of((2000, 2500, 2500, 3200, 4000, 5000), "capacity", index)), started
        )


def clinker_line(index: int, capacity: Decimal, commissioned: dt.date) -> LinePlan:
    return LinePlan(CEMENT, f"C{index}", f"{index}号熟料生产线", capacity, commissioned, variety="硅酸盐水泥熟料")


def _merge_two(units: list[UnitPlan]) -> list[UnitPlan]:
    """Make one unit of two sectors: the first steel works abroad that has a cement unit beside it takes that unit's lines over."""
    for steel in units:
        beside = [unit for unit in units if unit.authority == steel.authority and unit.sectors == [CEMENT]]
        if steel.authority != HOME and steel.sectors == [STEEL] and beside:
            merged = replace(steel, lines=steel.lines + beside[-1].lines)
            return [merged if unit is steel else unit for unit in units if unit is not beside[-1]]
    return units


# What makes a clinker line special; each is put on another unit as far as there are units.
_SPECIAL_LINES: tuple[Mapping[str, object], ...] = (
    {"kind": "white", "capacity": Decimal(700), "variety": "白色硅酸盐水泥熟料", "name": "白水泥熟料生产线"},
    {"kind": "carbide_slag", "slag_rate": 42, "name": "电石渣熟料生产线"},
    {"kind": "carbide_slag", "slag_rate": 9, "name": "电石渣熟料生产线"},
    {"kind": "gypsum_acid", "capacity": Decimal(1500), "name": "石膏制酸联产熟料生产线"},
    {"commissioned": dt.date(2025, 5, 18)},
    {
        "closed": dt.date(2026, 6, 30),
        "capacity": Decimal(8000),
    },  # so much was pre-allocated that its unit hands quota back
)


def _give_special_lines(units: list[UnitPlan]) -> list[UnitPlan]:
    """Add the special clinker lines, beginning with the second unit of cement."""
    hosts = _home_first([unit for unit in units if CEMENT in unit.sectors])
    added: dict[int, UnitPlan] = {unit.number: unit for unit in units}
    for index, special in enumerate(_SPECIAL_LINES, start=1):
        unit = added[hosts[index % len(hosts)].number]
        count = len(unit.lines_of(CEMENT))
        line = replace(clinker_line(count + 1, Decimal(4000), dt.date(2012, 4, 1)), **special)  # type: ignore[arg-type]
        added[unit.number] = replace(unit, lines=(*unit.lines, line))
    return list(added.values())


def _tell_stories(units: list[UnitPlan]) -> Iterator[UnitPlan]:
    told: dict[int, set[Story]] = {}
    for story, sector, number in CAST:
        cast = _home_first([unit for unit in units if sector in unit.sectors])
        if cast:
            told.setdefault(cast[number % len(cast)].number, set()).add(story)
    for unit in units:
        yield replace(unit, stories=frozenset(told.get(unit.number, ())))


def _home_first(units: Sequence[UnitPlan]) -> list[UnitPlan]:
    return sorted(units, key=lambda unit: (unit.authority != HOME, unit.number))
