"""The fixed cast: seats, not persons. Two provinces, so that every "whose" has a stranger.

In 河北: a unit with its clerk and approver, a rival unit with its clerk, two officers, an approver; a verifier body with its
verifier. In 山东: an officer, a stranger to all of them. In Beijing: the registrar's two, the ministry's two, the auditor.
"""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest

from registry.law.calendar import SHANGHAI
from registry.models import Authority, Line, Person, SectorMembership, Unit, VerifierBody
from registry.permissions.roles import Role
from registry.values.credit_code import check_character
from registry.values.sectors import Sector, with_quota
from tests import worlds

HEBEI, SHANDONG = "130000", "370000"


def at(text: str) -> dt.datetime:
    """An instant in Shanghai, from "2026-03-01" or "2026-03-01 09:00"."""
    moment = dt.datetime.fromisoformat(text)
    return moment.replace(tzinfo=SHANGHAI)


def credit_code(number: int, authority: str = HEBEI) -> str:
    """A well-formed credit code: 91 (an enterprise), the authority's code, nine digits, the check character."""
    first_17 = f"91{authority}{number:09d}"
    return first_17 + check_character(first_17)


@pytest.fixture
def make_unit(db):
    """`make_unit(*sectors, authority="130000", name=..., number=...)`: a unit that is a member of the sectors (steel by default)."""
    numbers = itertools.count(1)

    def make(
        *sectors: str, authority: str = HEBEI, name: str = "", number: int | None = None, city: str = "示例市"
    ) -> Unit:
        number = next(numbers) if number is None else number
        made = Unit.objects.create(
            credit_code=credit_code(number, authority),
            name=name or f"示例企业{number}号有限公司",
            authority=Authority.objects.get(code=authority),
            city=city,
        )
        for sector in sectors or (Sector.STEEL,):
            SectorMembership.objects.create(unit=made, sector=sector)
        return made

    return make


@pytest.fixture
def make_line(db):
    """`make_line(unit, sector="steel", code="L1", **fields)`: a line of ordinary kind that has run since 2015."""

    def make(unit: Unit, sector: str = Sector.STEEL, code: str = "", **fields: Any) -> Line:
        code = code or f"L{unit.lines.count() + 1}"
        defaults = {"name": f"{code}号", "capacity": Decimal("300.00"), "commissioned": dt.date(2015, 1, 1)}
        return Line.objects.create(unit=unit, sector=sector, code=code, **(defaults | fields))

    return make


@pytest.fixture
def make_person(db):
    """`make_person(role, name, unit=… | authority=… | body=…)`: someone in a seat; `authority` may be given by its code."""

    def make(role: str, name: str, *, username: str = "", password: str = "", **seat: Any) -> Person:
        if isinstance(seat.get("authority"), str):
            seat["authority"] = Authority.objects.get(code=seat["authority"])
        person = Person(username=username or f"p{Person.objects.count() + 1}", name=name, role=role, **seat)
        person.set_password(password or None)
        person.save()
        return person

    return make


@pytest.fixture
def reseated(db):
    """`reseated(person, colleague)`: the same person, moved to the colleague's seat since. Four eyes are persons, whatever their roles."""

    def move(person: Person, colleague: Person) -> Person:
        moved = Person.objects.get(pk=person.pk)
        moved.role, moved.unit, moved.authority, moved.body = (
            colleague.role,
            colleague.unit,
            colleague.authority,
            colleague.body,
        )
        moved.save()
        return moved

    return move


@pytest.fixture
def hebei(db) -> Authority:
    return Authority.objects.get(code=HEBEI)


@pytest.fixture
def shandong(db) -> Authority:
    return Authority.objects.get(code=SHANDONG)


@pytest.fixture
@worlds.part
def unit(make_unit) -> Unit:
    """A unit in 河北, in all three sectors, without lines."""
    return make_unit(*with_quota(), name="甲示例冶金建材有限公司", number=900_000_001)


