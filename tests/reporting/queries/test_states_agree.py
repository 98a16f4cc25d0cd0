"""What one page says of a state, the others say too: board, to-do lists, homes, the package's own page."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from quota_site.home import deadlines, year
from registry.models import Job, Unit
from registry.refusal import Refusal
from reporting import queries, review, verification
from reporting.filing import annual, intake
from reporting.filing import deadlines as extending
from reporting.filing.extending_many import Month, extend_many
from reporting.models import Package, Verification
from reporting.periods.expected import expected_periods
from reporting.queries import month_board, todo
from reporting.review import questions
from reporting.web.tables.verifications import VERIFICATION_TONES
from tests.cast import at
from tests.reporting import story

BOARD = {"sector": story.ALUMINIUM, "year": 2025}
ON = at("2026-04-01")


@pytest.fixture
def listed(unit, process, officer):
    return story.list_unit(unit, 2025, officer)


def titled(person, word: str, when=ON):
    return [each for each in todo.todos(person, when) if word in each.title]


def test_row_and_foot_of_the_board_count_the_same(listed, unit, clerk, officer, client_for):
    """Sent back and past its day: ↩ in its cell, and overdue in row and foot alike."""
    submission = story.submitted(unit, "2025-09", clerk, at("2025-10-05"))
    review.send_back(submission, reason="请更正", by=officer, at=at("2025-10-20"))
    page = client_for(officer, "en").get(reverse("reporting:package_board"), {**BOARD, "as_of": "2025-12-01"})
    (row,) = page.context["rows"]
    _unit, cards, overdue = row
    assert overdue == sum(column.overdue for column in page.context["columns"]) == page.context["overdue"]
    assert overdue == sum(card.overdue for card in cards) > 0
    assert "↩!" in page.text


def test_an_overdue_month_is_on_the_board_that_the_officer_is_led_to(listed, unit, officer, client_for):
    (found,) = titled(officer, "逾期")
    assert found.url == f"{reverse('reporting:package_board')}?year=2025&sector=aluminium"
    page = client_for(officer).get(found.url)
    assert page.context["overdue"] == found.count


def test_a_report_withdrawn_from_its_body_waits_for_another(report, officer, verifier, client_for):
    given = verification.assign(report, verifier.body, by=officer, at=ON)
    assert not titled(officer, "核查机构")
    verification.withdraw(given, reason="派错机构", by=officer, at=ON)
    (found,) = [each for each in todo.todos(officer, ON) if each.url.endswith(f"/reports/{report.pk}/")]
    assert found.count == 1
    listed = client_for(officer).get(reverse("reporting:annual_reports"), {"unassigned": "on"})
    assert [row.pk for row in listed.context["table"].data] == [report.pk]


def test_what_was_sent_back_is_a_task_of_its_own(report, clerk, officer, approver, verifier):
    given = verification.assign(report, verifier.body, by=officer, at=ON)
    verification.confirm_all(given, by=verifier, at=ON)
    verification.conclude(given, by=verifier, at=ON)
    verification.send_back(given, reason="补充", by=approver, at=ON)
    (found,) = todo.todos(verifier, ON)
    assert (found.tone, found.url) == ("danger", reverse("reporting:verification", args=[given.pk]))


def test_a_report_sent_back_is_the_clerks_task(report, clerk, officer):
    annual.send_back(report, reason="请更正", by=officer, at=ON)
    (found,) = titled(clerk, "退回")
    assert (found.tone, found.url) == ("danger", reverse("reporting:annual_report", args=[report.pk]))


def test_the_clerk_prepares_from_the_list_of_reports(unit, process, clerk, officer, client_for):
    story.list_unit(unit, 2025, officer)
    story.accepted_year(unit, clerk, officer)
    page = client_for(clerk).get(reverse("reporting:annual_reports"))
    prepare = reverse("reporting:annual_report_prepare", args=[unit.pk, story.ALUMINIUM, 2025])
    assert prepare in page.text
    assert prepare not in client_for(officer).get(reverse("reporting:annual_reports")).text
    client_for(clerk).post(prepare)
    assert prepare not in client_for(clerk).get(reverse("reporting:annual_reports")).text


# --- The unit's year


def steps(unit, day: dt.date):
    return {step.label: step for step in year.steps(queries.sector_year(unit, story.ALUMINIUM, 2025, day), None, day)}


def test_a_report_that_is_prepared_is_not_reported(unit, process, clerk, officer, unit_approver):
    story.list_unit(unit, 2025, officer)
    story.accepted_year(unit, clerk, officer)
    prepared = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    assert "320,942" not in steps(unit, dt.date(2026, 2, 21))["年度排放报告"].note
    annual.file(prepared, by=unit_approver, at=at("2026-03-01"))
    assert "320,942" in steps(unit, dt.date(2026, 3, 2))["年度排放报告"].note


def test_a_second_verification_is_not_the_first_ones_overdue(report, unit, officer, verifier, approver):
    story.approve_all(report, verifier, officer, approver, at("2026-04-10"))
    verification.assign_again(report, verifier.body, ground="recheck", reason="抽查", by=officer, at=at("2026-08-20"))
    step = steps(unit, dt.date(2026, 9, 1))["核查"]
    assert (step.done, step.state) == (True, "done")
    assert step.note


def test_a_first_verification_still_is(report, unit, officer, verifier):
    verification.assign(report, verifier.body, by=officer, at=at("2026-04-10"))
    assert steps(unit, dt.date(2026, 9, 1))["核查"].state == "late"


def test_the_day_of_a_filed_report_binds_no_more(listed, report, clerk):
    def due(day: dt.date) -> set[tuple[str, int]]:
        found = deadlines.upcoming(clerk, day, dt.date(2026, 12, 31))
        return {(each.parameter.id, each.year) for each in found}

    assert ("deadline.annual_report", 2025) not in due(dt.date(2026, 3, 2))
    assert ("deadline.verification", 2025) in due(dt.date(2026, 3, 2))


def test_a_report_sent_back_is_due_again(listed, report, clerk, officer):
    annual.send_back(report, reason="请更正", by=officer, at=at("2026-03-05"))
    found = deadlines.upcoming(clerk, dt.date(2026, 3, 6), dt.date(2026, 12, 31))
    assert ("deadline.annual_report", 2025) in {(each.parameter.id, each.year) for each in found}


# --- The package's page


def page_of(client, package) -> str:
    return client.get(reverse("reporting:package", args=[package.pk])).text


def test_reopening_is_not_offered_where_it_is_always_refused(report, unit, officer, client_for):
    package = Package.objects.get(unit=unit, period="2025-07")
    reopen = reverse("reporting:submission_reopen", args=[package.submission_id])
    assert reopen not in page_of(client_for(officer), package)
    annual.send_back(report, reason="请更正", by=officer, at=ON)
    assert reopen in page_of(client_for(officer), package)


def test_a_month_sent_back_is_not_praised_and_owes_no_answer_any_more(unit, planned, clerk, officer, client_for):
    submission = story.submitted(unit, "2025-09", clerk, at("2025-10-05"))
    questions.ask(submission, text="台账为何缺页？", by=officer, at=at("2025-10-06"))
    assert "not answered" in page_of(client_for(officer, "en"), submission.package)
    review.send_back(submission, reason="请更正", by=officer, at=at("2025-10-07"))
    for person in (clerk, officer):
        shown = page_of(client_for(person, "en"), submission.package)
        assert "The automatic checks found nothing in this version" in shown
        assert "Nothing was found" not in shown
        assert "decided on without an answer" in shown
        assert "not answered" not in shown


def test_a_failed_reading_is_said_alone_and_can_be_repeated(unit, planned, clerk, client_for, do_jobs):
    submission = story.read(unit, "2025-09", clerk)
    package = submission.package
    package.refresh_from_db()
    assert "version 1, no errors" in page_of(client_for(clerk, "en"), package)
    Job.objects.filter(pk=package.job_id).update(state=Job.State.FAILED, error="gone")
    shown = page_of(client_for(clerk, "en"), package)
    assert "no errors" not in shown
    assert "stored but not checked" in shown
    assert reverse("registry:job", args=[package.job_id]) in shown
    client_for(clerk).post(reverse("reporting:package_check_again", args=[package.pk]))
    do_jobs()
    package.refresh_from_db()
    assert package.job.state == Job.State.DONE


def test_a_failed_first_reading_is_repeated_too(unit, process, clerk):
    submission = story.read(unit, "2025-09", clerk)
    package = Package.objects.get(pk=submission.package_id)
    Package.objects.filter(pk=package.pk).update(submission=None, state="open")
    Job.objects.filter(pk=package.job_id).update(state=Job.State.FAILED)
    assert intake.read_again(package, by=clerk, at=at("2025-10-02")) == submission.upload


def test_a_month_blocked_by_one_that_was_sent_back_says_so(unit, process, clerk, officer, with_stock, client_for):
    with_stock(500, 700)
    before = story.submitted(unit, "2025-08", clerk)
    review.send_back(before, reason="期末库存有误", by=officer, at=at("2025-10-02"))
    with_stock(500, 500)
    blocked = story.read(unit, "2025-09", clerk)
    shown = page_of(client_for(clerk, "en"), blocked.package)
    assert "2025-08 was sent back" in shown
    assert re.search(rf'href="{reverse("reporting:package", args=[before.package_id])}"', shown)


def test_every_state_of_a_verification_has_a_tone():
    assert set(VERIFICATION_TONES) == set(Verification.State)


def test_a_file_that_could_not_be_read_is_not_called_read(listed, unit, clerk, officer, client_for):
    """It was uploaded and is not submitted; there is no version to check again, and the province sees that nothing was submitted."""
    package = intake.package_of(unit, story.ALUMINIUM, "2025-09")
    intake.receive(package, "工序,数量".encode(), "坏.xlsx", by=clerk, at=at("2025-10-05"))
    story.do_jobs()
    package.refresh_from_db()
    assert not package.submission.content
    page = reverse("reporting:package", args=[package.pk])
    own = client_for(clerk, "en").get(page)
    assert own.context["may_check_again"] is False
    assert "uploaded, not yet submitted" in own.text
    others = client_for(officer, "en").get(page).text
    assert "Nothing has been submitted yet" in others
    assert "No workbook" not in others


def test_nothing_is_overdue_of_a_unit_that_no_directory_names(unit, process, clerk, officer, client_for):
    """Board, to-do list, reminders and list of packages ask it for nothing; its own page and the month's say the same."""
    month = intake.package_of(unit, story.ALUMINIUM, "2025-09")
    own = reverse("reporting:unit_year", args=[unit.pk, 2025])
    page = client_for(clerk, "en").get(own, {"as_of": "2026-04-01"})
    board = next(board for board, *_rest in page.context["sections"] if board.sector == story.ALUMINIUM)
    assert not [card for card in board.cards if card.overdue]
    assert "doesn't name the unit in this sector" in page.text
    assert "days late" not in page.text
    assert "days late" not in client_for(clerk, "en").get(reverse("reporting:package", args=[month.pk])).text
    assert not titled(clerk, "逾期")
    listed = client_for(officer).get(reverse("reporting:packages"), {"overdue": "on"})
    assert list(listed.context["table"].data) == []

    story.list_unit(unit, 2025, officer)
    page = client_for(clerk, "en").get(own, {"as_of": "2026-04-01"})
    board = next(board for board, *_rest in page.context["sections"] if board.sector == story.ALUMINIUM)
    assert "2025-09" in [card.period for card in board.cards if card.overdue]
    assert "days late" in page.text
    listed = client_for(officer).get(reverse("reporting:packages"), {"overdue": "on"})
    assert [row.pk for row in listed.context["table"].data] == [month.pk]


