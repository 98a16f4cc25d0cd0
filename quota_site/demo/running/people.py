"""Who sits where: the rows that the registry must know before anything can happen, and the printed logins."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quota_site.demo.invented.country import Country, UnitPlan
from quota_site.demo.invented.provinces import BY_CODE, HOME
from quota_site.demo.invented.scenarios import Story
from registry import journal
from registry.law.calendar import SHANGHAI
from registry.models import Authority, JournalHead, Line, Person, SectorMembership, Unit, VerifierBody
from registry.permissions.roles import NATIONAL_ROLES, Role

SETTLED = dt.datetime(2025, 4, 1, 9, tzinfo=SHANGHAI)  # before anybody acts
PASSWORD = "demonstration-2026"  # noqa: S105 (printed on purpose: nothing in a demonstration is secret)

BODIES = (
    ("JS01", "示例甲技术服务机构"),
    ("JS02", "示例乙技术服务机构"),
    ("JS03", "示例丙技术服务机构"),
)


@dataclass(frozen=True, slots=True)
class Login:
    """A row of the printed table."""

    role: str
    username: str
    shows: Promise


def username(unit: UnitPlan, role: str) -> str:
    """Of a login unit its sector's, else its number's: steel-clerk, clerk-0017."""
    seat = "clerk" if role == Role.UNIT_CLERK else "approver"
    return f"{unit.lines[0].sector}-{seat}" if Story.LOGIN in unit.stories else f"{seat}-{unit.number:04d}"


def officer_name(authority: str, role: str) -> str:
    """Like shandong-officer."""
    seat = "officer" if role == Role.PROVINCIAL_OFFICER else "approver"
    return f"{BY_CODE[authority].slug}-{seat}"


def verifier_name(body: str) -> str:
    return f"verifier-{body.lower()}"


def national_name(role: str) -> str:
    """Like registrar-operator."""
    return role.replace("_", "-")


def body_of(authority: str, country: Country) -> str:
    """The code of the technical service body that verifies for the authority."""
    return country.chance.one_of(BODIES, "body", authority)[0]


@transaction.atomic
def settle_in(country: Country) -> None:
    """Write units, lines and people. There is no service for them yet: whoever sets a system up writes these rows, too."""
    authorities = {authority.code: authority for authority in Authority.objects.all()}
    units = Unit.objects.bulk_create(
        Unit(credit_code=plan.credit_code, name=plan.name, authority=authorities[plan.authority], city=plan.city)
        for plan in country.units
    )
    for unit, plan in zip(units, country.units, strict=True):
        SectorMembership.objects.bulk_create(SectorMembership(unit=unit, sector=sector) for sector in plan.sectors)
        Line.objects.bulk_create(_line(unit, plan, index) for index in range(len(plan.lines)))
    bodies = VerifierBody.objects.bulk_create(VerifierBody(code=code, name=name) for code, name in BODIES)
    people = [*_unit_people(country, units), *_officers(country, authorities), *_others(bodies)]
    # One hash for all: each by itself would take longer than everything else in a small country.
    password = make_password(PASSWORD)
    for person in people:
        person.password = password
    people = Person.objects.bulk_create(people, batch_size=500)
    _bind([*units, *bodies, *people])


def _bind(rows: Sequence[Model]) -> None:
    """What nobody's act made is bound to the journal, too, before anybody acts."""
    head = JournalHead.objects.get(pk=1)
    for start in range(0, len(rows), 500):
        part = rows[start : start + 500]
        journal.record("registry.settled", head, by=None, at=SETTLED, papers=part, count=len(part))


def _line(unit: Unit, plan: UnitPlan, index: int) -> Line:
    line = plan.lines[index]
    return Line(
        unit=unit,
        sector=line.sector,
        code=line.code,
        name=line.name,
        kind=line.kind,
        variety=line.variety,
        capacity=line.capacity,
        commissioned=line.commissioned,
        closed=line.closed,
    )


def _unit_people(country: Country, units: list[Unit]) -> Iterator[Person]:
    for unit, plan in zip(units, country.units, strict=True):
        for role, name in ((Role.UNIT_CLERK, "企业经办"), (Role.UNIT_APPROVER, "企业审批")):
            yield Person(username=username(plan, role), name=name, role=role, unit=unit)


def _officers(country: Country, authorities: dict[str, Authority]) -> Iterator[Person]:
    for code in country.scale.authorities:
        for role, name in ((Role.PROVINCIAL_OFFICER, "省级经办"), (Role.PROVINCIAL_APPROVER, "省级审批")):
            yield Person(username=officer_name(code, role), name=name, role=role, authority=authorities[code])


def _others(bodies: list[VerifierBody]) -> Iterator[Person]:
    for body in bodies:
        yield Person(username=verifier_name(body.code), name="核查员", role=Role.VERIFIER, body=body)
    names = ("注册登记经办", "注册登记审批", "部级分析", "部级审批", "审计")
    for role, name in zip(NATIONAL_ROLES, names, strict=True):
        yield Person(username=national_name(role), name=name, role=role)


def logins(country: Country) -> list[Login]:
    """One of each role at least; units and officers of the same province, so that one can follow a paper from desk to desk."""
    home = [unit for unit in country.units if Story.LOGIN in unit.stories]
    for_clerks = {
        "steel": _("a month sent back, a surrender waiting for the approver"),
        "cement": _("a month refused and corrected, warnings, a request at the province"),
        "aluminium": _("a month sent back and accepted, a request at the registrar"),
    }
    rows = [
        Login(role, username(unit, role), for_clerks[unit.lines[0].sector])
        for unit in sorted(home, key=lambda unit: unit.number)
        for role in (Role.UNIT_CLERK, Role.UNIT_APPROVER)
    ]
    rows.append(Login(Role.VERIFIER, verifier_name(body_of(HOME, country)), _("a verification to be repeated")))
    province = _("months to review, runs, letters, notices, surrender")
    rows += [
        Login(role, officer_name(HOME, role), province) for role in (Role.PROVINCIAL_OFFICER, Role.PROVINCIAL_APPROVER)
    ]
    nation = {
        Role.REGISTRAR_OPERATOR: _("a letter to prepare the issue of, trades, requests to execute"),
        Role.REGISTRAR_APPROVER: _("a table of trades to execute, a frozen account, requests to execute"),
        Role.MINISTRY_ANALYST: _("balance values, the whole country"),
        Role.MINISTRY_APPROVER: _("balance values to publish, compliance"),
        Role.AUDITOR: _("everything, read only: journal, runs, ledger"),
    }
    return rows + [Login(role, national_name(role), shows) for role, shows in nation.items()]
