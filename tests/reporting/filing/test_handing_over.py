"""A unit's approver chooses to confirm its months: they are handed over, confirmed, sent back, taken back; by page, API and zip alike."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from registry.models import JournalEntry, Notification
from registry.people import tokens
from registry.refusal import Refusal
from reporting import evidence, queries
from reporting.filing import handing_over, intake, way_of_submitting
from reporting.models import HandingOver, Package, WayOfSubmitting
from reporting.queries.history import Handed, history_of
from reporting.queries.todo import todos
from reporting.review import acts as review
from tests.cast import at
from tests.confirming import confirm
from tests.reporting import story

CHOSEN, HANDED, DECIDED = at("2025-11-01 09:00"), at("2025-11-05 09:00"), at("2025-11-06 09:00")


@pytest.fixture(autouse=True)
def _november(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: DECIDED)


@pytest.fixture
def ready(unit, make_line, clerk):
    """甲's October, checked and with its supporting files."""
    story.electrolysis(unit, make_line)
    submission = story.read(unit, "2025-10", clerk, at("2025-11-02"))
    story.support(submission.package, clerk, at("2025-11-02"))
    return submission


@pytest.fixture
def chosen(unit, unit_approver):
    return way_of_submitting.choose(unit, confirmed=True, by=unit_approver, at=CHOSEN)


@pytest.fixture
def handed(ready, chosen, clerk):
    intake.submit(ready, declared="1", by=clerk, at=HANDED)
    return HandingOver.objects.get()


def state(package):
    found = Package.objects.get(pk=package.pk)
    return found.state, found.handing_id is not None


def titles(person):
    return {todo.url for todo in todos(person, DECIDED)}


def entries(act):
    return list(JournalEntry.objects.filter(act=act))


def test_without_a_choice_the_clerk_submits_alone(ready, clerk):
    assert intake.submit(ready, by=clerk, at=HANDED).state == Package.State.SUBMITTED
    assert not HandingOver.objects.exists()


def test_only_the_units_own_approver_chooses_and_every_choice_stays(
    unit, chosen, clerk, rival_clerk, officer, unit_approver
):
    for person in (clerk, rival_clerk, officer):
        with pytest.raises(PermissionDenied):
            way_of_submitting.choose(unit, confirmed=False, by=person, at=HANDED)
    with pytest.raises(Refusal):
        way_of_submitting.choose(unit, confirmed=True, by=unit_approver, at=HANDED)
    way_of_submitting.choose(unit, confirmed=False, by=unit_approver, at=HANDED)
    assert [row.confirmed for row in WayOfSubmitting.objects.order_by("pk")] == [True, False]
    said = sorted(entries("submitting.chosen"), key=lambda entry: entry.sequence)
    assert [json.loads(entry.facts)["confirmed"] for entry in said] == [True, False]
    with pytest.raises(IntegrityError), transaction.atomic():
        WayOfSubmitting.objects.update(confirmed=True)


def test_a_submission_becomes_a_handing_over(handed, ready, clerk, unit_approver):
    assert state(ready.package) == (Package.State.READ, True)
    assert (handed.declared, handed.by, handed.submission) == ("1", clerk, ready)
    assert not entries("package.submitted")
    page = reverse("reporting:package", args=[ready.package_id])
    assert page in titles(unit_approver)
    assert Notification.objects.filter(person=unit_approver, kind="package.handed_over", link=page).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        HandingOver.objects.update(declared="2")


def test_the_approvers_confirmation_submits_it_with_both_in_the_journal(handed, ready, clerk, unit_approver):
    handing_over.confirm(handed, declared="1", by=unit_approver, at=DECIDED)
    assert state(ready.package) == (Package.State.SUBMITTED, False)
    (entry,) = entries("package.submitted")
    assert (entry.actor, json.loads(entry.facts)["handed_over_by"]) == (unit_approver, clerk.pk)
    assert (json.loads(entry.facts)["declared"], json.loads(entry.facts)["handed_over_declared"]) == ("1", "1")
    handed.refresh_from_db()
    assert (handed.state, handed.ended_by, handed.ended_at) == ("confirmed", unit_approver, DECIDED)
    with pytest.raises(Refusal):
        handing_over.confirm(handed, by=unit_approver, at=DECIDED)
    with pytest.raises(IntegrityError), transaction.atomic():
        HandingOver.objects.update(state="open")


def test_who_handed_over_for_another_unit_is_told_what_became_of_it(handed, unit_approver, officer, clerk):
    package = handing_over.confirm(handed, by=unit_approver, at=DECIDED)
    review.send_back(package.submission, reason="台账", by=officer, at=DECIDED)
    assert set(Notification.objects.filter(kind="package.returned").values_list("person", flat=True)) == {clerk.pk}


def test_sent_back_it_is_the_clerks_again_with_the_reason(handed, ready, clerk, unit_approver, client_for):
    with pytest.raises(Refusal):
        handing_over.send_back(handed, reason=" ", by=unit_approver, at=DECIDED)
    handing_over.send_back(handed, reason="电量有误", by=unit_approver, at=DECIDED)
    page = reverse("reporting:package", args=[ready.package_id])
    assert state(ready.package) == (Package.State.READ, False)
    assert page in titles(clerk)
    assert page not in titles(unit_approver)
    assert Notification.objects.filter(person=clerk, kind="package.not_confirmed").exists()
    assert "电量有误" in client_for(clerk).get(page).text
    assert "电量有误" not in entries("package.not_confirmed")[0].facts
    intake.submit(ready, by=clerk, at=DECIDED)
    assert state(ready.package) == (Package.State.READ, True)


