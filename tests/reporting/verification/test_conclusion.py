"""What is concluded is what the verifier saw: a datum settled anew in another tab, or by a colleague, refuses the conclusion."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import translation

from registry.refusal import Refusal
from reporting import verification
from reporting.models import Verification
from reporting.verification import Decision
from reporting.verification import table as settling
from reporting.verification.dependents import Expected
from tests.cast import at
from tests.confirming import confirm
from tests.reporting import story

State = Verification.State
WHEN = at("2026-04-10 10:00")
CHANGED = "The table has changed since you looked at it; look at it again."


@pytest.fixture
def given(report, verifier, officer) -> Verification:
    given = verification.assign(report, verifier.body, by=officer, at=WHEN)
    verification.confirm_all(given, by=verifier, at=WHEN)
    return given


def state_of(given: Verification) -> str:
    return Verification.objects.get(pk=given.pk).state


def form_of(given: Verification) -> dict[str, str]:
    """The table as the browser holds it: every row as it stands, with the key of what it shows as settled."""
    fields = {}
    for row in settling.table(given):
        value = row.settled.value if row.settled else row.datum.value
        fields |= {f"value-{row.datum.pk}": f"{value:.2f}", f"seen-{row.datum.pk}": settling.key_of(row)}
    return fields


def resettle(given: Verification, verifier) -> None:
    """Settled anew, with the very same value: what was seen is not what stands."""
    datum = given.report.data.get(item="output")
    verification.settle_all(given, [Decision(datum, datum.value, "复核")], by=verifier, at=WHEN)


def test_the_table_seen_is_concluded(given, verifier):
    seal = settling.seal(settling.table(given))
    assert verification.conclude(given, by=verifier, at=WHEN, seen=seal).state == State.CONCLUDED


@pytest.mark.parametrize("seal", ["", "0" * 64])
def test_another_table_is_not(given, verifier, seal):
    with translation.override("en"), pytest.raises(Refusal, match=CHANGED):
        verification.conclude(given, by=verifier, at=WHEN, seen=seal)
    assert state_of(given) == State.ASSIGNED


def test_a_datum_settled_in_another_tab_refuses_the_conclusion(given, verifier, client_for):
    fields = form_of(given)
    resettle(given, verifier)
    settle = reverse("reporting:verification_settle", args=[given.pk])
    answer = client_for(verifier, "en").post(settle, {**fields, "conclude": "1"}, follow=True)
    assert CHANGED in answer.text
    assert state_of(given) == State.ASSIGNED
    browser = client_for(verifier, "en")
    to_conclude = browser.post(settle, {**form_of(given), "conclude": "1"})
    confirm(browser, to_conclude.url)
    assert state_of(given) == State.CONCLUDED


def test_what_they_save_themselves_is_part_of_what_they_saw(given, verifier, client_for):
    # Metal 204,000 → 203,000 t, so effect 29,541.24 × 203/204 = 29,396.43, and 291,400.81 + 29,396.43 = 320,797.24 → 320,797
    fields = form_of(given) | {"conclude": "1"}
    for item, value in (("output", "203000.00"), ("effect", "29396.43"), ("emissions", "320797.00")):
        key = given.report.data.get(item=item).pk
        fields |= {f"value-{key}": value, f"reason-{key}": "称重单"}
    browser = client_for(verifier)
    confirm(browser, browser.post(reverse("reporting:verification_settle", args=[given.pk]), fields).url)
    assert state_of(given) == State.CONCLUDED
    assert given.data.filter(datum__item="output").last().value == Decimal(203_000)


def test_a_colleague_between_saving_and_concluding(given, verifier, client_for, monkeypatch):
    settle_all = verification.settle_all

    def and_then_a_colleague(*args, **how):
        saved = settle_all(*args, **how)
        monkeypatch.undo()
        resettle(given, verifier)
        return saved

    monkeypatch.setattr("reporting.web.views.verification.verification.settle_all", and_then_a_colleague)
    fields = {**form_of(given), "conclude": "1"}
    client_for(verifier).post(reverse("reporting:verification_settle", args=[given.pk]), fields)
    assert state_of(given) == State.ASSIGNED


def test_the_bare_act_needs_the_seal(given, verifier, client_for):
    browser, conclude = client_for(verifier), reverse("reporting:verification_conclude", args=[given.pk])
    browser.post(conclude)
    assert state_of(given) == State.ASSIGNED
    confirm(browser, conclude, {"seen": "another table"})
    assert state_of(given) == State.ASSIGNED
    confirm(browser, conclude, {"seen": settling.seal(settling.table(given))})
    assert state_of(given) == State.CONCLUDED


def test_a_form_without_the_keys_concludes_nothing(given, verifier, client_for):
    fields = {name: value for name, value in form_of(given).items() if not name.startswith("seen")}
    browser = client_for(verifier)
    browser.post(reverse("reporting:verification_settle", args=[given.pk]), {**fields, "conclude": "1"})
    assert state_of(given) == State.ASSIGNED


def test_it_goes_on_to_the_approver(given, verifier, approver):
    seal = settling.seal(settling.table(given))
    verification.conclude(given, by=verifier, at=WHEN, seen=seal)
    assert verification.approve(given, by=approver, at=WHEN, seen=seal).state == State.APPROVED
    assert given.results.get().emissions == story.YEAR_TONNES


@pytest.mark.parametrize(("exact", "is_met"), [("100.99", True), ("101", False), ("99", False), ("99.01", True)])
def test_a_difference_of_exactly_one_tonne_is_one(exact, is_met):
    value = Expected(None, Decimal(100), Fraction(exact), Decimal(100), "", "")
    assert value.is_met is is_met
