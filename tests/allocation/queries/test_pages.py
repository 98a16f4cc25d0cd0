"""Every page of allocation, for whom it is, in English, as tests/test_access_matrix.py opens it in Chinese; strangers, and how many
questions the lists ask."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allocation import balance_values, letters, queries
from allocation.compliance import surrender
from allocation.ledger import accounts
from allocation.method.compliance_status import Status
from allocation.models import (
    Account,
    Award,
    BalanceValue,
    Certificate,
    Letter,
    Notice,
    Run,
    SurrenderRequest,
    TradeImport,
    Transaction,
)
from allocation.queries.todo import todos
from allocation.web.views.runs.runs import shortened
from quota_site.home import sector_standings
from registry.models import DirectoryEntry
from registry.values.sectors import Sector
from tests.allocation.conftest import approve
from tests.cast import at
from tests.confirming import confirm

ASKED = at("2026-11-01 09:00")
PERSONS = (
    "clerk",
    "unit_approver",
    "officer",
    "approver",
    "registrar_operator",
    "registrar_approver",
    "analyst",
    "ministry_approver",
    "auditor",
)


@pytest.fixture(autouse=True)
def _november(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2026-11-20 09:00"))


@pytest.fixture
def country(
    noticed,
    trade_import,
    unit,
    rival_unit,
    clerk,
    unit_approver,
    rival_clerk,
    rival_approver,
    approver,
    registrar_operator,
):
    """Everything up to 乙's certificate; of 甲's requests one is executed, one waits for its approver."""
    full = surrender.request(rival_unit, 2025, {2025: 1_000_000}, by=rival_clerk, at=ASKED)
    part = surrender.request(unit, 2025, {2025: 400_000}, by=clerk, at=ASKED)
    for request, second in ((full, rival_approver), (part, unit_approver)):
        surrender.confirm(request, by=second, at=ASKED)
        surrender.approve(request, by=approver, at=ASKED)
        surrender.execute(request, by=registrar_operator, at=ASKED)
    surrender.request(unit, 2025, {2025: 5}, by=clerk, at=ASKED)
    return unit


@pytest.fixture
def person(request):
    return lambda name: request.getfixturevalue(name)


def addresses(unit):
    """Every page that can be looked at, with an object of 甲 (乙 where only it has one)."""
    return {
        "plans": reverse("allocation:plans"),
        "plan": reverse("allocation:plan", args=["2024-2025-final"]),
        "draft": reverse("allocation:plan", args=["2026-draft"]),
        "balance_values": reverse("allocation:balance_values"),
        "balance_value": reverse("allocation:balance_value", args=[BalanceValue.objects.get().pk]),
        "runs": reverse("allocation:runs"),
        "run_prepare": reverse("allocation:run_prepare"),
        "run": reverse("allocation:run", args=[Run.objects.get().pk]),
        "award": reverse("allocation:award", args=[Award.objects.get(unit=unit).pk]),
        "letters": reverse("allocation:letters"),
        "letter_write": reverse("allocation:letter_write"),
        "letter": reverse("allocation:letter", args=[Letter.objects.get().pk]),
        "accounts": reverse("allocation:accounts"),
        "account": reverse("allocation:account", args=[Account.objects.get(unit=unit).pk]),
        "transaction": reverse("allocation:transaction", args=[Transaction.objects.get(kind="issue").pk]),
        "trades": reverse("allocation:trades"),
        "trades_propose": reverse("allocation:trades_propose"),
        "trade_import": reverse("allocation:trade_import", args=[TradeImport.objects.get().pk]),
        "quota": reverse("allocation:quota_of", args=[unit.pk]),
        "notices": reverse("allocation:notices"),
        "notice": reverse("allocation:notice", args=[Notice.objects.get(unit=unit).pk]),
        "compliance": reverse("allocation:compliance") + "?year=2025",
        "surrenders": reverse("allocation:surrenders"),
        "surrender": reverse("allocation:surrender", args=[SurrenderRequest.objects.filter(unit=unit).latest("pk").pk]),
        "surrender_ask": reverse("allocation:surrender_ask", args=[2025]),
    }


TRADES = {"trades", "trades_propose", "trade_import"}
# Who may not open which page, all others may.
CLOSED = {
    "clerk": {"runs", "run_prepare", "run", "letters", "letter_write", "letter", *TRADES},
    "officer": {*TRADES, "surrender_ask"},
    "registrar_operator": {"run_prepare", "letter_write", "surrender_ask"},
    "auditor": {"run_prepare", "letter_write", "trades_propose", "surrender_ask"},
}
CLOSED["unit_approver"] = CLOSED["clerk"] | {"surrender_ask"}
CLOSED["approver"] = CLOSED["officer"] | {"run_prepare", "letter_write"}
CLOSED["registrar_approver"] = CLOSED["registrar_operator"] | {"trades_propose"}
CLOSED["analyst"] = CLOSED["ministry_approver"] = CLOSED["auditor"]


@pytest.mark.parametrize("name", PERSONS)
def test_every_page_for_everybody(country, client_for, person, name):
    browser = client_for(person(name), "en")
    found = {page: browser.get(url).status_code for page, url in addresses(country).items()}
    assert found == {page: 403 if page in CLOSED[name] else 200 for page in found}


@pytest.mark.parametrize("name", ["rival_clerk", "stranger_officer"])
def test_strangers_learn_nothing(country, client_for, person, name):
    browser = client_for(person(name))
    pages = addresses(country)
    for page in ("award", "account", "quota", "notice", "surrender"):
        assert browser.get(pages[page]).status_code == 404, page


def test_a_stranger_province_sees_neither_run_nor_letter(country, client_for, stranger_officer):
    browser = client_for(stranger_officer)
    for page in ("run", "letter"):
        assert browser.get(addresses(country)[page]).status_code == 404


def test_certificate_for_its_unit_and_not_for_the_rival(country, client_for, clerk, rival_clerk):
    url = reverse("allocation:certificate", args=[Certificate.objects.get().pk])
    assert client_for(rival_clerk).get(url).status_code == 200  # it is 乙's
    assert client_for(clerk).get(url).status_code == 404


def test_a_unit_does_not_see_awards_before_approval(steel, publish, prepared, client_for, clerk):
    publish()
    run = prepared()
    url = reverse("allocation:award", args=[run.awards.get(unit=clerk.unit).pk])
    assert client_for(clerk).get(url).status_code == 404


def test_the_unpublished_balance_value_is_the_ministrys(
    steel, analyst, ministry_approver, auditor, officer, registrar_operator, registrar_approver, client_for, do_jobs
):
    asked = balance_values.request("steel", 2025, by=analyst, at=at("2026-08-01"))
    do_jobs()
    url, listed = reverse("allocation:balance_value", args=[asked.pk]), reverse("allocation:balance_values")
    for stranger in (officer, registrar_operator, registrar_approver):
        assert client_for(stranger).get(url).status_code == 404
        text = client_for(stranger, "en").get(listed).content.decode()
        # One has been computed: the page must not say that none has.
        assert "No balance value has been published yet." in text
        assert "computed yet" not in text
    for reader in (analyst, ministry_approver, auditor):
        assert client_for(reader).get(url).status_code == 200
        assert url in client_for(reader, "en").get(listed).content.decode()


def test_of_the_lines_listed_no_more_are_verified_than_there_are(steel, unit):
    left = {
        "state": DirectoryEntry.State.LEFT,
        "left_on": dt.date(2025, 6, 30),
        "exit_ground": "restructured",
        "exit_reason": "并入",
    }
    DirectoryEntry.objects.filter(unit=unit, year=2025).update(**left)
    standings = sector_standings.of(2025, dt.date(2026, 12, 1))
    (row,) = [each for each in standings if each.sector == Sector.STEEL]
    assert (row.units, row.verified, row.lines) == (1, 1, 1)
    assert row.emissions == 2_000_000  # what was verified stays verified


def test_the_registrar_does_not_see_drafts(steel, publish, approved, officer, hebei, registrar_operator, client_for):
    publish()
    approved()
    letter = letters.write(hebei, 2025, "determination", number="1号", by=officer, at=at("2026-09-03"))
    url = reverse("allocation:letter", args=[letter.pk])
    assert client_for(registrar_operator).get(url).status_code == 404
    assert client_for(officer).get(url).status_code == 200


def test_the_award_links_every_input(country, client_for, clerk):
    award = Award.objects.get(unit=country)
    text = client_for(clerk, "en").get(reverse("allocation:award", args=[award.pk])).content.decode()
    assert reverse("reporting:verified_result", args=[award.result_id]) in text
    assert reverse("allocation:balance_value", args=[award.run.balance_value_id]) in text
    assert "国环规气候〔2025〕2号" in text
    assert "991,176" in text


@pytest.mark.parametrize(
    ("value", "short"),
    [
        ("0." + "4212202982912269668" * 3, "0.421220"),
        ("0.1234567890123", "0.123456"),
        ("0.123456789012", ""),
        ("731152.00", ""),
        ("white", ""),
        ("2012-04-01", ""),
    ],
)
def test_only_a_number_that_no_column_holds_is_cut(value, short):
    assert shortened(value) == short


def test_on_a_narrow_screen_every_figure_of_an_award_has_its_heading_beside_it(country, client_for, clerk):
    award = Award.objects.get(unit=country)
    text = client_for(clerk, "en").get(reverse("allocation:award", args=[award.pk])).content.decode()
    tables = re.findall(r'<div class="table-region ([a-z]+)".*?</div>', text, re.DOTALL)
    assert set(tables) == {"cards"}
    for body in re.findall(r'<div class="table-region cards".*?<tbody>(.*?)</tbody>', text, re.DOTALL):
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
            cells = re.findall(r"<t[dh][^>]*>", row)
            assert all("data-label=" in cell for cell in cells[1:]), row


def test_the_account_on_a_day_gone_by(country, client_for, clerk):
    url = reverse("allocation:account", args=[Account.objects.get(unit=country).pk])
    browser = client_for(clerk, "en")
    # issued 991,176 on 10 September; 400,000 surrendered on 1 November, 5 reserved now
    assert browser.get(url).context["total"] == 591_176
    assert browser.get(url).context["reserved"] == 5
    assert browser.get(f"{url}?as_of=2026-10-31").context["total"] == 991_176
    assert browser.get(f"{url}?as_of=2026-09-09").context["total"] == 0


def test_the_board_on_days(country, client_for, auditor, monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2027-01-05 09:00"))
    browser = client_for(auditor, "en")
    url = reverse("allocation:compliance") + "?year=2025&as_of="
    before, after, late = (
        browser.get(url + day).context["board"] for day in ("2026-10-31", "2026-11-01", "2027-01-01")
    )
    assert (before.rate.complete, before.rate.units, before.rate.surrendered) == (0, 2, 0)
    # 乙 1,000,000 of 1,000,000; 甲 400,000 of 1,000,000
    assert (after.rate.complete, after.rate.surrendered, after.rate.due) == (1, 1_400_000, 2_000_000)
    assert sorted(row.status for row in late.rows) == ["complete_on_time", "overdue"]
    assert browser.get(url + "2026-09-01").context["board"].rate.units == 0  # no notice had been sent


@pytest.mark.parametrize("executed", ["2026-11-01", "2026-12-31", "2027-01-03"])
@pytest.mark.parametrize("day", ["2026-10-31", "2026-11-01", "2026-12-31", "2027-01-01", "2027-01-05"])
def test_the_board_says_of_each_duty_what_its_own_page_says(
    noticed, auditor, executed, day, unit, rival_unit, clerk, unit_approver, rival_clerk, rival_approver, approver,
    registrar_operator,
):  # fmt: skip
    """The one from sums of the database, the other from each surrender; on time, late, in part, not at all, not yet."""
    full = surrender.request(rival_unit, 2025, {2025: 1_000_000}, by=rival_clerk, at=ASKED)
    part = surrender.request(unit, 2025, {2025: 400_000}, by=clerk, at=ASKED)
    for request, second in ((full, rival_approver), (part, unit_approver)):
        surrender.confirm(request, by=second, at=ASKED)
        surrender.approve(request, by=approver, at=ASKED)
        surrender.execute(request, by=registrar_operator, at=at(executed))
    on = dt.date.fromisoformat(day)
    board = queries.board(auditor, 2025, on)
    own = {notice.pk: queries.standing(notice, on) for notice in Notice.objects.filter(year=2025)}
    assert {row.pk: (row.status, row.due_then, row.surrendered, row.missing, row.over) for row in board.rows} == {
        pk: (one.status, one.due, one.surrendered, one.missing, one.over) for pk, one in own.items()
    }
    assert dict(board.by_status) == {each: sum(one.status is each for one in own.values()) for each in Status}
    sums = {name: sum(getattr(one, name) for one in own.values()) for name in ("due", "surrendered", "missing", "over")}
    assert (board.sums, board.over_units) == (sums, sum(one.over > 0 for one in own.values()))
    of_year = queries.totals(auditor, 2025, on)
    assert (of_year.rate, of_year.by_authority) == (board.rate, board.by_authority)


def test_the_quota_page_adds_up(country, client_for, clerk):
    years = client_for(clerk).get(reverse("allocation:quota_of", args=[country.pk])).context["years"]
    (year,) = [one for one in years if one.year == 2025]
    assert (year.determined, year.due, year.surplus) == (991_176, 1_000_000, -8_824)
    # 991,176 issued − 400,000 surrendered
    assert (year.created, year.surrendered_of_vintage, year.held) == (991_176, 400_000, 591_176)
    assert year.standing.missing == 600_000


def test_tables_are_downloads(country, client_for, officer):
    letter = Letter.objects.get()
    for query in ("", "?language=en"):
        response = client_for(officer).get(reverse("allocation:letter_tables", args=[letter.pk]) + query)
        assert response.status_code == 200
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"


# --- Acts through the pages


def test_approve_through_the_page(steel, publish, prepared, client_for, approver, officer):
    publish()
    run = prepared()
    page = reverse("allocation:run", args=[run.pk])
    assert client_for(officer).get(page).context["approval"] is None
    form = client_for(approver).get(page).context["approval"]
    confirm(client_for(approver), reverse("allocation:run_approve", args=[run.pk]), form.initial)
    run.refresh_from_db()
    assert run.state == Run.State.APPROVED


def test_the_way_of_a_surrender_through_the_pages(
    noticed, client_for, clerk, unit_approver, approver, registrar_operator
):
    asked = client_for(clerk).post(reverse("allocation:surrender_ask", args=[2025]), {"v2025": "7"})
    assert asked.status_code == 302
    request = SurrenderRequest.objects.get()
    for name, person in (("confirm", unit_approver), ("approve", approver), ("execute", registrar_operator)):
        page = client_for(person).get(reverse("allocation:surrender", args=[request.pk]))
        step = reverse(f"allocation:surrender_{name}", args=[request.pk])
        assert step in [button.url for button in page.context["buttons"] if button]
        confirm(client_for(person), step)
    request.refresh_from_db()
    assert request.state == SurrenderRequest.State.EXECUTED


def test_looking_is_not_acting(country, client_for, auditor, officer):
    request = SurrenderRequest.objects.latest("pk")
    for person in (auditor, officer):
        for name in ("confirm", "approve", "execute", "refuse", "withdraw"):
            url = reverse(f"allocation:surrender_{name}", args=[request.pk])
            assert client_for(person).post(url, {"reason": "x"}).status_code == 403


def test_a_refusal_is_told_on_the_page(noticed, client_for, clerk):
    url = reverse("allocation:surrender_ask", args=[2025])
    response = client_for(clerk, "en").post(
        url, {"v2025": "999999999"}, follow=True, headers={"referer": f"http://testserver{url}"}
    )
    assert "991,176 t of vintage 2025 available; 999,999,999 t are requested" in response.text
    assert not SurrenderRequest.objects.exists()


@pytest.mark.parametrize("reason", ["", "x" * 301, "a\0b"])
def test_a_reason_that_no_column_takes_is_refused_on_the_page(noticed, client_for, registrar_approver, unit, reason):
    account = Account.objects.get(unit=unit)
    page = reverse("allocation:account", args=[account.pk])
    response = client_for(registrar_approver).post(
        reverse("allocation:account_freeze", args=[account.pk]),
        {"reason": reason},
        follow=True,
        headers={"referer": f"http://testserver{page}"},
    )
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    account.refresh_from_db()
    assert not account.frozen


# --- Lists ask a fixed number of questions


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("runs", 12),
        ("letters", 12),
        ("accounts", 12),
        ("notices", 20),
        ("surrenders", 12),
        ("compliance", 16),
        ("quota", 20),
        ("run", 24),
        ("account", 14),  # two count the rows beside the choices
        ("award", 10),
    ],
)
def test_questions_asked(country, client_for, officer, django_assert_max_num_queries, page, most):
    browser = client_for(officer)
    url = addresses(country)[page]
    with django_assert_max_num_queries(most):
        browser.get(url)


def test_more_units_ask_no_more_questions(
    country, client_for, auditor, make_unit, django_assert_num_queries, django_assert_max_num_queries
):
    browser = client_for(auditor)
    pages = [addresses(country)[page] for page in ("accounts", "compliance")]
    for url in pages:
        browser.get(url)
        with CaptureQueriesContext(connection) as before:
            browser.get(url)
        for _place in range(3):
            accounts.of_unit(make_unit(), ASKED)
        with django_assert_max_num_queries(len(before)):
            browser.get(url)


# --- What waits for whom


def test_todos(country, person):
    now = at("2026-12-28 09:00")
    found = {name: [(todo.title, todo.count, todo.tone) for todo in todos(person(name), now)] for name in PERSONS}
    # 甲 owes 1,000,000 − 400,000 − 5 open = 599,995
    [todo, waiting] = todos(person("clerk"), now)
    assert "599,995" in todo.detail
    assert waiting.detail.startswith("5吨：")
    assert [row[1:] for row in found["clerk"]] == [(1, "warn"), (1, "info")]
    assert [row[1:] for row in found["unit_approver"]] == [(1, "warn")]
    # 2024 is verified, too, and was never determined.
    assert [row[1:] for row in found["officer"]] == [(1, "danger")]
    # What the operator proposed lies with the registrar's approver.
    assert found["registrar_operator"] == [("待审批人执行的成交表", 1, "info")]
    assert found["approver"] == found["auditor"] == []


def test_todos_of_the_province_and_the_registrar(
    steel,
    publish,
    prepared,
    approver,
    officer,
    registrar_operator,
    registrar_approver,
    ministry_approver,
    analyst,
    do_jobs,
):
    now = at("2026-09-02 09:00")

    def count(person):
        return [todo.count for todo in todos(person, now)]

    asked = balance_values.request("steel", 2025, by=analyst, at=at("2026-08-01"))
    do_jobs()
    assert count(ministry_approver) == [1]
    balance_values.publish(asked, by=ministry_approver, at=at("2026-08-05"))
    assert count(ministry_approver) == []
    run = prepared()
    # The officer: 2024 is verified and never was determined, and 2025 waits for their approver.
    assert (count(approver), count(officer)) == ([1], [1, 1])
    approve(run, approver)
    assert (count(approver), count(officer)) == ([], [1, 2, 1])  # 2024, two notices, and a letter for 30 September
    letter = letters.write(run.authority, 2025, "determination", number="1号", by=officer, at=now)
    letters.send(letter, by=officer, at=now)
    assert count(registrar_operator) == [1]
    assert count(registrar_approver) == []


def test_lists_are_searched_by_name_and_code_and_ask_for_an_authority_only_where_there_are_several(
    noticed, unit, client_for, approver, analyst
):
    page = reverse("allocation:notices")
    found = client_for(approver).get(page, {"q": unit.credit_code.lower()})
    assert [row.record.unit for row in found.context["table"].rows] == [unit]
    assert "authority" not in found.context["filter"].form.fields
    assert "authority" in client_for(analyst).get(page).context["filter"].form.fields
