"""What is between a province and single units over quota: a decision that cuts it, a unit whose quota is withheld, objections."""

import datetime as dt

from allocation import deductions, differentiated, objections
from allocation.deductions import Decision
from allocation.models import Deduction, Objection, Settlement
from quota_site.demo.country import UnitPlan
from quota_site.demo.provinces import BY_CODE, HOME
from quota_site.demo.stories import Story
from quota_site.demo.surrendering import Stage, stage_of
from quota_site.demo.world import World

CUT = 30_000
FROZEN_FACTS = "法院于2026年8月裁定冻结该单位银行账户（示例）"
REFUSED = "核定结果中熟料产量与本单位月度存证不一致，请求复核2025年11月产量（示例）。"
REFUSAL = "经复核，2025年11月产量已由技术服务机构依据皮带秤检定结果核定，核定配额无误。"
LATE = "本单位认为高炉大修期间的排放强度不具代表性，请求重新核定（示例）。"


def deduct(world: World, year: int, day: dt.date) -> None:
    """The home province enters two decisions against a unit that is in no hurry: one is in force before the pre-allocation, one waits."""
    unit = next(
        (each for each in world.country.units if each.authority == HOME and stage_of(each, world) is Stage.OPEN), None
    )
    if unit is None:
        return
    officer, at = world.officer(HOME), world.moment(day, 1, "deduction")
    short = BY_CODE[HOME].short
    first, _second = (
        deductions.enter(
            Decision(
                unit=world.units[unit.number].credit_code,
                sector=unit.sectors[0],
                number=f"{short}示例环罚〔{day.year}〕{number}号",
                decided_on=day - dt.timedelta(days=7 * (3 - number)),
                year=year - 1,
                tonnes=tonnes,
                ground=Deduction.Ground.UNCORRECTED_FALSIFICATION,
            ),
            by=officer,
            at=at,
        )
        for number, tonnes in ((1, CUT), (2, CUT // 3))
    )
    later = at + dt.timedelta(hours=3)
    deductions.approve([first], shown=deductions.seen([first]), by=world.approver(HOME), at=later)


def withhold(world: World, year: int, day: dt.date) -> None:
    """The unit whose account a court is to freeze is marked before its quota is determined."""
    for unit in _told(world, Story.FROZEN):
        at, row = world.moment(day, 1, "differentiated"), world.units[unit.number]
        mark = differentiated.propose(
            row,
            unit.sectors[0],
            year,
            ground="judicial_freeze",
            facts=FROZEN_FACTS,
            by=world.officer(unit.authority),
            at=at,
        )
        by, later = world.approver(unit.authority), at + dt.timedelta(hours=3)
        differentiated.approve(mark, shown=differentiated.seen(mark), by=by, at=later)


def object_in_time(world: World, year: int, day: dt.date) -> None:
    """A cement works of the home province objects."""
    for unit in _told(world, Story.COMPLETE, HOME, "cement"):
        _filed(world, unit, "cement", year, REFUSED, day)


def answer(world: World, year: int, day: dt.date) -> None:
    """The province refuses what was filed, with reasons."""
    filed = Objection.objects.filter(state=Objection.State.FILED, settlement__run__year=year)
    for found in filed.select_related("unit__authority").order_by("pk"):
        authority, at = found.unit.authority.code, world.moment(day, 1, "answer", found.pk)
        found = objections.propose(
            found, Objection.Outcome.REFUSED, reasons=REFUSAL, by=world.officer(authority), at=at
        )
        later = at + dt.timedelta(hours=3)
        objections.decide(found, seen=objections.seen(found), by=world.approver(authority), at=later)


def object_late(world: World, year: int, day: dt.date) -> None:
    """The steel works with a login objects after the term: it is taken, marked, and waits for the officer."""
    for unit in _told(world, Story.LOGIN, HOME, "steel"):
        _filed(world, unit, "steel", year, LATE, day)


def _filed(world: World, unit: UnitPlan, sector: str, year: int, grounds: str, day: dt.date) -> Objection:
    settlement = Settlement.objects.select_related("run", "unit").get(
        unit=world.units[unit.number],
        run__sector=sector,
        run__year=year,
        run__kind="determination",
        run__state="approved",
    )
    at = world.moment(day, 1, "objection", unit.number)
    found = objections.draft(settlement, None, grounds=grounds, by=world.clerk(unit), at=at)
    later = at + dt.timedelta(hours=1)
    return objections.file(found, seen=objections.seen(found), by=world.unit_approver(unit), at=later)


def _told(world: World, story: Story, authority: str = "", sector: str = "") -> list[UnitPlan]:
    """The first unit that the story is told of, in the authority and sector if they are named; none or one."""
    return [
        unit
        for unit in world.country.units
        if story in unit.stories
        and authority in ("", unit.authority)
        and (not sector or sector == unit.lines[0].sector)
    ][:1]
