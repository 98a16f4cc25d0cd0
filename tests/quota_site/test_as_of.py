"""`?as_of=` on every page that can be asked: it holds for everything on the page, or the page says that it can't."""

import pytest
from django.urls import reverse

from allocation.compliance import surrender
from registry.models import Person
from tests.allocation.conftest import *  # noqa: F403 (its fixtures)
from tests.cast import at

IGNORED = "不支持按过去日期显示"
HELD = "本页内容为截至"


@pytest.fixture(autouse=True)
def _november(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2026-11-20 09:00"))


PAGES = [
    "home",
    "registry:directory",
    "registry:journal",
    "registry:units",
    "registry:jobs",
    "registry:parameters",
    "allocation:runs",
    "allocation:run_board",
    "allocation:letters",
    "allocation:surrenders",
    "allocation:notices",
    "allocation:deductions",
    "allocation:differentiations",
    "allocation:objections",
    "allocation:balance_values",
    "allocation:accounts",
    "allocation:compliance",
    "allocation:plans",
    "reporting:packages",
    "reporting:package_board",
    "reporting:annual_reports",
    "reporting:verifications",
    "reporting:control_plans",
]


@pytest.mark.parametrize("name", PAGES)
def test_a_past_day_holds_for_the_page_or_the_page_says_that_it_does_not(noticed, auditor, client_for, name):
    page = client_for(auditor).get(f"{reverse(name)}?as_of=2026-05-01")
    assert page.status_code == 200
    text = page.content.decode()
    assert (IGNORED in text) != ("as_of" in page.context and HELD in text)


@pytest.mark.parametrize("name", [*PAGES, "registry:unit", "allocation:quota_of"])
def test_a_day_to_come_is_refused_and_so_is_what_is_no_day(noticed, unit, auditor, client_for, name):
    url = reverse(name, args=[unit.pk] if name in ("registry:unit", "allocation:quota_of") else [])
    ahead = client_for(auditor).get(f"{url}?as_of=2026-12-31")
    # What thresholds will be in force is decided already.
    assert ahead.status_code == (200 if name == "registry:parameters" else 400)
    assert client_for(auditor).get(f"{url}?as_of=gestern").status_code == 400


def test_an_accounts_entries_are_those_of_the_day(noticed, traded, unit, rival_unit, clerk, client_for):
    row = f"T1,2026-10-15,{unit.credit_code},{rival_unit.credit_code},2025,1000"
    traded(f"reference,traded_on,seller,buyer,vintage,quantity\n{row}\n".encode(), at("2026-10-20"))
    page = reverse("allocation:account", args=[unit.accounts.get().pk])
    for day, count, held in (("2026-09-09", 0, 0), ("2026-09-10", 1, 991_176), ("2026-10-15", 2, 990_176)):
        shown = client_for(clerk).get(f"{page}?as_of={day}")
        assert (len(shown.context["table"].rows), shown.context["total"]) == (count, held)


@pytest.mark.parametrize("name", ["allocation:account", "allocation:quota", "reporting:packages"])
def test_an_address_that_stands_for_another_keeps_the_day(noticed, clerk, client_for, name):
    answer = client_for(clerk).get(f"{reverse(name)}?as_of=2026-05-01")
    assert answer.url.endswith("?as_of=2026-05-01")


@pytest.mark.parametrize(
    "name",
    ["allocation:compliance", "allocation:notices", "allocation:run_board", "allocation:balance_values"],
)
@pytest.mark.parametrize(("year", "status"), [("1999", 404), ("2031", 404), ("x", 404), ("2024", 200), ("2027", 200)])
def test_a_year_that_there_is_not_is_404(noticed, officer, analyst, client_for, name, year, status):
    person: Person = analyst if name == "allocation:balance_values" else officer
    assert client_for(person).get(f"{reverse(name)}?year={year}").status_code == status


# --- A surrender under way


def test_a_request_under_way_is_known_to_home_quota_page_and_list(
    noticed, unit, clerk, unit_approver, approver, client_for
):
    """甲 owes 1,000,000 t and holds 991,176."""
    address = reverse("allocation:surrender_ask", args=[2025])
    quota, listed = reverse("allocation:quota_of", args=[unit.pk]), reverse("allocation:surrenders")
    browser = client_for(clerk)
    assert [address in browser.get(page).content.decode() for page in (quota, listed)] == [True, True]
    asked = surrender.request(unit, 2025, {2025: 991_176}, by=clerk, at=at("2026-10-20 09:00"))
    assert [address in browser.get(page).content.decode() for page in (quota, listed)] == [
        True,
        True,
    ]  # 8,824 t are left
    (todo,) = [each for each in browser.get("/").context["todos"] if each.title == "2025年度清缴申请办理中"]
    assert todo.url == reverse("allocation:surrender", args=[asked.pk])
    assert todo.detail == "991,176吨：待重点排放单位审批人确认，自2026-10-20起"
    surrender.confirm(asked, by=unit_approver, at=at("2026-10-22 09:00"))
    shown = browser.get(quota).content.decode()
    assert "待省级主管部门" in shown
    assert "2026-10-22" in shown


def test_with_all_requested_nobody_is_asked_to_request_again(noticed, rival_unit, rival_clerk, client_for):
    surrender.request(rival_unit, 2025, {2025: 1_000_000}, by=rival_clerk, at=at("2026-10-20 09:00"))
    address = reverse("allocation:surrender_ask", args=[2025])
    browser = client_for(rival_clerk)
    pages = (reverse("allocation:quota_of", args=[rival_unit.pk]), reverse("allocation:surrenders"), "/")
    assert [address in browser.get(page).content.decode() for page in pages] == [False, False, False]


def test_a_duty_that_is_met_is_no_deadline(
    noticed, unit, rival_unit, clerk, rival_clerk, rival_approver, approver, registrar_operator, client_for
):
    asked = surrender.request(rival_unit, 2025, {2025: 1_000_000}, by=rival_clerk, at=at("2026-10-20 09:00"))
    for act, by in ((surrender.confirm, rival_approver), (surrender.approve, approver)):
        act(asked, by=by, at=at("2026-10-21 09:00"))
    assert "deadline.surrender" in {each.parameter.id for each in client_for(rival_clerk).get("/").context["deadlines"]}
    surrender.execute(asked, by=registrar_operator, at=at("2026-10-22 09:00"))
    left = {person: client_for(person).get("/").context["deadlines"] for person in (clerk, rival_clerk)}
    found = {person: "deadline.surrender" in {each.parameter.id for each in rows} for person, rows in left.items()}
    assert found == {clerk: True, rival_clerk: False}
