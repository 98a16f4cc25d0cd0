"""A period's packages: workbooks filled in, uploaded, read, submitted, reviewed; one act after the other through the country."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from quota_site.demo.acts import asking, supporting
from quota_site.demo.invented import faults
from quota_site.demo.invented.country import LinePlan, UnitPlan
from quota_site.demo.invented.figures import content, lines_in
from quota_site.demo.invented.provinces import HOME
from quota_site.demo.invented.scenarios import Story
from quota_site.demo.running import eager_jobs
from quota_site.demo.running.event import Event
from quota_site.demo.running.timeline import COMPANY, Step
from quota_site.demo.running.world import World
from reporting import review, workbook
from reporting.content import Content
from reporting.filing import intake
from reporting.models import Package, Submission

ANSWER = "已核对原始台账：当月计划检修及市场需求变化所致，数据属实。"
TO_CORRECT = "燃料台账与购入发票不符，请按发票更正后重新提交。"

# A story that is told in one period.
REFUSED_IN, UNREADABLE_IN, SENT_BACK_IN, LATE_IN, RETURNED_IN = "2025-08", "2025-03", "2025-09", "2025-11", "2026-09"
SILENT_SINCE = "2026-06"
TRIED_AGAIN_AFTER, SUBMITTED_AFTER = dt.timedelta(minutes=25), dt.timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A unit's package of one period, and the day from which the country hands that period in.

    Packages of the same company are handed in and reviewed at the same instants, so that several hands can do it.
    """

    number: int
    sector: str
    period: str
    day: dt.date
    company: int


