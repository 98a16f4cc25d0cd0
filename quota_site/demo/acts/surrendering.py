"""Surrender: the whole country in time and late, and everything that lies between a notice and a certificate."""

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass

from allocation.compliance import surrender
from allocation.ledger import accounts
from allocation.models import Holding, Notice, SurrenderRequest
from quota_site.demo.invented.country import UnitPlan
from quota_site.demo.invented.scenarios import Story
from quota_site.demo.running.event import Event
from quota_site.demo.running.timeline import COMPANY
from quota_site.demo.running.world import World
from registry.permissions.roles import Role

FREEZE = "法院裁定冻结（示例）：协助执行通知书第0001号"
State = SurrenderRequest.State


class Stage(enum.Enum):
    """How far a unit is with its surrender for 2025."""

    OPEN = "open"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    APPROVED = "approved"
    PARTLY = "partly"
    COMPLETE = "complete"


_TOLD = {
    Story.FROZEN: Stage.OPEN,
    Story.AWAITS_OWN_APPROVER: Stage.REQUESTED,
    Story.AWAITS_PROVINCE: Stage.CONFIRMED,
    Story.AWAITS_REGISTRAR: Stage.APPROVED,
    Story.COMPLETE: Stage.COMPLETE,
}
# Of a hundred units, as far as no story tells of them.
_SHARES = (
    (Stage.COMPLETE, 52),
    (Stage.PARTLY, 14),
    (Stage.REQUESTED, 4),
    (Stage.CONFIRMED, 4),
    (Stage.APPROVED, 4),
    (Stage.OPEN, 22),
)
_GOES_THROUGH = {
    Stage.OPEN: 0,
    Stage.REQUESTED: 1,
    Stage.CONFIRMED: 2,
    Stage.APPROVED: 3,
    Stage.PARTLY: 4,
    Stage.COMPLETE: 4,
}


@dataclass(frozen=True, slots=True)
class Duty:
    """A unit's surrender of a year: the tonnes of the year's own vintage, how many of the four acts happen, and from which day on."""

    number: int
    year: int
    tonnes: int
    acts: int
    day: dt.date

    def when(self, world: World, act: int) -> dt.datetime:
        """Each of the four acts has its own week; `day` is a Tuesday, so that no weekend moves one past the next."""
        return world.moment(self.day + dt.timedelta(weeks=act), 4, "surrender", act, self.number // COMPANY, self.year)


def stage_of(unit: UnitPlan, world: World) -> Stage:
    """How far the unit is with 2025."""
    for story, stage in _TOLD.items():
        if story in unit.stories:
            return stage
    thrown = world.country.chance.whole(1, 100, "stage", unit.number)
    for stage, share in _SHARES:
        thrown -= share
        if thrown <= 0:
            return stage
    return Stage.OPEN


def in_time(world: World, year: int, day: dt.date) -> list[Event]:
    """Everybody but the latecomer surrenders in full."""
    return _events(world, [duty for duty in _whole_duties(world, year, day) if not _is_late(world, duty)])


def late(world: World, year: int, day: dt.date) -> list[Event]:
    """The latecomer surrenders in full."""
    return _events(world, [duty for duty in _whole_duties(world, year, day) if _is_late(world, duty)])


def begin(world: World, year: int, day: dt.date) -> list[Event]:
    """Everybody is as far as told; a unit can ask for no more than it holds."""
    held = free_tonnes(year)
    duties = []
    for notice in _notices(year):
        unit = world.plans[_number_of(world, notice)]
        stage = stage_of(unit, world)
        wanted = notice.due * world.country.chance.whole(35, 70, "part", unit.number) // 100
        tonnes = min(wanted if stage is Stage.PARTLY else notice.due, held.get(notice.unit_id, 0))
        if tonnes and _GOES_THROUGH[stage]:
            duties.append(Duty(unit.number, year, tonnes, _GOES_THROUGH[stage], day))
    return _events(world, duties)


def freeze(world: World, _year: int, day: dt.date) -> list[Event]:
    """A court freezes an account."""
    return [
        Event(world.moment(day, 1, "freeze"), freeze_one, (unit.number, day))
        for unit in world.country.units
        if Story.FROZEN in unit.stories
    ]


def freeze_one(world: World, of: tuple[int, dt.date]) -> None:
    number, day = of
    at = world.moment(day, 1, "freeze")
    account = accounts.of_unit(world.units[number], at)
    accounts.freeze(account, reason=FREEZE, by=world.national(Role.REGISTRAR_APPROVER), at=at)


def free_tonnes(vintage: int) -> dict[int, int]:
    """What every unit (by id) could give away of a vintage."""
    rows = Holding.objects.filter(vintage=vintage, account__unit__isnull=False, account__frozen=False)
    return {
        unit: amount - reserved for unit, amount, reserved in rows.values_list("account__unit", "amount", "reserved")
    }


def _events(world: World, duties: Iterable[Duty]) -> list[Event]:
    """The clerks' requests, the approvers' confirmations, the provinces' approvals, the registrar's executions."""
    acts = (request_one, confirm_one, approve_one, execute_one)
    return [
        # Executions post to the same accounts and number their certificates: one after the other.
        Event(duty.when(world, number), act, duty, of=None if act is execute_one else duty.number)
        for duty in duties
        for number, act in enumerate(acts[: duty.acts])
    ]


def request_one(world: World, duty: Duty) -> None:
    clerk, quantities = world.clerk(world.plans[duty.number]), {duty.year: duty.tonnes}
    surrender.request(world.units[duty.number], duty.year, quantities, by=clerk, at=duty.when(world, 0))


def confirm_one(world: World, duty: Duty) -> None:
    approver = world.unit_approver(world.plans[duty.number])
    surrender.confirm(_request(world, duty, State.REQUESTED), by=approver, at=duty.when(world, 1))


def approve_one(world: World, duty: Duty) -> None:
    approver = world.approver(world.plans[duty.number].authority)
    surrender.approve(_request(world, duty, State.CONFIRMED), by=approver, at=duty.when(world, 2))


def execute_one(world: World, duty: Duty) -> None:
    operator = world.national(Role.REGISTRAR_OPERATOR)
    surrender.execute(_request(world, duty, State.APPROVED), by=operator, at=duty.when(world, 3))


def _request(world: World, duty: Duty, state: str) -> SurrenderRequest:
    return SurrenderRequest.objects.get(unit=world.units[duty.number], year=duty.year, state=state)


def _whole_duties(world: World, year: int, day: dt.date) -> list[Duty]:
    return [Duty(_number_of(world, notice), year, notice.due, 4, day) for notice in _notices(year)]


def _notices(year: int) -> list[Notice]:
    return list(Notice.objects.filter(year=year).select_related("unit").order_by("unit__credit_code"))


def _number_of(world: World, notice: Notice) -> int:
    return world.number_of[notice.unit.credit_code]


def _is_late(world: World, duty: Duty) -> bool:
    return Story.LATE_2024 in world.plans[duty.number].stories
