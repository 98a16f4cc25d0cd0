"""Reporting's pages: everyone's part of a year."""

import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from registry.law import clock
from registry.models import Job
from registry.permissions.roles import Role
from reporting import queries, review, verification
from reporting.filing import annual, intake
from reporting.labels import terms_in_words
from reporting.labels.terms_in_words import in_place
from reporting.models import AnnualReport, FindingRow, Package, Verification
from reporting.verification import table as settling
from reporting.web.forms.answers import AnswersForm
from tests.cast import at
from tests.confirming import confirm
from tests.reporting import story


@pytest.mark.parametrize("year", [0, 1999, 10_000])
def test_a_year_that_is_none_is_not_found(unit, clerk, client_for, year):
    assert client_for(clerk).get(reverse("reporting:unit_year", args=[unit.pk, year])).status_code == 404


def test_a_reason_given_before_is_offered_for_the_next_version(unit, process, clerk, client_for):
    fields = {
        "number": 900,
        "code": "ncv.repeated",
        "severity": "warning",
        "blocks": False,
        "sheet": "表",
        "cell": "D12",
    }
    params = {"item": "烟煤", "found": "23.700", "months": "3"}
    first = FindingRow.objects.create(submission=story.read(unit, "2025-07", clerk), params=params, **fields)
    intake.answer(first, reason="同一批煤", by=clerk, at=story.READ_AT)
    later = story.read(unit, "2025-07", clerk, anode="8010")
    second = FindingRow.objects.create(submission=later, params=params, **fields)
    browser = client_for(clerk)
    form = AnswersForm([second], remembered=queries.reasons_before(later))
    assert form[f"answer-{second.pk}"].initial == "同一批煤"
    browser.post(reverse("reporting:package_answers", args=[later.package_id]), {f"answer-{second.pk}": "同一批煤"})
    browser.post(reverse("reporting:package_answers", args=[later.package_id]), {f"answer-{second.pk}": "同一批煤"})
    assert second.answers.count() == 1


def test_a_month_through_the_pages(unit, process, clerk, officer, client_for):
    browser = client_for(clerk)
    opened = browser.post(reverse("reporting:package_open", args=[unit.pk, story.ALUMINIUM, "2025-07"]))
    package = Package.objects.get()
    page = reverse("reporting:package", args=[package.pk])
    assert opened.url == page

    file = SimpleUploadedFile("七月.xlsx", story.book(unit, "2025-07"))
    browser.post(reverse("reporting:package_upload", args=[package.pk]), {"workbook": file})
    reading = reverse("reporting:package_reading", args=[package.pk])
    assert reading in browser.get(page).text  # the page polls until it is read
    assert "HX-Refresh" not in browser.get(reading).headers
    story.do_jobs()
    assert browser.get(reading).headers["HX-Refresh"] == "true"

    shown = browser.get(page).text
    # 8,000 t anode with the numbers in their places, and the total
    assert "8000.00 × (1 − 15.18%) × (1 − 2.0% − 0.4%) × 44/12" in shown
    assert "24,283.40" in shown
    assert "26,745" in shown
    submission = story.current(package)
    story.support(package, clerk, story.READ_AT)
    confirm(browser, reverse("reporting:submission_submit", args=[submission.pk]))

    desk = client_for(officer)
    assert reverse("reporting:submission_accept", args=[submission.pk]) in desk.get(page).text
    without = desk.post(reverse("reporting:submission_send_back", args=[submission.pk]), {"reason": ""})
    assert without.status_code == 422
    desk.post(reverse("reporting:submission_send_back", args=[submission.pk]), {"reason": "台账缺 7 月 12 日一页"})
    assert "台账缺 7 月 12 日一页" in browser.get(page).text


def test_a_refused_upload_says_why_on_the_page(unit, process, clerk, client_for, settings):
    package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    address = reverse("reporting:package_upload", args=[package.pk])
    browser = client_for(clerk, "en")
    empty = browser.post(address, {"workbook": SimpleUploadedFile("a.xlsx", b"")})
    assert (empty.status_code, "The file is empty" in empty.text) == (422, True)
    settings.UPLOAD_LIMIT_BYTES = 100
    large = browser.post(address, {"workbook": SimpleUploadedFile("a.xlsx", b"x" * 101)})
    assert (large.status_code, "at most 100 are accepted" in large.text) == (422, True)
    assert browser.post(address, {}).status_code == 422
    assert not Job.objects.exists()