def parcels(
    world: World, period: str, day: dt.date, belongs: Callable[[UnitPlan], bool] | None = None, weeks: int = 0
) -> list[Parcel]:
    """The packages of all units (of those that belong to the question) that have lines in the period.

    The home province hands in from `day` on, others are used to do so up to `weeks` weeks earlier.
    """
    found = [
        (unit.number, sector, day - dt.timedelta(weeks=weeks_early(world, unit, weeks)))
        for unit in world.country.units
        if world.country.takes_part(unit, int(period[:4])) and (belongs is None or belongs(unit))
        for sector in unit.sectors
        if lines_in(unit, sector, period) and not _is_silent(unit, period)
    ]
    counts: Counter[dt.date] = Counter()
    parcels = []
    for number, sector, begins in found:
        parcels.append(Parcel(number, sector, period, begins, counts[begins] // COMPANY))
        counts[begins] += 1
    return parcels


def weeks_early(world: World, unit: UnitPlan, weeks: int) -> int:
    """How many weeks, at most so many, the unit's province hands in before the home province."""
    if unit.authority == HOME:
        return 0
    return world.country.scale.authorities.index(unit.authority) % (weeks + 1)


def steps(
    period: str, monday: dt.date, belongs: Callable[[UnitPlan], bool] | None = None, weeks: int = 0
) -> Iterator[Step]:
    """A period handed in from `monday` on, by some provinces up to `weeks` weeks earlier: uploads, submissions a week later,
    decisions two weeks later."""
    begins = monday - dt.timedelta(weeks=weeks)

    def begin(act: Callable[[World, Parcel], None], name: str) -> Callable[[World], Iterable[Event]]:
        return lambda world: [
            Event(when(world, parcel, name), act, parcel, of=parcel.number)
            for parcel in parcels(world, period, monday, belongs, weeks)
        ]

    def uploads(world: World) -> Iterator[Event]:
        for parcel in parcels(world, period, monday, belongs, weeks):
            yield from _uploads(world, parcel)

    def submissions(world: World) -> Iterator[Event]:
        for parcel in parcels(world, period, monday, belongs, weeks):
            yield from _submissions(world, parcel)

    yield Step(begins, _("workbooks uploaded and read"), period, uploads)
    yield Step(begins + dt.timedelta(days=7), _("packages submitted"), period, submissions)
    yield Step(begins + dt.timedelta(days=13), _("packages reviewed"), period, begin(decide_one, "decide"))


def _uploads(world: World, parcel: Parcel) -> Iterator[Event]:
    """The clerk uploads, sees what is wrong, and uploads again until nothing blocks."""
    at, first = when(world, parcel, "upload"), _first_try(world.plans[parcel.number], parcel)
    if first:
        yield Event(at, upload_first, parcel, first, of=parcel.number)
        at += TRIED_AGAIN_AFTER
    yield Event(at, upload_one, parcel, fill_in, of=parcel.number)


def _submissions(world: World, parcel: Parcel) -> Iterator[Event]:
    """The clerk answers warnings and submits. Once they have submitted something overstated a week early, and it has come back."""
    at = when(world, parcel, "submit")
    if _is_told(world.plans[parcel.number], Story.SENT_BACK, SENT_BACK_IN, parcel.period):
        early = at - dt.timedelta(days=1)
        yield Event(early, upload_overstated, parcel, overstate)
        yield Event(early + dt.timedelta(minutes=5), submit_overstated, parcel)
        yield Event(early + dt.timedelta(hours=2), send_overstated_back, parcel)
        yield Event(early + dt.timedelta(hours=5), upload_corrected, parcel, fill_in)
    if world.country.chance.happens(50, "answers", parcel.number):
        yield Event(at, answer_one, parcel, of=parcel.number)
    yield Event(at + SUBMITTED_AFTER, submit_one, parcel, of=parcel.number)


def fill_in(world: World, parcel: Parcel) -> bytes:
    """The workbook as it is right."""
    unit = world.plans[parcel.number]
    return filled_in(unit, parcel.sector, parcel.period, _stated(world, parcel))


def overstate(world: World, parcel: Parcel) -> bytes:
    unit = world.plans[parcel.number]
    return filled_in(unit, parcel.sector, parcel.period, faults.overstated(_stated(world, parcel)))


def break_ledger(world: World, parcel: Parcel) -> bytes:
    unit = world.plans[parcel.number]
    return filled_in(unit, parcel.sector, parcel.period, faults.broken_ledger(_stated(world, parcel)))


def take_another_file(_world: World, _parcel: Parcel) -> bytes:
    return faults.NO_WORKBOOK


def upload_first(world: World, parcel: Parcel, data: bytes) -> None:
    """What the clerk uploads before the right workbook."""
    _receive(world, parcel, data, when(world, parcel, "upload"))


def upload_one(world: World, parcel: Parcel, data: bytes) -> None:
    """The right workbook, and with it what supports it."""
    unit, at = world.plans[parcel.number], when(world, parcel, "upload")
    at += TRIED_AGAIN_AFTER if _first_try(unit, parcel) else dt.timedelta()
    _receive(world, parcel, data, at)
    supporting.attach(world, unit, _package(world, parcel), _stated(world, parcel), at)


def upload_overstated(world: World, parcel: Parcel, data: bytes) -> None:
    _receive(world, parcel, data, when(world, parcel, "submit") - dt.timedelta(days=1))


def submit_overstated(world: World, parcel: Parcel) -> None:
    at = when(world, parcel, "submit") - dt.timedelta(days=1) + dt.timedelta(minutes=5)
    intake.submit(_read(_package(world, parcel)), by=world.clerk(world.plans[parcel.number]), at=at)
    eager_jobs.answer_all()


def send_overstated_back(world: World, parcel: Parcel) -> None:
    at = when(world, parcel, "submit") - dt.timedelta(days=1) + dt.timedelta(hours=2)
    officer = world.officer(world.plans[parcel.number].authority)
    review.send_back(_read(_package(world, parcel)), reason=TO_CORRECT, by=officer, at=at)


def upload_corrected(world: World, parcel: Parcel, data: bytes) -> None:
    _receive(world, parcel, data, when(world, parcel, "submit") - dt.timedelta(days=1) + dt.timedelta(hours=5))


def answer_one(world: World, parcel: Parcel) -> None:
    unit = world.plans[parcel.number]
    _answer_warnings(world, unit, _read(_package(world, parcel)), when(world, parcel, "submit"))


def submit_one(world: World, parcel: Parcel) -> None:
    at = when(world, parcel, "submit") + SUBMITTED_AFTER
    intake.submit(_read(_package(world, parcel)), by=world.clerk(world.plans[parcel.number]), at=at)
    eager_jobs.answer_all()


def decide_one(world: World, parcel: Parcel) -> None:
    """The officer accepts, or sends back what then waits for the clerk."""
    unit, package = world.plans[parcel.number], _package(world, parcel)
    officer, at = world.officer(unit.authority), when(world, parcel, "decide")
    if _is_told(unit, Story.RETURNED_NOW, RETURNED_IN, parcel.period):
        version = _read(package)
        notes = asking.wrong_stocks(version)
        review.send_back(version, reason=TO_CORRECT, notes=notes, by=officer, at=at)
    else:
        review.accept(_read(package), by=officer, at=at)


def when(world: World, parcel: Parcel, act: str) -> dt.datetime:
    """At what instant the act happens; whatever the weekday of `day`, no act comes before the one that it needs."""
    first, days = {"upload": (0, 3), "submit": (7, 2), "decide": (13, 2)}[act]
    late = _is_told(world.plans[parcel.number], Story.LATE_MONTH, LATE_IN, parcel.period)
    day = parcel.day + dt.timedelta(days=first + 14 * late)
    return world.moment(day, days, act, parcel.company)


def _is_told(unit: UnitPlan, story: Story, told_in: str, period: str) -> bool:
    return period == told_in and story in unit.stories


def _is_silent(unit: UnitPlan, period: str) -> bool:
    return Story.OVERDUE_2026 in unit.stories and period >= SILENT_SINCE


def _package(world: World, parcel: Parcel) -> Package:
    unit = world.units[parcel.number]
    package = Package.objects.select_related("submission").get(unit=unit, sector=parcel.sector, period=parcel.period)
    package.unit = unit
    return package


def _read(package: Package) -> Submission:
    """The version that was read; that there is none is a fault of the build, not of a clerk."""
    if package.submission is None:
        raise RuntimeError(f"{package}: no worker has read the upload")
    package.submission.package = package
    return package.submission


def _receive(world: World, parcel: Parcel, data: bytes, at: dt.datetime) -> None:
    unit = world.plans[parcel.number]
    clerk = world.clerk(unit)
    package = intake.open_package(world.units[parcel.number], parcel.sector, parcel.period, by=clerk, at=at)
    name = f"{unit.name}-{package.period}.xlsx"
    eager_jobs.answer_now(intake.receive(package, data, name, by=clerk, at=at).package.job)


def _stated(world: World, parcel: Parcel) -> Content:
    return content(world.plans[parcel.number], parcel.sector, parcel.period, world.country.chance)


def _first_try(unit: UnitPlan, parcel: Parcel) -> Callable[[World, Parcel], bytes] | None:
    """What makes the file that the clerk uploads before the right workbook; None where they need one try."""
    if _is_told(unit, Story.UNREADABLE_UPLOAD, UNREADABLE_IN, parcel.period):
        return take_another_file
    if _is_told(unit, Story.REFUSED_UPLOAD, REFUSED_IN, parcel.period):
        return break_ledger
    return None


def _answer_warnings(world: World, unit: UnitPlan, submission: Submission, at: dt.datetime) -> None:
    if submission.warnings:
        for finding in submission.findings.filter(blocks=False)[:3]:
            intake.answer(finding, reason=ANSWER, by=world.clerk(unit), at=at)


def filled_in(unit: UnitPlan, sector: str, period: str, stated: Content) -> bytes:
    """The blank that the platform hands out, filled in."""
    lines = lines_in(unit, sector, period)
    spec = workbook.BlankSpec(
        sector=sector,
        period=period,
        unit_code=unit.credit_code,
        unit_name=unit.name,
        lines=tuple(_line_spec(line) for line in lines),
    )
    return workbook.filled(spec, stated)


def _line_spec(line: LinePlan) -> workbook.LineSpec:
    return workbook.LineSpec(line.code, line.name, line.kind)
