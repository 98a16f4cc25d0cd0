"""An act on a state of record is shown before it is done, done once, and leaves a receipt."""

import json

import pytest
from django.urls import reverse

from allocation.compliance import surrender
from allocation.models import SurrenderRequest
from registry.law import declaration
from registry.models import JournalEntry
from registry.web.confirming import as_posted
from tests.allocation.conftest import *  # noqa: F403 (its fixtures lead up to the notices)
from tests.cast import at
from tests.confirming import confirm, fields_of

ASKED = at("2026-11-02 09:00")
State = SurrenderRequest.State


@pytest.fixture
def asked(noticed, unit, clerk) -> SurrenderRequest:
    return surrender.request(unit, 2025, {2025: 400_000}, by=clerk, at=ASKED)


@pytest.fixture
def address(asked):
    return lambda step: reverse(f"allocation:surrender_{step}", args=[asked.pk])


@pytest.fixture
def waiting(asked, unit_approver, approver) -> SurrenderRequest:
    surrender.confirm(asked, by=unit_approver, at=ASKED)
    return surrender.approve(asked, by=approver, at=ASKED)


def state(asked) -> str:
    return SurrenderRequest.objects.get(pk=asked.pk).state


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_button_leads_to_a_page_that_does_nothing(waiting, address, registrar_operator, client_for, method):
    page = getattr(client_for(registrar_operator, "en"), method)(address("execute"))
    assert page.status_code == 200
    text = page.content.decode()
    # 991,176 held − 400,000 = 591,176; 1,000,000 due − 400,000 = 600,000
    for figure in ("991,176", "591,176", "400,000", "1,000,000", "600,000"):
        assert figure in text
    assert "can't be given back" in text.replace("&#x27;", "'")
    assert state(waiting) == State.APPROVED


def test_the_press_does_it_and_leads_to_a_receipt(waiting, address, registrar_operator, client_for):
    client = client_for(registrar_operator, "en")
    answer = confirm(client, address("execute"))
    entry = JournalEntry.objects.get(act="surrender.executed")
    receipt = reverse("registry:act_receipt", args=[entry.sequence])
    assert (answer.status_code, answer["Location"]) == (302, receipt)
    assert state(waiting) == State.EXECUTED
    for _time in ("first", "loaded again"):
        text = client.get(receipt).content.decode()
        assert str(entry.sequence) in text
        assert "400,000" in text
        assert "600,000" in text


def test_a_second_press_is_answered_by_the_first_receipt(waiting, address, registrar_operator, client_for):
    client = client_for(registrar_operator)
    pressed = fields_of(client.get(address("execute")))
    first = client.post(address("execute"), pressed)
    second = client.post(address("execute"), pressed)
    assert second["Location"] == first["Location"]
    assert JournalEntry.objects.filter(act="surrender.executed").count() == 1
    # so is the page itself, which Back or another tab shows
    assert client.get(address("execute"))["Location"] == first["Location"]


def test_of_two_presses_at_once_the_slower_gets_the_same_receipt(
    waiting, address, registrar_operator, client_for, monkeypatch
):
    client = client_for(registrar_operator)
    pressed = fields_of(client.get(address("execute")))
    execute = surrender.execute

    def overtaken(row, **how):
        execute(row, **how)  # the other press, between the look and the act
        return execute(row, **how)

    monkeypatch.setattr("allocation.web.views.surrenders.surrender.execute", overtaken)
    answer = client.post(address("execute"), pressed)
    entry = JournalEntry.objects.get(act="surrender.executed")
    assert answer["Location"] == reverse("registry:act_receipt", args=[entry.sequence])


def test_a_page_that_was_overtaken_does_nothing_and_tells_both_states(
    waiting, address, unit, registrar_operator, client_for, clerk
):
    client = client_for(registrar_operator, "en")
    pressed = fields_of(client.get(address("execute")))
    surrender.withdraw(waiting, seen=State.APPROVED, by=clerk, at=ASKED)
    page = client.post(address("execute"), pressed)
    assert page.status_code == 409
    text = page.content.decode()
    assert "awaiting the registrar" in text
    assert "withdrawn" in text
    assert "confirmation" not in text
    assert state(waiting) == State.WITHDRAWN


def test_figures_that_changed_are_told_beside_what_was_shown(
    waiting, address, unit, clerk, unit_approver, registrar_operator, approver, client_for
):
    client = client_for(registrar_operator, "en")
    pressed = fields_of(client.get(address("execute")))
    other = surrender.request(unit, 2025, {2025: 100_000}, by=clerk, at=ASKED)
    for step, by in ((surrender.confirm, unit_approver), (surrender.approve, approver)):
        step(other, by=by, at=ASKED)
    surrender.execute(other, by=registrar_operator, at=ASKED)
    page = client.post(address("execute"), pressed)
    text = page.content.decode()
    assert page.status_code == 409
    assert "991,176" in text  # as it was
    assert "891,176" in text  # 991,176 − 100,000
    assert state(waiting) == State.APPROVED
    # what the page shows now can be confirmed
    assert client.post(address("execute"), fields_of(page)).status_code == 302
    assert state(waiting) == State.EXECUTED


def test_the_page_of_another_thing_or_person_confirms_nothing(
    waiting, address, unit, clerk, registrar_operator, registrar_approver, client_for
):
    pressed = fields_of(client_for(registrar_operator).get(address("execute")))
    assert client_for(registrar_approver).post(address("execute"), pressed).status_code == 409
    forged = client_for(registrar_operator).post(address("execute"), {"confirmation": "1"})
    assert forged.status_code == 409
    assert state(waiting) == State.APPROVED


def test_a_language_switched_in_another_tab_is_no_change(waiting, address, registrar_operator, client_for):
    pressed = fields_of(client_for(registrar_operator, "zh-hans").get(address("execute")))
    assert client_for(registrar_operator, "en").post(address("execute"), pressed).status_code == 302


def test_a_unit_declares_before_it_hands_over(asked, address, unit_approver, client_for):
    client = client_for(unit_approver, "en")
    pressed = fields_of(client.get(address("confirm")))
    assert "declared" in pressed
    page = client.post(address("confirm"), {name: value for name, value in pressed.items() if name != "declared"})
    assert page.status_code == 422
    assert "Articles 11, 21 and 22" in page.content.decode()
    assert state(asked) == State.REQUESTED
    confirm(client, address("confirm"))
    entry = JournalEntry.objects.get(act="surrender.confirmed")
    assert json.loads(entry.facts)["declared"] == declaration.VERSION


def test_a_receipt_is_the_persons_own(waiting, address, registrar_operator, clerk, auditor, client_for):
    receipt = confirm(client_for(registrar_operator), address("execute"))["Location"]
    assert client_for(auditor).get(receipt).status_code == 200
    assert client_for(clerk).get(receipt).status_code == 404


def test_an_act_without_a_page_of_its_own_has_a_receipt_as_recorded(asked, clerk, client_for):
    entry = JournalEntry.objects.get(act="surrender.requested")
    page = client_for(clerk, "en").get(reverse("registry:act_receipt", args=[entry.sequence]))
    assert "surrender: requested" in page.content.decode()


def test_a_seal_is_the_one_of_what_was_shown_last(rf):
    from_the_page = rf.post("/", {"seen": "old"})
    pressed_here = rf.post("/", {"seen": "old", "confirmation": "x"})
    assert [as_posted(request, "seen", "new") for request in (from_the_page, pressed_here, rf.get("/"))] == [
        "old",
        "new",
        "new",
    ]
