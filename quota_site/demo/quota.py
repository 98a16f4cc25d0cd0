"""Quota: balance values, runs, letters, the registrar's issue, notices."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from allocation import balance_values, issue, letters, notices, runs
from allocation.models import BalanceValue, Letter, Run
from quota_site.demo import bell
from quota_site.demo.diary import Event
from quota_site.demo.figures import lines_in
from quota_site.demo.provinces import BY_CODE, HOME
from quota_site.demo.stories import UNAPPROVED, UNISSUED
from quota_site.demo.world import World
from registry.roles import Role
from registry.sectors import Sector

REFUSED = "个别生产线熟料产量仍在复核，请待核查结果更正后重新编制。"
PRE, DETERMINATION = Run.Kind.PRE_ALLOCATION, Run.Kind.DETERMINATION


@dataclass(frozen=True, slots=True)
class Quota:
    """One authority's quota of a sector and year, pre-allocated or determined, to be dealt with from `day` on."""

    authority: str
    sector: str
    year: int
    kind: str
    day: dt.date

    def when(self, world: World, act: str) -> dt.datetime:
        return world.moment(self.day, 2, act, self.authority, self.sector, self.kind)


@dataclass(frozen=True, slots=True)
class Paper:
    """One authority's letter about the quota of a year, pre-allocated or determined."""

    authority: str
    year: int
    kind: str
    day: dt.date

    def when(self, world: World, act: str) -> dt.datetime:
        return world.moment(self.day, 2, act, self.authority, self.kind)


def compute_balance_values(world: World, year: int, day: dt.date) -> None:
    """The ministry's analyst has the three values computed."""
    for sector in Sector:
        at = world.moment(day, 1, "balance value", sector)
        bell.answer_now(balance_values.request(sector, year, by=world.national(Role.MINISTRY_ANALYST), at=at).job)


def publish_balance_values(world: World, year: int, day: dt.date) -> None:
    """The ministry's approver publishes them."""
    for value in BalanceValue.objects.filter(year=year, state=BalanceValue.State.COMPUTED).order_by("pk"):
        at = world.moment(day, 1, "publish", value.sector)
        balance_values.publish(value, by=world.national(Role.MINISTRY_APPROVER), at=at)


def prepare(world: World, year: int, kind: str, day: dt.date) -> list[Event]:
    """Every province has the runs of its sectors prepared."""
    return [
        Event(quota.when(world, "prepare"), prepare_one, quota, quota.authority)
        for quota in _quotas(world, year, kind, day)
    ]


def refuse_one(world: World, year: int, kind: str, day: dt.date) -> None:
    """The home province's first run of cement is not approved, and is prepared anew."""
    quota = Quota(HOME, Sector.CEMENT, year, kind, day)
    at = quota.when(world, "refuse")
    runs.refuse(_run(world, quota), reason=REFUSED, by=world.approver(HOME), at=at)
    again = runs.prepare(
        world.authorities[HOME], Sector.CEMENT, year, kind, by=world.officer(HOME), at=at + dt.timedelta(hours=3)
    )
    bell.answer_now(again.job)


def approve(world: World, year: int, kind: str, day: dt.date) -> list[Event]:
    """The approvers approve exactly what was prepared; in 2025 one province is behind."""
    behind = UNAPPROVED if (year, kind) == (2025, DETERMINATION) else ""
    quotas = [quota for quota in _quotas(world, year, kind, day) if quota.authority != behind]
    return [Event(quota.when(world, "approve"), approve_one, quota, quota.authority) for quota in quotas]


def write_letters(world: World, year: int, kind: str, day: dt.date) -> list[Event]:
    """A letter of each province that has approved runs, sent the same day."""
    papers = [Paper(authority, year, kind, day) for authority in _authorities_with(year, kind)]
    return [Event(paper.when(world, "letter"), write_one, paper, paper.authority) for paper in papers]