def test_findings_are_shown_in_the_readers_language_and_answered(unit, process, clerk, client_for):
    submission = story.read(unit, "2025-07", clerk)
    row = FindingRow.objects.create(
        submission=submission,
        number=900,
        code="ncv.repeated",
        severity="warning",
        blocks=False,
        sheet="工序",
        cell="D12",
        params={"item": "烟煤", "found": "23.700", "months": "3"},
    )
    page = reverse("reporting:package", args=[submission.package_id])
    english = client_for(clerk, "en").get(page).text
    assert "the same measured net calorific value 23.700 in 3 consecutive months" in english
    assert "D12" in english
    client_for(clerk).post(
        reverse("reporting:package_answers", args=[submission.package_id]), {f"answer-{row.pk}": "同一批煤 <b>"}
    )
    assert row.answers.get().reason == "同一批煤 <b>"
    story.submit(submission, by=clerk, at=story.READ_AT)
    assert "同一批煤 &lt;b&gt;" in client_for(clerk).get(page).text


def test_originals_leave_only_as_downloads(unit, process, clerk, client_for):
    data = b"<html><script>alert(1)</script>"
    package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    upload = intake.receive(package, data, '月"报.html', by=clerk, at=story.READ_AT)
    response = client_for(clerk).get(reverse("reporting:upload", args=[upload.pk]))
    assert response.content == data
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_blank_is_a_workbook(unit, process, clerk, client_for):
    package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    response = client_for(clerk).get(reverse("reporting:package_blank", args=[package.pk]))
    assert io.BytesIO(response.content).read(2) == b"PK"
    assert f"aluminium-2025-07-{unit.credit_code}.xlsx" in response.headers["Content-Disposition"]


def test_the_annual_report_through_the_pages(unit, process, clerk, unit_approver, officer, verifier_body, client_for):
    story.accepted_year(unit, clerk, officer)
    browser = client_for(clerk)
    address = reverse("reporting:annual_report_prepare", args=[unit.pk, story.ALUMINIUM, 2025])
    story.list_unit(unit, 2025, officer)
    assert address in browser.get(reverse("reporting:unit_year", args=[unit.pk, 2025])).text
    browser.post(address)
    report = AnnualReport.objects.get()
    page = reverse("reporting:annual_report", args=[report.pk])
    assert "320,942" in browser.get(page).text
    confirm(client_for(unit_approver), reverse("reporting:annual_report_file", args=[report.pk]))
    report.refresh_from_db()
    assert report.state == "filed"
    desk = client_for(officer)
    assert reverse("reporting:verification_assign", args=[report.pk]) in desk.get(page).text
    assert desk.post(reverse("reporting:verification_assign", args=[report.pk]), {"body": ""}).status_code == 422
    assert not Verification.objects.exists()
    confirm(desk, reverse("reporting:verification_assign", args=[report.pk]), {"body": verifier_body.pk})
    assert Verification.objects.get().body == verifier_body


def test_a_result_that_stands_is_verified_again_through_the_pages(
    report, verifier, officer, approver, clerk, client_for
):
    first = story.approve_all(report, verifier, officer, approver, at("2026-04-10"))
    desk, page = client_for(officer, "en"), reverse("reporting:annual_report", args=[report.pk])
    assert f"{page}#assign" in desk.get(reverse("reporting:verification", args=[first.pk])).text
    assert f"{page}#assign" not in client_for(clerk).get(reverse("reporting:verification", args=[first.pk])).text
    assign = reverse("reporting:verification_assign", args=[report.pk])
    refused = desk.post(assign, {"body": verifier.body_id, "ground": "court", "reason": ""})
    assert (refused.status_code, Verification.objects.count()) == (422, 1)
    confirm(desk, assign, {"body": verifier.body_id, "ground": "court", "reason": "（2026）冀01行初12号"})
    given = Verification.objects.get(version=2)
    assert f"{page}#assign" not in desk.get(reverse("reporting:verification", args=[first.pk])).text  # one at a time
    shown = client_for(verifier, "en").get(reverse("reporting:verification", args=[given.pk])).text
    for words in ("court decision", "（2026）冀01行初12号", "Found before", "Confirm all others as previously found"):
        assert words in shown
    verification.confirm_all(given, by=verifier, at=at("2026-05-03"))
    verification.conclude(given, by=verifier, at=at("2026-05-03"))
    verification.approve(given, by=approver, at=at("2026-05-04"))
    notice = client_for(clerk, "en").get(reverse("reporting:verification_notice", args=[given.pk])).text
    assert "before: 320,942" in notice
    assert "replaces the previous one" in notice


