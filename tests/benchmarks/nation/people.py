"""Authorities' people, units with their lines and people, and the directories of three years."""

import datetime as dt
import itertools
from dataclasses import dataclass

from registry.models import (
    Authority,
    DirectoryEntry,
    Line,
    Person,
    SectorMembership,
    Unit,
    VerifierBody,
)
from registry.permissions.roles import NATIONAL_ROLES, Role
from registry.values.sectors import Sector
from tests.benchmarks.nation.rows import fill, instant
from tests.cast import HEBEI, at, credit_code

__all__ = ["NOW", "UNITS", "YEARS", "Cast", "build"]

NOW = at("2026-11-16 10:00")
YEARS = (2024, 2025, 2026)
UNITS, BODIES = 3700, 60
CHARACTERS = "枫溪柳河岩峰月华晨曦芷城雾汀绿源铝业钢铁水泥集团"
# Every tenth unit is 河北's, the others are shared out evenly.
OWN = 10


@dataclass(frozen=True, slots=True)
class Cast:
    """Who looks, by role, each in 河北 or for the country; and the keys that the other rows point to."""

    persons: dict[str, Person]
    hebei: Authority
    units: list[Unit]
    # By unit its sectors; by unit and sector its lines.
    sectors: dict[int, list[str]]
    lines: dict[tuple[int, str], list[int]]
    # Two people of each authority, and two of each unit.
    officers: dict[int, tuple[int, int]]
    own: dict[int, tuple[int, int]]
    bodies: list[VerifierBody]

    @property
    def unit(self) -> Unit:
        """The one whose people look."""
        found = self.persons[Role.UNIT_CLERK].unit
        assert found is not None
        return found

    @property
    def entries(self) -> list[tuple[int, str]]:
        """Every unit with each of its sectors."""
        return [(unit.pk, sector) for unit in self.units for sector in self.sectors[unit.pk]]


def build() -> Cast:
    authorities = list(Authority.objects.order_by("code"))
    hebei = next(each for each in authorities if each.code == HEBEI)
    others = itertools.cycle(each for each in authorities if each.code != HEBEI)
    units = Unit.objects.bulk_create(
        (_unit(number, hebei if number % OWN == 0 else next(others)) for number in range(UNITS)), batch_size=500
    )
    bodies = VerifierBody.objects.bulk_create(
        VerifierBody(code=f"V{number:03}", name=f"示例技术服务机构{number}") for number in range(BODIES)
    )
    people = _people(authorities, units, bodies)
    sectors = {unit.pk: _sectors(number) for number, unit in enumerate(units)}
    memberships = [(unit, sector) for unit, own in sectors.items() for sector in own]
    fill(SectorMembership, ["unit", "sector"], memberships)
    cast = Cast(
        {role: _one_of(people, role, hebei, units[0]) for role in Role.values},
        hebei,
        units,
        sectors,
        _lines(memberships),
        {each.pk: _pair(people, authority_id=each.pk) for each in authorities},
        {unit.pk: pair for unit, pair in zip(units, _unit_pairs(people), strict=True)},
        bodies,
    )
    _directories(cast)
    return cast


def _unit(number: int, authority: Authority) -> Unit:
    name = f"{CHARACTERS[number % 24]}{CHARACTERS[number // 24 % 24]}{CHARACTERS[number // 576]}有限公司"
    return Unit(credit_code=credit_code(number, authority.code), name=name, authority=authority, city="示例市")


def _sectors(number: int) -> list[str]:
    """Of twenty units three make steel, two aluminium, the others cement; one makes steel and cement."""
    kind = number % 20
    if kind == 0:
        return [Sector.STEEL, Sector.CEMENT]
    return [Sector.STEEL] if kind < 3 else [Sector.ALUMINIUM] if kind < 5 else [Sector.CEMENT]


def _people(authorities: list[Authority], units: list[Unit], bodies: list[VerifierBody]) -> list[Person]:
    """Of the country two of each role; of an authority two officers and an approver; of a body one; of a unit two. In this order."""
    people = [Person(name=f"{role}{turn}", role=role) for role in sorted(NATIONAL_ROLES) for turn in (1, 2)]
    seats = (Role.PROVINCIAL_OFFICER, Role.PROVINCIAL_APPROVER, Role.PROVINCIAL_OFFICER)
    people += [Person(name=f"{each.name_zh}人员", role=role, authority=each) for each in authorities for role in seats]
    people += [Person(name=f"核查员{each.code}", role=Role.VERIFIER, body=each) for each in bodies]
    for unit in units:
        people += [Person(name="企业人员", role=role, unit=unit) for role in (Role.UNIT_CLERK, Role.UNIT_APPROVER)]
    for number, person in enumerate(people):
        person.username, person.password = f"p{number}", "!"
    return Person.objects.bulk_create(people, batch_size=1000)


def _one_of(people: list[Person], role: str, hebei: Authority, unit: Unit) -> Person:
    return next(
        each
        for each in people
        if each.role == role and each.authority_id in (None, hebei.pk) and each.unit_id in (None, unit.pk)
    )


def _pair(people: list[Person], authority_id: int) -> tuple[int, int]:
    first, second, *_third = (each.pk for each in people if each.authority_id == authority_id)
    return first, second


def _unit_pairs(people: list[Person]) -> list[tuple[int, int]]:
    own = [each.pk for each in people if each.unit_id is not None]
    return list(zip(own[::2], own[1::2], strict=True))


def _lines(memberships: list[tuple[int, str]]) -> dict[tuple[int, str], list[int]]:
    """One line of a unit's sector, two of every third."""
    found: dict[tuple[int, str], list[int]] = {}
    keys = itertools.count(1)
    for number, key in enumerate(memberships):
        found[key] = [next(keys) for _line in range(1 + (number % 3 == 0))]
    fill(
        Line,
        ["id", "unit", "sector", "code", "name"],
        (
            (line, *key, f"L{place}", f"{place}号")
            for key, lines in found.items()
            for place, line in enumerate(lines, 1)
        ),
        capacity="3000.00",
        commissioned=dt.date(2015, 1, 1),
    )
    return found


def _directories(cast: Cast) -> None:
    """Every unit in the directory of every year; of the last, one in a hundred waits for approval, one in two hundred has left."""
    states = DirectoryEntry.State
    officer, approver = cast.officers[cast.hebei.pk]
    rows = []
    for year in YEARS:
        for number, (unit, sector) in enumerate(cast.entries):
            waits = year == YEARS[-1] and number % 100 == 51
            left = year == YEARS[-1] and number % 200 == 101
            state = states.PROPOSED if waits else states.LEFT if left else states.LISTED
            decided = (None, None, None) if waits else (approver, instant("2024-10-01"), "2024-10-01")
            gone = (f"{year}-06-01", "closed", "关停") if left else (None, "", "")
            rows.append((year, sector, unit, state, *decided, *gone))
    names = [
        *("year", "sector", "unit", "state", "decided_by", "decided_at", "listed_on"),
        *("left_on", "exit_ground", "exit_reason"),
    ]
    fill(
        DirectoryEntry,
        names,
        rows,
        entered_on=dt.date(2024, 9, 1),
        entry_ground=DirectoryEntry.EntryGround.OVER_THRESHOLD,
        entry_reason="上年度排放量超过26000吨",
        proposed_by=officer,
        proposed_at=at("2024-09-01"),
    )
