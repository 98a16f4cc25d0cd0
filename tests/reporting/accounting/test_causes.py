"""What follows from a cause is told under it, and never an error under a warning."""

from django.urls import reverse

from reporting.findings import Finding, causes, grouped
from reporting.findings.catalogue import CATALOGUE
from reporting.models import FindingRow
from tests.reporting import story

SHEET = "工序生产数据及排放量表"


def at(code: str, cell: str, **params: str) -> Finding:
    return Finding(code, SHEET, cell, params)


def broken(gap: str) -> Finding:
    return at("ledger.broken", "E10", item="炭阳极", sum=gap, consumed="0")


OPENING = at("ledger.discontinuous", "E6", item="炭阳极", opening="700", closing="500", period="2025-08")


def test_a_stock_that_does_not_continue_is_why_the_ledger_does_not_add_up():
    # 700 − 500 = 200: with last month's closing stock the ledger would add up.
    assert grouped([broken("200"), OPENING]) == [(1, [0])]
    assert grouped([OPENING, broken("200")]) == [(0, [1])]


def test_a_ledger_that_is_out_by_something_else_is_a_finding_of_its_own():
    assert grouped([broken("199"), OPENING]) == [(0, []), (1, [])]


def test_a_missing_output_is_why_a_line_has_fuel_and_makes_nothing():
    missing = at("value.missing", "E18", item="L1 · 产量")
    idle = at("fuel.without_output", "E12", line="L1")
    assert grouped([missing, idle]) == [(0, [1])]
    assert grouped([missing, at("fuel.without_output", "E12", line="L10")]) == [(0, []), (1, [])]


def test_figures_worked_out_from_one_output_are_one_finding():
    change = at("change.large", "E18", line="L1")
    assert grouped([change, at("intensity.outlier", "E18"), at("outlier.peers", "E18")]) == [(0, [1, 2])]
    assert grouped([change, at("intensity.outlier", "E30")]) == [(0, []), (1, [])]


def test_what_follows_is_never_graver_than_its_cause():
    """Else an error would be hidden under a warning."""
    derived = [kind for code, kind in CATALOGUE.items() if code.startswith(causes.DERIVED)]
    assert derived
    assert not any(kind.blocks for kind in derived)
    assert all(CATALOGUE[cause].blocks for cause, _following in causes.SPECIAL)


def test_what_has_no_cell_stands_alone():
    assert grouped([Finding("change.large"), Finding("intensity.outlier")]) == [(0, []), (1, [])]


def test_the_page_counts_causes_and_a_reason_covers_what_follows(unit, process, clerk, client_for):
    submission = story.read(unit, "2025-07", clerk)
    place = {"severity": "warning", "blocks": False, "sheet": SHEET, "cell": "E18"}
    change = {"line": "L1", "what": "产量", "change": "+30.0", "period": "2025-06"}
    outlier = {"line": "L1", "found": "8.1", "median": "7.9", "score": "4.0"}
    rows = [
        FindingRow.objects.create(submission=submission, number=900, code="change.large", params=change, **place),
        FindingRow.objects.create(submission=submission, number=901, code="intensity.outlier", params=outlier, **place),
    ]
    page = reverse("reporting:package", args=[submission.package_id])
    browser = client_for(clerk, "en")
    shown = browser.get(page)
    assert "0 of 2 explained" in shown.text  # these, and that there is no plan
    assert "1 consequence of it" in shown.text
    browser.post(reverse("reporting:package_answers", args=[submission.package_id]), {f"answer-{rows[0].pk}": "检修"})
    assert [row.answers.get().reason for row in rows] == ["检修", "检修"]
    assert "1 of 2 explained" in browser.get(page).text
