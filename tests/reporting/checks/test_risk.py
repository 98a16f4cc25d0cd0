"""What makes a package be looked at first: points by the weights of risk.toml, kept on the package's row."""

import datetime as dt
from decimal import Decimal

import pytest

from registry.jobs import nightly
from registry.models import ParameterChange, ParameterDecision
from reporting import guidelines, review
from reporting.filing import intake
from reporting.findings.catalogue import CATALOGUE
from reporting.models import FindingAnswer, FindingRow, Package
from reporting.submissions import peers, risk_facts, risk_points
from reporting.submissions.risk_points import Facts, Part, Warned
from tests.cast import at
from tests.reporting import story

DAY = dt.date(2025, 10, 1)


def points(facts: Facts) -> dict[str, int]:
    parts = risk_points.score(facts, guidelines.risk_weights(), DAY)
    return {part.code or part.kind: part.points for part in parts}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), {}),
        (Facts(blocked=1), {"blocked": 2}),
        (Facts(blocked=9), {"blocked": 18}),
        (Facts(blocked=10), {"blocked": 18}),  # 20, at most 18
        (Facts(returned=2), {"returned": 12}),
        (Facts(late=1), {"late": 3}),
        (Facts(warnings=(Warned("change.large", answered=False),)), {"change.large": 6}),  # of an ordinary kind
        (Facts(warnings=(Warned("change.large", answered=True),)), {"change.large": 2}),  # 6 × 40 % = 2.4 → 2
        (Facts(warnings=(Warned("output.above_capacity", answered=False),)), {"output.above_capacity": 15}),
        (Facts(warnings=(Warned("output.above_capacity", answered=True),)), {"output.above_capacity": 6}),
        (Facts(z=Decimal("3.99")), {"peers": 6}),  # three whole, 2 each
        (Facts(z=Decimal("-3.99")), {"peers": 6}),
        (Facts(z=Decimal("0.99")), {}),
        (Facts(z=Decimal("55.00")), {"peers": 20}),  # 110, at most 20
        (Facts(tonnes=19_999), {}),
        (Facts(tonnes=20_000), {"value": 1}),
        (Facts(tonnes=9_000_000), {"value": 20}),
        (Facts(tonnes=-5), {}),
    ],
)
def test_points(facts, expected):
    assert points(facts) == expected


def test_the_heaviest_part_stands_first():
    facts = Facts(late=1, returned=1, tonnes=20_000)
    assert [part.kind for part in risk_points.score(facts, guidelines.risk_weights(), DAY)] == [
        "returned",
        "late",
        "value",
    ]


def test_a_part_is_stored_and_read_alike():
    part = Part("warning", 6, "answered", "change.large")
    assert Part.from_json(part.as_json()) == part


def test_every_code_with_a_weight_of_its_own_is_a_finding():
    assert set(guidelines.risk_weights().under("code")) <= set(CATALOGUE)


def test_a_submitted_package_carries_its_score(unit, planned, process, clerk):
    package = story.submitted(unit, "2025-09", clerk).package
    package.refresh_from_db()
    # 26,745 t → one point for each 20,000 t; nothing found, no history
    assert (package.risk, [part.kind for part in risk_facts.parts_of(package)]) == (1, ["value"])


def no_workbook(package, clerk) -> None:
    """A version that errors block."""
    intake.receive(package, b"nonsense", "x.xlsx", by=clerk, at=story.READ_AT)
    story.do_jobs()
    assert package.submissions.latest("version").errors


def test_history_counts_returns_late_months_and_blocked_versions(unit, planned, process, clerk, officer):
    first = story.submitted(unit, "2025-07", clerk, at("2025-09-20 09:00"))  # due on 2025-09-09: late
    review.send_back(first, reason="台账缺页", by=officer, at=story.READ_AT)
    no_workbook(first.package, clerk)
    again = story.submitted(unit, "2025-07", clerk, anode="8010")
    parts = {part.kind: part for part in risk_facts.parts_of(Package.objects.get(pk=again.package_id))}
    assert {kind: part.points for kind, part in parts.items()} == {"blocked": 2, "returned": 6, "late": 3, "value": 1}
    # the month after looks back on it
    august = story.submitted(unit, "2025-08", clerk)
    points = {part.kind: part.points for part in risk_facts.parts_of(Package.objects.get(pk=august.package_id))}
    assert (points["blocked"], points["returned"], points["late"]) == (2, 6, 3)
    # the month before it does not
    june = story.submitted(unit, "2025-06", clerk)
    assert [part.kind for part in risk_facts.parts_of(Package.objects.get(pk=june.package_id))] == ["value"]


