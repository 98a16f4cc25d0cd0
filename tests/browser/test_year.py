"""A year: from the year workbook of 2024 to the certificate, every seat at its own browser.

The works is one electrolysis process: of 96,000 t anode and 204,000 t metal it reports 320,942 t (tests/reporting/story.py works
that out). The verifier finds 41 t less anode effect: 320,901 t. The quota of 2024 equals verified emissions: 320,901 t.
"""

import re
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest
from playwright.sync_api import expect

from allocation.ledger import accounts
from allocation.models import Account, Certificate
from tests.browser.desk import Desk, filled_in
from tests.reporting import story

YEAR = {
    "期初库存量": 500,
    "购入量": 96000,
    "外销量": 0,
    "期末库存量": 500,
    "净消耗量": 96000,
    "炭阳极消耗量": 96000,
    "铝液产量": 204000,
    "交流电耗电量": 2760000,
}
NUMBER = "冀环气候函〔2025〕88号"
REASON = "阳极效应持续时间按在线监测记录更正。"
# forms.md, table 2-4, as far as the factor columns.
HEADER_2_4 = ["序号", "重点排放单位名称", "统一社会信用代码", "工序编号", "产能（t/年）", "①铝液产量（t）"]


@pytest.fixture
def seats(request, unit, make_line, officer, at_desk):
    """Everybody at their desk, each in a browser of their own; the verifier works in English."""
    story.electrolysis(unit, make_line)
    story.list_unit(unit, 2024, officer)
    names = ["clerk", "unit_approver", "verifier", "officer", "approver", "registrar_operator", "registrar_approver"]
    people = {name: request.getfixturevalue(name) for name in names}
    language = {"verifier": "en"}
    return SimpleNamespace(**{name: at_desk(person, language.get(name, "zh-hans")) for name, person in people.items()})


def test_a_year_from_the_workbook_to_the_certificate(seats, unit, it_is, do_jobs):
    reports(seats, it_is, do_jobs)
    verifies(seats, it_is)
    determines(seats, it_is, do_jobs)
    issues(seats, it_is)
    surrenders(seats, it_is)
    certificate = Certificate.objects.get(unit=unit, year=2024)
    assert not certificate.late
    assert Account.objects.get(unit=unit).holdings.get(vintage=2024).amount == 0
    assert accounts.disagreements() == []


def reports(seats, it_is, do_jobs):
    """The year workbook is uploaded, submitted and accepted; the report is prepared by one person and filed by another."""
    it_is("2025-06-10 09:00")
    seats.clerk.goes_home().follows("Packages to submit").presses_in("2024", "Begin")
    workbook = filled_in(seats.clerk.downloads("Download the blank workbook"), YEAR)
    seats.clerk.offers(workbook, "2024年度.xlsx").presses("Upload and check").sees("Reading the workbook")
    do_jobs()
    seats.clerk.sees("320,942").has_no_error().confirms("Submit this version")
    it_is("2025-06-12 09:00")
    seats.officer.goes_home().follows("Packages to review").presses("Accept")
    it_is("2025-06-20 09:00")
    seats.clerk.goes_home().follows("Annual reports to prepare").presses("Prepare")
    seats.clerk.sees("Prepared. The enterprise's approver checks and files it.").cannot_press("Approve and file")
    it_is("2025-06-25 09:00")
    seats.unit_approver.goes_home().follows("Annual reports to file").confirms("Approve and file")
    seats.unit_approver.sees("The province assigns it to a technical service body, which verifies it.")


def verifies(seats, it_is):
    """The officer assigns; the verifier corrects, is told what doesn't add up, concludes; the approver approves; the unit is told."""
    it_is("2025-07-01 09:00")
    seats.officer.goes_home().follows("Annual reports to assign to a verifier")
    seats.officer.picks("Technical service body", "示例技术服务机构").confirms("Assign")
    it_is("2025-07-20 09:00")
    verifier = seats.verifier.goes_home().follows("Verifications to carry out").sees("Reported and verified")
    # 203,716.87 t of metal × 0.14481 = 29,500.24 ; 291,400.81 + 29,500.24 = 320,901.05 → 320,901
    corrects(verifier, "Output of liquid aluminium", "203716.87").presses("Save")
    verifier.presses("Confirm all others as reported").sees("Values that do not agree with each other")
    verifier.presses("Recompute dependent values").confirms("Save and conclude")
    verifier.sees("Concluded. The province's approver decides now.")
    it_is("2025-08-10 09:00")
    seats.approver.goes_home().follows("Verifications to approve").confirms("Approve and notify the unit")
    seats.unit_approver.goes_home().follows("Verification").sees("320,901")


