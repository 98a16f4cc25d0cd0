"""A line among its peers: what is worked out, when, from what; what the finding and the officer's page say; what a threshold would do."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from registry import jobs, parameters
from registry.jobs import nightly
from registry.models import Job
from reporting import review
from reporting.checks.peers import month_of
from reporting.filing import intake
from reporting.models import FindingRow, Package, PeerMonth
from reporting.submissions import peers, threshold_effects
from tests.cast import at
from tests.reporting import story
from tests.reporting.story import ALUMINIUM, READ_AT

MONTH = "2025-09"
NIGHT = at("2025-10-02 02:30")
MORNING = at("2025-10-02 07:00")


def numbers(*values: str) -> list[Decimal]:
    return [Decimal(value) for value in values]


def test_a_month_by_hand():
    """1, 2, 3, 4, 10: middle 3, distances 2 1 0 1 7 → 1; quartiles 2 and 4."""
    month = month_of(numbers("4", "1", "10", "2", "3"))
    assert (month.count, month.median, month.mad, month.lower, month.upper) == (5, 3, 1, 2, 4)
    # 1, 2, 3, 5: middle 2.5, distances 1.5 0.5 0.5 2.5 → 1; quartiles 1.75 and 3.5
    month = month_of(numbers("1", "2", "3", "5"))
    assert (month.median, month.mad, month.lower, month.upper) == (Decimal("2.5"), 1, Decimal("1.75"), Decimal("3.5"))
    assert month_of(numbers("1.5")) == month_of(numbers("1.5", "1.5")).__class__(1, *numbers("1.5", "0", "1.5", "1.5"))


@pytest.fixture
def smelters(make_unit, make_line, make_person):
    """`smelters(8)`: that many units that have submitted the month, each with a little more anode than the one before."""

    def make(many: int) -> list:
        made = []
        for number in range(many):
            unit = make_unit(ALUMINIUM, name=f"同业{number}号铝业有限公司", number=1000 + number)
            story.electrolysis(unit, make_line)
            clerk = make_person("unit_clerk", f"经办{number}", unit=unit)
            made.append(story.submitted(unit, MONTH, clerk, anode=str(8000 + 10 * number)))
        return made

    return make


def compute() -> None:
    """What the night does."""
    for job in nightly.ask(NIGHT):
        if job.kind == "reporting.peers_nightly":
            jobs.run(job.pk)
            job.refresh_from_db()
            assert job.state == Job.State.DONE, job.error


def test_the_night_works_out_what_was_submitted(smelters):
    smelters(3)
    compute()
    month = peers.facts(ALUMINIUM, MONTH, MORNING)[""]
    # 8,000 t: 24,283.40 + 2,461.77 → 26,745 t; 10 t of anode more are 30.354 t: 26,776 and 26,806; by 17,000 t of metal:
    # 1.573235, 1.575059 and 1.576824; distances 0.001824, 0, 0.001765 → 0.001765; quartiles half-way
    assert (month.count, month.median, month.mad) == (3, Decimal("1.575059"), Decimal("0.001765"))
    assert (month.lower, month.upper) == (Decimal("1.574147"), Decimal("1.575942"))


def test_the_night_catches_up_after_nights_that_were_missed(smelters):
    smelters(2)
    [job] = [job for job in nightly.ask(at("2025-10-20 02:30")) if job.kind == "reporting.peers_nightly"]
    jobs.run(job.pk)
    assert peers.facts(ALUMINIUM, MONTH, at("2025-10-20 07:00"))[""].count == 2


def test_only_what_is_submitted_counts(smelters, officer):
    [first, second] = smelters(2)
    review.send_back(first, reason="台账不符", by=officer, at=READ_AT)
    compute()
    assert peers.facts(ALUMINIUM, MONTH, MORNING)[""].count == 1
    review.send_back(second, reason="台账不符", by=officer, at=READ_AT)
    compute_again("2025-10-03 03:00")
    assert peers.facts(ALUMINIUM, MONTH, at("2025-10-03 07:00"))[""].count == 0
    assert peers.facts(ALUMINIUM, MONTH, MORNING)[""].count == 1  # what was known before stays known


def test_what_has_not_changed_is_not_kept_twice(smelters):
    smelters(2)
    compute()
    known = PeerMonth.objects.count()
    compute_again("2025-10-03 03:00")
    assert PeerMonth.objects.count() == known


def test_what_was_read_before_more_came_in_is_submitted_as_it_was_read(smelters, unit, process, clerk, officer):
    """The clerk's reason for a warning stays with it although the peers' month has moved since."""
    made = smelters(8)
    compute()
    submission = story.read(unit, MONTH, clerk, anode="9500", when=at("2025-10-03"))
    finding = submission.findings.get(code="outlier.peers")
    intake.answer(finding, reason="检修后重新启动", by=clerk, at=at("2025-10-03 10:00"))
    review.send_back(made[0], reason="台账不符", by=officer, at=at("2025-10-03 12:00"))
    compute_again("2025-10-04 03:00")
    story.submit(submission, by=clerk, at=at("2025-10-05"))
    package = Package.objects.get(pk=submission.package_id)
    assert package.submission_id == submission.pk


def compute_again(when: str) -> None:
    payload = {"months": [[ALUMINIUM, MONTH]]}
    jobs.run(jobs.enqueue("reporting.peers", key=when, by=None, at=at(when), payload=payload).pk)


def test_a_day_of_submissions_asks_once(smelters):
    smelters(3)
    keys = Job.objects.filter(kind="reporting.peers").values_list("key", flat=True)
    assert list(keys) == [f"reporting.peers:{MONTH}:{ALUMINIUM}:2025-10-01"]


def test_acts_of_the_same_instant_know_nothing_of_each_other(smelters):
    """So what is kept is the same whichever of them is written first."""
    smelters(2)
    assert peers.compute(ALUMINIUM, MONTH, READ_AT) == []
    [month] = peers.compute(ALUMINIUM, MONTH, READ_AT + dt.timedelta(seconds=1))
    assert month.count == 2
    PeerMonth.objects.all().delete()
    month.save()
    assert peers.facts(ALUMINIUM, MONTH, month.computed_at) == {}
    assert peers.bands(ALUMINIUM, [MONTH], month.computed_at) == {}


def test_working_out_asks_one_question_however_many_lines(smelters, django_assert_num_queries):
    smelters(4)
    with django_assert_num_queries(1):
        [month] = peers.compute(ALUMINIUM, MONTH, NIGHT)
    assert month.count == 4


def test_a_line_far_from_its_peers_is_told_so_without_naming_any(smelters, unit, process, clerk):
    smelters(8)
    compute()
    submission = story.read(unit, MONTH, clerk, anode="9500", when=at("2025-10-03"))
    finding = FindingRow.objects.get(submission=submission, code="outlier.peers")
    # (28,836.54 + 2,461.77 → 31,298) / 17,000 = 1.8411; the eight: 26,745 … 26,958, middle (26,836 + 26,867) / 2 → 1.5795
    assert finding.params["count"] == "8"
    assert (finding.params["found"], finding.params["median"]) == ("1.8411", "1.5795")
    assert set(finding.params) == {"line", "found", "median", "count", "score"}
    assert not finding.blocks
    assert finding.threshold.value == "3.5"
    assert finding.threshold.change is None


@pytest.mark.parametrize("many", [0, 7])
def test_without_enough_peers_nothing_is_said(smelters, unit, process, clerk, many):
    smelters(many)
    compute()
    submission = story.read(unit, MONTH, clerk, anode="9500", when=at("2025-10-03"))
    assert not submission.findings.filter(code="outlier.peers").exists()
    assert peers.standings(submission, MORNING) == {}


def test_how_a_line_stands(smelters, unit, process, clerk, django_assert_max_num_queries):
    smelters(8)
    submission = story.submitted(unit, MONTH, clerk)
    compute()
    with django_assert_max_num_queries(3):
        stands = peers.standing(process, MONTH, MORNING)
    # nine now, the unit at 26,745 like the lowest: middle the fourth of the others, 26,836 / 17,000; distances from it: 91 91 60 30 0
    # 31 61 91 122 by 17,000 → 61 / 17,000 = 0.003588: 0.6745 × −91 / 61 = −1.01
    assert (stands.count, stands.own, stands.median) == (9, Decimal("1.573235"), Decimal("1.578588"))
    assert stands.z == Decimal("-1.01")
    assert stands.far is False
    assert peers.standings(submission, MORNING) == {process.pk: stands}
    assert peers.standing(process, "2025-08", MORNING) is None


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_officer_sees_the_deviation(client_for, smelters, unit, process, clerk, officer, language):
    smelters(8)
    compute()
    submission = story.read(unit, MONTH, clerk, anode="9500", when=at("2025-10-03"))
    story.submit(submission, by=clerk, at=at("2025-10-03"))
    page = (
        client_for(officer, language).get(reverse("reporting:package", args=[submission.package_id])).content.decode()
    )
    assert "1.5795" in page
    assert reverse("registry:parameter", args=["checks", "outlier.peers.score"]) in page
    assert "同业0号" not in page
    # On a narrow screen every cell of the tables stands beside its heading.
    for body in re.findall(r'<div class="table-region cards".*?<tbody>(.*?)</tbody>', page, re.DOTALL):
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
            cells = re.findall(r"<t[dh][^>]*>", row)
            assert all("data-label=" in cell or "actions" in cell for cell in cells[1:]), row


# Thresholds.


def test_a_version_keeps_the_thresholds_it_was_checked_with(unit, process, clerk, analyst, ministry_approver):
    said = {"reason": "上月三成预警无异常", "by": analyst}
    change = parameters.propose(
        "checks", "change.month", value="15", since=dt.date(2025, 9, 1), at=at("2025-08-01"), **said
    )
    parameters.decide(change, approve=True, by=ministry_approver, at=at("2025-08-02"))
    august = story.submitted(unit, "2025-08", clerk)
    # 18 % more of both: found by 15 % in September, by which August was not checked yet
    september = story.read(unit, MONTH, clerk, anode="9440", metal="20060")
    assert august.thresholds["change.month"] == ["20", None]
    assert september.thresholds["change.month"] == ["15", change.pk]
    finding = september.findings.filter(code="change.large").first()
    assert (finding.threshold.value, finding.threshold.change) == ("15", change.pk)
    assert august.findings.filter(code="change.large").count() == 0


def test_what_a_change_would_do(smelters):
    smelters(3)
    compute()
    law, day = parameters.law("checks", NIGHT), dt.date(2025, 10, 2)
    # 1.5732, 1.5751 and 1.5768 in the band 1.3 to 1.8
    band = "band.aluminium.intensity"
    effect = threshold_effects.effect_of(band, law, tuple(numbers("1.575", "1.8")), day)
    assert (effect.period, effect.checked, effect.before, effect.appear, effect.disappear) == (MONTH, 3, 0, 1, 0)
    assert effect.after == 1
    # 17,000 t of 250,000 t/a × 30 / 365 = 20,547.9 t: 0.827
    capacity = threshold_effects.effect_of("capacity.factor", law, Decimal("0.8"), day)
    assert (capacity.checked, capacity.before, capacity.appear) == (3, 0, 3)
    assert threshold_effects.effect_of("ncv.off_default", law, Decimal(10), day) is None  # stands in the workbooks only
    assert (
        threshold_effects.effect_of(band, law, Decimal(1), dt.date(2025, 8, 31)) is None
    )  # nothing was submitted by then


def test_what_a_change_of_the_monthly_change_would_do(unit, process, clerk):
    story.submitted(unit, "2025-08", clerk)
    story.submitted(unit, MONTH, clerk, anode="9440", metal="20060")  # 18 % more: emissions, output, not intensity
    law, day = parameters.law("checks", NIGHT), dt.date(2025, 10, 2)
    effect = threshold_effects.effect_of("change.month", law, Decimal(15), day)
    assert (effect.checked, effect.before, effect.appear, effect.disappear) == (3, 0, 2, 0)


def test_what_a_change_of_the_peers_score_would_do(smelters):
    smelters(8)
    compute()
    law, day = parameters.law("checks", NIGHT), dt.date(2025, 10, 2)
    effect = threshold_effects.effect_of("outlier.peers.score", law, Decimal(1), day)
    # 26,745 … 26,958 in steps of 30 or 31, middle 26,851.5, median distance 61.25: only the outermost two are off by more than
    # 61.25 / 0.6745 = 90.8: 106.5 on either side
    assert (effect.checked, effect.before, effect.appear) == (8, 0, 2)
