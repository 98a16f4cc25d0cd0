"""Data quality control plans: every unit's for 2025 and 2026, some changed in the year."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from quota_site.demo.country import UnitPlan
from quota_site.demo.diary import Event
from quota_site.demo.figures import content, lines_in
from quota_site.demo.stories import Story
from quota_site.demo.world import World
from registry.exact import half_up
from registry.sectors import Sector
from reporting import planning
from reporting.content import CALCULATED, MEASURED, Content
from reporting.control_plan import Asked, Entry, Plan, asked, form_of, preset
from reporting.models import ControlPlan

LABORATORY = "示例检测中心"
CHANGE = "更换计量器具，旧表停用。"
REMARK = "请附新计量器具的检定证书编号。"

Thing = tuple[int, str, int, dt.date]


def hand_in(world: World, year: int, day: dt.date) -> list[Event]:
    """Every unit's plan of the year, prepared by its clerk and handed in by its approver."""
    return [Event(_when(world, thing, "plan"), hand_in_one, thing, thing[0]) for thing in _things(world, year, day)]


def decide(world: World, year: int, day: dt.date) -> list[Event]:
    """The provinces accept them."""
    return [
        Event(_when(world, thing, "plan accepted"), accept_one, thing, thing[0]) for thing in _things(world, year, day)
    ]


def change_some(world: World, year: int, day: dt.date) -> None:
    """Three plans are changed in the year: one change is accepted, one sent back, one waits at the province."""
    for unit in world.country.units:
        if Story.LOGIN in unit.stories:
            _change(world, unit, unit.lines[0].sector, year, day)


def hand_in_one(world: World, thing: Thing) -> None:
    number, sector, year, day = thing
    unit, at = world.units[number], _when(world, thing, "plan")
    plan = planning.open_plan(unit, sector, year)
    says = _filled(world, world.plans[number], sector, year, day)
    plan = planning.save(plan, says, revision=plan.revision)
    _through_the_unit(world, world.plans[number], plan, at)


def accept_one(world: World, thing: Thing) -> None:
    number, sector, year, _day = thing
    plan = ControlPlan.objects.select_related("unit").get(unit=world.units[number], sector=sector, year=year)
    officer = world.officer(world.plans[number].authority)
    planning.accept(plan.versions.latest("number"), by=officer, at=_when(world, thing, "plan accepted"))


def _through_the_unit(world: World, unit: UnitPlan, plan: ControlPlan, at: dt.datetime) -> None:
    planning.prepare(plan, by=world.clerk(unit), at=at)
    planning.submit(plan, by=world.unit_approver(unit), at=at + dt.timedelta(minutes=40))


def _change(world: World, unit: UnitPlan, sector: str, year: int, day: dt.date) -> None:
    """A meter is replaced: of cement it is accepted, of steel sent back, of aluminium still to be decided on."""
    at = world.moment(day, 2, "plan changed", unit.number)
    plan = ControlPlan.objects.select_related("unit").get(unit=world.units[unit.number], sector=sector, year=year)
    plan = planning.revise(plan, valid_from=day, reason=CHANGE, by=world.clerk(unit), at=at)
    says = plan.plan
    place = next(place for place, entry in says.entries.items() if entry.number)
    new = replace(says.entries[place], number=f"{says.entries[place].number}A", calibrated=day.isoformat())
    plan = planning.save(
        plan, replace(says, entries={**says.entries, place: new}), revision=plan.revision, valid_from=day, reason=CHANGE
    )
    _through_the_unit(world, unit, plan, at)
    version, officer = plan.versions.latest("number"), world.officer(unit.authority)
    decided = at + dt.timedelta(days=3)
    if sector == Sector.CEMENT:
        planning.accept(version, by=officer, at=decided)
    elif sector == Sector.STEEL:
        planning.send_back(version, reason="", remarks={place.key: REMARK}, by=officer, at=decided)


def _filled(world: World, unit: UnitPlan, sector: str, year: int, day: dt.date) -> Plan:
    """The plan by which the unit's months of the year are as they should be, its meters and laboratories invented."""
    month = _months(world, unit, sector, year)
    lines = planning.lines_of(world.units[unit.number], sector, year)
    made = preset(sector, year, unit.credit_code, lines, month)
    parameters = asked(form_of(sector, year), lines, tuple(made.entries))
    calibrated = (day - dt.timedelta(days=6)).isoformat()
    entries = dict(made.entries)
    for number, each in enumerate(parameters, start=1):
        entry = entries[each.place]
        if each.is_metered and entry.how in (MEASURED, CALCULATED):
            entry = _metered(entry, f"JL-{unit.number:04d}-{number:02d}", calibrated)
        elif each.is_tested and entry.how == MEASURED:
            entry = replace(entry, laboratory=LABORATORY, accredited="yes")
        entries[each.place] = replace(entry, estimate=_estimate(each, month))
    return replace(made, entries=entries)


def _estimate(each: Asked, month: Content) -> str:
    """For what a line makes a little less than it states, for what it consumes a little more; for fuels of a group none."""
    row = None if each.group.items else month.find(each.group.table, each.place.line, each.group.process)
    stated = row.number(each.field.name) if row else None
    times = Decimal("0.95") if each.field.name == "amount" else Decimal("1.05")
    return "" if stated is None else f"{half_up(stated * times, -2):f}"


def _metered(entry: Entry, number: str, calibrated: str) -> Entry:
    return replace(entry, meter="计量秤（表）", number=entry.number or number, site="厂内", calibrated=calibrated)


def _months(world: World, unit: UnitPlan, sector: str, year: int) -> Content:
    """What the unit says in the year's quarters, each row once."""
    told = [
        content(unit, sector, period, world.country.dice)
        for period in (f"{year}-{month:02}" for month in (1, 4, 7, 10))
        if lines_in(unit, sector, period)
    ]
    rows = {row.key: row for month in told for row in month.rows}
    return replace(told[0], rows=tuple(rows.values()))


def _things(world: World, year: int, day: dt.date) -> Iterator[Thing]:
    for unit in world.country.units:
        if world.country.takes_part(unit, year):
            yield from (
                (unit.number, sector, year, day) for sector in unit.sectors if lines_in(unit, sector, str(year))
            )


def _when(world: World, thing: Thing, *name: object) -> dt.datetime:
    number, sector, _year, day = thing
    return world.moment(day, 5, *name, sector, number)
