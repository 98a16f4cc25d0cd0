"""What was typed about a directory entry survives a refusal."""

import datetime as dt

import pytest
from django.urls import reverse

from registry import directory
from registry.models import DirectoryEntry
from tests.cast import at

GROUND = DirectoryEntry.EntryGround.OVER_THRESHOLD


def proposed(unit, officer):
    return directory.propose_entry(
        unit, 2025, "steel", on=dt.date(2025, 5, 10), ground=GROUND, reason="x", by=officer, at=at("2025-05-06")
    )


@pytest.mark.parametrize("from_page", [True, False])
def test_a_decision_by_the_proposer_is_given_back_to_the_form(unit, officer, approver, client_for, from_page):
    entry = proposed(unit, officer)
    DirectoryEntry.objects.filter(pk=entry.pk).update(proposed_by=approver)
    page, browser = reverse("registry:directory_entry", args=[entry.pk]), client_for(approver)
    decision = {"decision": "refuse", "reason": "去年仅 20,000 t"}
    headers = {"referer": f"http://testserver{page}"} if from_page else {}
    shown = browser.post(reverse("registry:directory_decide", args=[entry.pk]), decision, headers=headers, follow=True)
    form = shown.context["decision"]
    assert (form["decision"].value(), form["reason"].value()) == ("refuse", "去年仅 20,000 t")
    assert shown.context["typed_left"] == []


def test_a_day_that_has_nothing_to_do_with_the_year_is_told_beside_it(unit, officer, client_for):
    fields = {
        "unit": str(unit.pk),
        "year": "2025",
        "sector": "steel",
        "on": "2030-06-01",
        "ground": str(GROUND),
        "reason": "上年度 41,200 t",
    }
    shown = client_for(officer).post(reverse("registry:directory_propose"), fields)
    assert shown.status_code == 422
    assert list(shown.context["form"].errors) == ["on"]
    assert "41,200" in shown.context["form"]["reason"].value()


def test_an_exit_before_the_entry_is_told_beside_its_day(unit, officer, approver, client_for):
    entry = proposed(unit, officer)
    directory.decide(entry, approve=True, by=approver, at=at("2025-05-07"))
    fields = {"on": "2024-01-31", "ground": str(DirectoryEntry.ExitGround.CLOSED), "reason": "已拆除"}
    shown = client_for(officer).post(reverse("registry:directory_exit", args=[entry.pk]), fields)
    assert shown.status_code == 422
    assert list(shown.context["exit"].errors) == ["on"]
    assert shown.context["exit"]["reason"].value() == "已拆除"


@pytest.mark.parametrize("from_page", [True, False])  # browsers may keep from where they come
def test_an_entry_proposed_twice_is_given_back_whole(unit, officer, client_for, from_page):
    proposed(unit, officer)
    page, browser = reverse("registry:directory_propose"), client_for(officer)
    fields = {
        "unit": str(unit.pk),
        "year": "2025",
        "sector": "steel",
        "on": "2025-06-01",
        "ground": str(GROUND),
        "reason": "上年度 41,200 t",
    }
    headers = {"referer": f"http://testserver{page}"} if from_page else {}
    shown = browser.post(page, fields, headers=headers, follow=True)
    assert shown.context["typed_left"] == []
    form = shown.context["form"]
    assert {name: form[name].value() for name in fields} == fields
    assert 'value="2025-06-01"' in shown.text