@pytest.fixture
@worlds.part
def rival_unit(make_unit) -> Unit:
    """Another unit in 河北, in the same sectors."""
    return make_unit(*with_quota(), name="乙示例冶金建材有限公司", number=900_000_002)


@pytest.fixture
@worlds.part
def far_unit(make_unit) -> Unit:
    """A unit in 山东."""
    return make_unit(*with_quota(), authority=SHANDONG, name="丙示例冶金建材有限公司", number=900_000_003)


@pytest.fixture
@worlds.part
def clerk(make_person, unit) -> Person:
    return make_person(Role.UNIT_CLERK, "甲企业经办人", username="clerk", unit=unit)


@pytest.fixture
@worlds.part
def unit_approver(make_person, unit) -> Person:
    return make_person(Role.UNIT_APPROVER, "甲企业审批人", username="unit-approver", unit=unit)


@pytest.fixture
@worlds.part
def rival_clerk(make_person, rival_unit) -> Person:
    return make_person(Role.UNIT_CLERK, "乙企业经办人", username="rival-clerk", unit=rival_unit)


@pytest.fixture
def rival_approver(make_person, rival_unit) -> Person:
    return make_person(Role.UNIT_APPROVER, "乙企业审批人", username="rival-approver", unit=rival_unit)


@pytest.fixture
@worlds.part
def verifier_body(make_person) -> VerifierBody:
    """With its verifier: nothing is assigned to a body without one."""
    body = VerifierBody.objects.create(code="V001", name="示例技术服务机构")
    make_person(Role.VERIFIER, "核查员", username="verifier", body=body)
    return body


@pytest.fixture
@worlds.part
def verifier(verifier_body) -> Person:
    found = Person.objects.get(username="verifier")
    found.body = verifier_body
    return found


@pytest.fixture
def stranger_verifier(make_person) -> Person:
    """A verifier of a body that was assigned nothing."""
    body = VerifierBody.objects.create(code="V002", name="另一示例技术服务机构")
    return make_person(Role.VERIFIER, "另一核查员", username="stranger-verifier", body=body)


@pytest.fixture
@worlds.part
def officer(make_person, hebei) -> Person:
    return make_person(Role.PROVINCIAL_OFFICER, "河北经办", username="officer", authority=hebei)


@pytest.fixture
def second_officer(make_person, hebei) -> Person:
    return make_person(Role.PROVINCIAL_OFFICER, "河北第二经办", username="second-officer", authority=hebei)


@pytest.fixture
@worlds.part
def approver(make_person, hebei) -> Person:
    return make_person(Role.PROVINCIAL_APPROVER, "河北审批", username="approver", authority=hebei)


@pytest.fixture
def stranger_officer(make_person, shandong) -> Person:
    return make_person(Role.PROVINCIAL_OFFICER, "山东经办", username="stranger-officer", authority=shandong)


@pytest.fixture
def stranger_approver(make_person, shandong) -> Person:
    return make_person(Role.PROVINCIAL_APPROVER, "山东审批", username="stranger-approver", authority=shandong)


@pytest.fixture
@worlds.part
def registrar_operator(make_person) -> Person:
    return make_person(Role.REGISTRAR_OPERATOR, "注册登记经办", username="registrar-operator")


@pytest.fixture
@worlds.part
def registrar_approver(make_person) -> Person:
    return make_person(Role.REGISTRAR_APPROVER, "注册登记审批", username="registrar-approver")


@pytest.fixture
@worlds.part
def analyst(make_person) -> Person:
    return make_person(Role.MINISTRY_ANALYST, "部分析", username="analyst")


@pytest.fixture
@worlds.part
def ministry_approver(make_person) -> Person:
    return make_person(Role.MINISTRY_APPROVER, "部审批", username="ministry-approver")


@pytest.fixture
def auditor(make_person) -> Person:
    return make_person(Role.AUDITOR, "审计", username="auditor")
