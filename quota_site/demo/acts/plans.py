"""Data quality control plans: every unit's for 2025 and 2026, some changed in the year."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from quota_site.demo.invented.country import UnitPlan
from quota_site.demo.invented.figures import content, lines_in
from quota_site.demo.invented.scenarios import Story
from quota_site.demo.invented.sectors import CEMENT, STEEL
from quota_site.demo.running.event import Event
from quota_site.demo.running.timeline import COMPANY
from quota_site.demo.running.world import World
from registry.values.exact import half_up
from reporting.content import CALCULATED, MEASURED, Content
from reporting.control_plan import Asked, Entry, Place, Plan, asked, form_of, preset
from reporting.models import ControlPlan
from reporting.submissions import control_plans

LABORATORY = "示例检测中心"
CHANGE = "更换计量器具，旧表停用。"
REMARK = "请附新计量器具的检定证书编号。"

SUBMITTED_AFTER, DECIDED_AFTER = dt.timedelta(minutes=40), dt.timedelta(days=3)

Thing = tuple[int, str, int, dt.date]


def hand_in(world: World, year: int, day: dt.date) -> list[Event]:
    """Every unit's plan of the year, prepared by its clerk and handed in by its approver."""
    return [
        event
        for thing in _things(world, year, day)
        for event in (
            Event(_when(world, thing, "plan"), prepare_one, thing, of=thing[0]),
            Event(_when(world, thing, "plan") + SUBMITTED_AFTER, hand_in_one, thing, of=thing[0]),
        )
    ]


def decide(world: World, year: int, day: dt.date) -> list[Event]:
    """The provinces accept them."""
    things = _things(world, year, day)
    return [Event(_when(world, thing, "plan accepted"), accept_one, thing, of=thing[0]) for thing in things]


def change_some(world: World, year: int, day: dt.date) -> Iterator[Event]:
    """Three plans are changed in the year: one change is accepted, one sent back, one waits at the province."""
    for unit in world.country.units:
        if Story.LOGIN in unit.stories:
            thing = (unit.number, unit.lines[0].sector, year, day)
            at = _when_changed(world, thing)
            yield Event(at, change_one, thing)
            yield Event(at + SUBMITTED_AFTER, submit_changed, thing)
            if thing[1] in (CEMENT, STEEL):
                yield Event(at + DECIDED_AFTER, decide_changed, thing)


def hand_in_one(world: World, thing: Thing) -> None:
    """By the unit's approver."""
    _submit(world, thing, _when(world, thing, "plan") + SUBMITTED_AFTER)


def prepare_one(world: World, thing: Thing) -> None:
    number, sector, year, day = thing
    unit, at = world.units[number], _when(world, thing, "plan")
    clerk = world.clerk(world.plans[number])
    plan = control_plans.open_plan(unit, sector, year, by=clerk)
    says = _filled(world, world.plans[number], sector, year, day)
    plan = control_plans.save(plan, says, revision=plan.revision, by=clerk)
    control_plans.prepare(plan, by=clerk, at=at)


def accept_one(world: World, thing: Thing) -> None:
    number, sector, year, _day = thing
    plan = ControlPlan.objects.select_related("unit").get(unit=world.units[number], sector=sector, year=year)
    officer = world.officer(world.plans[number].authority)
    control_plans.accept(plan.versions.latest("number"), by=officer, at=_when(world, thing, "plan accepted"))


def _submit(world: World, thing: Thing, at: dt.datetime) -> None:
    control_plans.submit(_plan_of(world, thing), by=world.unit_approver(world.plans[thing[0]]), at=at)


def _plan_of(world: World, thing: Thing) -> ControlPlan:
    number, sector, year, _day = thing
    return ControlPlan.objects.select_related("unit").get(unit=world.units[number], sector=sector, year=year)


def change_one(world: World, thing: Thing) -> None:
    """A meter is replaced."""
    number, _sector, _year, day = thing
    at, clerk = _when_changed(world, thing), world.clerk(world.plans[number])
    plan = control_plans.revise(_plan_of(world, thing), valid_from=day, reason=CHANGE, by=clerk, at=at)
    says = plan.plan
    place = _replaced(says)
    new = replace(says.entries[place], number=f"{says.entries[place].number}A", calibrated=day.isoformat())
    changed = replace(says, entries={**says.entries, place: new})
    plan = control_plans.save(plan, changed, revision=plan.revision, by=clerk, valid_from=day, reason=CHANGE)
    control_plans.prepare(plan, by=clerk, at=at)


def submit_changed(world: World, thing: Thing) -> None:
    _submit(world, thing, _when_changed(world, thing) + SUBMITTED_AFTER)


def decide_changed(world: World, thing: Thing) -> None:
    """Of cement it is accepted, of steel sent back; of aluminium nobody has decided yet."""
    plan, decided = _plan_of(world, thing), _when_changed(world, thing) + DECIDED_AFTER
    version, officer = plan.versions.latest("number"), world.officer(world.plans[thing[0]].authority)
    if thing[1] == CEMENT:
        control_plans.accept(version, by=officer, at=decided)
    else:
        remarks = {_replaced(plan.plan).key: REMARK}
        control_plans.send_back(version, reason="", remarks=remarks, by=officer, at=decided)


def _replaced(says: Plan) -> Place:
    """Where the meter stands that is replaced."""
    return next(place for place, entry in says.entries.items() if entry.number)


def _when_changed(world: World, thing: Thing) -> dt.datetime:
    number, _sector, _year, day = thing
    return world.moment(day, 2, "plan changed", number)


def _filled(world: World, unit: UnitPlan, sector: str, year: int, day: dt.date) -> Plan:
    """The plan by which the unit's months of the year are as they should be, its meters and laboratories invented."""
    month = _months(world, unit, sector, year)
    lines = control_plans.lines_of(world.units[unit.number], sector, year)
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
        content(unit, sector, period, world.country.chance)
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
    number, _sector, _year, day = thing
    return world.moment(day, 5, *name, number // COMPANY)
