"""Every pair of state and act of a package: the lawful move and the forbidden ones."""

import pytest

from registry.refusal import Refusal
from reporting import review
from reporting.filing import annual, intake
from reporting.models import Package
from tests.cast import at
from tests.reporting import story

State = Package.State
WHEN = at("2025-10-02 09:00")


@pytest.fixture
def bring(unit, process, clerk, officer):
    """`bring(state)`: the July package in that state."""

    def to(state: str) -> Package:
        package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
        if state == State.OPEN:
            return package
        submission = story.read(unit, "2025-07", clerk)
        story.support(package, clerk, WHEN)
        if state != State.READ:
            intake.submit(submission, by=clerk, at=WHEN)
        if state == State.ACCEPTED:
            review.accept(submission, by=officer, at=WHEN)
        if state == State.RETURNED:
            review.send_back(submission, reason="台账缺页", by=officer, at=WHEN)
        package.refresh_from_db()
        assert package.state == state
        return package

    return to


ACTS = {
    "upload": lambda package, clerk, officer: intake.receive(
        package, story.book(package.unit, "2025-07", anode="8200"), "b.xlsx", by=clerk, at=WHEN
    ),
    "check again": lambda package, clerk, officer: intake.read_again(package, by=clerk, at=WHEN),
    "submit": lambda package, clerk, officer: intake.submit(package.submission, by=clerk, at=WHEN),
    "accept": lambda package, clerk, officer: review.accept(package.submission, by=officer, at=WHEN),
    "send back": lambda package, clerk, officer: review.send_back(
        package.submission, reason="台账缺页", by=officer, at=WHEN
    ),
    "reopen": lambda package, clerk, officer: review.reopen(package.submission, reason="台账缺页", by=officer, at=WHEN),
}

# (state, act) → the state after the act and, for what a job does, after its job. Every other pair is refused.
LAWFUL = {
    (State.OPEN, "upload"): State.READ,
    (State.READ, "upload"): State.READ,
    (State.RETURNED, "upload"): State.READ,
    (State.READ, "check again"): State.READ,
    (State.READ, "submit"): State.SUBMITTED,
    (State.SUBMITTED, "accept"): State.ACCEPTED,
    (State.SUBMITTED, "send back"): State.RETURNED,
    (State.ACCEPTED, "reopen"): State.RETURNED,
}


NEEDS_A_VERSION = {"submit", "accept", "send back", "reopen"}
PAIRS = [(state, act) for state in State for act in ACTS if not (state == State.OPEN and act in NEEDS_A_VERSION)]


@pytest.mark.parametrize(("state", "act"), PAIRS)
def test_every_pair_of_state_and_act(bring, clerk, officer, state, act):
    package = bring(state)
    after = LAWFUL.get((state, act))
    if after is None:
        with pytest.raises(Refusal):
            ACTS[act](package, clerk, officer)
        package.refresh_from_db()
        assert package.state == state
    else:
        ACTS[act](package, clerk, officer)
        story.do_jobs()
        package.refresh_from_db()
        assert package.state == after


def test_sending_back_needs_a_reason(bring, officer):
    package = bring(State.SUBMITTED)
    with pytest.raises(Refusal):
        review.send_back(package.submission, reason=" \n", by=officer, at=WHEN)


def test_whoever_submitted_cannot_review(bring, clerk, officer, reseated):
    package = bring(State.SUBMITTED)
    moved = reseated(clerk, officer)
    for act in (
        lambda: review.accept(package.submission, by=moved, at=WHEN),
        lambda: review.send_back(package.submission, reason="x", by=moved, at=WHEN),
    ):
        with pytest.raises(Refusal):
            act()


def test_two_officers_at_once_the_second_is_told(bring, officer, second_officer):
    package = bring(State.SUBMITTED)
    review.accept(package.submission, by=officer, at=WHEN)
    with pytest.raises(Refusal):
        review.accept(package.submission, by=second_officer, at=WHEN)


def test_a_version_that_is_no_longer_current_cannot_be_accepted(bring, unit, clerk, officer):
    package = bring(State.RETURNED)
    old = package.submission
    story.submitted(unit, "2025-07", clerk, anode="8100")
    with pytest.raises(Refusal):
        review.accept(old, by=officer, at=WHEN)


def test_a_resubmission_is_a_new_version_and_the_old_one_stays(bring, unit, clerk, officer):
    package = bring(State.RETURNED)
    story.accepted(unit, "2025-07", clerk, officer, anode="8100")
    # 8,100 t: 8,100 × 0.8482 × 0.976 × 44/12 = 24,586.943… → 24,586.94; + 2,461.77 = 27,048.71
    assert list(package.submissions.order_by("version").values_list("version", "emissions")) == [
        (1, 26_745),
        (2, 27_049),
    ]
    kinds = package.events.order_by("pk").values_list("kind", "submission__version")
    assert list(kinds) == [("submitted", 1), ("returned", 1), ("submitted", 2), ("accepted", 2)]


def test_an_accepted_month_stays_once_the_report_is_filed(report, officer):
    source = report.sources.select_related("submission").first()
    with pytest.raises(Refusal):
        review.reopen(source.submission, reason="台账缺页", by=officer, at=at("2026-03-05"))


def test_an_accepted_month_sent_back_makes_a_prepared_report_stale(unit, process, clerk, unit_approver, officer):
    submissions = story.accepted_year(unit, clerk, officer)
    prepared = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    review.reopen(submissions[3], reason="台账缺页", by=officer, at=at("2026-02-21"))
    with pytest.raises(Refusal):
        annual.file(prepared, by=unit_approver, at=at("2026-02-22"))
    story.accepted(unit, "2025-04", clerk, officer, at("2026-02-23"), anode="8100")
    with pytest.raises(Refusal):  # accepted again, but in another version than the report was made from
        annual.file(prepared, by=unit_approver, at=at("2026-02-24"))
