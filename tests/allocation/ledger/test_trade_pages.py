"""The pages of the exchange's trades: proposed by one person, executed or refused by another."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from allocation.compliance import surrender
from allocation.ledger import trades
from allocation.models import Account, Holding
from allocation.queries.todo import todos
from registry import files
from registry.law import clock
from registry.models import Notification
from tests.cast import at
from tests.confirming import confirm


@pytest.fixture(autouse=True)
def _november(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2026-11-20 09:00"))


def test_a_faulty_trade_table_lists_its_faults(noticed, client_for, registrar_operator):
    table = SimpleUploadedFile("t.csv", b"reference,traded_on,seller,buyer,vintage,quantity\nT1,x,y,z,2025,1\n")
    response = client_for(registrar_operator).post(reverse("allocation:trades_propose"), {"table": table})
    assert response.status_code == 422
    assert [line for line, _fault in response.context["faults"]] == [2, 2, 2]


def test_a_table_of_trades_is_proposed_and_executed_from_its_pages(
    trade_import, client_for, registrar_operator, registrar_approver, do_jobs
):
    page = reverse("allocation:trade_import", args=[trade_import.pk])
    own = client_for(registrar_operator).get(page)
    assert own.context["own"]
    assert "file" not in own.context
    browser = client_for(registrar_approver)
    shown = browser.get(page)
    sha256 = shown.context["file"].initial["sha256"]
    confirm(browser, reverse("allocation:trade_import_execute", args=[trade_import.pk]), {"sha256": sha256})
    assert b"hx-get" in browser.get(page).content
    do_jobs()
    done = browser.get(page)
    assert done.context["import"].state == "executed"
    assert not done.context["awaits"]
    progress = browser.get(reverse("allocation:trade_import_progress", args=[trade_import.pk]))
    assert progress.headers["HX-Refresh"] == "true"
    handed_out = browser.get(reverse("allocation:trade_import_file", args=[trade_import.pk]))
    assert handed_out.content.startswith(b"reference,traded_on")


def test_a_decision_without_the_files_hash_changes_nothing(trade_import, client_for, registrar_approver):
    browser = client_for(registrar_approver)
    for act, typed in (("execute", {}), ("refuse", {"reason": "x"}), ("execute", {"sha256": "0" * 64})):
        browser.post(reverse(f"allocation:trade_import_{act}", args=[trade_import.pk]), typed)
    trade_import.refresh_from_db()
    assert (trade_import.state, trade_import.job) == ("proposed", None)


def test_a_refused_table_is_the_operators_to_propose_again(
    trade_import, client_for, registrar_operator, registrar_approver
):
    def titles(person):
        with translation.override("en"):
            return {todo.title for todo in todos(person, clock.now()) if todo.url == page}

    page = reverse("allocation:trade_import", args=[trade_import.pk])
    assert titles(registrar_approver) == {"Tables of trades to execute"}
    assert titles(registrar_operator) == {"Tables of trades awaiting your approver"}
    refusal = {"sha256": trade_import.sha256, "reason": "The wrong month"}
    client_for(registrar_approver).post(reverse("allocation:trade_import_refuse", args=[trade_import.pk]), refusal)
    assert "The wrong month" in client_for(registrar_operator).get(page).content.decode()
    assert titles(registrar_operator) == {"Tables of trades refused: propose again"}
    assert titles(registrar_approver) == set()
    another = files.read(trade_import.sha256).replace(b"T1", b"T2")
    trades.propose(another, "t.csv", by=registrar_operator, at=clock.now())
    assert titles(registrar_operator) == set()


def test_more_rows_ask_no_more_questions(
    trade_import, unit, rival_unit, client_for, registrar_operator, registrar_approver, do_jobs
):
    rows = "".join(f"M{n},2026-10-15,{unit.credit_code},{rival_unit.credit_code},2025,1\n" for n in range(20))
    table = f"reference,traded_on,seller,buyer,vintage,quantity\n{rows}".encode()
    many = trades.propose(table, "m.csv", by=registrar_operator, at=at("2026-10-21"))
    for imported in (trade_import, many):
        trades.execute(imported, sha256=imported.sha256, by=registrar_approver, at=at("2026-10-22"))
    do_jobs()
    browser = client_for(registrar_approver)
    asked = []
    for imported in (trade_import, many):
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse("allocation:trade_import", args=[imported.pk])).status_code == 200
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 20
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(reverse("allocation:trades")).status_code == 200
    assert len(captured) <= 12


def test_whoever_executes_sees_what_the_parties_keep_and_lack(
    trade_import, unit, rival_unit, clerk, unit_approver, client_for, registrar_approver, do_jobs
):
    """Both owe 1,000,000 t of 2025 and hold no more than their quota; 甲 has asked to surrender 600,000 t."""
    held = {one.unit_id: one for one in Account.objects.filter(unit__in=[unit, rival_unit])}
    free = {key: Holding.objects.get(account=one, vintage=2025).amount for key, one in held.items()}
    surrender.request(unit, 2025, {2025: 600_000}, by=clerk, at=at("2026-11-01"))
    page = reverse("allocation:trade_import", args=[trade_import.pk])
    shown = {
        row.record.total.account.unit_id: row.record
        for row in client_for(registrar_approver).get(page).context["totals"].rows
    }
    seller, buyer = shown[unit.pk], shown[rival_unit.pk]
    assert (seller.left, seller.owed) == (free[unit.pk] - 600_000 - 1_000, 400_000)
    assert seller.lacking == max(0, 400_000 - (free[unit.pk] - 601_000))
    assert (buyer.left, buyer.owed) == (free[rival_unit.pk] + 1_000, 1_000_000)
    assert buyer.lacking == max(0, 1_000_000 - free[rival_unit.pk] - 1_000)
    assert seller.lacking + buyer.lacking > 0
    text = client_for(registrar_approver).get(page).content.decode()
    assert "+1,000" in text
    assert "−1,000" in text
    trades.execute(trade_import, sha256=trade_import.sha256, by=registrar_approver, at=at("2026-11-19"))
    do_jobs()
    after = client_for(registrar_approver).get(page)
    assert "交易后缺口" not in after.content.decode()  # what is booked is counted in the accounts already
    told = Notification.objects.filter(person=trade_import.proposed_by, kind="proposal.approved")
    assert told.get().link == page
