"""What somebody prepared and a second person still has to decide on stands on the list of those who prepare."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from allocation.models import Deduction, Differentiation, Objection, Release, Revocation, Settlement
from allocation.queries import todo
from registry import directory
from registry.models import DirectoryEntry
from registry.todo import todos as registry_todos
from tests.cast import at

NOW = at("2026-11-16")


def waiting(person, ask=todo.todos):
    with translation.override("en"):
        return {each.title: (each.count, each.url, each.tone) for each in ask(person, NOW) if "awaiting" in each.title}


def by(person):
    return {"proposed_by": person, "proposed_at": NOW}


@pytest.fixture
def deduction(unit, officer):
    return Deduction.objects.create(
        unit=unit, sector="steel", number="冀环核减〔2026〕1号", decided_on=dt.date(2026, 3, 2), year=2024, tonnes=5,
        ground="not_surrendered", **by(officer),
    )  # fmt: skip


def test_a_deduction_and_its_revocation(deduction, officer, second_officer, approver, stranger_officer):
    page = reverse("allocation:deduction", args=[deduction.pk])
    for person in (officer, second_officer):
        assert waiting(person) == {"Decisions on deductions awaiting your approver": (1, page, "info")}
    assert waiting(stranger_officer) == waiting(approver) == {}
    Deduction.objects.filter(pk=deduction.pk).update(state="approved", approved_by=approver, approved_at=NOW)
    Revocation.objects.create(
        deduction=deduction, number="冀环撤〔2026〕1号", decided_on=dt.date(2026, 4, 2), reason="撤销", **by(officer)
    )
    assert waiting(officer) == {"Revocations of deductions awaiting your approver": (1, page, "info")}


def test_withholding(unit, officer, approver):
    mark = Differentiation.objects.create(
        unit=unit,
        sector="steel",
        year=2025,
        plan_id="2024-2025-final",
        ground="clear_risk",
        facts="停产",
        **by(officer),
    )
    release = Release.objects.create(unit=unit, year=2025, number="放1号", tonnes=1, **by(officer))
    expected = {
        "Designations for differentiated issuance awaiting your approver": (
            1,
            reverse("allocation:differentiation", args=[mark.pk]),
            "info",
        ),
        "Releases of withheld quota awaiting your approver": (
            1,
            reverse("allocation:release", args=[release.pk]),
            "info",
        ),
    }
    assert waiting(officer) == expected
    Differentiation.objects.filter(pk=mark.pk).update(state="approved", approved_by=approver, approved_at=NOW)
    assert len(waiting(officer)) == 1
    Differentiation.objects.filter(pk=mark.pk).update(lift_asked_by=officer, lift_asked_at=NOW, lift_reason="已复产")
    assert waiting(officer) == expected


@pytest.mark.parametrize("state", ["listed", "exit_proposed"])
def test_a_directory_proposal(state, unit, officer, second_officer, approver, stranger_officer):
    entry = directory.propose_entry(
        unit, 2026, "steel", on=dt.date(2026, 1, 1), ground=DirectoryEntry.EntryGround.EXPECTED, reason="新建", by=officer,
        at=NOW,
    )  # fmt: skip
    if state == "exit_proposed":
        directory.decide(entry, approve=True, by=approver, at=NOW)
        assert waiting(officer, registry_todos) == {}
        directory.propose_exit(
            entry, on=dt.date(2026, 12, 1), ground=DirectoryEntry.ExitGround.RESTRUCTURED, reason="并入", by=officer,
            at=NOW,
        )  # fmt: skip
    for person in (officer, second_officer):
        (found,) = waiting(person, registry_todos).items()
        assert found[0] == "Directory proposals awaiting your approver"
        assert found[1][0] == 1
    assert waiting(stranger_officer, registry_todos) == waiting(approver, registry_todos) == {}


def test_a_decision_on_an_objection(noticed, unit, clerk, unit_approver, officer):
    objection = Objection.objects.create(
        unit=unit, settlement=Settlement.objects.get(unit=unit), grounds="有误", state="proposed", drafted_by=clerk,
        drafted_at=NOW, filed_by=unit_approver, filed_at=NOW, due=dt.date(2026, 12, 1), decide_by=dt.date(2026, 12, 20),
        outcome="granted", reasons="属实", **by(officer),
    )  # fmt: skip
    page = reverse("allocation:objection", args=[objection.pk])
    assert waiting(officer)["Decisions on objections awaiting your approver"] == (1, page, "info")