def test_verification_through_the_pages_keeps_what_was_typed(report, verifier, officer, approver, client_for):
    given = verification.assign(report, verifier.body, by=officer, at=at("2026-04-10"))
    data = {row.item: row.pk for row in report.data.all()}
    browser = client_for(verifier, "en")
    settle = reverse("reporting:verification_settle", args=[given.pk])
    typed = {f"value-{row.pk}": f"{row.value:.2f}" for row in report.data.all()}
    typed |= {f"value-{data['anode']}": "291500.81", f"value-{data['output']}": "many"}
    faulty = browser.post(settle, typed)
    assert faulty.status_code == 422
    assert 'value="many"' in faulty.text
    assert "A corrected value needs a reason." in faulty.text
    assert given.data.count() == 0

    typed |= {
        f"value-{data['output']}": "204000",
        f"reason-{data['anode']}": "weighbridge record",
        f"value-{data['emissions']}": "321042.05",
        f"reason-{data['emissions']}": "follows the anode",
        f"ok-{data['output']}": "on",
    }
    browser.post(settle, typed)
    assert given.data.count() == 3  # the effect was neither ticked nor corrected
    browser.post(reverse("reporting:verification_confirm_all", args=[given.pk]), typed)
    assert given.data.count() == 4
    typed |= {f"seen-{row.datum.pk}": settling.key_of(row) for row in settling.table(given)}
    confirm(browser, browser.post(settle, typed | {"conclude": "1", f"ok-{data['effect']}": "on"}).url)
    given.refresh_from_db()
    assert (given.state, given.data.count()) == ("concluded", 4)

    desk = client_for(approver, "en")
    approve = reverse("reporting:verification_approve", args=[given.pk])
    confirm(desk, approve, {"seen": "another table"})
    given.refresh_from_db()
    assert given.state == "concluded"
    seal = settling.seal(settling.table(given))
    assert f'name="seen" value="{seal}"' in desk.get(reverse("reporting:verification", args=[given.pk])).text
    confirm(desk, approve, {"seen": seal})
    notice = desk.get(reverse("reporting:verification_notice", args=[given.pk])).text
    # before 291,400.81, verified 291,500.81, changed by 100.00
    assert all(text in notice for text in ("291,400.81", "291,500.81", "100.00", "321,042"))


def typed_table(report: AnnualReport, **corrected: tuple[str, str]) -> dict[str, str]:
    """The verifier's table as it is posted: the reported values, but for `item=(value, reason)`."""
    typed: dict[str, str] = {}
    for row in report.data.all():
        value, reason = corrected.get(row.item, (f"{row.value:.2f}", ""))
        typed |= {f"value-{row.pk}": value, f"reason-{row.pk}": reason}
    return typed


def test_confirming_all_others_keeps_the_corrections_that_were_typed(report, verifier, officer, client_for):
    given = verification.assign(report, verifier.body, by=officer, at=at("2026-04-10"))
    browser = client_for(verifier, "en")
    confirm = reverse("reporting:verification_confirm_all", args=[given.pk])
    without_reason = browser.post(confirm, typed_table(report, output=("203999.00", "")))
    assert (without_reason.status_code, given.data.count()) == (422, 0)
    browser.post(confirm, typed_table(report, output=("203999.00", "stocktaking")))
    settled = {row.datum.item: (str(row.value), row.reason) for row in given.data.select_related("datum")}
    assert settled == {
        "anode": ("291400.8100", ""),
        "effect": ("29541.2400", ""),
        "emissions": ("320942.0000", ""),
        "output": ("203999.0000", "stocktaking"),
    }


def test_a_stale_table_does_not_write_over_a_colleagues_correction(report, verifier, officer, client_for):
    given = verification.assign(report, verifier.body, by=officer, at=at("2026-04-10"))
    output = report.data.get(item="output")
    shown = typed_table(report, output=("203999.00", "stocktaking"))  # typed while nothing was settled yet
    colleagues = verification.settle(
        given, output, value=Decimal(203500), reason="销售台账", by=verifier, at=at("2026-04-11")
    )
    browser = client_for(verifier, "en")
    settle = reverse("reporting:verification_settle", args=[given.pk])
    stale = browser.post(settle, shown)
    assert (stale.status_code, given.data.count()) == (422, 1)
    assert "Settled as 203,500.00 by" in stale.text
    assert 'value="203999.00"' in stale.text
    assert f'name="seen-{output.pk}" value="{colleagues.pk}"' in stale.text
    browser.post(settle, shown | {f"seen-{output.pk}": str(colleagues.pk)})  # now they have seen it
    assert given.data.count() == 2


