"""How many clicks the main tasks take, from the home's page on: more than these, and a page has begun to stand in the way.

A choice from a list and a chosen file count as one each; typing doesn't. docs/design-system.md has the numbers of before.
"""

import csv
import io

import pytest
from django.urls import reverse

from allocation.compliance import surrender
from quota_site.demo.invented.papers import paper
from registry.models import Authority, Person
from tests.allocation.conftest import *  # noqa: F403 (its fixtures lead up to a notice)
from tests.browser.desk import Desk, filled_in
from tests.browser.test_month import RIGHT, october  # noqa: F401 (a fixture)
from tests.cast import HEBEI, at
from tests.reporting import story

COUNTER = """
const count = () => { sessionStorage.clicks = 1 + Number(sessionStorage.clicks || 0) };
document.addEventListener("click", (event) => event.isTrusted && count(), true);
document.addEventListener("change", (event) => event.target.matches("select, [type=file]") && count(), true);
"""


@pytest.fixture
def at_home(at_desk):
    """`at_home(person)`: the desk of a person who stands on their home's page, where counting begins."""

    def sit(person: Person) -> Desk:
        desk = at_desk(person)
        desk.page.add_init_script(COUNTER)
        return desk.goes_home()

    return sit


def clicks(desk: Desk) -> int:
    return int(desk.page.evaluate("Number(sessionStorage.clicks || 0)"))


def test_a_month_is_submitted(october, clerk, at_home, it_is, do_jobs):  # noqa: F811
    it_is("2025-11-20 09:00")
    desk = at_home(clerk).follows("Packages to submit").presses_in("2025-10", "Begin")
    blank = desk.downloads("Download the blank workbook")
    desk.offers(filled_in(blank, RIGHT), "10月.xlsx").presses("Upload and check")
    do_jobs()
    desk.sees("Emissions of the unit").attaches(paper("2025-10"), "台账.pdf").confirms("Submit this version")
    desk.sees("The province reviews it. You are told when it is accepted or sent back.")
    assert clicks(desk) == 11


def test_a_month_is_reviewed(october, clerk, officer, at_home, it_is):  # noqa: F811
    story.submitted(october, "2025-10", clerk, at("2025-11-20"))
    it_is("2025-11-21 10:00")
    desk = at_home(officer).follows("Packages to review").presses("Accept").sees("Accepted.")
    assert clicks(desk) == 2


def test_a_surrender_goes_through_four_hands(
    noticed, clerk, unit_approver, approver, registrar_operator, at_home, it_is
):
    it_is("2026-11-02 09:00")
    desk = at_home(clerk).follows("Request surrender for %(year)s", year=2025).presses("Request")
    assert clicks(desk) == 2
    for person, waiting, act, most in (
        (unit_approver, "Surrender requests to confirm", "Confirm", 4),
        (approver, "Surrender requests to approve", "Approve", 3),
        (registrar_operator, "Surrender requests to execute", "Execute", 3),
    ):
        desk = at_home(person).follows(waiting).confirms(act)
        assert clicks(desk) == most, person.role


def test_who_has_not_surrendered_in_one_sector_of_one_province_as_a_table(
    noticed, unit, clerk, analyst, at_home, it_is
):
    surrender.request(unit, 2025, {2025: 991_176}, by=clerk, at=at("2026-11-01 09:00"))
    it_is("2026-11-02 09:00")
    desk = at_home(analyst).follows(str(Authority.objects.get(code=HEBEI))).sees("not yet complete")
    desk.follows("钢铁")
    rows = list(csv.reader(io.StringIO(desk.downloads("CSV").decode("utf-8-sig"))))
    assert unit.name in [row[0] for row in rows]
    assert desk.page.url.partition("?")[0].endswith(reverse("allocation:compliance"))
    assert clicks(desk) == 3
