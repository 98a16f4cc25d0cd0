"""Quota: balance values, runs, letters, the registrar's issue, notices."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from allocation import balance_values, letters, runs
from allocation.compliance import notices
from allocation.letters import issuance
from allocation.models import BalanceValue, Letter, Run
from quota_site.demo.invented.figures import lines_in
from quota_site.demo.invented.provinces import BY_CODE, HOME
from quota_site.demo.invented.scenarios import UNAPPROVED, UNISSUED
from quota_site.demo.invented.sectors import CEMENT, SECTORS
from quota_site.demo.running import eager_jobs
from quota_site.demo.running.event import Event
from quota_site.demo.running.world import World
from registry.permissions.roles import Role

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


Value = tuple[str, int, dt.date]  # a sector's balance value of a year, computed or published on the day


def compute_balance_values(world: World, year: int, day: dt.date) -> list[Event]:
    """The ministry's analyst has the three values computed."""
    things: list[Value] = [(str(sector), year, day) for sector in SECTORS]
    return [Event(_when_value(world, thing, "balance value"), compute_one, thing) for thing in things]


def publish_balance_values(world: World, year: int, day: dt.date) -> list[Event]:
    """The ministry's approver publishes them."""
    things: list[Value] = [(str(sector), year, day) for sector in SECTORS]
    return [Event(_when_value(world, thing, "publish"), publish_one, thing) for thing in things]


def compute_one(world: World, thing: Value) -> None:
    sector, year, _day = thing
    at = _when_value(world, thing, "balance value")
    eager_jobs.answer_now(balance_values.request(sector, year, by=world.national(Role.MINISTRY_ANALYST), at=at).job)


def publish_one(world: World, thing: Value) -> None:
    sector, year, _day = thing
    at = _when_value(world, thing, "publish")
    for value in BalanceValue.objects.filter(sector=sector, year=year, state=BalanceValue.State.COMPUTED):
        balance_values.publish(value, by=world.national(Role.MINISTRY_APPROVER), at=at)


def _when_value(world: World, thing: Value, act: str) -> dt.datetime:
    sector, _year, day = thing
    return world.moment(day, 1, act, sector)


def prepare(world: World, year: int, kind: str, day: dt.date) -> list[Event]:
    """Every province has the runs of its sectors prepared."""
    return [Event(quota.when(world, "prepare"), prepare_one, quota) for quota in _quotas(world, year, kind, day)]


AGAIN_AFTER, SENT_AFTER, EXECUTED_AFTER = dt.timedelta(hours=3), dt.timedelta(hours=2), dt.timedelta(hours=3)


def refuse_one(world: World, year: int, kind: str, day: dt.date) -> list[Event]:
    """The home province's first run of cement is not approved, and is prepared anew the same day."""
    quota = Quota(HOME, CEMENT, year, kind, day)
    at = _when_refused(world, quota)
    return [Event(at, refuse_it, quota), Event(at + AGAIN_AFTER, prepare_it_again, quota)]


def refuse_it(world: World, quota: Quota) -> None:
    at = _when_refused(world, quota)
    runs.refuse(_run(world, quota), reason=REFUSED, by=world.approver(quota.authority), at=at)


def prepare_it_again(world: World, quota: Quota) -> None:
    _prepare(world, quota, _when_refused(world, quota) + AGAIN_AFTER)


def _when_refused(world: World, quota: Quota) -> dt.datetime:
    return world.moment(quota.day, 1, "refuse", quota.authority, quota.sector)


def approve(world: World, year: int, kind: str, day: dt.date) -> list[Event]:
    """The approvers approve exactly what was prepared; in 2025 one province is behind."""
    behind = UNAPPROVED if (year, kind) == (2025, DETERMINATION) else ""
    quotas = [quota for quota in _quotas(world, year, kind, day) if quota.authority != behind]
    return [Event(quota.when(world, "approve"), approve_one, quota) for quota in quotas]


def write_letters(world: World, year: int, kind: str, day: dt.date) -> list[Event]:
    """A letter of each province that has approved runs, sent the same day."""
    papers = [Paper(authority, year, kind, day) for authority in _authorities_with(year, kind)]
    return [
        event
        for paper in papers
        for event in (
            Event(paper.when(world, "letter"), write_one, paper),
            Event(paper.when(world, "letter") + SENT_AFTER, send_one, paper),
        )
    ]


def execute_issue(world: World, year: int, kind: str, day: dt.date) -> list[Event]:
    """Every letter's quota is issued; in 2025 one letter still lies at the registrar."""
    behind = UNISSUED if (year, kind) == (2025, DETERMINATION) else ""
    waiting = Letter.objects.filter(year=year, kind=kind, state=Letter.State.SENT).exclude(authority__code=behind)
    papers = [Paper(authority, year, kind, day) for authority in _authorities_of(waiting)]
    return [
        event
        for paper in papers
        for event in (
            Event(paper.when(world, "issue"), prepare_issue_of_one, paper),
            Event(paper.when(world, "issue") + EXECUTED_AFTER, execute_issue_of_one, paper),
        )
    ]


def send_notices(world: World, year: int, day: dt.date) -> list[Event]:
    """Every province with issued quota tells its units what they owe."""
    executed = Letter.objects.filter(year=year, kind=DETERMINATION, state=Letter.State.EXECUTED)
    papers = [Paper(authority, year, DETERMINATION, day) for authority in _authorities_of(executed)]
    return [Event(paper.when(world, "notices"), send_notices_of_one, paper) for paper in papers]


def write_one(world: World, paper: Paper) -> None:
    officer, at = world.officer(paper.authority), paper.when(world, "letter")
    number = f"{BY_CODE[paper.authority].short}示例环函〔{paper.day.year}〕{'1' if paper.kind == PRE else '2'}{paper.authority[:2]}号"
    letters.write(world.authorities[paper.authority], paper.year, paper.kind, number=number, by=officer, at=at)


def send_one(world: World, paper: Paper) -> None:
    letter, at = _letter(world, paper, Letter.State.DRAFTED), paper.when(world, "letter") + SENT_AFTER
    letters.send(letter, by=world.officer(paper.authority), at=at)


def prepare_issue_of_one(world: World, paper: Paper) -> None:
    """The registrar's operator prepares the letter's issue."""
    letter, at = _letter(world, paper, Letter.State.SENT), paper.when(world, "issue")
    issuance.prepare(letter, by=world.national(Role.REGISTRAR_OPERATOR), at=at)


def execute_issue_of_one(world: World, paper: Paper) -> None:
    """Their approver executes it."""
    letter, at = _letter(world, paper, Letter.State.PREPARED), paper.when(world, "issue") + EXECUTED_AFTER
    issuance.execute(letter, by=world.national(Role.REGISTRAR_APPROVER), at=at)


def send_notices_of_one(world: World, paper: Paper) -> None:
    at = paper.when(world, "notices")
    notices.send(world.authorities[paper.authority], paper.year, by=world.officer(paper.authority), at=at)


def prepare_one(world: World, quota: Quota) -> None:
    _prepare(world, quota, quota.when(world, "prepare"))


def _prepare(world: World, quota: Quota, at: dt.datetime) -> None:
    authority = quota.authority
    run = runs.prepare(
        world.authorities[authority], quota.sector, quota.year, quota.kind, by=world.officer(authority), at=at
    )
    eager_jobs.answer_now(run.job)


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


def _letter(world: World, paper: Paper, state: str) -> Letter:
    authority = world.authorities[paper.authority]
    return Letter.objects.get(authority=authority, year=paper.year, kind=paper.kind, state=state)
