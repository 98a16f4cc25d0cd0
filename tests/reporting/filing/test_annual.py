"""The annual report: from twelve accepted months, or from the year workbook."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from registry.refusal import Refusal
from reporting import workbook
from reporting.filing import annual, intake
from reporting.models import AnnualReport
from reporting.review import acts as review
from tests.cast import at
from tests.reporting import story

State = AnnualReport.State


def test_the_year_is_computed_from_the_years_values_and_the_rounding_is_shown(unit, process, clerk, officer):
    story.accepted_year(unit, clerk, officer)
    report = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    # 291,400.81 + 29,541.24 = 320,942.05; the months come to 12 × 26,745 = 320,940
    assert report.emissions == story.YEAR_TONNES
    kept = {row["code"]: (row["year"], row["months"], row["difference"]) for row in report.stated.differences}
    assert kept == {"": ("320942", "320940", "2"), "P1": ("320942", "320940", "2")}
    assert report.sources.count() == 12
    assert list(report.terms.values_list("source", "emissions")) == [
        ("anode", Decimal("291400.81")),
        ("effect", Decimal("29541.24")),
    ]
    assert {datum.item: datum.value for datum in report.data.all()} == {
        "anode": Decimal("291400.81"),
        "effect": Decimal("29541.24"),
        "emissions": Decimal(320_942),
        "output": Decimal(204_000),
    }
    assert report.due.isoformat() == "2026-03-31"


def test_it_needs_every_month_accepted_and_names_those_missing(unit, process, clerk, officer):
    for period in story.MONTHS[:10]:
        story.accepted(unit, period, clerk, officer, at("2026-01-05"))
    story.submitted(unit, "2025-11", clerk, at("2026-01-05"))
    with pytest.raises(Refusal, match="2025-11、2025-12"):
        annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    assert not AnnualReport.objects.exists()


def before_the_lock(monkeypatch, act):
    """Have the act done once the year is worked out, while its report waits for its lock."""
    real, acts = annual._worked_out, [act]

    def work_out(*args):
        said = real(*args)
        if acts:
            acts.pop()()
        return said

    monkeypatch.setattr(annual, "_worked_out", work_out)


def test_a_month_reopened_while_the_report_waits_for_its_lock_is_missing(unit, process, clerk, officer, monkeypatch):
    last = story.accepted_year(unit, clerk, officer)[-1]
    before_the_lock(monkeypatch, lambda: review.reopen(last, reason="台账缺页", by=officer, at=at("2026-02-19")))
    with pytest.raises(Refusal, match="2025-12"):
        annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))


def test_a_month_corrected_while_the_report_waits_for_its_lock_is_taken(unit, process, clerk, officer, monkeypatch):
    last = story.accepted_year(unit, clerk, officer)[-1]

    def correct():
        review.reopen(last, reason="台账缺页", by=officer, at=at("2026-02-19"))
        story.accepted(unit, "2025-12", clerk, officer, at("2026-02-19"), metal="17001")

    before_the_lock(monkeypatch, correct)
    report = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    assert report.data.get(item="output").value == 204_001
    assert not report.sources.filter(submission=last).exists()


def test_months_that_came_in_out_of_order_and_contradict_each_other_are_refused(
    unit, process, clerk, officer, monkeypatch
):
    story.accepted(unit, "2025-07", clerk, officer)  # opens with 500 t, before June is there to be compared with
    content = story.content

    def with_another_stock(unit, period: str, **amounts: str):
        month = content(unit, period, **amounts)
        if period == "2025-06":
            ledger = {**month.rows[0].data, "purchased": story.datum("8100"), "closing": story.datum("600")}
            return replace(month, rows=(replace(month.rows[0], data=ledger), month.rows[1]))
        return month

    monkeypatch.setattr(story, "content", with_another_stock)
    monkeypatch.setattr(review, "contradictions", lambda submission: [])  # as before acceptance looked at it
    for period in story.MONTHS:
        if period != "2025-07":
            story.accepted(unit, period, clerk, officer, at("2026-01-20 10:00"))
    with pytest.raises(Refusal, match=r"2025-07: .*500\.00.*600\.00"):
        annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    assert not AnnualReport.objects.exists()


def test_the_year_workbook_goes_through_the_same_url(unit, process, clerk, officer, unit_approver):
    package = intake.package_of(unit, story.ALUMINIUM, "2024")
    data = workbook.filled(story.spec(unit, "2024"), story.content(unit, "2024", anode="96000", metal="204000"))
    intake.receive(package, data, "2024.xlsx", by=clerk, at=at("2025-06-20"))
    story.do_jobs()
    submission = story.current(package)
    assert submission.errors == 0, list(submission.findings.values_list("code", "params"))
    intake.submit(submission, by=clerk, at=at("2025-06-20"))
    review.accept(submission, by=officer, at=at("2025-06-25"))
    report = annual.prepare(unit, story.ALUMINIUM, 2024, by=clerk, at=at("2025-06-26"))
    assert report.emissions == story.YEAR_TONNES
    assert {row["difference"] for row in report.stated.differences} == {"0"}
    assert annual.file(report, by=unit_approver, at=at("2025-06-30 23:59:59")).late is False


@pytest.mark.parametrize(("when", "late"), [("2026-03-31 23:59:59", False), ("2026-04-01 00:00", True)])
def test_filing_after_the_deadline_is_marked_late(unit, process, clerk, unit_approver, officer, when, late):
    story.accepted_year(unit, clerk, officer)
    report = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    filed = annual.file(report, by=unit_approver, at=at(when))
    assert (filed.state, filed.late) == (State.FILED, late)


def test_whoever_prepared_it_cannot_file_it(unit, process, clerk, unit_approver, officer, reseated):
    story.accepted_year(unit, clerk, officer)
    report = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    with pytest.raises(Refusal):
        annual.file(report, by=reseated(clerk, unit_approver), at=at("2026-02-21"))


def test_preparing_again_replaces_what_is_not_filed(unit, process, clerk, unit_approver, officer):
    story.accepted_year(unit, clerk, officer)
    first = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    second = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-21"))
    first.refresh_from_db()
    assert (first.state, second.version, second.state) == (State.SUPERSEDED, 2, State.PREPARED)
    with pytest.raises(Refusal):
        annual.file(first, by=unit_approver, at=at("2026-02-22"))
    annual.file(second, by=unit_approver, at=at("2026-02-22"))
    for act in (
        lambda: annual.file(second, by=unit_approver, at=at("2026-02-23")),
        lambda: annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-23")),
    ):
        with pytest.raises(Refusal):
            act()


def test_a_year_without_a_deadline_is_refused(unit, process, clerk):
    with pytest.raises(Refusal):
        annual.prepare(unit, story.ALUMINIUM, 2031, by=clerk, at=at("2032-02-20"))


def test_the_page_shows_what_the_year_and_its_months_differ_by(unit, process, clerk, officer, client):
    story.accepted_year(unit, clerk, officer)
    report = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    client.force_login(clerk)
    response = client.get(reverse("reporting:annual_report", args=[report.pk]))
    assert response.context["difference"] == 2
    compared = response.context["compared"]
    assert [(row.name, row.year, row.months, row.difference) for row in compared.rows] == [
        ("企业", 320_942, 320_940, 2),
        ("P1", 320_942, 320_940, 2),
    ]
    assert [name for name, _ in compared.causes] == ["数值修约"]
    for row in compared.rows:
        assert sum(tonnes for _, tonnes in row.causes) == row.difference
    page = response.content.decode()
    assert "全年与各月合计对照" in page
    assert "320,940" in page


def test_a_report_is_filed_of_the_months_that_are_asked_for_on_that_day(unit, process, clerk, unit_approver, officer):
    """The unit left, or a line's days were corrected, after it was prepared: it says tonnes that are no part of the year."""
    entry = story.list_unit(unit, 2025, officer)
    story.accepted_year(unit, clerk, officer)
    report = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    entry.state, entry.left_on = "left", dt.date(2025, 11, 5)
    entry.exit_ground, entry.exit_reason = "restructured", "并入"
    entry.save()
    with pytest.raises(Refusal, match=r"2025-12.+2025-11"):
        annual.file(report, by=unit_approver, at=at("2026-02-21"))
    again = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-21"))
    process.closed = dt.date(2025, 11, 30)
    process.save()
    assert annual.file(again, by=unit_approver, at=at("2026-02-22")).state == State.FILED


def test_a_report_with_months_of_a_line_that_did_not_exist_is_not_filed(unit, process, clerk, unit_approver, officer):
    story.list_unit(unit, 2025, officer)
    story.accepted_year(unit, clerk, officer)
    report = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    process.commissioned = dt.date(2025, 2, 1)
    process.save()
    with pytest.raises(Refusal, match="2025-01"):
        annual.file(report, by=unit_approver, at=at("2026-02-21"))