def corrects(verifier: Desk, item: str, value: str) -> Desk:
    line_and_item = f"P1 {verifier.said(item)}"
    verifier.types(verifier.said("%(item)s: verified", item=line_and_item), value)
    return verifier.types(verifier.said("%(item)s: reason", item=line_and_item), REASON)


def determines(seats, it_is, do_jobs):
    """The officer prepares the run, the approver approves exactly it, the unit reads why."""
    it_is("2025-11-20 09:00")
    seats.officer.goes_home().follows("Quota runs to prepare").sees("Prepare a run")
    seats.officer.presses("Prepare").sees("Preparing the run").cannot_press("Approve")
    do_jobs()
    seats.officer.sees("You prepared this run: a second person of your authority approves it.").cannot_press("Approve")
    it_is("2025-11-21 09:00")
    seats.approver.goes_home().follows("Runs to approve").sees("320,901").confirms("Approve")
    seats.clerk.goes_home().follows("Quota").follows("Why?").sees("How this quota was computed", "320,901")
    traces(seats.clerk)


def traces(clerk: Desk) -> None:
    """From the explanation to the very cell of the workbook, marked, with its supporting file beside it."""
    clerk.page.locator("a[href*='#at-']").click()
    datum = clerk.page.locator("tr:target")
    expect(datum).to_be_in_viewport()
    expect(datum).to_contain_text("铝液产量")
    expect(datum).to_contain_text("204,000")
    assert re.fullmatch("[A-Z]+[0-9]+", datum.locator("td.code").inner_text())


def issues(seats, it_is):
    """The letter with its tables goes to the registrar, where one person prepares the issue and another executes it."""
    it_is("2025-11-24 09:00")
    seats.officer.goes_home().follows("Approved runs without a letter")
    seats.officer.types("Document number", NUMBER)
    seats.officer.presses("Draft the letter").sees(NUMBER)
    tables = openpyxl.load_workbook(BytesIO(seats.officer.downloads("Tables (XLSX)")))
    assert [cell.value for cell in tables["2-4"][2]][: len(HEADER_2_4)] == HEADER_2_4
    assert "2024" in tables["2-4"]["A1"].value
    seats.officer.confirms("Send to the registrar")
    seats.officer.sees("The registrar prepares and executes the issue. Nothing is asked of you until then.")
    it_is("2025-11-26 09:00")
    operator = seats.registrar_operator.goes_home().follows("Letters for which to prepare the issue")
    operator.confirms("Prepare the issue").cannot_press("Issue the quota")
    it_is("2025-11-27 09:00")
    seats.registrar_approver.goes_home().follows("Issues to execute").confirms("Issue the quota")
    seats.clerk.goes_home().takes_the_way("Account").sees("320,901")


def surrenders(seats, it_is):
    """The notice is sent; the unit asks and confirms, the province approves, the registrar executes: the certificate is there."""
    it_is("2025-12-01 09:00")
    seats.officer.goes_home().follows("Compliance notices to send for %(year)s", year=2024).confirms("Send the notices")
    it_is("2025-12-10 09:00")
    seats.clerk.goes_home().follows("Request surrender for %(year)s", year=2024).presses("Request")
    seats.clerk.sees("Requested; the tonnes are reserved. Your approver confirms it next.")
    it_is("2025-12-11 09:00")
    seats.unit_approver.goes_home().follows("Surrender requests to confirm").confirms("Confirm")
    it_is("2025-12-12 09:00")
    seats.approver.goes_home().follows("Surrender requests to approve").confirms("Approve")
    it_is("2025-12-15 09:00")
    seats.registrar_operator.goes_home().follows("Surrender requests to execute").confirms("Execute")
    it_is("2025-12-16 09:00")
    seats.clerk.goes_home().follows("Certificate").sees("Certificate of compliance", "320,901")
    seats.unit_approver.goes_home().takes_the_way("Compliance").sees("1 / 1")
