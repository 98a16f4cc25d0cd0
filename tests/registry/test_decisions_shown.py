"""What a second person approves in the registry is shown first; pressed twice, or after Back, it was approved once."""

import datetime as dt

import pytest
from django.urls import reverse

from registry import directory, parameters
from registry.law import clock
from registry.models import DirectoryEntry, JournalEntry, ParameterChange, ParameterDecision, WorkingYearDecision
from registry.parameters import working_years
from tests.cast import at
from tests.confirming import fields_of

GROUND = DirectoryEntry.EntryGround.EXPECTED
WHEN = at("2025-10-20 09:00")


def proposed(unit, officer, year=2026) -> DirectoryEntry:
    return directory.propose_entry(
        unit, year, "cement", on=dt.date(year, 1, 1), ground=GROUND, reason="新建", by=officer, at=WHEN
    )


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WHEN)


@pytest.fixture
def decision(unit, officer):
    entry = proposed(unit, officer)
    return reverse("registry:directory_decide", args=[entry.pk])


def test_an_entry_is_shown_before_it_is_approved(decision, unit, approver, client_for):
    browser = client_for(approver, "en")
    page = browser.post(decision, {"decision": "approve"})
    for words in ("You are about to approve the entry", unit.name, "proposed", "listed", "expected to reach"):
        assert words in page.text
    assert DirectoryEntry.objects.get().state == DirectoryEntry.State.PROPOSED
    once, again = (browser.post(decision, {"decision": "approve", **fields_of(page)}) for _press in range(2))
    assert once["Location"] == again["Location"]
    assert JournalEntry.objects.filter(act="directory.decided").count() == 1


def test_an_exit_is_shown_with_what_was_verified(unit, officer, approver, client_for, monkeypatch):
    monkeypatch.setattr("registry.directory.figures._sources", [lambda _unit, _at: {2024: 1_234_567}])
    entry = proposed(unit, officer)
    directory.decide(entry, approve=True, by=approver, at=WHEN)
    ground = DirectoryEntry.ExitGround.RESTRUCTURED
    directory.propose_exit(entry, on=dt.date(2026, 6, 30), ground=ground, reason="合并", by=officer, at=WHEN)
    decide = reverse("registry:directory_decide", args=[entry.pk])
    page = client_for(approver, "en").post(decide, {"decision": "approve"})
    assert "leaves the directory of 2026" in page.text
    assert "Verified emissions 2024 (t)" in page.text
    assert "1,234,567" in page.text


def test_a_stale_page_approves_nothing(decision, officer, approver, client_for):
    browser = client_for(approver, "en")
    page = browser.post(decision, {"decision": "approve"})
    entry = DirectoryEntry.objects.get()
    directory.withdraw(entry, reason="重复", by=officer, at=WHEN)
    answer = browser.post(decision, {"decision": "approve", **fields_of(page)})
    assert answer.status_code == 409
    assert "nothing was done" in answer.text
    assert not JournalEntry.objects.filter(act="directory.decided").exists()


def test_a_refusal_needs_no_page(decision, approver, client_for):
    client_for(approver).post(decision, {"decision": "refuse", "reason": "未达标准"})
    assert DirectoryEntry.objects.get().state == DirectoryEntry.State.REFUSED


def test_many_entries_are_counted_first_and_told_together(unit, rival_unit, officer, approver, client_for):
    made = [proposed(each, officer) for each in (unit, rival_unit)]
    browser, url = client_for(approver, "en"), reverse("registry:directory_approve_many")
    typed = {"entry": [each.pk for each in made], "shown": browser.get(url).context["shown"]}
    page = browser.post(url, typed)
    assert "You are about to approve 2 entries" in page.text
    receipt = browser.post(url, {**fields_of(page), **typed}, follow=True)
    assert "Done together" in receipt.text
    for each in made:
        each.refresh_from_db()
        assert each.state == DirectoryEntry.State.LISTED
        assert str(each) in receipt.text
    assert browser.post(url, {**fields_of(page), **typed}, follow=True).redirect_chain == receipt.redirect_chain


def test_what_was_proposed_since_is_not_approved_with_the_others(unit, rival_unit, officer, approver, client_for):
    first = proposed(unit, officer)
    browser, url = client_for(approver, "en"), reverse("registry:directory_approve_many")
    typed = {"entry": [first.pk], "shown": browser.get(url).context["shown"]}
    page = browser.post(url, typed)
    proposed(rival_unit, officer)
    answer = browser.post(url, {**fields_of(page), **typed}, follow=True)
    assert "has changed since this page was opened" in answer.text
    assert not DirectoryEntry.objects.filter(state=DirectoryEntry.State.LISTED).exists()


def test_a_threshold_is_shown_with_both_values(analyst, ministry_approver, client_for):
    change = parameters.propose(
        "checks", "change.month", value="15", since=dt.date(2026, 1, 1), reason="试", by=analyst, at=WHEN
    )
    browser, url = client_for(ministry_approver, "en"), reverse("registry:parameter_decide", args=[change.pk])
    page = browser.post(url, {"decision": "approve"})
    assert "You are about to approve a change" in page.text
    assert not ParameterDecision.objects.exists()
    once, again = (browser.post(url, {"decision": "approve", **fields_of(page)}) for _press in range(2))
    assert once["Location"] == again["Location"]
    assert ParameterDecision.objects.get().approved


def test_a_threshold_that_was_taken_back_is_not_approved(analyst, ministry_approver, client_for):
    change = parameters.propose(
        "checks", "change.month", value="15", since=dt.date(2026, 1, 1), reason="试", by=analyst, at=WHEN
    )
    browser, url = client_for(ministry_approver, "en"), reverse("registry:parameter_decide", args=[change.pk])
    page = browser.post(url, {"decision": "approve"})
    parameters.withdraw(ParameterChange.objects.get(), by=analyst, at=WHEN)
    answer = browser.post(url, {"decision": "approve", **fields_of(page)}, follow=True)
    assert "no longer waiting for a decision" in answer.text
    assert not ParameterDecision.objects.exists()


def test_working_days_are_shown_with_every_holiday(analyst, ministry_approver, client_for):
    off = [dt.date(2027, 2, day) for day in range(5, 12)]
    made = working_years.propose(
        year=2027,
        off=off,
        worked=[dt.date(2027, 2, 20)],
        notice="国办发明电〔2026〕9号",
        by=analyst,
        at=WHEN,
    )
    browser, url = client_for(ministry_approver, "en"), reverse("registry:working_year_decide", args=[made.pk])
    page = browser.post(url, {"decision": "approve"})
    for words in ("2027-02-05..2027-02-11", "2027-02-20", "国办发明电〔2026〕9号"):
        assert words in page.text
    assert not WorkingYearDecision.objects.exists()
    once, again = (browser.post(url, {"decision": "approve", **fields_of(page)}) for _press in range(2))
    assert once["Location"] == again["Location"]
    assert WorkingYearDecision.objects.get().approved
