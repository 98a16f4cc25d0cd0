"""Outliers among verified figures before a balance value: which they are, what blocks, and what is confirmed with a reason."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse

from allocation import balance_values, plans
from allocation.balance_values import outliers
from allocation.method.line_facts import LineInput
from allocation.method.outliers import Kind
from allocation.method.outliers import outliers as strange
from allocation.method.plan_rules import rules_of
from allocation.models import BalanceValue, ConfirmedOutlier
from registry.models import JournalEntry
from registry.refusal import Refusal
from tests.allocation.balance_values.test_balance_value import line
from tests.allocation.runs.test_frozen import changeable
from tests.cast import at

RULES = rules_of(plans.load_plan("2024-2025-final"), "cement", 2025)
NOW = at("2026-08-01 09:00")
D = Decimal


def found(*lines):
    return [(one.line.line, one.kind) for one in strange(lines, RULES, D("10"))]


def test_an_intensity_ten_times_the_median_or_a_tenth_of_it_is_strange():
    # the median of 0.085, 0.0851, 0.8, 0.85, 0.9, 8.49, 8.5 is 0.85: 8.5 is ten times it, 0.085 a tenth
    lines = [line(1000, each, each) for each in ("0.8", "8.5", "0.85", "0.085", "8.49", "0.9", "0.0851")]
    assert found(*lines) == [("8.5", Kind.INTENSITY), ("0.085", Kind.INTENSITY)]
    assert [one.times for one in strange(lines, RULES, D("10"))] == [10, Fraction(1, 10)]


def test_no_main_emissions_beside_lines_that_have_some_is_strange():
    assert found(line(1000, "0", "A"), line(1000, "0.85", "B"), line(1000, "0.85", "C")) == [("A", Kind.INTENSITY)]


def test_zero_and_missing_output_block_and_output_alone_is_confirmed():
    lines = [
        line(1000, "0.85", "A"),
        LineInput("zero", 1000, D(900), D(0)),
        LineInput("missing", 1000, D(900)),
        LineInput("only", 0, D(0), D(1000)),
        LineInput("idle", 0, D(0), D(0)),
        LineInput("slag", 1000, D(900), D(1000), kind="carbide_slag"),
    ]
    kinds = [("zero", Kind.UNUSABLE), ("missing", Kind.UNUSABLE), ("only", Kind.OUTPUT_ONLY), ("slag", Kind.UNUSABLE)]
    assert found(*lines) == kinds


def test_what_does_not_decide_is_not_asked():
    assert (
        found(line(1000, "0.85", "A"), line(1000, "99", "W", kind="white"), line(5, "99", closed=RULES.determined_on))
        == []
    )


def test_a_label_that_the_rate_contradicts_is_worth_a_look_and_needs_no_confirmation():
    lines = [
        line(1000, "0.85", "A", carbide_slag_rate=D("0.15")),
        line(1000, "0.85", "rate", carbide_slag_rate=D("0.16")),
        line(1000, "0.85", "label", kind="carbide_slag", carbide_slag_rate=D("0.15")),
        line(1000, "0.85", "both", kind="carbide_slag", carbide_slag_rate=D("0.16")),
    ]
    assert found(*lines) == [("rate", Kind.RATE_WITHOUT_LABEL), ("label", Kind.LABEL_WITH_LOW_RATE)]
    noted = outliers.Found(None, strange(lines, RULES, D("10"))[0], None)
    assert (noted.blocks, noted.waits, noted.noted) == (False, False, True)
    outliers.refuse_unsettled([noted])  # stands in nobody's way


@pytest.fixture
def absurd(steel, unit, make_line, verify):
    """A line of 甲 whose output was verified in the wrong unit: I = 900."""
    return verify(make_line(unit, code="L9"), 2025, 1000, "900", "1")


def test_an_unconfirmed_figure_refuses_the_value_and_a_confirmed_one_lets_it_through(absurd, analyst, do_jobs):
    with pytest.raises(Refusal, match="L9"):
        balance_values.request("steel", 2025, by=analyst, at=NOW)
    assert not BalanceValue.objects.exists()
    with pytest.raises(Refusal):
        outliers.confirm("steel", 2025, absurd.pk, reason=" ", by=analyst, at=NOW)
    made = outliers.confirm("steel", 2025, absurd.pk, reason="试生产", by=analyst, at=NOW)
    assert JournalEntry.objects.filter(act="balance_value.outlier_confirmed").count() == 1
    with pytest.raises(Refusal):
        outliers.confirm("steel", 2025, absurd.pk, reason="试生产", by=analyst, at=NOW)
    asked = balance_values.request("steel", 2025, by=analyst, at=NOW)
    do_jobs()
    asked.refresh_from_db()
    assert asked.state == BalanceValue.State.COMPUTED
    assert outliers.behind(asked) == [made]


def test_a_value_that_was_computed_over_a_strange_figure_is_not_published(
    absurd, analyst, ministry_approver, do_jobs, monkeypatch
):
    with monkeypatch.context() as before:
        before.setattr(outliers, "refuse_unsettled", lambda found: None)  # as it was before anybody asked
        asked = balance_values.request("steel", 2025, by=analyst, at=NOW)
    do_jobs()
    with pytest.raises(Refusal, match="L9"):
        balance_values.publish(asked, by=ministry_approver, at=at("2026-08-05 09:00"))


def test_a_confirmation_is_of_one_version_and_never_changes(absurd, verify, analyst):
    made = outliers.confirm("steel", 2025, absurd.pk, reason="试生产", by=analyst, at=NOW)
    assert changeable(made) == set()
    later = verify(absurd.line, 2025, 1000, "900", "2", when=at("2026-08-02 09:00"))
    (waiting,) = outliers.of("steel", 2025, at("2026-08-03 09:00"))
    assert (waiting.result, waiting.waits) == (later, True)


def test_what_can_not_be_used_can_not_be_confirmed(steel, unit, make_line, verify, analyst):
    result = verify(make_line(unit, code="L9"), 2025, 1000, "900", "0")
    with pytest.raises(Refusal):
        outliers.confirm("steel", 2025, result.pk, reason="x", by=analyst, at=NOW)
    with pytest.raises(Refusal, match="L9"):
        balance_values.request("steel", 2025, by=analyst, at=NOW)
    with pytest.raises(Refusal):
        outliers.confirm("steel", 2025, 0, reason="x", by=analyst, at=NOW)
    assert not ConfirmedOutlier.objects.exists()


def test_the_list_asks_as_much_for_many_and_is_confirmed_on_the_page(
    absurd, unit, make_line, verify, client, analyst, auditor, officer, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("registry.law.clock.now", lambda: NOW)
    page, asked = reverse("allocation:balance_outliers"), {"sector": "steel", "year": "2025"}
    client.force_login(officer)
    assert client.get(page, asked).status_code == 403
    client.force_login(auditor)
    assert client.post(reverse("allocation:balance_outlier_confirm"), {**asked, "result": absurd.pk}).status_code == 403
    client.force_login(analyst)
    answer = client.post(
        reverse("allocation:balance_outlier_confirm"), {**asked, "result": absurd.pk, "reason": "试生产"}, follow=True
    )
    assert (answer.context["confirmed"], answer.context["waiting"]) == (1, 0)
    for number in range(3):
        verify(make_line(unit, code=f"Z{number}"), 2025, 1000, "900", "0")
    with django_assert_max_num_queries(12):
        assert client.get(page, asked).context["blocking"] == 3
    assert "试生产" in client.get(page, {**asked, "_export": "csv"}).getvalue().decode()
    assert client.get(page, {"sector": "steel", "year": "2090"}).status_code == 404
