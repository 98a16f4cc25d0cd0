"""The month board and the unit's year on a day that is past: states as they were, not as they are."""

import datetime as dt

import pytest
from django.urls import reverse

from registry.models import Job
from reporting import queries as selectors
from reporting import review, verification
from reporting.filing import annual, intake
from reporting.models import Package
from tests.cast import at
from tests.reporting import story

State = Package.State
PERIOD = "2025-07"  # due on 2025-09-09


@pytest.fixture
def listed(unit, process, officer):
    return story.list_unit(unit, 2025, officer)


@pytest.fixture
def returned(listed, unit, clerk, officer):
    """Uploaded on 1 September, submitted on the 3rd, sent back on the 20th, corrected on the 25th and accepted on the 30th."""
    first = story.read(unit, PERIOD, clerk, at("2025-09-01 10:00"))
    story.submit(first, by=clerk, at=at("2025-09-03 10:00"))
    review.send_back(first, reason="台账缺页", by=officer, at=at("2025-09-20 10:00"))
    second = story.read(unit, PERIOD, clerk, at("2025-09-25 10:00"), anode="8010")
    story.submit(second, by=clerk, at=at("2025-09-26 10:00"))
    review.accept(second, by=officer, at=at("2025-09-30 10:00"))
    return first.package


def card_on(unit, day: str) -> selectors.Card:
    board = selectors.sector_year(unit, story.ALUMINIUM, 2025, dt.date.fromisoformat(day))
    return next(card for card in board.cards if card.period == PERIOD)


@pytest.mark.parametrize(
    ("day", "state", "version", "tone"),
    [
        ("2025-08-31", None, None, "neutral"),
        ("2025-09-01", State.READ, 1, "info"),
        ("2025-09-03", State.SUBMITTED, 1, "info"),
        ("2025-09-19", State.SUBMITTED, 1, "info"),
        ("2025-09-20", State.RETURNED, 1, "danger"),
        ("2025-09-25", State.READ, 2, "danger"),  # overdue: the deadline of the 9th counts again since it was sent back
        ("2025-09-26", State.SUBMITTED, 2, "info"),
        ("2025-09-30", State.ACCEPTED, 2, "ok"),
        ("2026-01-01", State.ACCEPTED, 2, "ok"),
    ],
)
def test_a_package_returned_later_was_under_review_then(returned, unit, day, state, version, tone):
    card = card_on(unit, day)
    then = card.package
    assert (then and then.state, then and then.submission.version, card.tone) == (state, version, tone)
    [(_unit, cards)] = selectors.months_of([unit], story.ALUMINIUM, 2025, dt.date.fromisoformat(day))
    assert next(card for card in cards if card.period == PERIOD) == card


def test_an_upload_that_could_not_be_read_leaves_the_package_open(listed, unit, clerk):
    package = intake.package_of(unit, story.ALUMINIUM, PERIOD)
    intake.receive(package, story.book(unit, PERIOD), "a.xlsx", by=clerk, at=at("2025-09-01"))
    Job.objects.update(state=Job.State.FAILED)
    story.read(unit, PERIOD, clerk, at("2025-09-05"), anode="8010")
    standing = card_on(unit, "2025-09-01").package
    assert (standing.state, standing.submission) == (State.OPEN, None)
    assert card_on(unit, "2025-08-31").package is None


def test_late_is_what_the_first_submission_was(listed, unit, clerk, officer):
    submission = story.read(unit, PERIOD, clerk, at("2025-09-01"))
    story.submit(submission, by=clerk, at=at("2025-09-10 00:00"))
    assert (card_on(unit, "2025-09-09").package.late, card_on(unit, "2025-09-10").package.late) == (False, True)
    review.send_back(submission, reason="缺页", by=officer, at=at("2025-09-12"))
    assert card_on(unit, "2025-09-11").package.late


def test_both_pages_show_the_day(returned, unit, clerk, officer, client_for):
    board = client_for(officer, "en").get(
        reverse("reporting:package_board"), {"as_of": "2025-09-20", "sector": story.ALUMINIUM, "year": 2025}
    )
    assert board.text.count('title="sent back · overdue"') == 1
    year = reverse("reporting:unit_year", args=[unit.pk, 2025])
    page = client_for(clerk, "en").get(year, {"as_of": "2025-09-03"})
    assert ("under review" in page.text, "26,745" in page.text) == (True, True)  # the first version's tonnes
    assert "sent back" not in page.text
    assert "1 of 12 accepted" in client_for(clerk, "en").get(year, {"as_of": "2025-10-01"}).text


def test_report_and_verification_are_of_the_day_too(report, unit, verifier, officer, approver, clerk):
    given = verification.assign(report, verifier.body, by=officer, at=at("2026-04-10"))
    verification.confirm_all(given, by=verifier, at=at("2026-04-12"))
    verification.conclude(given, by=verifier, at=at("2026-04-12"))
    verification.send_back(given, reason="缺", by=approver, at=at("2026-04-14"))
    verification.settle(
        given, report.data.first(), value=report.data.first().value, reason="附台账", by=verifier, at=at("2026-04-15")
    )
    verification.conclude(given, by=verifier, at=at("2026-04-16"))
    verification.approve(given, by=approver, at=at("2026-04-18"))

    def on(day: str) -> tuple[str | None, str | None]:
        board = selectors.sector_year(unit, story.ALUMINIUM, 2025, dt.date.fromisoformat(day))
        return (
            str(board.report.state) if board.report else None,
            str(board.verification.state) if board.verification else None,
        )

    assert on("2026-02-19") == (None, None)
    assert on("2026-02-20") == ("prepared", None)
    assert on("2026-03-01") == ("filed", None)
    assert on("2026-04-10") == ("filed", "assigned")
    assert on("2026-04-12") == ("filed", "concluded")
    assert on("2026-04-14") == ("filed", "returned")
    assert on("2026-04-16") == ("filed", "concluded")
    assert on("2026-04-18") == ("filed", "approved")
    report.refresh_from_db()
    assert report.state == "filed"


def test_a_report_prepared_anew_hides_none_that_counted_before(unit, process, clerk, officer):
    story.accepted_year(unit, clerk, officer)
    annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-25"))
    for day, version in (("2026-02-21", 1), ("2026-02-25", 2)):
        board = selectors.sector_year(unit, story.ALUMINIUM, 2025, dt.date.fromisoformat(day))
        assert (board.report.version, board.report.state) == (version, "prepared")


@pytest.mark.parametrize(("day", "queries"), [("2026-10-01", 4), ("2025-09-19", 7)])
def test_as_many_questions_for_many_packages_as_for_one(
    returned, unit, clerk, officer, day, queries, django_assert_num_queries
):
    units, asked = [unit], dt.date.fromisoformat(day)
    with django_assert_num_queries(queries):
        selectors.months_of(units, story.ALUMINIUM, 2025, asked)
    for period in story.MONTHS[7:10]:
        story.accepted(unit, period, clerk, officer, at("2025-12-01"))
    with django_assert_num_queries(queries):
        selectors.months_of(units, story.ALUMINIUM, 2025, asked)
    with django_assert_num_queries(queries + 3):  # report, verification, from which day the entry's terms run
        selectors.sector_year(unit, story.ALUMINIUM, 2025, asked)