def test_drafts_of_other_months_say_nothing(unit, planned, process, clerk):
    no_workbook(intake.package_of(unit, story.ALUMINIUM, "2025-08"), clerk)
    package = story.submitted(unit, "2025-09", clerk).package
    package.refresh_from_db()
    assert [part.kind for part in risk_facts.parts_of(package)] == ["value"]


def warn(submission, code="change.large") -> FindingRow:
    return FindingRow.objects.create(
        submission=submission, number=900, code=code, severity="warning", blocks=False, params={}
    )


def test_an_answered_warning_weighs_less(unit, planned, process, clerk):
    first, second = story.submitted(unit, "2025-08", clerk), story.submitted(unit, "2025-09", clerk)
    warn(first)
    FindingAnswer.objects.create(finding=warn(second), reason="检修", by=clerk, at=story.READ_AT)
    packages = list(Package.objects.order_by("period"))
    risk_facts.weigh(packages, story.READ_AT)
    assert [package.risk for package in packages] == [7, 3]  # 6 + 1; 2 + 1


def test_a_score_of_a_version_that_was_overtaken_meanwhile_is_not_kept(unit, planned, process, clerk, officer):
    first = story.submitted(unit, "2025-09", clerk)
    overtaken = Package.objects.get(pk=first.package_id)
    review.send_back(first, reason="台账缺页", by=officer, at=story.READ_AT)
    story.submitted(unit, "2025-09", clerk, anode="8010")
    kept = Package.objects.get(pk=first.package_id)
    warn(first)
    risk_facts.weigh([overtaken], story.READ_AT)
    now = Package.objects.get(pk=first.package_id)
    assert (now.risk, now.risk_parts) == (kept.risk, kept.risk_parts)
    assert overtaken.risk_parts != kept.risk_parts


def test_the_distance_from_peers_counts(unit, planned, process, clerk, monkeypatch):
    submission = story.submitted(unit, "2025-09", clerk)
    far = peers.Standing(Decimal(1), (Decimal(1), Decimal(1)), 9, Decimal(2), Decimal("-7.50"), far=True)
    monkeypatch.setattr(peers, "standings_of", lambda rows, *_rest: {row.line_id: far for row in rows})
    package = submission.package
    package.refresh_from_db()
    risk_facts.weigh([package], story.READ_AT)
    assert package.risk == 15  # seven whole × 2, and 1 for the tonnes


def test_the_night_weighs_anew_what_waits_by_changed_weights(
    unit, planned, process, clerk, officer, analyst, ministry_approver, do_jobs
):
    story.accepted(unit, "2025-06", clerk, officer)
    waiting = story.submitted(unit, "2025-09", clerk).package
    change = ParameterChange.objects.create(
        book="risk", parameter="value.tonnes", value="2000", since=dt.date(2025, 10, 2), reason="试",
        proposed_by=analyst, proposed_at=story.READ_AT,
    )  # fmt: skip
    ParameterDecision.objects.create(
        change=change, approved=True, proposed_by=analyst, by=ministry_approver, at=story.READ_AT
    )
    nightly.ask(at("2025-10-03 03:00"))
    do_jobs()
    waiting.refresh_from_db()
    assert waiting.risk == 13  # 26,745 // 2,000
    assert Package.objects.get(period="2025-06").risk == 1  # decided on: left as it was


def test_weighing_many_asks_as_much_as_weighing_one(unit, process, clerk, django_assert_num_queries):
    for month in range(1, 7):
        story.submitted(unit, f"2025-{month:02}", clerk)
    packages = list(Package.objects.all())
    # weights, histories, warnings, lines; of each of six months: thresholds and peers; one update
    with django_assert_num_queries(4 + 6 * 2 + 1):
        risk_facts.weigh(packages, story.READ_AT)


def test_submitting_without_an_answer_is_still_possible(unit, process, clerk):
    submission = story.read(unit, "2025-07", clerk)
    warn(submission)
    story.submit(submission, by=clerk, at=story.READ_AT)
    assert Package.objects.get().risk >= 1


@pytest.mark.parametrize(("period", "looked_back_on"), [("2026-02", True), ("2026-03", False)])
def test_history_is_twelve_months_the_packages_own_among_them(unit, process, clerk, period, looked_back_on):
    """March 2025 came late. March 2025 to February 2026 are twelve months; a year later it is the thirteenth."""
    story.submitted(unit, "2025-03", clerk, at("2025-12-01 09:00"))
    package = story.submitted(unit, period, clerk, at("2026-06-01 09:00")).package
    package.refresh_from_db()
    late = [part.points for part in risk_facts.parts_of(package) if part.kind == "late"]
    assert late == ([6] if looked_back_on else [3])  # its own lateness, and March's
