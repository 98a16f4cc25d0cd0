"""An empty home says what is missing and who does it, and offers it to nobody else."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from quota_site.home.beginnings import first_steps
from registry import directory
from registry.directory import many
from registry.models import DirectoryEntry
from registry.permissions.roles import Role
from registry.values.sectors import Sector
from tests.cast import at

DAY = dt.date(2026, 3, 2)
WHEN = at("2026-03-02 09:00")
ENTRY: dict[str, Any] = {
    "on": dt.date(2026, 1, 1),
    "ground": DirectoryEntry.EntryGround.OVER_THRESHOLD,
    "reason": "2025年度排放报告",
}


def offered(person) -> list[str]:
    return [step.url for step in first_steps(person, DAY) if step.url and not step.done]


def test_a_province_without_units_is_led_to_the_table(officer, approver):
    assert offered(officer) == [reverse("registry:units_upload")]
    assert offered(approver) == []


def test_then_to_the_directory_by_two_people_and_to_the_people(make_unit, officer, approver):
    for number in (1, 2, 3):
        make_unit(Sector.STEEL, number=number)
    assert offered(officer) == [reverse("registry:directory_propose_many"), reverse("registry:people")]
    note = first_steps(officer, DAY)[1].note
    assert "2026" in note
    assert "3" in note
    made = many.propose_entries(list(many.to_be_listed(2026)), 2026, **ENTRY, by=officer, at=WHEN)
    assert offered(approver) == [reverse("registry:directory_approve_many")]
    many.approve_entries(made, shown=many.seal_of(made), by=approver, at=WHEN)
    assert [step.done for step in first_steps(officer, DAY)] == [True, True, False, False]


def test_a_unit_learns_what_it_waits_for(make_unit, make_person, officer, approver):
    unit = make_unit(Sector.STEEL)
    clerk = make_person(Role.UNIT_CLERK, "经办人", unit=unit)
    assert [step.done for step in first_steps(clerk, DAY)] == [False, False, False]
    make_person(Role.UNIT_APPROVER, "审批人", unit=unit)
    entry = directory.propose_entry(unit, 2026, Sector.STEEL, **ENTRY, by=officer, at=WHEN)
    directory.decide(entry, approve=True, by=approver, at=WHEN)
    assert [step.done for step in first_steps(clerk, DAY)] == [True, True, False]
    assert offered(clerk) == [reverse("reporting:packages")]


@pytest.mark.parametrize("name", ["analyst", "auditor", "registrar_operator", "verifier", "clerk", "officer"])
def test_every_empty_home_says_it(request, client_for, name):
    shown = client_for(request.getfixturevalue(name)).get("/")
    assert shown.context["first"]
    assert 'id="beginnings"' in shown.text
