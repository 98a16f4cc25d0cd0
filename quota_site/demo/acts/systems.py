"""What enterprises let others file for them: a token for a system of their own, mandates within a group, a zip of many workbooks."""

import contextlib
import datetime as dt
import io
import zipfile
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from quota_site.demo.acts import handing_in
from quota_site.demo.invented.country import UnitPlan
from quota_site.demo.invented.figures import content
from quota_site.demo.invented.scenarios import Story
from quota_site.demo.invented.sectors import CEMENT
from quota_site.demo.running import eager_jobs
from quota_site.demo.running.event import Event
from quota_site.demo.running.world import World
from registry.law.calendar import SHANGHAI, end_of
from registry.models import ApiToken, FilingMandate
from registry.people import mandates, tokens
from reporting.filing import bulk

SYSTEM, OLD_SYSTEM = "能源管理系统（示例）", "旧数据采集平台（示例）"
SECTOR, FILED = CEMENT, "2026-10"
LEAFLET = "填报说明.txt"


def connect(_world: World, year: int, day: dt.date) -> list[Event]:
    """The cement login's systems get tokens, one of which is revoked; two other works give its unit mandates, one is not accepted yet."""
    of, at = (year, day), _at(day)
    later, next_day = at + dt.timedelta(hours=3), at + dt.timedelta(days=1)
    return [Event(at, grant_and_offer, of), Event(later, accept_first_mandate, of), Event(next_day, revoke_old, of)]


def grant_and_offer(world: World, of: tuple[int, dt.date]) -> None:
    (year, day), (unit, *others) = of, _group(world)
    at, last = _at(day), dt.date(year + 1, 6, 30)
    approver, clerk = world.unit_approver(unit), world.clerk(unit)
    tokens.grant(clerk, OLD_SYSTEM, [ApiToken.Scope.UPLOAD], expires_at=end_of(last), by=approver, at=at)
    tokens.grant(clerk, SYSTEM, ApiToken.Scope.values, expires_at=end_of(last), by=approver, at=at)
    holder = world.units[unit.number]
    for index, other in enumerate(others):
        mandates.offer(holder, may_submit=not index, since=day, until=last, by=world.unit_approver(other), at=at)


def accept_first_mandate(world: World, of: tuple[int, dt.date]) -> None:
    unit, *others = _group(world)
    for other in others[:1]:
        mandate = FilingMandate.objects.get(unit=world.units[other.number], holder_unit=world.units[unit.number])
        mandates.accept(mandate, by=world.unit_approver(unit), at=_at(of[1]) + dt.timedelta(hours=3))


def revoke_old(world: World, of: tuple[int, dt.date]) -> None:
    unit = _group(world)[0]
    old = ApiToken.objects.get(name=OLD_SYSTEM, person=world.clerk(unit))
    tokens.revoke(old, by=world.unit_approver(unit), at=_at(of[1]) + dt.timedelta(days=1))


def upload_many(_world: World, _year: int, day: dt.date) -> list[Event]:
    """The cement login's clerk uploads October of their own unit and of one that gave a mandate, whose own clerk was faster."""
    return [Event(_when_many(day), upload_archive, day)]


def upload_archive(world: World, day: dt.date) -> None:
    units = _group(world)[:2]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for unit in units:
            said = content(unit, SECTOR, FILED, world.country.chance)
            name = zipfile.ZipInfo(f"{unit.name}-{FILED}.xlsx", (day.year, day.month, day.day, 9, 0, 0))
            archive.writestr(name, handing_in.filled_in(unit, SECTOR, FILED, said))
        archive.writestr(zipfile.ZipInfo(LEAFLET, (day.year, day.month, day.day, 9, 0, 0)), "每厂一份。")
    at = _when_many(day)
    with _clock_at(at):
        bulk.receive(packed.getvalue(), f"{FILED}-示例集团.zip", by=world.clerk(units[0]), at=at)
        eager_jobs.answer_all()
        eager_jobs.answer_all()  # the readings that the first job asked for


def _group(world: World) -> list[UnitPlan]:
    """The cement login's unit and, as far as there are any in its province, two other cement works."""
    login = next(
        unit for unit in world.country.in_sector(SECTOR) if Story.LOGIN in unit.stories and unit.lines_of(SECTOR)
    )
    beside = [
        unit
        for unit in world.country.in_sector(SECTOR)
        if unit.authority == login.authority and Story.LOGIN not in unit.stories
    ]
    return [login, *beside[:2]]


@contextlib.contextmanager
def _clock_at(at: dt.datetime) -> Iterator[None]:
    """Whom a mandate lets in is asked of the clock, which is set to the country's present only when the country is built."""
    before = settings.CLOCK_OFFSET_SECONDS
    settings.CLOCK_OFFSET_SECONDS = int((at - timezone.now()).total_seconds())
    try:
        yield
    finally:
        settings.CLOCK_OFFSET_SECONDS = before


def _when_many(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(8, 5), SHANGHAI)


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(10, 15), SHANGHAI)
