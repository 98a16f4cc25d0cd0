"""Verification: every datum settled, a second person approves, the result stands for good."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import F

from registry.jobs import nightly
from registry.models import JournalEntry, LineKind
from registry.refusal import Refusal
from reporting import verification
from reporting.filing import annual
from reporting.models import ReportedDatum, Verification, VerifiedResult
from reporting.verification import Decision, results
from reporting.verification import current as verified_results
from reporting.verification import table as settling
from tests.cast import at
from tests.database import without_triggers
from tests.reporting import story

State = Verification.State
WHEN = at("2026-04-10 10:00")


@pytest.fixture
def given(report, verifier_body, officer) -> Verification:
    return verification.assign(report, verifier_body, by=officer, at=WHEN)


def test_nothing_is_assigned_to_a_body_without_a_verifier(report, verifier, officer):
    verifier.is_active = False
    verifier.save()
    with pytest.raises(Refusal, match=str(verifier.body)):
        verification.assign(report, verifier.body, by=officer, at=WHEN)
    assert not Verification.objects.exists()


def datum(given: Verification, item: str) -> ReportedDatum:
    return given.report.data.get(item=item)


def test_confirmed_data_become_the_verified_result(given, process, verifier, approver):
    assert len(verification.confirm_all(given, by=verifier, at=WHEN)) == 4
    assert verification.confirm_all(given, by=verifier, at=WHEN) == []
    verification.conclude(given, by=verifier, at=WHEN)
    approved = verification.approve(given, by=approver, at=at("2026-04-20"))
    assert (approved.state, approved.told_at) == (State.APPROVED, at("2026-04-20"))
    result = VerifiedResult.objects.get()
    assert (result.line, result.year, result.version, result.supersedes) == (process, 2025, 1, None)
    assert (result.emissions, result.main_emissions, result.output) == (320_942, Decimal(320_942), Decimal(204_000))
    assert result.details == {"anode": "291400.81", "effect": "29541.24"}
    assert result.carbide_slag_rate is None
    # province 130000 – body V001 – last six of the credit code – year – version
    assert given.number == f"130000-V001-{given.unit.credit_code[-6:]}-2025-1"


def test_corrections_keep_their_reason_and_change_the_result(given, verifier, approver):
    # Anode 291,400.81 → 291,500.81, so emissions 291,500.81 + 29,541.24 = 321,042.05 → 321,042
    decisions = [
        Decision(datum(given, "anode"), Decimal("291500.81"), "地磅记录少计一车"),
        Decision(datum(given, "emissions"), Decimal("321042.05"), "随炭阳极更正"),
    ]
    verification.settle_all(given, decisions, by=verifier, at=WHEN)
    verification.confirm_all(given, by=verifier, at=WHEN)
    rows = {row.item.code: row for row in settling.table(given)}
    assert rows["output"].is_same
    assert rows["anode"].difference == Decimal(100)
    assert rows["anode"].change == Fraction(100) / Fraction("291400.81")
    assert rows["anode"].settled.reason == "地磅记录少计一车"
    verification.conclude(given, by=verifier, at=WHEN)
    verification.approve(given, by=approver, at=WHEN)
    result = VerifiedResult.objects.get()
    assert (result.emissions, result.main_emissions) == (321_042, Decimal(321_042))


@pytest.mark.parametrize(("stated", "tonnes"), [("320942.49", 320_942), ("320942.50", 320_943)])
def test_emissions_are_rounded_half_up_to_whole_tonnes_once(given, verifier, approver, stated, tonnes):
    verification.settle(given, datum(given, "emissions"), value=Decimal(stated), reason="复核", by=verifier, at=WHEN)
    verification.confirm_all(given, by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    verification.approve(given, by=approver, at=WHEN)
    assert VerifiedResult.objects.get().emissions == tonnes


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity", "100000000000", "1.001"])
def test_a_value_that_cannot_be_is_refused(given, verifier, value):
    with pytest.raises(Refusal):
        verification.settle(given, datum(given, "output"), value=Decimal(value), reason="更正", by=verifier, at=WHEN)


def test_all_faults_of_a_table_come_at_once_and_nothing_is_saved(given, verifier):
    decisions = [
        Decision(datum(given, "anode"), Decimal(1), ""),
        Decision(datum(given, "output"), Decimal(-1), "更正"),
        Decision(datum(given, "effect"), datum(given, "effect").value),
    ]
    with pytest.raises(Refusal) as refused:
        verification.settle_all(given, decisions, by=verifier, at=WHEN)
    assert str(refused.value).count("P1") == 2
    assert given.data.count() == 0


def test_concluding_needs_every_datum(given, verifier):
    for item in ("anode", "effect", "emissions"):
        verification.settle(given, datum(given, item), value=datum(given, item).value, reason="", by=verifier, at=WHEN)
    with pytest.raises(Refusal, match="1"):
        verification.conclude(given, by=verifier, at=WHEN)


def test_components_must_add_up_to_their_total(given, verifier):
    verification.settle(given, datum(given, "anode"), value=Decimal("291500.81"), reason="更正", by=verifier, at=WHEN)
    verification.confirm_all(given, by=verifier, at=WHEN)
    with pytest.raises(Refusal, match=r"321,042\.05"):
        verification.conclude(given, by=verifier, at=WHEN)


def test_a_conclusion_sent_back_is_settled_anew_and_the_latest_counts(given, verifier, approver):
    verification.confirm_all(given, by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    with pytest.raises(Refusal):
        verification.send_back(given, reason=" ", by=approver, at=WHEN)
    verification.send_back(given, reason="产量与销售台账不符", by=approver, at=WHEN)
    verification.settle(given, datum(given, "output"), value=Decimal(203999), reason="盘点", by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    verification.approve(given, by=approver, at=WHEN)
    assert VerifiedResult.objects.get().output == Decimal(203_999)
    assert list(given.events.order_by("pk").values_list("kind", flat=True)) == [
        "assigned",
        "concluded",
        "returned",
        "concluded",
        "approved",
    ]


def test_four_eyes_and_the_right_body(
    given, report, verifier, stranger_verifier, officer, approver, verifier_body, reseated
):
    with pytest.raises(PermissionDenied):
        verification.confirm_all(given, by=stranger_verifier, at=WHEN)
    verification.confirm_all(given, by=verifier, at=WHEN)
    with pytest.raises(PermissionDenied):
        verification.conclude(given, by=stranger_verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    for person in (officer, verifier):
        with pytest.raises(Refusal):
            verification.approve(given, by=reseated(person, approver), at=WHEN)
    with pytest.raises(Refusal):  # still open
        verification.assign(report, verifier_body, by=officer, at=WHEN)


def test_only_a_filed_report_is_verified(unit, process, clerk, officer, verifier_body):
    story.accepted_year(unit, clerk, officer)
    prepared = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    with pytest.raises(Refusal):
        verification.assign(prepared, verifier_body, by=officer, at=WHEN)


def test_a_decision_made_on_an_older_table_is_refused(given, verifier):
    output = datum(given, "output")
    decision = Decision(output, Decimal(203_999), "盘点", seen=0)
    verification.settle(given, output, value=Decimal(203_500), reason="销售台账", by=verifier, at=WHEN)
    for act in (verification.settle_all, verification.confirm_all):
        with pytest.raises(Refusal):
            act(given, [decision], by=verifier, at=WHEN)
    assert given.data.count() == 1


def test_only_the_table_that_was_looked_at_is_approved(given, verifier, approver):
    verification.confirm_all(given, by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    seen = settling.seal(settling.table(given))
    verification.send_back(given, reason="产量与销售台账不符", by=approver, at=WHEN)
    verification.settle(given, datum(given, "output"), value=Decimal(203_999), reason="盘点", by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    with pytest.raises(Refusal):
        verification.approve(given, by=approver, at=WHEN, seen=seen)
    verification.approve(given, by=approver, at=WHEN, seen=settling.seal(settling.table(given)))


ACTS = {
    "settle": lambda given, verifier, approver, officer: verification.confirm_all(given, by=verifier, at=WHEN),
    "conclude": lambda given, verifier, approver, officer: verification.conclude(given, by=verifier, at=WHEN),
    "approve": lambda given, verifier, approver, officer: verification.approve(given, by=approver, at=WHEN),
    "send back": lambda given, verifier, approver, officer: verification.send_back(
        given, reason="x", by=approver, at=WHEN
    ),
    "take back": lambda given, verifier, approver, officer: verification.take_back(given, by=verifier, at=WHEN),
    "withdraw": lambda given, verifier, approver, officer: verification.withdraw(
        given, reason="x", by=officer, at=WHEN
    ),
}
LAWFUL = {
    (State.ASSIGNED, "settle"): State.ASSIGNED,
    (State.ASSIGNED, "conclude"): State.CONCLUDED,
    (State.CONCLUDED, "approve"): State.APPROVED,
    (State.CONCLUDED, "send back"): State.RETURNED,
    (State.CONCLUDED, "take back"): State.ASSIGNED,
    (State.RETURNED, "settle"): State.RETURNED,
    (State.RETURNED, "conclude"): State.CONCLUDED,
}
# How a verification, all of whose data are settled, comes into each state.
WAYS = {
    State.ASSIGNED: (),
    State.CONCLUDED: ("conclude",),
    State.RETURNED: ("conclude", "send back", "settle one"),
    State.APPROVED: ("conclude", "approve"),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", WAYS)
def test_every_pair_of_state_and_act(given, verifier, approver, officer, state, act):
    some = datum(given, "anode")
    others = [Decision(row, row.value) for row in given.report.data.all()]
    verification.settle_all(given, others, by=verifier, at=WHEN)
    for step in WAYS[state]:
        if step == "settle one":
            verification.settle(given, some, value=some.value, reason="", by=verifier, at=WHEN)
        else:
            ACTS[step](given, verifier, approver, officer)
    after = LAWFUL.get((State(state), act))
    if act == "settle":  # everything is settled already: settle one datum again

        def do() -> object:
            return verification.settle(given, some, value=some.value, reason="", by=verifier, at=WHEN)
    else:

        def do() -> object:
            return ACTS[act](given, verifier, approver, officer)

    if after is None:
        with pytest.raises(Refusal):
            do()
    else:
        do()
    given.refresh_from_db()
    assert given.state == (after or state)


AGAIN = {"ground": Verification.Ground.COURT, "reason": "（2026）冀01行初12号判决"}


@pytest.fixture
def again(report, verifier, officer, approver) -> Verification:
    """Verified anew after the first verification found 100 t anode more than reported."""
    first = verification.assign(report, verifier.body, by=officer, at=WHEN)
    more = [
        Decision(datum(first, "anode"), Decimal("291500.81"), "地磅记录少计一车"),
        Decision(datum(first, "emissions"), Decimal("321042.05"), "随炭阳极更正"),
    ]
    verification.confirm_all(first, more, by=verifier, at=WHEN)
    verification.conclude(first, by=verifier, at=WHEN)
    verification.approve(first, by=approver, at=WHEN)
    return verification.assign_again(report, verifier.body, **AGAIN, by=officer, at=at("2026-05-02"))


def test_what_stands_is_verified_again_only_on_a_ground_with_its_reason(report, verifier, officer, approver):
    body = verifier.body
    with pytest.raises(Refusal):  # nothing stands yet
        verification.assign_again(report, body, **AGAIN, by=officer, at=WHEN)
    story.approve_all(report, verifier, officer, approver, WHEN)
    with pytest.raises(Refusal):  # a result stands: not without a ground
        verification.assign(report, body, by=officer, at=WHEN)
    for ground, reason in (("court", "  "), ("mood", "判决"), ("", "判决")):
        with pytest.raises(Refusal):
            verification.assign_again(report, body, ground=ground, reason=reason, by=officer, at=WHEN)
    given = verification.assign_again(report, body, **AGAIN, by=officer, at=WHEN)
    assert (given.version, given.ground, given.events.get().reason) == (2, "court", AGAIN["reason"])
    with pytest.raises(Refusal):  # one at a time
        verification.assign_again(report, body, **AGAIN, by=officer, at=WHEN)


def test_what_nobody_settles_anew_stays_as_it_was_found_before(again, verifier, approver):
    """Not as reported: a re-check of one datum must not undo the corrections of the others."""
    # Effect 29,541.24 × 203/204 = 29,396.43; 291,500.81 + 29,396.43 = 320,897.24 → 320,897
    verification.confirm_all(
        again, story.corrected(again, "output", "203000", "复查"), by=verifier, at=at("2026-05-03")
    )
    rows = {row.item.code: row for row in settling.table(again)}
    assert (rows["anode"].settled.value, rows["anode"].settled.reason) == (Decimal("291500.81"), "地磅记录少计一车")
    assert (rows["output"].before.value, rows["output"].settled.value) == (Decimal(204_000), Decimal(203_000))
    verification.conclude(again, by=verifier, at=at("2026-05-03"))
    verification.approve(again, by=approver, at=at("2026-05-04"))
    later = VerifiedResult.objects.get(version=2)
    assert (later.emissions, later.output, later.supersedes.output) == (320_897, Decimal(203_000), Decimal(204_000))


def test_a_third_verification_starts_from_the_second(again, report, verifier, officer, approver):
    less = [
        Decision(datum(again, "anode"), Decimal("291300.81"), "判决"),
        Decision(datum(again, "emissions"), Decimal("320842.05"), "判决"),
    ]
    verification.confirm_all(again, less, by=verifier, at=at("2026-05-03"))
    verification.conclude(again, by=verifier, at=at("2026-05-03"))
    verification.approve(again, by=approver, at=at("2026-05-04"))
    third = verification.assign_again(report, verifier.body, **AGAIN, by=officer, at=at("2027-05-02"))
    assert {row.item.code: row.before_text for row in settling.table(third)}["anode"] == "291,300.81"


def test_a_later_verification_supersedes_and_both_stand(report, process, verifier, officer, approver):
    story.approve_all(report, verifier, officer, approver, at("2026-04-10 10:00"))
    second = verification.assign_again(report, verifier.body, **AGAIN, by=officer, at=at("2026-05-02"))
    decisions = story.corrected(second, "output", "203000", "复查")
    verification.confirm_all(second, decisions, by=verifier, at=at("2026-05-03"))
    verification.conclude(second, by=verifier, at=at("2026-05-03"))
    verification.approve(second, by=approver, at=at("2026-05-04"))
    first, later = VerifiedResult.objects.order_by("version")
    assert (later.version, later.supersedes, first.superseded_by) == (2, first, later)

    def current(day: str) -> list[VerifiedResult]:
        return list(verified_results.current(story.ALUMINIUM, 2025, at(day)))

    assert current("2026-04-10 09:59") == []
    assert current("2026-04-10 10:00") == [first]
    assert current("2026-05-03") == [first]
    assert current("2026-05-04") == [later]
    assert list(verified_results.current(story.ALUMINIUM, 2024, at("2026-06-01"))) == []
    assert list(verified_results.current("cement", 2025, at("2026-06-01"))) == []


def test_an_approval_dated_before_the_standing_result_is_refused(report, verifier, officer, approver):
    story.approve_all(report, verifier, officer, approver, at("2026-05-10"))
    second = verification.assign_again(report, verifier.body, **AGAIN, by=officer, at=at("2026-05-09"))
    verification.confirm_all(second, by=verifier, at=at("2026-05-09"))
    verification.conclude(second, by=verifier, at=at("2026-05-09"))
    with pytest.raises(Refusal):
        verification.approve(second, by=approver, at=at("2026-05-09"))
    assert VerifiedResult.objects.count() == 1


def test_an_approval_of_the_same_instant_is_not_older(report, verifier, officer, approver):
    story.approve_all(report, verifier, officer, approver, at("2026-05-10 10:00"))
    second = verification.assign_again(report, verifier.body, **AGAIN, by=officer, at=at("2026-05-10 10:00"))
    verification.confirm_all(second, by=verifier, at=at("2026-05-10 10:00"))
    verification.conclude(second, by=verifier, at=at("2026-05-10 10:00"))
    verification.approve(second, by=approver, at=at("2026-05-10 10:00"))
    assert list(VerifiedResult.objects.order_by("pk").values_list("version", flat=True)) == [1, 2]


def test_the_carbide_slag_rate_is_exact():
    # 300,000 t × 0.52 / (900,000 t × 0.5350) = 156,000 / 481,500 = 104 / 321
    result = VerifiedResult(
        sector="cement",
        output=Decimal(900_000),
        kind=LineKind.CARBIDE_SLAG,
        details={"carbide_slag": "300000.00", "carbide_slag_deduction": "0.52", "clinker_ef": "0.5350"},
    )
    assert result.carbide_slag_rate == Fraction(104, 321)
    for missing in ({"output": Decimal(0)}, {"details": {}}, {"details": {**result.details, "clinker_ef": "0"}}):
        fields = {"sector": "cement", "output": result.output, "details": result.details, **missing}
        assert VerifiedResult(**fields).carbide_slag_rate is None


# --- Are results still what was approved?


def test_a_result_that_departs_from_its_approval_is_found_in_the_night(
    given, verifier, approver, do_jobs, django_assert_num_queries
):
    verification.confirm_all(given, by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    verification.approve(given, by=approver, at=WHEN)
    (result,) = VerifiedResult.objects.all()
    with django_assert_num_queries(2):
        assert results.departures([result.pk]) == []
    with without_triggers(connection):
        VerifiedResult.objects.filter(pk=result.pk).update(emissions=F("emissions") + 5)
    nightly.ask(WHEN)
    (outcome,) = [job.outcome for job in do_jobs() if job.kind == "reporting.verify_results"]
    assert outcome == {"faults": 1}
    assert JournalEntry.objects.get(act="result.departs").subject_id == str(result.pk)


def test_a_result_that_nobody_approved_departs(given, verifier, approver):
    verification.confirm_all(given, by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    (result,) = results.write(given, by=approver, at=WHEN)  # past the approval
    assert results.departures([result.pk]) == [result]