def test_while_it_is_handed_over_nothing_of_it_changes_until_it_is_taken_back(handed, ready, unit, clerk, rival_clerk):
    for act in (
        lambda: intake.submit(ready, by=clerk, at=DECIDED),
        lambda: intake.receive(ready.package, story.book(unit, "2025-10"), "again.xlsx", by=clerk, at=DECIDED),
        lambda: intake.read_again(ready.package, by=clerk, at=DECIDED),
        lambda: evidence.withdraw(ready.package.evidence.get(), by=clerk, at=DECIDED),
    ):
        with pytest.raises(Refusal):
            act()
    with pytest.raises(PermissionDenied):
        handing_over.take_back(handed, by=rival_clerk, at=DECIDED)
    handing_over.take_back(handed, by=clerk, at=DECIDED)
    assert state(ready.package) == (Package.State.READ, False)
    assert [entry.actor for entry in entries("package.taken_back")] == [clerk]


def test_what_was_handed_over_still_needs_the_approver_after_another_choice(handed, ready, unit, clerk, unit_approver):
    way_of_submitting.choose(unit, confirmed=False, by=unit_approver, at=DECIDED)
    with pytest.raises(Refusal):
        intake.submit(ready, by=clerk, at=DECIDED)
    with pytest.raises(PermissionDenied):
        handing_over.confirm(handed, by=clerk, at=DECIDED)
    assert handing_over.confirm(handed, by=unit_approver, at=DECIDED).state == Package.State.SUBMITTED


def test_nobody_confirms_what_they_handed_over_themselves(handed, clerk, unit_approver):
    with pytest.raises(IntegrityError), transaction.atomic():
        HandingOver.objects.update(state="confirmed", ended_by=clerk, ended_at=DECIDED)


def test_the_province_sees_nothing_of_it(handed, ready, officer, client_for):
    text = client_for(officer).get(reverse("reporting:package", args=[ready.package_id])).text
    assert handed.by.name not in text
    assert not queries.submissions(officer).exists()


def test_the_pages_hand_over_and_confirm(chosen, ready, clerk, unit_approver, client_for):
    confirm(client_for(clerk), reverse("reporting:submission_submit", args=[ready.pk]), {"declared": "on"})
    (handed,) = HandingOver.objects.all()
    assert handed.declared
    browser, page = client_for(unit_approver), reverse("reporting:package", args=[ready.package_id])
    assert reverse("reporting:handing_confirm", args=[handed.pk]) in browser.get(page).text
    asked = browser.post(reverse("reporting:handing_send_back", args=[handed.pk]), {"reason": ""})
    assert asked.status_code == 422
    confirm(browser, reverse("reporting:handing_confirm", args=[handed.pk]), {"declared": "on"})
    assert state(ready.package) == (Package.State.SUBMITTED, False)


def test_the_page_of_the_choice_takes_it(unit, unit_approver, clerk, client_for):
    page = reverse("reporting:way_of_submitting", args=[unit.pk])
    choose = reverse("reporting:way_of_submitting_choose", args=[unit.pk])
    client_for(unit_approver).post(choose, {"confirmed": "on"})
    assert way_of_submitting.is_confirmed(unit.pk)
    assert choose not in client_for(clerk).get(page).text
    client_for(unit_approver).post(choose, {"confirmed": ""})
    assert not way_of_submitting.is_confirmed(unit.pk)


def test_the_api_hands_over(chosen, ready, clerk, unit_approver, client):
    scopes = ["read", "submit"]
    _token, secret = tokens.grant(clerk, "ERP", scopes, expires_at=at("2026-01-01"), by=unit_approver, at=HANDED)
    answer = client.post(
        f"/api/v1/packages/{story.ALUMINIUM}/2025-10/submit",
        json.dumps({"version": ready.version, "declared": True}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.json()["handed_over"]) == ("read", True)
    assert HandingOver.objects.get().declared


def test_the_months_history_lists_each_handing_over_and_how_it_ended(
    handed, ready, unit, clerk, unit_approver, officer, client_for
):
    handing_over.send_back(handed, reason="电量有误", by=unit_approver, at=DECIDED)
    intake.submit(ready, by=clerk, at=DECIDED)
    taken = HandingOver.objects.get(state="open")
    handing_over.take_back(taken, by=clerk, at=DECIDED)
    intake.submit(ready, by=clerk, at=DECIDED)
    handing_over.confirm(HandingOver.objects.get(state="open"), by=unit_approver, at=DECIDED)

    package = Package.objects.get(pk=ready.package_id)
    steps = [(entry.step, entry.by) for entry in history_of(package, unit_approver) if isinstance(entry, Handed)]
    # A confirmation is the submission, which is listed beside them.
    assert sorted(steps, key=lambda step: step[0]) == [
        ("open", clerk),
        ("open", clerk),
        ("open", clerk),
        ("returned", unit_approver),
        ("taken_back", clerk),
    ]
    assert not [entry for entry in history_of(package, officer) if isinstance(entry, Handed)]
    page = client_for(clerk).get(reverse("reporting:package", args=[package.pk])).text
    assert "版本1移交企业审批人" in page
    assert "电量有误" in page
    assert "电量有误" not in client_for(officer).get(reverse("reporting:package", args=[package.pk])).text
