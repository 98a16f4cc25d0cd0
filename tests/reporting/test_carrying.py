"""A reason stands again where the very same warning returns, is offered where its values changed, and never after a refusal."""

import pytest
from django.urls import reverse

from registry.models import JournalEntry
from reporting import queries, review
from reporting.filing import intake
from reporting.filing.carrying import carry_over
from reporting.models import FindingRow, Submission
from tests.cast import at
from tests.reporting import story

FIRST, SECOND = at("2025-08-05 09:00"), at("2025-08-06 09:00")
REASON = "方案正在备案"


@pytest.fixture
def warned(unit, process, clerk) -> FindingRow:
    """A warning of the first version, answered: there is no control plan."""
    first = story.read(unit, "2025-07", clerk, FIRST)
    row = first.findings.get(code="plan.none")
    intake.answer(row, reason=REASON, by=clerk, at=FIRST)
    return row


def read_again(unit, clerk) -> Submission:
    return story.read(unit, "2025-07", clerk, SECOND, anode="8010")


def test_the_same_warning_keeps_its_reason(unit, warned, clerk, client_for):
    later = read_again(unit, clerk)
    given = later.findings.get(code="plan.none").answers.get()
    assert (given.reason, given.by, given.at) == (REASON, clerk, FIRST)
    entry = JournalEntry.objects.get(act="package.answers_carried")
    assert REASON not in str(entry.facts)  # a draft's: provinces read the journal
    assert f'"{given.pk}"' in str(entry.facts)  # bound to it like an answer that is typed
    shown = client_for(clerk, "en").get(reverse("reporting:package", args=[later.package_id]))
    assert "carried over from version 1" in shown.text
    assert "1 of 1 explained" in shown.text


def test_what_is_carried_over_can_be_written_anew(unit, warned, clerk, client_for):
    row = read_again(unit, clerk).findings.get(code="plan.none")
    address = reverse("reporting:package_answers", args=[row.submission.package_id])
    client_for(clerk).post(address, {f"answer-{row.pk}": "方案已于8月备案"})
    assert [each.reason for each in row.answers.order_by("pk")] == [REASON, "方案已于8月备案"]


def test_with_other_values_it_is_offered_and_not_taken(unit, warned, clerk, client_for):
    fields = {"code": "ncv.repeated", "severity": "warning", "blocks": False, "sheet": "表", "cell": "D12"}
    before = FindingRow.objects.create(
        submission=warned.submission, number=900, params={"item": "烟煤", "found": "23.7", "months": "3"}, **fields
    )
    intake.answer(before, reason="同一批煤", by=clerk, at=FIRST)
    later = read_again(unit, clerk)
    changed = FindingRow.objects.create(
        submission=later, number=900, params={"item": "烟煤", "found": "23.7", "months": "4"}, **fields
    )
    carry_over(later.package, later, SECOND)
    assert not changed.answers.exists()
    shown = client_for(clerk, "en").get(reverse("reporting:package", args=[later.package_id]))
    field = shown.context["answers_form"][f"answer-{changed.pk}"]
    assert (field.initial, field.field.offered_from) == ("同一批煤", 1)
    assert "A reason was given here in version 1, for other values." in shown.text


def test_a_refused_reason_is_not_given_again(unit, warned, clerk, officer):
    story.submit(warned.submission, by=clerk, at=FIRST)
    warned.submission.package.refresh_from_db()
    answer = warned.answers.get()
    review.send_back(
        warned.submission, reason="请补充方案", refused=[review.Refused(answer, "未见备案")], by=officer, at=FIRST
    )
    later = read_again(unit, clerk)
    assert not later.findings.get(code="plan.none").answers.exists()
    assert queries.reasons_before(later)["plan.none", warned.sheet, warned.cell] == (REASON, 1)
