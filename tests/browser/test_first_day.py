"""The first day: from a database with two people of the ministry in it to a month that is accepted, by pages alone.

Each goes where their home, a page or the navigation leads; no address is typed but the sign-in page and the links that were handed over.
The works is one electrolysis process; its month, worked out in tests/reporting/story.py, is 26,745 t.
"""

import io

import openpyxl
import pytest
from django.core.management import call_command

from quota_site.demo.invented.papers import paper
from registry.models import Authority, Person, Unit
from reporting.models import Package
from tests.browser.desk import Desk, filled_in
from tests.browser.test_month import RIGHT
from tests.cast import HEBEI, credit_code

PASSWORD = "correct horse battery"  # noqa: S105 (nobody else's)
WORKS = "河北首日铝业有限公司"
LINE = {
    "主管部门": HEBEI,
    "统一社会信用代码": credit_code(77),
    "重点排放单位名称": WORKS,
    "城市": "石家庄市",
    "行业": "铝冶炼",
    "生产线编号": "P1",
    "批复产能": "250000",
    "投产日期": "2015-05-01",
}


@pytest.fixture
def two_of_the_ministry(db, monkeypatch):
    """As README has it: each by a command, the password read from the terminal."""
    for login, name, role in (("analyst", "部分析", "ministry_analyst"), ("minister", "部审批", "ministry_approver")):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        call_command("add_person", login, "--name", name, "--role", role)
    assert (Person.objects.count(), Unit.objects.count()) == (2, 0)


@pytest.fixture
def desk_of(page_for):
    """`desk_of("analyst")`: the desk of whoever signs in by that name; with a `link`, of whoever chooses a password by it first."""

    def sit(username: str, link: str = "") -> Desk:
        desk = Desk(page_for(path=link or "/login/"), "zh-hans")
        if link:
            for field in desk.page.locator("input[type=password]").all():
                field.fill(PASSWORD)
            desk.presses("Set the password")
        return desk.signs_in(username, PASSWORD)

    return sit


def proposes(desk: Desk, username: str, name: str, role: str, **seat: str) -> None:
    desk.follows("People").follows("Add a person")
    desk.types("User name", username).types("Name", name).picks("Role", role)
    for label, choice in seat.items():
        desk.picks(label.capitalize(), choice)
    desk.presses("Propose")


def hands_out(desk: Desk, *usernames: str) -> dict[str, str]:
    """Approves all people who wait; the links for their first passwords by user name."""
    desk.follows("People")
    for box in desk.page.locator("input[name=change]").all():
        box.check()
    desk.page.get_by_role("button", name=desk.said_of("people", "Approve those ticked")).click()
    desk.sees("Links for the first password")
    shown = {
        section.locator(".code").first.inner_text(): section.locator("textarea").input_value()
        for section in desk.page.locator("section.panel").all()
    }
    assert set(shown) == set(usernames)
    return shown


def table_of(template: bytes) -> bytes:
    """The template with the works in its first row."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    headings = {str(cell.value): cell.column for cell in sheet[1]}
    for heading, text in LINE.items():
        sheet.cell(2, headings[heading]).value = text
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def enters_the_works(desk: Desk) -> None:
    desk.goes_home().follows("Enter units from a table")
    template = desk.downloads("Download a table to fill in")
    desk.offers(table_of(template), "units.xlsx").presses("Read the table").sees("What will be entered")
    desk.presses("Enter")


def lists_it(officer: Desk, approver: Desk) -> None:
    officer.goes_home().follows("Propose several")
    officer.types("Entered on", "2026-01-01").picks("Ground", "direct emissions of 26,000 t or more")
    officer.types("Reason, with the figures it rests on", "2025年度排放报告").presses("Propose those ticked")
    approver.goes_home().follows("Approve several").follows("Choose all")
    approver.confirms("Approve those ticked").sees("The unit and the person who proposed it are told.")


def files_the_month(desk: Desk, do_jobs) -> None:
    desk.goes_home().follows("Packages to submit").follows("2026-01")
    blank = desk.downloads("Download the blank workbook")
    desk.offers(filled_in(blank, RIGHT), "1月.xlsx").presses("Upload and check")
    do_jobs()
    desk.sees("26,745").has_no_error()
    desk.attaches(paper("2026-01"), "台账.pdf").confirms("Submit this version")


def test_from_nothing_to_an_accepted_month(two_of_the_ministry, desk_of, it_is, do_jobs):
    it_is("2026-03-02 09:00")
    province = str(Authority.objects.get(code=HEBEI))
    analyst, minister = desk_of("analyst").sees("To begin with"), desk_of("minister")
    for login, name, role in (("first", "省经办", "Provincial officer"), ("second", "省审批", "Provincial approver")):
        proposes(analyst.goes_home(), login, name, role, authority=province)
    links = hands_out(minister.goes_home(), "first", "second")
    officer, approver = desk_of("first", links["first"]).sees("To begin with"), desk_of("second", links["second"])

    enters_the_works(officer)
    lists_it(officer, approver)
    for login, name, role in (("third", "企业经办", "Enterprise clerk"), ("fourth", "企业审批", "Enterprise approver")):
        proposes(officer.goes_home(), login, name, role, unit=WORKS)
    links = hands_out(approver.goes_home(), "third", "fourth")

    files_the_month(desk_of("third", links["third"]), do_jobs)
    it_is("2026-03-03 09:00")
    officer.goes_home().follows("Packages to review").presses("Accept").sees("Accepted.")
    assert Package.objects.get(period="2026-01").state == Package.State.ACCEPTED
    officer.goes_home().misses("To begin with")