def test_no_time_is_given_for_a_month_that_no_directory_asks_for(unit, process, clerk, officer, client_for):
    given = {"due": dt.date(2026, 5, 1), "reason": "停电", "by": officer, "at": ON}
    with pytest.raises(Refusal, match="未列入名录"):
        extending.extend(unit, story.ALUMINIUM, "2026-02", **given)
    with pytest.raises(Refusal, match="未列入名录"):
        extend_many([Month(unit, story.ALUMINIUM, "2026-02")], **given)
    assert not Package.objects.exists()
    month = intake.package_of(unit, story.ALUMINIUM, "2026-02")
    address = reverse("reporting:deadline_extend", args=[unit.pk, story.ALUMINIUM, "2026-02"])
    assert address not in client_for(officer).get(reverse("reporting:package", args=[month.pk])).text
    story.list_unit(unit, 2026, officer)
    assert extending.extend(unit, story.ALUMINIUM, "2026-02", **given).due == given["due"]


def test_the_provinces_home_counts_months_that_were_asked_for_as_its_board_does(listed, unit, clerk, officer):
    """Not of the packages that somebody opened, but of the months asked for: one that nobody began counts, too."""
    story.accepted(unit, "2025-09", clerk, officer, at("2025-10-05"))
    units = Unit.objects.filter(authority=unit.authority_id)
    day = dt.date(2025, 12, 1)
    months = month_board.accepted_of_asked(units, day, 3)
    assert months == [("2025-11", 0, 1), ("2025-10", 0, 1), ("2025-09", 1, 1)]
    columns = month_board.columns(units, story.ALUMINIUM, 2025, day, is_past=True)
    board = {each.period: (each.accepted, each.asked) for each in columns}
    assert all(board[period] == (accepted, asked) for period, accepted, asked in months)


@pytest.mark.parametrize("sector", ["steel", "cement", "aluminium"])
def test_a_month_in_which_no_line_existed_is_not_asked_for_and_its_pages_open(
    unit, make_line, clerk, officer, client_for, sector
):
    make_line(unit, sector, "Q1", commissioned=dt.date(2026, 11, 2))
    entry = story.list_unit(unit, 2026, officer, sector=sector)
    assert expected_periods([entry.unit_id]) == [(unit.pk, sector, "2026-11"), (unit.pk, sector, "2026-12")]
    month = intake.package_of(unit, sector, "2026-10")
    for name in ("package", "package_blank", "package_correct"):
        assert client_for(clerk).get(reverse(f"reporting:{name}", args=[month.pk])).status_code == 200
