"""The directory of each year: proposed by the province's officer, decided by their approver."""

import datetime as dt
from collections.abc import Iterator

from quota_site.demo.invented.country import UnitPlan
from quota_site.demo.invented.figures import lines_in
from quota_site.demo.invented.scenarios import Story
from quota_site.demo.running.event import Event
from quota_site.demo.running.world import World
from registry import directory
from registry.models import DirectoryEntry

GROUND = DirectoryEntry.EntryGround.OVER_THRESHOLD
REASON = "上年度温室气体直接排放达到2.6万吨二氧化碳当量"
EXIT_REASON = "与本集团另一重点排放单位合并，由合并后的单位承担清缴义务（示例）"

Entry = tuple[int, str, int, dt.date]


def propose(world: World, year: int, day: dt.date) -> list[Event]:
    """Every unit that has a line in the year is proposed."""
    return [Event(_when(world, entry), propose_one, entry) for entry in _entries(world, year, day)]


def decide(world: World, year: int, day: dt.date) -> list[Event]:
    """Every proposal of the year is decided on."""
    return [Event(_when(world, entry), decide_one, entry) for entry in _entries(world, year, day)]


def decide_most(world: World, year: int, day: dt.date) -> list[Event]:
    """All proposals but a few are decided on; those still wait for the approver."""
    return [event for event in decide(world, year, day) if not _waits(world, event.thing[0])]


def propose_an_exit(world: World, year: int, day: dt.date) -> list[Event]:
    """One unit shall leave the directory of the year; nobody has decided yet."""
    return [Event(world.moment(day, 1, "exit"), propose_its_exit, (year, day))]


def propose_its_exit(world: World, of: tuple[int, dt.date]) -> None:
    year, day = of
    unit = next(unit for unit in world.country.units if _is_to_leave(unit))
    entry = DirectoryEntry.objects.get(unit=world.units[unit.number], year=year, sector=unit.sectors[-1])
    directory.propose_exit(
        entry,
        on=dt.date(year, 3, 31),  # the day on which its last annual report is due
        ground=DirectoryEntry.ExitGround.RESTRUCTURED,
        reason=EXIT_REASON,
        by=world.officer(unit.authority),
        at=world.moment(day, 1, "exit"),
    )


def propose_one(world: World, entry: Entry) -> None:
    number, sector, year, _day = entry
    directory.propose_entry(
        world.units[number],
        year,
        sector,
        on=dt.date(year, 1, 1),
        ground=GROUND,
        reason=REASON,
        by=world.officer(world.plans[number].authority),
        at=_when(world, entry),
    )


def decide_one(world: World, entry: Entry) -> None:
    number, sector, year, _day = entry
    proposed = DirectoryEntry.objects.get(unit=world.units[number], year=year, sector=sector)
    approver = world.approver(world.plans[number].authority)
    directory.decide(proposed, approve=True, by=approver, at=_when(world, entry))


def _entries(world: World, year: int, day: dt.date) -> Iterator[Entry]:
    for unit in world.country.units:
        if world.country.takes_part(unit, year):
            yield from (
                (unit.number, sector, year, day) for sector in unit.sectors if lines_in(unit, sector, str(year))
            )


def _when(world: World, entry: Entry) -> dt.datetime:
    """A province deals with all its units one after the other."""
    number, _sector, _year, day = entry
    at = world.moment(day, 3, "directory", world.plans[number].authority)
    return at + dt.timedelta(seconds=2 * number)


def _waits(world: World, number: int) -> bool:
    unit = world.plans[number]
    leaves = _is_to_leave(unit)
    return not leaves and (
        world.country.chance.happens(8, "waits for the directory", number) or Story.OVERDUE_2026 in unit.stories
    )


def _is_to_leave(unit: UnitPlan) -> bool:
    return Story.VERIFIED_AGAIN in unit.stories
