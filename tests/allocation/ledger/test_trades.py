"""The exchange's record: all faults at once, proposed by one person, executed whole or not at all by another, once per reference."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from allocation import ledger, queries
from allocation.ledger import Posting, accounts, trades
from allocation.ledger.trades import TradeFaultsError
from allocation.models import Entry, Holding, Trade, TradeImport, TradeRow, Transaction
from allocation.plans import vintage_labels
from registry.files import originals
from registry.models import JobItem, JournalEntry, Notification
from registry.refusal import Refusal
from tests import worlds
from tests.cast import at

pytestmark = pytest.mark.usefixtures("in_english")

NOW = at("2026-10-20 09:00")
LATER = at("2026-10-20 11:00")
HEAD = "reference,traded_on,seller,buyer,vintage,quantity\n"
State = TradeImport.State


@pytest.fixture
@worlds.world
def quota_held(steel, publish, issued):
    """甲 holds 991,176 t and 乙 1,008,823 t of 2025."""
    publish()
    return issued()


@pytest.fixture
def market(quota_held, unit, rival_unit):
    """What they hold; a function that writes rows with their codes as S and B."""

    def table(*rows):
        text = "".join(f"{row}\n" for row in rows)
        return (
            HEAD + text.replace(",S,", f",{unit.credit_code},").replace(",B,", f",{rival_unit.credit_code},")
        ).encode()

    return table


@pytest.fixture
def proposed(market, registrar_operator):
    """`proposed(*rows)`: a table that waits for a second person."""
    return lambda *rows: trades.propose(market(*rows), "十月.csv", by=registrar_operator, at=NOW)


@pytest.fixture
def execute(registrar_approver, do_jobs):
    """`execute(imported)`: asked for by the approver, and done."""

    def act(imported):
        trades.execute(imported, sha256=imported.sha256, by=registrar_approver, at=LATER)
        do_jobs()
        imported.refresh_from_db()
        return imported

    return act


def held(unit):
    return Holding.objects.get(account__unit=unit, vintage=2025).amount


# --- Proposing


def test_a_proposal_moves_nothing_and_keeps_the_file(market, unit, rival_unit, registrar_operator):
    table = market("T1,2026-10-15,S,B,2025,1000", "T2,2026-10-16,B,S,2025,300")
    imported = trades.propose(table, "十月.csv", by=registrar_operator, at=NOW)
    assert (imported.state, imported.trades, imported.quantity) == (State.PROPOSED, 2, 1300)
    assert originals.read(imported.sha256) == table
    assert held(unit) == 991_176
    assert not Trade.objects.exists()
    assert [(row.line, row.reference, row.known) for row in imported.rows.all()] == [(2, "T1", False), (3, "T2", False)]
    # 甲 sells 1,000 and buys 300, 乙 the other way round
    found = {total.account.unit: (total.sold, total.bought, total.net) for total in trades.totals(imported)}
    assert found == {unit: (1000, 300, -700), rival_unit: (300, 1000, 700)}
    assert JournalEntry.objects.latest("sequence").act == "trades.proposed"


def test_all_faults_at_once_and_nothing_stored(market, unit, registrar_operator):
    table = market(
        "T1,2026-10-15,S,B,2025,1000",
        "T2,2026-10-99,S,B,2025,1000",
        "T3,2026-10-21,S,B,2025,1000",  # lies ahead
        f"T4,2026-10-15,{unit.credit_code},{unit.credit_code},2025,1.5",
        "T5,2026-10-15,S,91130000000000000X,2025,10",
        ",2026-10-15,S,B,18,10",
        "T1,2026-10-15,S,B,2025,1001",
        "T8,2026-10-15,S,B,2025,2000000",
        "=1+1,2026-10-15,S,B,2025,10",
        "T9,2026-10-15,S,B,2025,10,more",
        "T10,20261015,S,B,2025,10",
        f"{'T' * 61},2026-10-15,S,B,2025,10",
    )
    with pytest.raises(TradeFaultsError) as caught:
        trades.propose(table, "t.csv", by=registrar_operator, at=NOW)
    assert [line for line, _fault in caught.value.faults] == [3, 4, 5, 5, 6, 7, 7, 8, 9, 10, 11, 12, 13]
    assert not TradeImport.objects.exists()
    assert held(unit) == 991_176


@pytest.mark.parametrize(
    "table", [b"", b"\xff\xfe", b"reference;traded_on\n", HEAD.encode() + b'T1,"2026', HEAD.encode() + b"T1,2026-10-15"]
)
def test_files_of_another_kind(market, registrar_operator, table):
    with pytest.raises(TradeFaultsError):
        trades.propose(table, "t.csv", by=registrar_operator, at=NOW)


def test_more_rows_than_are_taken_at_once(market, registrar_operator, monkeypatch):
    monkeypatch.setattr("allocation.ledger.trades.exchange_table.MOST_ROWS", 1)
    with pytest.raises(TradeFaultsError, match="2"):
        trades.propose(
            market("T1,2026-10-15,S,B,2025,1", "T2,2026-10-15,S,B,2025,1"), "t.csv", by=registrar_operator, at=NOW
        )


def test_a_frozen_seller_is_a_fault(market, unit, registrar_operator, registrar_approver):
    accounts.freeze(accounts.of_unit(unit, NOW), reason="x", by=registrar_approver, at=NOW)
    with pytest.raises(TradeFaultsError):
        trades.propose(market("T1,2026-10-15,S,B,2025,1000"), "t.csv", by=registrar_operator, at=NOW)


def test_what_is_bought_first_can_be_sold_on_the_same_day(proposed, unit):
    """甲 holds 991,176 t: with 1,000 t more it can sell 992,176 t, but not before."""
    assert proposed("T1,2026-10-15,B,S,2025,1000", "T2,2026-10-15,S,B,2025,992176").trades == 2
    with pytest.raises(TradeFaultsError) as caught:
        proposed("T3,2026-10-15,S,B,2025,992176", "T4,2026-10-15,B,S,2025,1000")
    assert [line for line, _fault in caught.value.faults] == [2]


def test_the_same_file_is_proposed_once(proposed, registrar_approver):
    first = proposed("T1,2026-10-15,S,B,2025,1000")
    with pytest.raises(Refusal, match="file"):
        proposed("T1,2026-10-15,S,B,2025,1000")
    trades.refuse(first, sha256=first.sha256, reason="Wrong month", by=registrar_approver, at=LATER)
    assert proposed("T1,2026-10-15,S,B,2025,1000").pk != first.pk


def test_a_table_without_anything_new_is_refused(proposed, execute, unit):
    execute(proposed("T1,2026-10-15,S,B,2025,1000"))
    with pytest.raises(Refusal):
        proposed("T1,2026-10-15,S,B,2025,1000")
    assert held(unit) == 990_176


# --- Executing


def test_a_second_person_moves_the_quota(proposed, execute, unit, rival_unit, registrar_approver):
    imported = execute(proposed("T1,2026-10-15,S,B,2025,1000", "T2,2026-10-16,B,S,2025,300"))
    assert imported.state == State.EXECUTED
    # 991,176 − 1,000 + 300; 1,008,823 + 1,000 − 300
    assert (held(unit), held(rival_unit)) == (990_476, 1_009_523)
    assert accounts.disagreements() == []
    assert list(Trade.objects.order_by("reference").values_list("reference", "quantity", "transaction__key")) == [
        ("T1", 1000, "trade:T1"),
        ("T2", 300, "trade:T2"),
    ]
    assert Transaction.objects.get(key="trade:T1").by == registrar_approver
    assert list(imported.job.items.values_list("key", "succeeded")) == [("2 · T1", True), ("3 · T2", True)]
    acts = JournalEntry.objects.filter(subject_type="allocation.tradeimport").order_by("sequence")
    assert list(acts.values_list("act", flat=True)) == [
        "trades.proposed",
        "trades.execution_requested",
        "trades.executed",
    ]


def test_a_known_reference_is_passed_over(proposed, execute, unit):
    execute(proposed("T1,2026-10-15,S,B,2025,1000"))
    again = proposed("T1,2026-10-15,S,B,2025,1000", "T2,2026-10-16,S,B,2025,10", "T2,2026-10-16,S,B,2025,10")
    assert (again.trades, again.quantity) == (1, 10)
    assert sorted(trades.outcomes(again)) == [2, 4]
    execute(again)
    assert held(unit) == 990_166
    assert Trade.objects.count() == 2


def test_what_another_import_executed_meanwhile_is_passed_over(proposed, execute, unit):
    first = proposed("T1,2026-10-15,S,B,2025,1000")
    second = proposed("T1,2026-10-15,S,B,2025,1000", "T2,2026-10-16,S,B,2025,10")
    execute(first)
    execute(second)
    assert held(unit) == 990_166
    assert dict(second.job.items.values_list("key", "message"))["2 · T1"]
    assert list(trades.outcomes(second)) == [2]
    assert trades.outcomes(first) == {}


def test_what_another_import_contradicted_meanwhile_is_named(proposed, execute, unit):
    first = proposed("T1,2026-10-15,S,B,2025,1000")
    second = proposed("T1,2026-10-15,S,B,2025,999")
    execute(first)
    assert execute(second).state == State.PROPOSED
    assert [line for line, _fault in second.faults] == [2]
    assert held(unit) == 990_176


def test_a_seller_frozen_meanwhile_keeps_the_whole_table_back(
    proposed, execute, unit, rival_unit, registrar_approver, registrar_operator
):
    imported = proposed("T1,2026-10-15,B,S,2025,5", "T2,2026-10-15,S,B,2025,1000", "T3,2026-10-16,B,S,2025,5")
    account = accounts.freeze(accounts.of_unit(unit, NOW), reason="Court order", by=registrar_approver, at=NOW)
    execute(imported)
    assert (imported.state, imported.decided_by) == (State.PROPOSED, None)
    assert [line for line, _fault in imported.faults] == [3]
    assert "Court order" in trades.outcomes(imported)[3]
    assert (held(unit), held(rival_unit)) == (991_176, 1_008_823)
    assert not Trade.objects.exists()
    assert not JobItem.objects.filter(job=imported.job, succeeded=True).exists()
    assert JournalEntry.objects.latest("sequence").act == "trades.not_executed"
    # once the account is free the same table goes through
    accounts.unfreeze(account, reason="Lifted", by=registrar_approver, at=LATER)
    assert execute(imported).state == State.EXECUTED
    assert imported.faults == []
    assert held(unit) == 990_186


def test_a_holding_that_shrank_meanwhile_is_named(proposed, execute, unit):
    large = proposed("T1,2026-10-15,S,B,2025,991000")
    other = proposed("T2,2026-10-15,S,B,2025,1000")
    execute(other)
    assert execute(large).state == State.PROPOSED  # 990,176 t are left
    assert "990,176" in large.faults[0][1]
    assert held(unit) == 990_176


def test_it_takes_as_many_queries_for_forty_trades_as_for_two(proposed, registrar_approver, do_jobs):
    counts = []
    for first, number in ((0, 2), (100, 40)):
        rows = [f"T{first + place},2026-10-15,S,B,2025,1" for place in range(number)]
        imported = proposed(*rows)
        trades.execute(imported, sha256=imported.sha256, by=registrar_approver, at=LATER)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            do_jobs()
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_trade_of_a_day_gone_by_leaves_no_balance_below_zero(proposed, execute, unit):
    """Issued on 2026-09-10; the trade counts on the 1st, before anything was there."""
    execute(proposed("T1,2026-09-01,S,B,2025,1000"))
    shown = queries.entries(accounts.of_unit(unit, NOW))
    assert [entry.balance for entry in shown] == [990_176, 991_176]


# --- Two people, one file


def test_whoever_proposed_can_neither_execute_nor_refuse(proposed, registrar_operator, registrar_approver, reseated):
    imported = proposed("T1,2026-10-15,S,B,2025,1000")
    promoted = reseated(registrar_operator, registrar_approver)
    with pytest.raises(Refusal):
        trades.execute(imported, sha256=imported.sha256, by=promoted, at=LATER)
    with pytest.raises(Refusal):
        trades.refuse(imported, sha256=imported.sha256, reason="x", by=promoted, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        TradeImport.objects.update(state=State.EXECUTED, decided_by=registrar_operator, decided_at=LATER)


def test_the_decision_is_bound_to_the_file(proposed, registrar_approver):
    imported = proposed("T1,2026-10-15,S,B,2025,1000")
    with pytest.raises(Refusal):
        trades.execute(imported, sha256="0" * 64, by=registrar_approver, at=LATER)
    with pytest.raises(Refusal):
        trades.refuse(imported, sha256="0" * 64, reason="x", by=registrar_approver, at=LATER)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_refusal_needs_a_reason(proposed, registrar_approver, reason):
    imported = proposed("T1,2026-10-15,S,B,2025,1000")
    with pytest.raises(Refusal):
        trades.refuse(imported, sha256=imported.sha256, reason=reason, by=registrar_approver, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        TradeImport.objects.update(state=State.REFUSED, decided_by=registrar_approver, decided_at=LATER)


def test_what_was_decided_is_decided(proposed, execute, registrar_approver, unit):
    imported = execute(proposed("T1,2026-10-15,S,B,2025,1000"))
    for act, extra in ((trades.execute, {}), (trades.refuse, {"reason": "x"})):
        with pytest.raises(Refusal):
            act(imported, sha256=imported.sha256, by=registrar_approver, at=LATER, **extra)
    assert held(unit) == 990_176


def test_while_it_is_being_executed_nobody_decides(proposed, registrar_approver):
    imported = proposed("T1,2026-10-15,S,B,2025,1000")
    trades.execute(imported, sha256=imported.sha256, by=registrar_approver, at=LATER)
    with pytest.raises(Refusal):
        trades.refuse(imported, sha256=imported.sha256, reason="x", by=registrar_approver, at=LATER)


def test_a_damaged_file_is_not_executed_and_can_be_refused(proposed, registrar_approver, do_jobs, unit):
    imported = proposed("T1,2026-10-15,S,B,2025,1000")
    originals._path(imported.sha256).write_bytes(b"something else")
    trades.execute(imported, sha256=imported.sha256, by=registrar_approver, at=LATER)
    [job] = do_jobs(may_fail=True)
    assert imported.sha256[:12] in job.error
    assert held(unit) == 991_176
    trades.refuse(imported, sha256=imported.sha256, reason="Damaged", by=registrar_approver, at=LATER)
    imported.refresh_from_db()
    assert imported.state == State.REFUSED


def test_a_row_that_the_file_does_not_have_is_never_executed(proposed, execute, unit):
    imported = proposed("T1,2026-10-15,S,B,2025,1000")
    row = imported.rows.get()
    TradeRow.objects.create(
        imported=imported,
        line=3,
        reference="T2",
        traded_on=row.traded_on,
        seller=row.seller,
        buyer=row.buyer,
        vintage=2025,
        quantity=7,
    )
    assert execute(imported).state == State.PROPOSED
    assert [line for line, _fault in imported.faults] == [3]
    assert held(unit) == 991_176
    assert not Entry.objects.filter(transaction__kind="trade").exists()


def test_whoever_proposed_a_table_withdraws_it(trade_import, registrar_operator, registrar_approver):
    with pytest.raises(PermissionDenied):
        trades.withdraw(trade_import, reason="x", by=registrar_approver, at=at("2026-11-02"))
    taken = trades.withdraw(trade_import, reason="文件有误", by=registrar_operator, at=at("2026-11-02"))
    assert taken.state == TradeImport.State.WITHDRAWN
    with pytest.raises(Refusal):
        trades.execute(taken, sha256=taken.sha256, by=registrar_approver, at=at("2026-11-03"))
    with pytest.raises(DatabaseError), transaction.atomic():
        TradeImport.objects.filter(pk=taken.pk).update(state="proposed")


@pytest.mark.parametrize(
    ("text", "vintage"),
    [
        ("2025", 2025),
        ("25", 2025),
        ("19-20", 2020),
        ("2019-2020", 2020),
        ("19", 2020),  # the exchange has one product for both years
        ("2020", 2020),
        ("21", 2021),
        *(
            (wrong, None)
            for wrong in ("18", "2018", "1999", "19-21", "20-19", "202", "", "二五", "25年", "２５", "25.0")
        ),
    ],
)
def test_a_vintage_is_a_year_or_the_exchanges_label(text, vintage):
    assert vintage_labels.read(text) == vintage
    if vintage:
        assert vintage_labels.read(vintage_labels.label(vintage)) == vintage


def test_quota_of_2019_and_2020_is_one_product(
    market, unit, rival_unit, registrar_operator, registrar_approver, do_jobs, client_for
):
    own, source = accounts.of_unit(unit, NOW), accounts.source(NOW)
    ledger.post(
        "creation", "test:20", [Posting(source, 2020, -50), Posting(own, 2020, 50)], at=NOW, by=registrar_operator
    )
    imported = trades.propose(market("T1,2026-10-15,S,B,19-20,50"), "t.csv", by=registrar_operator, at=NOW)
    page = client_for(registrar_approver, "en").get(reverse("allocation:trade_import", args=[imported.pk])).text
    assert "19-20" in page
    trades.execute(imported, sha256=imported.sha256, by=registrar_approver, at=LATER)
    do_jobs()
    assert Holding.objects.get(account__unit=rival_unit, vintage=2020).amount == 50
    account = client_for(registrar_approver, "en").get(
        reverse("allocation:account", args=[accounts.of_unit(rival_unit, NOW).pk])
    )
    assert "19-20" in account.text


# --- Who is told, and what counts


def test_buyer_and_seller_are_told_their_tonnes(proposed, execute, clerk, rival_clerk, unit):
    execute(proposed("T1,2026-10-15,S,B,2025,1000", "T2,2026-10-16,B,S,2025,300"))
    told = {row.person: row for row in Notification.objects.filter(kind="trades.booked")}
    assert {person: (row.params["bought"], row.params["sold"]) for person, row in told.items()} == {
        clerk: ("300", "1,000"),
        rival_clerk: ("1,000", "300"),
    }
    assert told[clerk].link == f"/allocation/accounts/{unit.accounts.get().pk}/"


def test_what_was_passed_over_while_executing_is_not_counted(proposed, execute, market, registrar_operator, unit):
    first = proposed("T1,2026-10-15,S,B,2025,1000", "T2,2026-10-16,S,B,2025,7")
    second = proposed("T1,2026-10-15,S,B,2025,1000", "T3,2026-10-17,S,B,2025,20")
    execute(first)
    done = execute(second)
    assert (done.trades, done.quantity) == (2, 1020)  # as proposed
    assert trades.moved(done) == (1, 20)
    over = trades.outcomes(done)
    assert [total.sold for total in trades.totals(done, list(over)) if total.account.unit == unit] == [20]
    assert Entry.objects.filter(account__unit=unit, transaction__kind="trade").count() == 3


def test_a_row_that_stands_twice_in_the_file_is_named_as_such(proposed, execute):
    imported = proposed("T1,2026-10-15,S,B,2025,1000", "T1,2026-10-15,S,B,2025,1000")
    assert trades.outcomes(imported) == {3: "duplicates line 2 of this file, skipped"}
    assert (imported.trades, imported.quantity) == (1, 1000)
    done = execute(imported)
    assert trades.moved(done) == (1, 1000)
    said = JobItem.objects.exclude(message="").values_list("key", "message")
    assert dict(said) == {"3 · T1": "duplicates line 2 of this file, skipped"}
    assert trades.outcomes(done) == {3: "duplicates line 2 of this file, skipped"}


def test_the_statement_shows_the_day_of_the_trade_when_it_was_booked_and_its_reference(
    proposed, execute, unit, clerk, client_for
):
    execute(proposed("EX-9-20,2026-10-15,S,B,2025,1000"))
    page = client_for(clerk).get(reverse("allocation:account", args=[unit.accounts.get().pk])).content.decode()
    assert "2026-10-15" in page
    assert "2026-10-20 11:00" in page
    assert "trade:EX-9-20" not in page
    assert "EX-9-20" in page
    assert "23:59" not in page
