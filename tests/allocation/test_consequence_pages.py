"""What the pages before an act say of it: the figures as they are and as they will be."""

import pytest
from django.urls import reverse

from allocation import balance_values, objections
from allocation.compliance import notices, surrender
from allocation.ledger import accounts, trades
from allocation.models import Account, BalanceValue, Notice, Settlement
from registry.models import JournalEntry
from tests.cast import at
from tests.confirming import confirm, fields_of

NOW = at("2026-10-20 09:00")
DET = "determination"


def changes(page) -> list[tuple[int | str | None, int | str | None]]:
    return [(change.before, change.after) for change in page.context["act"].changes]


@pytest.fixture
def computed(steel, analyst, do_jobs) -> BalanceValue:
    asked = balance_values.request("steel", 2025, by=analyst, at=NOW)
    do_jobs()
    asked.refresh_from_db()
    return asked


def test_a_balance_value_is_published_from_its_page(computed, ministry_approver, client_for):
    client, address = client_for(ministry_approver), reverse("allocation:balance_value_publish", args=[computed.pk])
    page = client.get(address)
    assert changes(page)[0] == (None, str(computed.value))
    confirm(client, address)
    computed.refresh_from_db()
    assert computed.state == BalanceValue.State.PUBLISHED


def test_a_run_is_approved_with_what_it_gives(steel, publish, prepared, approver, client_for):
    publish()
    run = prepared(DET)
    page = client_for(approver).get(reverse("allocation:run_approve", args=[run.pk]))
    # 991,176 + 1,008,823 of quota, as much to issue; 1,000,000 t due of each of the two
    assert changes(page) == [(0, 1_999_999), (0, 2_000_000), (0, 1_999_999)]


def test_notices_are_sent_once_and_name_whom_they_go_to(steel, publish, issued, officer, hebei, client_for, unit):
    publish()
    issued()
    client, address = client_for(officer), reverse("allocation:notices_send")
    page = client.post(address, {"year": "2025"})
    assert changes(page) == [(0, 2)]
    assert any(unit.name in said for said in page.context["act"].touches)
    pressed = {**fields_of(page), "year": "2025"}
    first = client.post(address, pressed)
    assert Notice.objects.count() == 2
    assert client.post(address, pressed)["Location"] == first["Location"]
    assert JournalEntry.objects.filter(act="notices.sent").count() == 1


def test_notices_say_what_is_contested_and_until_when_it_can_be(
    steel, publish, issued, officer, hebei, clerk, unit, unit_approver, client_for, monkeypatch
):
    publish()
    issued()  # approved on 2 September 2026: seven working days end on the 11th
    settlement = Settlement.objects.get(unit=unit, run__kind=DET)
    client, address = client_for(officer), reverse("allocation:notices_send")

    def warned(day):
        monkeypatch.setattr("registry.law.clock.now", lambda: at(f"{day} 10:00"))
        return " ".join(client.post(address, {"year": "2025"}).context["act"].warnings)

    assert "2026-09-11" in warned("2026-09-11")
    assert warned("2026-09-12") == ""
    made = objections.draft(settlement, None, grounds="产量有误", by=clerk, at=at("2026-09-11"))
    assert warned("2026-09-12") == ""
    objections.file(made, seen=objections.seen(made), by=unit_approver, at=at("2026-09-11"))
    assert "1件异议" in warned("2026-09-12")
    assert "2026-12-31" in warned("2027-01-04")  # past: the units are overdue with the notice


def test_a_freeze_says_what_it_stops(
    noticed, unit, rival_unit, clerk, registrar_operator, registrar_approver, client_for
):
    account = accounts.of_unit(unit, NOW)
    address = reverse("allocation:account_freeze", args=[account.pk])
    client = client_for(registrar_approver)
    assert client.get(address).context["act"].warnings == []
    surrender.request(unit, 2025, {2025: 300_000}, by=clerk, at=at("2026-10-01"))
    row = f"T1,2026-10-08,{unit.credit_code},{rival_unit.credit_code},2025,1234"
    table = f"reference,traded_on,seller,buyer,vintage,quantity\n{row}\n".encode()
    trades.propose(table, "trades.csv", by=registrar_operator, at=at("2026-10-10"))
    reserved, sold = client.get(address).context["act"].warnings
    assert "300,000" in reserved
    assert "1,234" in sold


def test_an_account_is_frozen_with_what_can_leave_it(noticed, unit, registrar_approver, client_for):
    account = accounts.of_unit(unit, NOW)
    client, address = client_for(registrar_approver), reverse("allocation:account_freeze", args=[account.pk])
    page = client.post(address, {"reason": "法院裁定", "act": "freeze"})
    assert changes(page) == [(991_176, 0)]
    assert "法院裁定" in page.text
    confirm(client, address, {"reason": "法院裁定"})
    assert Account.objects.get(pk=account.pk).frozen
    assert changes(client.get(address)) == [(0, 991_176)]
    assert "reason" in client.get(address).context["act"].form.fields


def test_a_letter_shows_whose_accounts_it_reaches(steel, publish, approved, sent, registrar_operator, client_for):
    publish()
    approved()
    letter = sent()
    page = client_for(registrar_operator).get(reverse("allocation:issue_prepare", args=[letter.pk]))
    assert changes(page) == [(0, 1_999_999), (0, 1_999_999)]


def test_a_year_without_units_that_are_ready_is_told(officer, client_for, hebei):
    answer = client_for(officer, "en").post(reverse("allocation:notices_send"), {"year": "2025"}, follow=True)
    assert "No unit is ready for a notice" in answer.text
    assert not notices.outstanding(hebei, 2025, NOW.date())