def test_there_is_no_notice_before_the_approval(report, verifier, officer, client_for):
    given = verification.assign(report, verifier.body, by=officer, at=at("2026-04-10"))
    assert client_for(officer).get(reverse("reporting:verification_notice", args=[given.pk])).status_code == 404


def test_a_notice_whose_term_reaches_into_an_unannounced_year_names_the_days(
    report, verifier, officer, approver, client_for
):
    given = story.approve_all(report, verifier, officer, approver, at("2026-12-31 10:00"))
    notice = client_for(officer, "en").get(reverse("reporting:verification_notice", args=[given.pk]))
    assert "at the latest (the holidays of 2027 have not been announced yet)" in notice.text


@pytest.mark.parametrize("name", ["package_open", "annual_report_prepare"])
def test_a_sector_that_is_none_is_not_found(unit, process, clerk, client_for, name):
    last = "2025-07" if name == "package_open" else 2025
    address = reverse(f"reporting:{name}", args=[unit.pk, "paper", last])
    assert client_for(clerk).post(address).status_code == 404


def test_a_reason_that_is_too_long_comes_back_with_what_was_typed(unit, process, clerk, client_for):
    submission = story.read(unit, "2025-07", clerk)
    fields = {"severity": "warning", "blocks": False, "params": {"item": "煤", "found": "1", "months": "3"}}
    row = FindingRow.objects.create(submission=submission, number=900, code="ncv.repeated", **fields)
    typed = "长" * 2001
    address = reverse("reporting:package_answers", args=[submission.package_id])
    answer = client_for(clerk, "en").post(address, {f"answer-{row.pk}": typed})
    assert (answer.status_code, typed in answer.text, row.answers.count()) == (422, True, 0)
    assert "at most 2000 characters" in answer.text


def test_the_board_shows_each_unit_of_the_directory(unit, process, clerk, officer, client_for):
    story.list_unit(unit, 2025, officer)
    story.submitted(unit, "2025-07", clerk)
    address = reverse("reporting:package_board")
    text = client_for(officer).get(address, {"year": 2025, "sector": "aluminium", "as_of": "2025-10-05"}).text
    assert unit.name in text
    assert (
        text.count('class="cell tone-danger" title=') == 0
    )  # none is overdue on 5 October: Jan–Jun have until the 31st
    late = client_for(officer).get(address, {"year": 2025, "sector": "aluminium", "as_of": "2025-11-20"}).text
    # overdue on 20 November: Jan–Jun, August (10-10), September (11-09)
    assert late.count('class="cell tone-danger" title=') == 8


def test_what_cannot_be_done_is_said_and_nothing_is_lost(unit, process, clerk, client_for):
    address = reverse("reporting:package_open", args=[unit.pk, story.ALUMINIUM, "2025"])
    home = reverse("reporting:unit_year", args=[unit.pk, 2025])
    response = client_for(clerk, "en").post(address, headers={"referer": f"http://testserver{home}"}, follow=True)
    assert "2025 is reported month by month" in response.text


# Session, person, count and count of what is shown, two filters' choices, rows, saved views, authority, notices; of reports also
# their verifications and the sum.
@pytest.mark.parametrize(("name", "queries"), [("packages", 10), ("annual_reports", 12), ("verifications", 10)])
def test_lists_ask_the_same_few_questions_however_long(
    name,
    queries,
    make_unit,
    make_line,
    make_person,
    officer,
    approver,
    verifier,
    client_for,
    django_assert_max_num_queries,
):
    for number in range(3):
        unit = make_unit(story.ALUMINIUM, name=f"第{number}示例铝业")
        story.electrolysis(unit, make_line)
        clerk = make_person(Role.UNIT_CLERK, "经办", unit=unit)
        unit_approver = make_person(Role.UNIT_APPROVER, "审批", unit=unit)
        if name == "packages":
            story.submitted(unit, "2025-07", clerk)
        else:
            report = story.filed(unit, clerk, unit_approver, officer)
            verification.assign(report, verifier.body, by=officer, at=at("2026-04-10"))
    client = client_for(officer)
    address = reverse(f"reporting:{name}")
    client.get(address)
    with django_assert_max_num_queries(queries):
        response = client.get(address)
    assert response.text.count("示例铝业") >= 3


def test_a_package_page_asks_few_questions(unit, process, clerk, client_for, django_assert_max_num_queries):
    submission = story.read(unit, "2025-07", clerk)
    FindingRow.objects.bulk_create(
        FindingRow(
            submission=submission,
            number=900 + number,
            code="ncv.repeated",
            severity="warning",
            blocks=False,
            params={"item": "煤", "found": "1", "months": "3"},
        )
        for number in range(50)
    )
    client = client_for(clerk)
    with django_assert_max_num_queries(34):
        client.get(reverse("reporting:package", args=[submission.package_id]))


