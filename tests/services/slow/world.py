"""A few enterprises in the served site's database, brought by the real services to where a job is about to be asked for.

丙 is listed, too, but never verified: a run leaves it out. The day's order is that of the 2024 year, reported by year workbooks.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from registry import directory
from registry.models import Authority, DirectoryEntry, Line, Person, SectorMembership, Unit, VerifierBody
from registry.permissions.roles import Role
from registry.values.sectors import Sector
from reporting.filing import annual
from reporting.models import AnnualReport
from tests.cast import HEBEI, at, credit_code
from tests.reporting import story

YEAR = 2024
LISTED = dt.date(2025, 5, 6)
HANDED_IN, FILED, VERIFIED = at("2025-06-20 10:00"), at("2025-06-26 10:00"), at("2025-08-11 10:00")

# Anode and liquid aluminium of the year, tonnes.
WORKS = {
    "甲示例铝业有限公司": ("96000", "204000"),
    "乙示例铝业有限公司": ("48000", "102000"),
    "丙示例铝业有限公司": None,
}


def person(role: str, name: str, **seat: Any) -> Person:
    return Person.objects.create(username=f"p{Person.objects.count() + 1}", name=name, role=role, **seat)


def works(number: int, name: str, sector: str, capacity: str, code: str = "P1") -> Unit:
    """A unit in 河北 with one line."""
    unit = Unit.objects.create(
        credit_code=credit_code(number), name=name, authority=Authority.objects.get(code=HEBEI), city="示例市"
    )
    SectorMembership.objects.create(unit=unit, sector=sector)
    Line.objects.create(
        unit=unit, sector=sector, code=code, name=code, capacity=Decimal(capacity), commissioned=dt.date(2015, 1, 1)
    )
    return unit


@transaction.atomic
def verified_year() -> Person:
    """The year of the WORKS, listed and verified; whoever may ask for the run. No worker sees its jobs: they are done here."""
    authority = Authority.objects.get(code=HEBEI)
    officer = person(Role.PROVINCIAL_OFFICER, "河北经办", authority=authority)
    approver = person(Role.PROVINCIAL_APPROVER, "河北审批", authority=authority)
    verifier = person(Role.VERIFIER, "核查员", body=VerifierBody.objects.create(code="V001", name="示例技术服务机构"))
    # Act by act for all of them, so that the journal runs forward in time.
    units = {
        works(number, name, Sector.ALUMINIUM, "250000"): amounts
        for number, (name, amounts) in enumerate(WORKS.items(), 1)
    }
    for entry in [_propose(unit, officer) for unit in units]:
        directory.decide(entry, approve=True, by=approver, at=at("2025-05-06"))
    seats = {unit: _seats(unit) for unit, amounts in units.items() if amounts is not None}
    for unit, (clerk, _) in seats.items():
        anode, metal = units[unit]
        story.accepted(unit, str(YEAR), clerk, officer, HANDED_IN, anode=anode, metal=metal)
    for report in [_file(unit, *people) for unit, people in seats.items()]:
        story.approve_all(report, verifier, officer, approver, VERIFIED)
    return officer


def _propose(unit: Unit, officer: Person) -> DirectoryEntry:
    return directory.propose_entry(
        unit,
        YEAR,
        Sector.ALUMINIUM,
        on=LISTED,
        ground=DirectoryEntry.EntryGround.OVER_THRESHOLD,
        reason="上年度排放量超过 26,000 t",
        by=officer,
        at=at("2025-04-21"),
    )


def _seats(unit: Unit) -> tuple[Person, Person]:
    return person(Role.UNIT_CLERK, "企业经办人", unit=unit), person(Role.UNIT_APPROVER, "企业审批人", unit=unit)


def _file(unit: Unit, clerk: Person, unit_approver: Person) -> AnnualReport:
    report = annual.prepare(unit, Sector.ALUMINIUM, YEAR, by=clerk, at=FILED)
    annual.file(report, by=unit_approver, at=FILED)
    return report
