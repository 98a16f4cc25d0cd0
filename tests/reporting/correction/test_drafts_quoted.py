"""No finding that an officer sees quotes a draft: what is submitted was checked against submitted months only."""

import pytest
from django.urls import reverse

from registry.refusal import Refusal
from reporting import review
from reporting.filing import intake
from reporting.models import Package, Submission
from tests.cast import at
from tests.confirming import confirm
from tests.reporting import story

BEFORE, MONTH = "2025-07", "2025-08"
CHANGE, STOCK, ANODE = "change.large", "ledger.discontinuous", "anode.out_of_band"


def codes(submission: Submission) -> list[str]:
    return list(submission.findings.order_by("number").values_list("code", flat=True))


def submit(submission: Submission, clerk) -> Submission:
    return story.submit(submission, by=clerk, at=story.READ_AT).submission


def test_the_clerk_is_told_what_their_draft_says_and_the_officer_is_not(unit, process, clerk, officer, client_for):
    story.read(unit, BEFORE, clerk)
    # 8,000 t → 10,400 t anode and 17,000 t → 22,100 t metal: 30 % more than the draft of July
    august = story.read(unit, MONTH, clerk, anode="10400", metal="22100")
    assert CHANGE in codes(august)
    submitted = submit(august, clerk)
    assert (submitted.version, submitted.upload, CHANGE in codes(submitted)) == (2, august.upload, False)
    desk = client_for(officer)
    assert CHANGE not in desk.get(reverse("reporting:package", args=[august.package_id])).text
    draft = reverse("reporting:package_version", args=[august.package_id, 1])
    assert desk.get(draft).status_code == 404
    assert review.accept(submitted, by=officer, at=story.READ_AT).state == Package.State.ACCEPTED


def test_a_submitted_month_is_quoted(unit, process, clerk):
    story.submitted(unit, BEFORE, clerk)
    august = story.read(unit, MONTH, clerk, anode="10400", metal="22100")
    assert submit(august, clerk) == august
    assert CHANGE in codes(august)


def test_a_month_submitted_since_is_quoted_and_the_clerk_is_told(unit, process, clerk, client_for):
    august = story.read(unit, MONTH, clerk, anode="10400", metal="22100")
    assert CHANGE not in codes(august)
    story.submitted(unit, BEFORE, clerk)
    story.support(august.package, clerk, story.READ_AT)
    address = reverse("reporting:submission_submit", args=[august.pk])
    answer = confirm(client_for(clerk, "en"), address, follow=True)
    assert "It was checked again against previously submitted months" in answer.text
    package = Package.objects.get(pk=august.package_id)
    assert (package.state, package.submission.version) == (Package.State.SUBMITTED, 2)
    assert CHANGE in codes(package.submission)


def test_a_contradiction_with_a_month_submitted_since_refuses(unit, process, clerk, with_stock):
    august = story.read(unit, MONTH, clerk)  # opens with 500 t
    with_stock(500, 600)
    story.submitted(unit, BEFORE, clerk)
    with pytest.raises(Refusal):
        submit(august, clerk)
    assert story.current(august.package) == august
    assert august.package.submissions.count() == 1
    intake.read_again(august.package, by=clerk, at=story.READ_AT)
    story.do_jobs()
    again = story.current(august.package)
    [finding] = again.findings.filter(code=STOCK)
    assert (finding.params["opening"], finding.params["closing"]) == ("500.00", "600.00")


def test_what_contradicts_their_own_draft_blocks_the_clerk_before_anybody_sees_it(unit, process, clerk, with_stock):
    with_stock(500, 600)
    story.read(unit, BEFORE, clerk)
    with_stock(500, 500)
    august = story.read(unit, MONTH, clerk)
    assert STOCK in codes(august)
    with pytest.raises(Refusal):
        submit(august, clerk)


def test_a_month_that_was_sent_back_is_not_quoted(unit, process, clerk, officer):
    july = story.submitted(unit, BEFORE, clerk)
    review.send_back(july, reason="台账缺页", by=officer, at=story.READ_AT)
    august = story.read(unit, MONTH, clerk, anode="10400", metal="22100")
    assert CHANGE in codes(august)  # on their desk it counts until its successor is there
    assert CHANGE not in codes(submit(august, clerk))


def test_reasons_go_with_the_version_that_is_submitted(unit, process, clerk):
    story.read(unit, BEFORE, clerk, anode="7000")
    # 9,900 t of anode for 17,000 t of metal: 0.58 t/t, outside 0.43–0.52 in either version
    august = story.read(unit, MONTH, clerk, anode="9900", metal="17000")
    given = intake.answer(august.findings.get(code=ANODE), reason="启动新槽", by=clerk, at=story.READ_AT)
    submitted = submit(august, clerk)
    assert (CHANGE in codes(august), CHANGE in codes(submitted)) == (True, False)
    [carried] = submitted.findings.get(code=ANODE).answers.all()
    assert (carried.reason, carried.by, carried.at) == (given.reason, clerk, story.READ_AT)


def test_reading_again_makes_no_version_where_nothing_changed(unit, process, clerk):
    july, august = story.read(unit, BEFORE, clerk), story.read(unit, MONTH, clerk)
    assert submit(august, clerk) == august
    assert submit(july, clerk) == july


def test_the_day_of_reading_stands(unit, process, clerk):
    """A month of the future stays an error however late it is submitted: the check is of the day on which it was uploaded."""
    early = story.read(unit, "2025-11", clerk, at("2025-10-15"))
    assert "period.not_begun" in codes(early)
    with pytest.raises(Refusal):
        story.submit(early, by=clerk, at=at("2025-12-05"))