def execute_issue(world: World, year: int, kind: str, day: dt.date) -> list[Event]:
    """Every letter's quota is issued; in 2025 one letter still lies at the registrar."""
    behind = UNISSUED if (year, kind) == (2025, DETERMINATION) else ""
    waiting = Letter.objects.filter(year=year, kind=kind, state=Letter.State.SENT).exclude(authority__code=behind)
    papers = [Paper(authority, year, kind, day) for authority in _authorities_of(waiting)]
    return [Event(paper.when(world, "issue"), issue_one, paper, paper.authority) for paper in papers]


def send_notices(world: World, year: int, day: dt.date) -> list[Event]:
    """Every province with issued quota tells its units what they owe."""
    executed = Letter.objects.filter(year=year, kind=DETERMINATION, state=Letter.State.EXECUTED)
    papers = [Paper(authority, year, DETERMINATION, day) for authority in _authorities_of(executed)]
    return [Event(paper.when(world, "notices"), send_notices_of_one, paper, paper.authority) for paper in papers]


def write_one(world: World, paper: Paper) -> None:
    officer, at = world.officer(paper.authority), paper.when(world, "letter")
    number = f"{BY_CODE[paper.authority].short}示例环函〔{paper.day.year}〕{'1' if paper.kind == PRE else '2'}{paper.authority[:2]}号"
    letter = letters.write(world.authorities[paper.authority], paper.year, paper.kind, number=number, by=officer, at=at)
    letters.send(letter, by=officer, at=at + dt.timedelta(hours=2))


def issue_one(world: World, paper: Paper) -> None:
    """The registrar's operator prepares the letter's issue, her approver executes it."""
    letter, at = _sent(world, paper), paper.when(world, "issue")
    issue.prepare(letter, by=world.national(Role.REGISTRAR_OPERATOR), at=at)
    issue.execute(letter, by=world.national(Role.REGISTRAR_APPROVER), at=at + dt.timedelta(hours=3))


def send_notices_of_one(world: World, paper: Paper) -> None:
    at = paper.when(world, "notices")
    notices.send(world.authorities[paper.authority], paper.year, by=world.officer(paper.authority), at=at)


def prepare_one(world: World, quota: Quota) -> None:
    authority, at = quota.authority, quota.when(world, "prepare")
    run = runs.prepare(
        world.authorities[authority], quota.sector, quota.year, quota.kind, by=world.officer(authority), at=at
    )
    bell.answer_now(run.job)


def approve_one(world: World, quota: Quota) -> None:
    run = _run(world, quota)
    runs.approve(
        run,
        manifest_sha256=run.manifest_sha256,
        result_sha256=run.result_sha256,
        by=world.approver(quota.authority),
        at=quota.when(world, "approve"),
    )


def _run(world: World, quota: Quota) -> Run:
    return Run.objects.get(
        authority=world.authorities[quota.authority],
        sector=quota.sector,
        year=quota.year,
        kind=quota.kind,
        state=Run.State.PREPARED,
    )


def _quotas(world: World, year: int, kind: str, day: dt.date) -> list[Quota]:
    pairs = {
        (unit.authority, sector)
        for unit in world.country.units
        for sector in unit.sectors
        if lines_in(unit, sector, str(year))
    }
    return [Quota(authority, sector, year, kind, day) for authority, sector in sorted(pairs)]


def _authorities_with(year: int, kind: str) -> list[str]:
    return _authorities_of(Run.objects.filter(year=year, kind=kind, state=Run.State.APPROVED, letter__isnull=True))


def _authorities_of(rows: QuerySet[Run] | QuerySet[Letter]) -> list[str]:
    return sorted(set(rows.values_list("authority__code", flat=True)))


def _sent(world: World, paper: Paper) -> Letter:
    authority = world.authorities[paper.authority]
    return Letter.objects.get(authority=authority, year=paper.year, kind=paper.kind, state=Letter.State.SENT)
