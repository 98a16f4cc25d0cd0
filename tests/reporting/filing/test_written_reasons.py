"""Reasons written into the workbook explain its warnings, as those that are typed on the page do."""

import io

import openpyxl
import pytest
from django.urls import reverse

from registry.models import JournalEntry
from reporting import review, workbook
from reporting.filing import blanks, intake
from reporting.models import FindingAnswer, Submission
from reporting.workbook.reasons import NAME
from tests.cast import at
from tests.reporting import story
from tests.reporting.files import edited

FIRST, SECOND, THIRD = at("2025-10-01 09:00"), at("2025-10-02 09:00"), at("2025-10-03 09:00")
REASON = "方案正在备案"


def put(data: bytes, *rows: tuple[str, str, str, str, str]) -> bytes:
    def change(book: openpyxl.Workbook) -> None:
        for number, row in enumerate(rows, start=5):
            for column, text in enumerate(row, start=1):
                book[NAME.zh].cell(number, column).value = text

    return edited(data, change)


def answered(data: bytes, *reasons: str) -> bytes:
    """A workbook that was handed out with its warnings, its reasons filled in from the top."""

    def change(book: openpyxl.Workbook) -> None:
        for number, reason in enumerate(reasons, start=5):
            assert book[NAME.zh].cell(number, 1).value
            book[NAME.zh].cell(number, 5).value = reason

    return edited(data, change)


def taken_in(unit, clerk, data: bytes, when=FIRST) -> Submission:
    package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    intake.receive(package, data, "month.xlsx", by=clerk, at=when)
    story.do_jobs()
    return story.current(package)


def reasons_of(version: Submission) -> list[tuple[str, str, str | None]]:
    answers = FindingAnswer.objects.filter(finding__submission=version).order_by("pk")
    return [(each.finding.code, each.reason, each.workbook_cell) for each in answers]


def page(version: Submission) -> str:
    return reverse("reporting:package", args=[version.package_id])


def test_a_reason_in_the_workbook_explains_the_warning_without_a_click(unit, process, clerk, client_for):
    version = taken_in(unit, clerk, put(story.book(unit, "2025-07"), ("plan.none", "", "", "", REASON)))
    assert reasons_of(version) == [("plan.none", REASON, "E5")]
    given = FindingAnswer.objects.get()
    assert (given.by, given.at) == (clerk, FIRST)
    shown = client_for(clerk, "en").get(page(version)).text
    assert "1 of 1 explained" in shown
    assert "from the workbook, E5" in shown
    assert "carried over" not in shown


def test_it_is_bound_to_the_journal_which_quotes_no_draft(unit, process, clerk):
    taken_in(unit, clerk, put(story.book(unit, "2025-07"), ("plan.none", "", "", "", REASON)))
    entry = JournalEntry.objects.get(act="package.answers_written")
    assert f'"{FindingAnswer.objects.get().pk}"' in str(entry.facts)
    assert REASON not in str(entry.facts)


def test_the_officer_sees_it_as_any_answer(unit, process, clerk, officer, client_for):
    version = taken_in(unit, clerk, put(story.book(unit, "2025-07"), ("plan.none", "", "", "", REASON)))
    story.support(version.package, clerk, FIRST)
    story.submit(version, by=clerk, at=FIRST)
    assert REASON in client_for(officer).get(page(version)).text


def test_what_belongs_to_no_warning_is_a_hint_and_no_error(unit, process, clerk, client_for):
    rows = ("", "表", "E99", "", "无关"), ("plan.none", "", "", "", REASON)
    version = taken_in(unit, clerk, put(story.book(unit, "2025-07"), *rows))
    assert (version.errors, version.unused_reasons) == (0, [{"cell": "E5", "why": "no_warning"}])
    assert reasons_of(version) == [("plan.none", REASON, "E6")]
    shown = client_for(clerk, "en").get(page(version)).text
    assert "Reasons in the workbook that were not used" in shown
    assert "no warning of this version has this place" in shown


def test_the_workbook_with_its_warnings_is_downloaded_answered_and_uploaded(unit, process, clerk, client_for):
    first = taken_in(unit, clerk, story.book(unit, "2025-07"))
    address = reverse("reporting:package_warnings", args=[first.package_id])
    browser = client_for(clerk, "en")
    assert address in browser.get(page(first)).text
    handed = browser.get(address).content
    book = openpyxl.load_workbook(io.BytesIO(handed))
    row = first.findings.get(code="plan.none")
    listed = [cell.value for cell in book[NAME.zh][5]]
    assert listed[:3] == ["plan.none", row.sheet or None, row.cell or None]
    assert row.finding.message in listed[3]
    second = taken_in(unit, clerk, answered(handed, REASON), SECOND)
    assert (second.version, second.emissions) == (2, first.emissions)
    assert reasons_of(second) == [("plan.none", REASON, "E5")]


def test_a_reason_given_before_is_listed_and_stays_whose_it_was(unit, process, clerk, unit_approver):
    first = taken_in(unit, clerk, story.book(unit, "2025-07"))
    intake.answer(first.findings.get(code="plan.none"), reason=REASON, by=clerk, at=FIRST)
    handed = blanks.to_explain(first)
    second = taken_in(unit, clerk, handed, SECOND)
    assert reasons_of(second) == [("plan.none", REASON, None)]  # carried over, and not given twice
    third = taken_in(unit, clerk, answered(handed, "方案已备案"), THIRD)
    assert reasons_of(third) == [("plan.none", REASON, None), ("plan.none", "方案已备案", "E5")]


def test_a_refused_reason_is_not_given_again_in_the_same_words(unit, process, clerk, officer):
    book = put(story.book(unit, "2025-07"), ("plan.none", "", "", "", REASON))
    first = taken_in(unit, clerk, book)
    story.support(first.package, clerk, FIRST)
    story.submit(first, by=clerk, at=FIRST)
    first.package.refresh_from_db()
    refused = [review.Refused(FindingAnswer.objects.get(), "未见备案")]
    review.send_back(first, reason="请补充方案", refused=refused, by=officer, at=FIRST)
    changed = put(story.book(unit, "2025-07", anode="8010"), ("plan.none", "", "", "", REASON))
    second = taken_in(unit, clerk, changed, SECOND)
    assert reasons_of(second) == []
    assert second.unused_reasons == [{"cell": "E5", "why": "refused"}]
    listed = workbook.read(blanks.to_explain(second), "month.xlsx").reasons
    assert listed == ()  # the warning stands there again without it


def test_with_an_error_no_workbook_is_handed_out(unit, process, clerk, client_for):
    version = taken_in(unit, clerk, put(story.book(unit, "2025-07"), ("", "", "", "", "长" * 2001)))
    assert version.errors == 1
    address = reverse("reporting:package_warnings", args=[version.package_id])
    browser = client_for(clerk, "en")
    assert address not in browser.get(page(version)).text
    assert "correct the errors first" in browser.get(address, follow=True).text


@pytest.mark.parametrize("who", ["rival_clerk", "officer"])
def test_nobody_else_gets_the_draft(who, unit, process, clerk, client_for, request):
    version = taken_in(unit, clerk, story.book(unit, "2025-07"))
    person = request.getfixturevalue(who)
    address = reverse("reporting:package_warnings", args=[version.package_id])
    assert client_for(person).get(address).status_code in (403, 404)
