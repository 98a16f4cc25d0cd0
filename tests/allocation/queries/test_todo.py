"""What of the quota waits for whom, with the calendar's days: 2025's quota determined by 2026-09-20, issued by 2026-09-30."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from allocation import letters
from allocation.compliance import notices, surrender
from allocation.letters import issuance
from allocation.models import Run
from allocation.queries import todo
from registry.todo import Todo
from tests.allocation.conftest import LETTER, NOTICED, approve
from tests.cast import at

DETERMINED, ISSUED = dt.date(2026, 9, 20), dt.date(2026, 9, 30)


def titles(person, when: str) -> dict[str, Todo]:
    with translation.override("en"):
        return {entry.title: entry for entry in todo.todos(person, at(when))}


@pytest.fixture
def run(steel, publish, prepared) -> Run:
    publish()
    return prepared()


def test_a_run_waits_with_its_days_for_the_approver_and_its_officer_sees_it(run, approver, officer, stranger_officer):
    waiting = titles(approver, "2026-11-16")["Runs to approve"]
    assert (waiting.due, waiting.tone) == (DETERMINED, "danger")
    assert waiting.detail == "to be determined by 2026-09-20 and issued by 2026-09-30"
    assert titles(approver, "2026-09-10")["Runs to approve"].tone == "warn"
    seen = titles(officer, "2026-11-16")["Runs awaiting your approver"]
    assert (seen.count, seen.due, seen.url) == (1, DETERMINED, waiting.url)
    assert "Runs awaiting your approver" not in titles(stranger_officer, "2026-11-16")


def test_a_run_that_was_overtaken_waits_for_its_officer_and_not_for_the_approver(run, steel, verify, approver, officer):
    verify(steel[0], 2025, 999_000, "900000", "1000000", when=at("2026-11-15"))
    assert "Runs to approve" not in titles(approver, "2026-11-16")
    found = titles(officer, "2026-11-16")
    assert "Runs awaiting your approver" not in found
    (again,) = [entry for title, entry in found.items() if title.startswith("Stale runs")]
    assert (again.count, again.tone, again.url) == (1, "danger", reverse("allocation:run", args=[run.pk]))


def test_the_day_for_issuing_stays_until_it_is_issued(
    run, approver, officer, registrar_operator, registrar_approver, hebei
):
    approve(run, approver)
    found = titles(officer, "2026-09-25")
    assert "Runs awaiting your approver" not in found
    assert (found["Approved runs without a letter"].due, found["Approved runs without a letter"].tone) == (
        ISSUED,
        "warn",
    )
    letter = letters.write(hebei, 2025, Run.Kind.DETERMINATION, number="冀环气候函〔2026〕1号", by=officer, at=LETTER)
    assert titles(officer, "2026-09-25")["Letters to send"].due == ISSUED
    letters.send(letter, by=officer, at=LETTER)
    late = titles(registrar_operator, "2026-10-01")["Letters for which to prepare the issue"]
    assert (late.due, late.tone) == (ISSUED, "danger")
    issuance.prepare(letter, by=registrar_operator, at=LETTER)
    assert titles(registrar_approver, "2026-10-01")["Issues to execute"].due == ISSUED


def test_a_determination_made_again_has_no_day_in_the_calendar(run, approver, monkeypatch):
    # A run that is changed in its row would count as made from something else.
    monkeypatch.setattr(todo, "_by_standing", lambda prepared, day: (list(prepared), []))
    Run.objects.filter(pk=run.pk).update(time=2, ground=Run.Ground.CHANGED_RESULT, reason="复核")
    waiting = titles(approver, "2026-11-16")["Runs to approve"]
    assert (waiting.due, waiting.detail, waiting.tone) == (None, "", "warn")


def test_pre_allocation_is_one_step_with_one_day(steel, prepared, approver):
    prepared(Run.Kind.PRE_ALLOCATION, 2025, when=at("2026-04-01"))
    waiting = titles(approver, "2026-04-01")["Runs to approve"]
    assert (waiting.due, waiting.detail) == (dt.date(2026, 4, 10), "")


def test_the_card_says_what_must_be_bought_before_it_can_be_requested(noticed, clerk, unit):
    entry = titles(clerk, "2026-11-01")["Request surrender for 2025"]
    # 1,000,000 t due, 991,176 t issued.
    assert entry.detail == "1,000,000 t not yet requested, of which 8,824 t must be bought first"
    surrender.request(unit, 2025, {2025: 991_176}, by=clerk, at=at("2026-11-01"))
    entry = titles(clerk, "2026-11-02")["Request surrender for 2025"]
    assert entry.detail == "8,824 t not yet requested, which must be bought first"


def test_what_is_approved_and_not_issued_yet_need_not_be_bought(steel, publish, approved, officer, hebei, clerk):
    publish()
    approved(Run.Kind.DETERMINATION, 2025)
    notices.send(hebei, 2025, by=officer, at=NOTICED)
    entry = titles(clerk, "2026-11-01")["Request surrender for 2025"]
    # 1,000,000 t due, 991,176 t determined: none of them is in the account before the letter is executed.
    assert entry.detail == (
        "1,000,000 t not yet requested, of which 991,176 t are approved but not yet issued and 8,824 t must be bought first"
    )


def test_a_drafted_letter_is_no_address_for_those_who_may_not_see_it(
    run, approver, officer, registrar_operator, hebei, client_for
):
    approve(run, approver)
    letter = letters.write(hebei, 2025, Run.Kind.DETERMINATION, number="冀环气候函〔2026〕1号", by=officer, at=LETTER)
    address, pages = (
        reverse("allocation:letter", args=[letter.pk]),
        [reverse(f"allocation:{name}", args=[run.pk]) for name in ("run", "run_tables")],
    )
    for page in pages:
        assert address in client_for(officer).get(page).text
        assert address not in client_for(registrar_operator).get(page).text
    letters.send(letter, by=officer, at=LETTER)
    for page in pages:
        assert address in client_for(registrar_operator).get(page).text


def test_a_unit_that_holds_enough_is_not_sent_to_the_exchange(noticed, rival_clerk):
    entry = titles(rival_clerk, "2026-11-01")["Request surrender for 2025"]
    assert entry.detail == "1,000,000 t not yet requested"
