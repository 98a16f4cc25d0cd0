"""A year's annual reports and their verification, each act through the whole country before the next."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from quota_site.demo.invented.figures import lines_in
from quota_site.demo.invented.scenarios import Story
from quota_site.demo.invented.sectors import CEMENT
from quota_site.demo.running.event import Event
from quota_site.demo.running.timeline import COMPANY
from quota_site.demo.running.world import World
from registry.values.exact import half_up
from reporting import verification
from reporting.filing import annual
from reporting.models import AnnualReport, Verification
from reporting.models.verification import OPEN
from reporting.verification import Decision
from reporting.verification import table as settling

VERIFIED_AGAIN = "省级抽查发现熟料产量记录与销售台账不一致，重新核查（抽查通知书〔2026〕7号）。"
SENT_BACK = "熟料产量更正依据不足，请补充皮带秤校准记录后重新出具结论。"
CORRECTED = "经交叉核对皮带秤与销售台账，按校准结果核减产量。"
FOLLOWS = "随产量更正同步更正。"
BACK_AFTER, ANEW_AFTER = dt.timedelta(hours=20), dt.timedelta(hours=4)

# Stories are told of this year; the year before went smoothly.
TOLD_OF = 2025


@dataclass(frozen=True, slots=True)
class Report:
    """A unit's report of a year in one sector, and the day on which the country begins the act.

    Units of the same company act at the same instants, so that several hands can do it.
    """

    number: int
    sector: str
    year: int
    day: dt.date
    days: int

    def when(self, world: World, act: str) -> dt.datetime:
        return world.moment(self.day, self.days, act, self.number // COMPANY)


def prepare(world: World, year: int, days: int, day: dt.date) -> Iterator[Event]:
    yield from _events(world, "prepare", prepare_one, year, days, day)


def file(world: World, year: int, days: int, day: dt.date) -> Iterator[Event]:
    yield from _events(world, "file", file_one, year, days, day)


def assign(world: World, year: int, days: int, day: dt.date) -> Iterator[Event]:
    yield from _events(world, "assign", assign_one, year, days, day)


def conclude(world: World, year: int, days: int, day: dt.date) -> Iterator[Event]:
    for event in _events(world, "conclude", conclude_one, year, days, day):
        if _is_sent_back(world, event.thing):
            yield Event(event.at, conclude_too_early, event.thing)
            yield Event(event.at + BACK_AFTER, send_conclusion_back, event.thing)
            yield Event(event.at + BACK_AFTER + ANEW_AFTER, conclude_one, event.thing)
        else:
            yield event


def approve(world: World, year: int, days: int, day: dt.date) -> Iterator[Event]:
    yield from _events(world, "approve", approve_one, year, days, day)


def _events(
    world: World, name: str, act: Callable[[World, Report], None], year: int, days: int, day: dt.date
) -> Iterator[Event]:
    """The act for every report of the year, on one of the `days` days from `day` on."""
    for unit in world.country.units:
        for sector in unit.sectors:
            if lines_in(unit, sector, str(year)):
                report = Report(unit.number, sector, year, day, days)
                yield Event(report.when(world, name), act, report, of=unit.number)


def prepare_one(world: World, report: Report) -> None:
    unit = world.plans[report.number]
    at = report.when(world, "prepare")
    annual.prepare(world.units[report.number], report.sector, report.year, by=world.clerk(unit), at=at)


def file_one(world: World, report: Report) -> None:
    approver = world.unit_approver(world.plans[report.number])
    annual.file(_report(world, report), by=approver, at=report.when(world, "file"))


def assign_one(world: World, report: Report) -> None:
    authority, at = world.plans[report.number].authority, report.when(world, "assign")
    verification.assign(_report(world, report), world.body(authority), by=world.officer(authority), at=at)


def conclude_one(world: World, report: Report) -> None:
    """The verifier corrects what a story corrects, confirms the rest, and concludes; once a conclusion came back first."""
    unit, at = world.plans[report.number], report.when(world, "conclude")
    at += BACK_AFTER + ANEW_AFTER if _is_sent_back(world, report) else dt.timedelta()
    found = _verification(world, report)
    if report.year == TOLD_OF and Story.CORRECTED in unit.stories:
        _correct(found, world, report, at)
    _confirm_and_conclude(world, report, found, at)


def conclude_too_early(world: World, report: Report) -> None:
    """All is confirmed as reported."""
    _confirm_and_conclude(world, report, _verification(world, report), report.when(world, "conclude"))


def send_conclusion_back(world: World, report: Report) -> None:
    approver, at = world.approver(world.plans[report.number].authority), report.when(world, "conclude") + BACK_AFTER
    verification.send_back(_verification(world, report), reason=SENT_BACK, by=approver, at=at)


def _confirm_and_conclude(world: World, report: Report, found: Verification, at: dt.datetime) -> None:
    verifier = world.verifier(world.plans[report.number].authority)
    verification.confirm_all(found, by=verifier, at=at)
    verification.conclude(found, by=verifier, at=at)


def _is_sent_back(world: World, report: Report) -> bool:
    return report.year == TOLD_OF and Story.CONCLUSION_SENT_BACK in world.plans[report.number].stories


def approve_one(world: World, report: Report) -> None:
    approver = world.approver(world.plans[report.number].authority)
    verification.approve(_verification(world, report), by=approver, at=report.when(world, "approve"))


def verify_again(world: World, year: int, day: dt.date) -> Iterator[Event]:
    """A report whose result stands is given out again; its verification is still under way."""
    for unit in world.country.in_sector(CEMENT):
        if Story.VERIFIED_AGAIN in unit.stories:
            report = Report(unit.number, CEMENT, year, day, 1)
            yield Event(report.when(world, "assign"), assign_again, report)


def assign_again(world: World, report: Report) -> None:
    authority = world.plans[report.number].authority
    verification.assign_again(
        _report(world, report),
        world.body(authority),
        ground=Verification.Ground.RECHECK,
        reason=VERIFIED_AGAIN,
        by=world.officer(authority),
        at=report.when(world, "assign"),
    )


def _correct(found: Verification, world: World, report: Report, at: dt.datetime) -> None:
    """Half a percent less output of the first line, and what follows from it."""
    rows = settling.table(found)
    datum = next(row.datum for row in rows if row.item.code == "output")
    value = half_up(datum.value * Decimal("0.995"), 2)
    new = settling.recomputed(found, rows, {datum.pk: value})
    decisions = [Decision(datum, value, CORRECTED)]
    decisions += [Decision(row.datum, new[row.datum.pk].value, FOLLOWS) for row in rows if row.datum.pk in new]
    verification.settle_all(found, decisions, by=world.verifier(world.plans[report.number].authority), at=at)


def _report(world: World, report: Report) -> AnnualReport:
    rows = AnnualReport.objects.exclude(state=AnnualReport.State.SUPERSEDED)
    return rows.get(unit=world.units[report.number], sector=report.sector, year=report.year)


def _verification(world: World, report: Report) -> Verification:
    rows = Verification.objects.filter(state__in=OPEN).select_related("report")
    return rows.get(unit=world.units[report.number], sector=report.sector, year=report.year)
