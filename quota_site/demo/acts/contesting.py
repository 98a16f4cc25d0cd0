"""What is between a province and single units over quota: a decision that cuts it, a unit whose quota is withheld, objections."""

import datetime as dt

from allocation import deductions, objections
from allocation.deductions import Decision
from allocation.models import Deduction, Differentiation, Objection, Settlement
from allocation.withholding import designations
from quota_site.demo.acts.surrendering import Stage, stage_of
from quota_site.demo.invented.country import UnitPlan
from quota_site.demo.invented.provinces import BY_CODE, HOME
from quota_site.demo.invented.scenarios import Story
from quota_site.demo.running.event import Event
from quota_site.demo.running.world import World

CUT = 30_000
FROZEN_FACTS = "法院于2026年8月裁定冻结该单位银行账户（示例）"
REFUSED = "核定结果中熟料产量与本单位月度存证不一致，请求复核2025年11月产量（示例）。"
REFUSAL = "经复核，2025年11月产量已由技术服务机构依据皮带秤检定结果核定，核定配额无误。"
LATE = "本单位认为高炉大修期间的排放强度不具代表性，请求重新核定（示例）。"


APPROVED_AFTER, FILED_AFTER = dt.timedelta(hours=3), dt.timedelta(hours=1)

Case = tuple[int, str, int, dt.date]  # a unit's number, the sector and year that it is about, the day


def deduct(world: World, year: int, day: dt.date) -> list[Event]:
    """The home province enters two decisions against a unit that is in no hurry: one is in force before the pre-allocation, one waits."""
    unit = next(
        (each for each in world.country.units if each.authority == HOME and stage_of(each, world) is Stage.OPEN), None
    )
    if unit is None:
        return []
    case = (unit.number, unit.sectors[0], year, day)
    at = world.moment(day, 1, "deduction")
    return [Event(at, enter_decisions, case), Event(at + APPROVED_AFTER, approve_first_decision, case)]


def enter_decisions(world: World, case: Case) -> None:
    number_of_unit, sector, year, day = case
    officer, at = world.officer(HOME), world.moment(day, 1, "deduction")
    for number, tonnes in ((1, CUT), (2, CUT // 3)):
        deductions.enter(
            Decision(
                unit=world.units[number_of_unit].credit_code,
                sector=sector,
                number=_number(day, number),
                decided_on=day - dt.timedelta(days=7 * (3 - number)),
                year=year - 1,
                tonnes=tonnes,
                ground=Deduction.Ground.UNCORRECTED_FALSIFICATION,
            ),
            by=officer,
            at=at,
        )


def approve_first_decision(world: World, case: Case) -> None:
    *_what, day = case
    first = Deduction.objects.select_related("unit").get(number=_number(day, 1))
    later = world.moment(day, 1, "deduction") + APPROVED_AFTER
    deductions.approve([first], shown=deductions.seen([first]), by=world.approver(HOME), at=later)


def _number(day: dt.date, number: int) -> str:
    return f"{BY_CODE[HOME].short}示例环罚〔{day.year}〕{number}号"


def withhold(world: World, year: int, day: dt.date) -> list[Event]:
    """The unit whose account a court is to freeze is marked before its quota is determined."""
    found = []
    for unit in _told(world, Story.FROZEN):
        case, at = (unit.number, unit.sectors[0], year, day), world.moment(day, 1, "differentiated")
        found += [Event(at, mark_one, case), Event(at + APPROVED_AFTER, approve_mark, case)]
    return found


def mark_one(world: World, case: Case) -> None:
    number, sector, year, day = case
    designations.propose(
        world.units[number],
        sector,
        year,
        ground="judicial_freeze",
        facts=FROZEN_FACTS,
        by=world.officer(world.plans[number].authority),
        at=world.moment(day, 1, "differentiated"),
    )


def approve_mark(world: World, case: Case) -> None:
    number, sector, year, day = case
    mark = Differentiation.objects.get(unit=world.units[number], sector=sector, year=year)
    by, later = world.approver(world.plans[number].authority), world.moment(day, 1, "differentiated") + APPROVED_AFTER
    designations.approve(mark, shown=designations.seen(mark), by=by, at=later)


def object_in_time(world: World, year: int, day: dt.date) -> list[Event]:
    """A cement works of the home province objects."""
    units = _told(world, Story.COMPLETE, HOME, "cement")
    return [event for unit in units for event in _objecting(world, (unit.number, "cement", year, day))]


def object_late(world: World, year: int, day: dt.date) -> list[Event]:
    """The steel works with a login objects after the term: it is taken, marked, and waits for the officer."""
    units = _told(world, Story.LOGIN, HOME, "steel")
    return [event for unit in units for event in _objecting(world, (unit.number, "steel", year, day))]


def answer(world: World, year: int, day: dt.date) -> list[Event]:
    """The province refuses what was filed, with reasons."""
    filed = Objection.objects.filter(state=Objection.State.FILED, settlement__run__year=year).order_by("pk")
    found = []
    for pk in filed.values_list("pk", flat=True):
        at = world.moment(day, 1, "answer", pk)
        found += [Event(at, propose_refusal, (pk, day)), Event(at + APPROVED_AFTER, decide_refusal, (pk, day))]
    return found


def propose_refusal(world: World, of: tuple[int, dt.date]) -> None:
    pk, day = of
    found = Objection.objects.select_related("unit__authority").get(pk=pk)
    officer, at = world.officer(found.unit.authority.code), world.moment(day, 1, "answer", pk)
    objections.propose(found, Objection.Outcome.REFUSED, reasons=REFUSAL, by=officer, at=at)


def decide_refusal(world: World, of: tuple[int, dt.date]) -> None:
    pk, day = of
    found = Objection.objects.select_related("unit__authority").get(pk=pk)
    by, later = world.approver(found.unit.authority.code), world.moment(day, 1, "answer", pk) + APPROVED_AFTER
    objections.decide(found, seen=objections.seen(found), by=by, at=later)


def _objecting(world: World, case: Case) -> list[Event]:
    at = _when_objecting(world, case)
    return [Event(at, draft_one, case), Event(at + FILED_AFTER, file_one, case)]


def draft_one(world: World, case: Case) -> None:
    number, sector, year, _day = case
    settlement = Settlement.objects.select_related("run", "unit").get(
        unit=world.units[number],
        run__sector=sector,
        run__year=year,
        run__kind="determination",
        run__state="approved",
    )
    grounds = REFUSED if sector == "cement" else LATE
    clerk = world.clerk(world.plans[number])
    objections.draft(settlement, None, grounds=grounds, by=clerk, at=_when_objecting(world, case))


def file_one(world: World, case: Case) -> None:
    number, *_of = case
    found = Objection.objects.get(unit=world.units[number], state=Objection.State.DRAFTED)
    by, later = world.unit_approver(world.plans[number]), _when_objecting(world, case) + FILED_AFTER
    objections.file(found, seen=objections.seen(found), by=by, at=later)


def _when_objecting(world: World, case: Case) -> dt.datetime:
    number, _sector, _year, day = case
    return world.moment(day, 1, "objection", number)


def _told(world: World, story: Story, authority: str = "", sector: str = "") -> list[UnitPlan]:
    """The first unit that the story is told of, in the authority and sector if they are named; none or one."""
    return [
        unit
        for unit in world.country.units
        if story in unit.stories
        and authority in ("", unit.authority)
        and (not sector or sector == unit.lines[0].sector)
    ][:1]