def test_filters_narrow_the_list(unit, process, clerk, officer, client_for):
    story.list_unit(unit, 2025, officer)
    story.submitted(unit, "2025-07", clerk)
    story.read(unit, "2025-08", clerk)
    address = reverse("reporting:packages")
    july, august = Package.objects.order_by("period")

    def shown(**chosen: str) -> list[bool]:
        text = client_for(officer).get(address, chosen).text
        return [reverse("reporting:package", args=[package.pk]) in text for package in (july, august)]

    assert shown() == [True, True]
    assert shown(period="2025-07") == [True, False]
    assert shown(state="read") == [False, True]
    assert shown(q="没有这家") == [False, False]
    assert shown(q=unit.credit_code.lower(), sector="aluminium") == [True, True]
    assert shown(sector="steel") == [False, False]
    assert shown(overdue="on") == [False, True]  # August was due 2025-10-10, and today is later


def test_words_are_found_in_the_active_language():
    with translation.override("en"):
        assert terms_in_words.source_name("steel", "2025-07", "fuel.coke") == "coke"
        assert "coke" in terms_in_words.source_name("steel", "2025-07", "ironmaking.in.coke")
    with translation.override("zh-hans"):
        assert terms_in_words.source_name("steel", "2025-07", "fuel.coke") == "焦炭"
    assert terms_in_words.source_name("steel", "2025-07", "fuel.unheard_of") == "fuel.unheard_of"
    assert terms_in_words.source_name("steel", "1999-07", "fuel.coke") == "fuel.coke"


def test_numbers_stand_in_the_place_of_their_own_symbol():
    inputs = {"AD": "17000.00", "EF_CF4": "0.02", "GWP_CF4": "6630", "EF": "9"}
    assert in_place("AD × EF_CF4 × GWP_CF4 / 1000", inputs) == "17000.00 × 0.02 × 6630 / 1000"
    assert in_place("E − ΣE_j − ΣE_x", {"E": "5", "ΣE_j": "2", "ΣE_x": "1"}) == "5 − 2 − 1"
    assert in_place("A", {}) == "A"


def test_review_is_offered_to_nobody_who_handed_it_in(unit, process, clerk, officer, client_for):
    submission = story.submitted(unit, "2025-07", clerk)
    page = client_for(clerk).get(reverse("reporting:package", args=[submission.package_id])).text
    assert reverse("reporting:submission_accept", args=[submission.pk]) not in page
    review.accept(submission, by=officer, at=story.READ_AT)


def test_a_superseded_report_says_so(unit, process, clerk, officer, client_for):
    story.accepted_year(unit, clerk, officer)
    first = annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-20"))
    annual.prepare(unit, story.ALUMINIUM, 2025, by=clerk, at=at("2026-02-21"))
    text = client_for(clerk, "en").get(reverse("reporting:annual_report", args=[first.pk])).text
    assert "A later version has replaced this report." in text


def test_the_page_says_which_version_a_workbook_was_already(unit, process, clerk, officer, client_for):
    story.read(unit, "2025-07", clerk)
    changed = story.read(unit, "2025-07", clerk, anode="8100")
    package = changed.package
    browser = client_for(clerk, "en")

    def send(data: bytes) -> str:
        file = SimpleUploadedFile("a.xlsx", data)
        page = browser.post(reverse("reporting:package_upload", args=[package.pk]), {"workbook": file}, follow=True)
        return " ".join(str(message) for message in page.context["messages"])

    assert "This file was received before, as version 1:" in send(story.book(unit, "2025-07"))
    story.do_jobs()
    assert story.current(package).version == 1
    page = browser.get(reverse("reporting:package", args=[package.pk])).content.decode()
    assert "The workbook of version 1 received again" in page
    assert "Version 1 current again" in page
    assert "is already version 1, the current one" in send(story.book(unit, "2025-07"))
    # An officer reads of it once the version was submitted, and of no other.
    story.do_jobs()
    send(story.book(unit, "2025-07", anode="8100"))
    story.do_jobs()
    assert not [entry for entry in queries.history_of(package, officer) if getattr(entry, "again", "")]
    send(story.book(unit, "2025-07"))
    story.do_jobs()
    story.submit(story.current(package), by=clerk, at=clock.now())
    seen: list[Any] = [entry for entry in queries.history_of(package, officer) if getattr(entry, "again", "")]
    assert {entry.version for entry in seen} == {1}
    assert [entry.again for entry in seen].count("current") == 2
