"""The ledger: double entry, never below zero, idempotent, reserved tonnes, frozen accounts, reconciliation, append-only."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocation import ledger
from allocation.ledger import Posting, accounts, soundness
from allocation.models import Account, Entry, Holding, Letter, Notice, SurrenderRequest, Transaction
from registry.models import JournalEntry
from registry.refusal import Refusal
from tests.cast import at

NOW = at("2026-09-10 09:00")
ISSUE, TRADE, CREATION = Transaction.Kind.ISSUE, Transaction.Kind.TRADE, Transaction.Kind.CREATION


@pytest.fixture
def purse(unit, rival_unit):
    """The accounts of 甲, with 1,000 t of 2025 and 500 t of 2024, and of 乙, with nothing."""
    mine, theirs = accounts.of_unit(unit, NOW), accounts.of_unit(rival_unit, NOW)
    create(mine, 2025, 1_000)
    create(mine, 2024, 500)
    return mine, theirs


def create(account, vintage, amount):
    entries = [Posting(accounts.source(NOW), vintage, -amount), Posting(account, vintage, amount)]
    return ledger.post(CREATION, f"create:{account.pk}:{vintage}", entries, at=NOW, by=None)


def move(key, giver, taker, amount, vintage=2025):
    entries = [Posting(giver, vintage, -amount), Posting(taker, vintage, amount)]
    return ledger.post(TRADE, key, entries, at=NOW, by=None)


def held(account):
    return dict(Holding.objects.filter(account=account).values_list("vintage", "amount"))


def test_posting_moves_tonnes(purse):
    mine, theirs = purse
    move("t1", mine, theirs, 300)
    assert (held(mine), held(theirs)) == ({2025: 700, 2024: 500}, {2025: 300})


def test_the_same_key_with_the_same_entries_is_the_same_transaction(purse):
    mine, theirs = purse
    assert move("t1", mine, theirs, 300) == move("t1", mine, theirs, 300)
    assert held(theirs) == {2025: 300}


def test_the_same_key_with_other_entries_is_refused(purse):
    mine, theirs = purse
    move("t1", mine, theirs, 300)
    with pytest.raises(Refusal):
        move("t1", mine, theirs, 301)
    assert held(theirs) == {2025: 300}


def test_more_than_is_held_is_refused(purse):
    mine, theirs = purse
    with pytest.raises(Refusal):
        move("t1", mine, theirs, 1_001)
    assert not Transaction.objects.filter(key="t1").exists()


@pytest.mark.parametrize(
    "amounts",
    [
        [],
        [(2025, 0), (2025, 0)],
        [(2025, -5), (2025, 4)],
        [(2025, -5), (2024, 5)],  # balances over the vintages, not within each
        [(2025, -5.0), (2025, 5.0)],
    ],
)
def test_what_does_not_balance_is_refused(purse, amounts):
    entries = [Posting(account, vintage, amount) for account, (vintage, amount) in zip(purse, amounts, strict=False)]
    with pytest.raises(Refusal):
        ledger.post(TRADE, "t1", entries, at=NOW, by=None)


def test_reserved_tonnes_cannot_leave(purse):
    mine, theirs = purse
    ledger.reserve(mine, {2025: 900})
    with pytest.raises(Refusal):
        move("t1", mine, theirs, 101)
    move("t2", mine, theirs, 100)
    ledger.release(mine, {2025: 900})
    move("t3", mine, theirs, 900)
    assert held(mine)[2025] == 0


def test_one_account_may_stand_twice_in_a_posting(purse):
    """1,000 t of 2025: 300 and 400 leave in one posting, 700 arrive; 600 and 401 are one tonne more than it holds."""
    mine, theirs = purse
    twice = [
        Posting(mine, 2025, -300),
        Posting(mine, 2025, -400),
        Posting(theirs, 2025, 500),
        Posting(theirs, 2025, 200),
    ]
    ledger.post(TRADE, "t1", twice, at=NOW, by=None)
    assert (held(mine)[2025], held(theirs)) == (300, {2025: 700})
    with pytest.raises(Refusal):
        ledger.post(
            TRADE,
            "t2",
            [Posting(theirs, 2025, -600), Posting(theirs, 2025, -101), Posting(mine, 2025, 701)],
            at=NOW,
            by=None,
        )
    assert held(theirs) == {2025: 700}


def reserved(account, vintage=2025):
    return Holding.objects.get(account=account, vintage=vintage).reserved


def test_what_is_reserved_adds_up(purse):
    mine, _theirs = purse
    ledger.reserve(mine, {2025: 300, 2024: 50})
    ledger.reserve(mine, {2025: 200})
    assert (reserved(mine), reserved(mine, 2024)) == (500, 50)
    ledger.release(mine, {2025: 100})
    assert (reserved(mine), reserved(mine, 2024)) == (400, 50)
    with pytest.raises(Refusal):
        ledger.reserve(mine, {2025: 601})
    ledger.reserve_all([(mine, 2025, 250), (mine, 2025, 350)])  # twice the same holding: 400 + 250 + 350 is all it has
    assert reserved(mine) == 1_000


def test_a_posting_takes_the_tonnes_that_were_promised_to_it(purse):
    """900 of 1,000 t are reserved: 600 of them are promised to what is posted, 300 to another, and 100 are free."""
    mine, theirs = purse
    ledger.reserve(mine, {2025: 900})
    entries = [Posting(mine, 2025, -701), Posting(theirs, 2025, 701)]
    with pytest.raises(Refusal):
        ledger.post(TRADE, "t1", entries, at=NOW, by=None, reserved=[(mine, 2025, 600)])
    assert (held(mine)[2025], reserved(mine)) == (1_000, 900)
    entries = [Posting(mine, 2025, -700), Posting(theirs, 2025, 700)]
    ledger.post(TRADE, "t1", entries, at=NOW, by=None, reserved=[(mine, 2025, 600)])
    assert (held(mine)[2025], reserved(mine), held(theirs)) == (300, 300, {2025: 700})


def test_more_than_is_free_cannot_be_reserved(purse):
    mine, _theirs = purse
    ledger.reserve(mine, {2025: 600})
    with pytest.raises(Refusal):
        ledger.reserve(mine, {2025: 401})


def test_nothing_leaves_a_frozen_account_and_everything_may_enter(purse, registrar_approver):
    mine, theirs = purse
    accounts.freeze(theirs, reason="法院冻结", by=registrar_approver, at=NOW)
    move("t1", mine, theirs, 10)
    for act in (lambda: move("t2", theirs, mine, 5), lambda: ledger.reserve(theirs, {2025: 5})):
        with pytest.raises(Refusal, match="法院冻结"):
            act()
    accounts.unfreeze(theirs, reason="已解除", by=registrar_approver, at=NOW)
    move("t3", theirs, mine, 10)


def test_freezing_needs_a_reason_and_happens_once(purse, registrar_approver):
    mine, _theirs = purse
    with pytest.raises(Refusal):
        accounts.freeze(mine, reason=" ", by=registrar_approver, at=NOW)
    accounts.freeze(mine, reason="x", by=registrar_approver, at=NOW)
    with pytest.raises(Refusal):
        accounts.freeze(mine, reason="y", by=registrar_approver, at=NOW)


def test_the_source_cannot_be_frozen(registrar_approver):
    with pytest.raises(Refusal):
        accounts.freeze(accounts.source(NOW), reason="x", by=registrar_approver, at=NOW)


# Each step moves so many tonnes of a vintage from one account to another; keys repeat on purpose.
STEPS = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from([2024, 2025]),
        st.integers(1, 700),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_tried_the_books_balance(purse, hebei, steps):
    places = [*purse, accounts.of_authority(hebei, NOW)]
    with transaction.atomic():
        for key, giver, taker, vintage, amount in steps:
            try:
                move(f"k{key}", places[giver], places[taker], amount, vintage)
            except Refusal:
                continue
        assert accounts.disagreements() == []
        assert not Holding.objects.filter(is_source=False, amount__lt=0).exists()
        for posted in Transaction.objects.prefetch_related("entries"):
            assert sum(entry.amount for entry in posted.entries.all()) == 0
        # Nothing but creation changes how much there is of a vintage.
        for vintage, created in ((2025, 1_000), (2024, 500)):
            amounts = Holding.objects.filter(is_source=False, vintage=vintage).values_list("amount", flat=True)
            assert sum(amounts) == created
        transaction.set_rollback(True)


# --- Reconciliation


def test_agreeing_books_are_left_alone(purse):
    assert accounts.reconcile(NOW) == []
    call_command("reconcile")


def test_a_disagreement_freezes_the_account_and_is_journalled(purse, capsys):
    mine, _theirs = purse
    Holding.objects.filter(account=mine, vintage=2025).update(amount=1_001)
    (found,) = accounts.reconcile(NOW)
    assert (found.account, found.vintage, found.held, found.entered) == (mine, 2025, 1_001, 1_000)
    mine.refresh_from_db()
    assert mine.frozen
    assert JournalEntry.objects.filter(act="account.disagrees", unit=mine.unit).exists()
    with pytest.raises(CommandError):
        call_command("reconcile")


def test_a_disagreeing_account_stays_frozen(purse, registrar_approver):
    mine, _theirs = purse
    Holding.objects.filter(account=mine, vintage=2025).update(amount=1_001)
    accounts.reconcile(NOW)
    with pytest.raises(Refusal):
        accounts.unfreeze(mine, reason="x", by=registrar_approver, at=NOW)
    Holding.objects.filter(account=mine, vintage=2025).update(amount=1_000)
    assert not accounts.unfreeze(mine, reason="x", by=registrar_approver, at=NOW).frozen


def test_a_reservation_without_a_request_is_a_disagreement(purse):
    mine, _theirs = purse
    ledger.reserve(mine, {2025: 5})
    (found,) = accounts.disagreements()
    assert (found.reserved, found.requested) == (5, 0)


# --- What the database itself refuses


@pytest.mark.parametrize("model", [Transaction, Entry])
def test_posted_rows_cannot_be_changed_nor_deleted(purse, model):
    row = model.objects.first()
    field = "note" if model is Transaction else "amount"
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{field: 7})
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk)._raw_delete("default")


def test_a_holding_cannot_go_below_zero_nor_below_its_reservation(purse):
    mine, _theirs = purse
    rows = Holding.objects.filter(account=mine, vintage=2025)
    for fields in ({"amount": -1}, {"reserved": 1_001}, {"reserved": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**fields)


def test_an_owner_has_one_account(purse):
    mine, _theirs = purse
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(kind=Account.Kind.UNIT, unit=mine.unit, authority=mine.unit.authority, opened_at=NOW)


# --- Is a transaction still what was posted?


def forged(entries, key="t1"):
    """As somebody with the database's password could: entries added to what was posted, holdings moved along with them."""
    posted = Transaction.objects.get(key=key)
    for account, vintage, amount in entries:
        Entry.objects.create(transaction=posted, account=account, vintage=vintage, amount=amount)
        Holding.objects.filter(account=account, vintage=vintage).update(amount=F("amount") + amount)


def test_tonnes_out_of_nothing_are_found_and_freeze_the_account(purse, registrar_approver):
    mine, theirs = purse
    move("t1", mine, theirs, 300)
    forged([(theirs, 2025, 1_000)])
    assert accounts.disagreements() == []  # holdings and entries agree
    (found,) = soundness.unsound()
    accounts.freeze_unsound([found], NOW)
    assert (found.transaction.key, set(found.accounts)) == ("t1", {mine.pk, theirs.pk})
    assert "2025" in found.why
    for account in purse:
        account.refresh_from_db()
        assert account.frozen
        with pytest.raises(Refusal):
            accounts.unfreeze(account, reason="x", by=registrar_approver, at=NOW)
    assert JournalEntry.objects.get(act="transaction.unsound").subject_id == str(found.transaction.pk)
    with pytest.raises(CommandError):
        call_command("reconcile")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "t1: its entries of vintage 2025 don't sum to zero"), ("zh-hans", "t1: ")]
)
def test_what_is_stored_of_an_unsound_transaction_does_not_follow_the_terminal(purse, capsys, language, said):
    mine, theirs = purse
    move("t1", mine, theirs, 300)
    forged([(theirs, 2025, 1_000)])
    (found,) = soundness.unsound()
    usual = f"t1: {found.why}"
    with translation.override(language), pytest.raises(CommandError):
        call_command("reconcile")
    assert said in capsys.readouterr().err
    theirs.refresh_from_db()
    assert theirs.freeze_reason == usual


def test_entries_that_balance_but_were_not_posted_are_found(purse):
    mine, theirs = purse
    move("t1", mine, theirs, 300)
    move("t2", mine, theirs, 1)
    forged([(mine, 2025, -50), (theirs, 2025, 50)])
    assert [each.transaction.key for each in soundness.unsound()] == ["t1"]


def test_a_transaction_without_entries_is_found(purse):
    empty = Transaction.objects.create(kind=TRADE, key="empty", digest=ledger.digest_of(TRADE, []), at=NOW)
    (found,) = soundness.unsound()
    assert (found.transaction, found.accounts) == (empty, ())


def test_many_transactions_are_gone_through_by_the_chunk(purse, monkeypatch):
    mine, theirs = purse
    for number in range(5):
        move(f"t{number}", mine, theirs, 10)
    forged([(theirs, 2025, 1)], "t4")
    monkeypatch.setattr(soundness, "STEP", 2)
    seen = []
    found = soundness.unsound(progress=lambda done, total: seen.append((done, total)))
    assert [each.transaction.key for each in found] == ["t4"]
    # Two creations and five trades.
    assert seen == [(2, 7), (4, 7), (6, 7), (7, 7)]
    assert [each.transaction.key for each in soundness.unsound([mine.pk])] == ["t4"]


def movement(key, giver, taker, amount, **more):
    entries = (Posting(giver, 2025, -amount), Posting(taker, 2025, amount))
    return ledger.Movement(TRADE, key, NOW, entries, **more)


def test_movements_of_a_letter_name_it(purse, hebei, officer):
    mine, theirs = purse
    letter = Letter.objects.create(
        authority=hebei, year=2025, kind="determination", number="1号", total=300, written_by=officer, written_at=NOW
    )
    (posted,) = ledger.post_all([movement("m1", mine, theirs, 300, letter=letter)], by=None)
    assert Transaction.objects.get(pk=posted.pk).letter == letter


def test_many_movements_are_posted_as_one_is(purse, registrar_operator):
    """乙 gives on what it has just got: the order counts."""
    mine, theirs = purse
    late = at("2026-09-11 10:00")
    movements = [
        movement("m1", mine, theirs, 300, note="first", posted_at=late),
        movement("m2", theirs, mine, 100),
    ]
    posted = ledger.post_all(movements, by=registrar_operator)
    assert (held(mine), held(theirs)) == ({2025: 800, 2024: 500}, {2025: 200})
    stored = list(Transaction.objects.filter(key__in=("m1", "m2")).order_by("key"))
    assert posted == stored
    assert [(each.kind, each.at, each.by, each.letter) for each in stored] == [
        (TRADE, NOW, registrar_operator, None)
    ] * 2
    assert [(each.note, each.posted_at) for each in stored] == [("first", late), ("", None)]
    for each, amount, giver, taker in ((stored[0], 300, mine, theirs), (stored[1], 100, theirs, mine)):
        entries = [(giver.pk, 2025, -amount), (taker.pk, 2025, amount)]
        assert list(each.entries.order_by("amount").values_list("account", "vintage", "amount")) == entries
        assert each.digest == ledger.digest_of(TRADE, entries) != ledger.digest_of(ISSUE, entries)
    assert ledger.post(TRADE, "m1", movements[0].entries, at=NOW, by=None) == stored[0]


def test_of_many_movements_none_is_posted_where_one_cannot_be(purse, in_english):
    mine, theirs = purse
    movements = [
        movement("m1", mine, theirs, 300),
        movement("m2", theirs, mine, 301),
        movement("m3", mine, theirs, 1_002),
        movement("m4", mine, theirs, 1),
    ]
    said = [
        (1, f"{theirs} has 300 t of vintage 2025 available; 301 t are requested."),
        (2, f"{mine} has 1,001 t of vintage 2025 available; 1,002 t are requested."),
        (3, f"{mine} has -1 t of vintage 2025 available; 1 t are requested."),
    ]
    found = [(place, why.replace("−", "-")) for place, why in ledger.obstacles(movements)]
    assert found == said
    with pytest.raises(ledger.MovementsError) as refused:
        ledger.post_all([*movements[:2], movements[1]], by=None)
    assert [place for place, _why in refused.value.obstacles] == [1, 2]
    assert [refused.value.obstacles[0][1]] == [said[0][1]]
    assert str(refused.value).startswith(said[0][1] + " ")
    assert (held(mine)[2025], Transaction.objects.filter(key__startswith="m").count()) == (1_000, 0)
    with pytest.raises(Refusal, match="don't sum to zero"):
        ledger.post_all([ledger.Movement(TRADE, "m5", NOW, (Posting(mine, 2025, -1),))], by=None)


def test_what_could_be_posted_is_asked_of_each_account_and_vintage(purse, unit, registrar_approver):
    """A tonne of 2024 is none of 2025, an account that never held any has none, and nothing is changed by asking."""
    mine, theirs = purse
    assert ledger.obstacles([movement("m1", mine, theirs, 1_000)]) == []
    assert [place for place, _why in ledger.obstacles([movement("m1", theirs, mine, 1)])] == [0]
    assert not Holding.objects.filter(account=theirs).exists()
    assert held(mine) == {2025: 1_000, 2024: 500}
    assert [place for place, _why in ledger.obstacles([movement("m1", mine, theirs, 1_001)])] == [0]


def test_a_posting_keeps_all_that_it_was_given(purse, unit, hebei, officer, clerk, registrar_operator):
    """And what is left out is left empty."""
    mine, theirs = purse
    letter = Letter.objects.create(
        authority=hebei, year=2025, kind="determination", number="1号", total=300, written_by=officer, written_at=NOW
    )
    notice = Notice.objects.create(
        unit=unit,
        year=2025,
        number="通1",
        sector="steel",
        by_sector={"steel": 300},
        due=300,
        deadline=dt.date(2026, 12, 31),
        sent_by=officer,
        sent_at=NOW,
    )
    request = SurrenderRequest.objects.create(
        unit=unit, notice=notice, year=2025, total=300, requested_by=clerk, requested_at=NOW
    )
    entries = [Posting(mine, 2025, -300), Posting(theirs, 2025, 300)]
    given = {"at": NOW, "by": registrar_operator, "letter": letter, "request": request, "note": "按通知书"}
    kept = Transaction.objects.get(pk=ledger.post(ISSUE, "all", entries, **given).pk)
    assert (kept.kind, kept.key, kept.posted_at) == (ISSUE, "all", None)
    assert {name: getattr(kept, name) for name in given} == given
    assert kept.digest == ledger.digest_of(ISSUE, [(mine.pk, 2025, -300), (theirs.pk, 2025, 300)])
    assert set(kept.entries.values_list("account", "vintage", "amount")) == {
        (mine.pk, 2025, -300),
        (theirs.pk, 2025, 300),
    }
    bare = Transaction.objects.get(pk=move("bare", mine, theirs, 1).pk)
    assert (bare.letter, bare.request, bare.note, bare.by) == (None, None, "", None)


def test_each_refusal_says_what_is_in_the_way(purse, in_english, registrar_approver):
    mine, theirs = purse
    move("t1", mine, theirs, 300)
    with pytest.raises(Refusal) as refused:
        move("t1", mine, theirs, 301)
    assert str(refused.value) == "“t1” was posted before with other entries; nothing was changed."
    unbalanced = [
        Posting(mine, 2025, -5),
        Posting(theirs, 2025, 4),
        Posting(mine, 2024, -5),
        Posting(theirs, 2024, 6),
        Posting(mine, 2023, -5),
        Posting(theirs, 2023, 5),
    ]
    with pytest.raises(Refusal) as refused:
        ledger.post(TRADE, "t2", unbalanced, at=NOW, by=None)
    assert str(refused.value) == "The entries of vintage 2024, 2025 don't sum to zero."
    half: Any = 0.5
    for entries in ([], [Posting(mine, 2025, 0)], [Posting(mine, 2025, -half), Posting(theirs, 2025, half)]):
        with pytest.raises(Refusal) as refused:
            ledger.post(TRADE, "t2", entries, at=NOW, by=None)
        assert str(refused.value) == "A transaction needs entries of whole tonnes, none of them zero."
    accounts.freeze(mine, reason="法院冻结", by=registrar_approver, at=NOW)
    with pytest.raises(Refusal) as refused:
        move("t2", mine, theirs, 1)
    mine.refresh_from_db()
    assert str(refused.value) == f"The account of {mine} is frozen (法院冻结): nothing may leave it."
    with pytest.raises(Refusal) as refused:
        move("t2", theirs, mine, 2_301)
    assert str(refused.value) == f"{theirs} has 300 t of vintage 2025 available; 2,301 t are requested."


def test_the_reasons_of_many_movements_are_said_once_each(purse, in_english):
    """乙 has nothing and gives a tonne: it stands at −1, gets the tonne back, and lacks it again."""
    mine, theirs = purse
    first = movement("m1", theirs, mine, 1)
    back = movement("m2", mine, theirs, 1)
    with pytest.raises(ledger.MovementsError) as refused:
        ledger.post_all([first, back, first], by=None)
    why = f"{theirs} has 0 t of vintage 2025 available; 1 t are requested."
    assert refused.value.obstacles == [(0, why), (2, why)]
    assert str(refused.value) == why


def test_asking_for_obstacles_is_one_question_whoever_owns_the_accounts(
    purse, unit, hebei, in_english, django_assert_num_queries
):
    """A unit's account, a province's and the one withheld for a unit are named without asking again."""
    mine, theirs = purse
    province = accounts.of_authority(hebei, NOW)
    apart = accounts.withheld(unit, NOW)
    move("a", mine, province, 10)
    move("b", mine, apart, 10)
    movements = [movement(f"m{number}", giver, theirs, 2_000) for number, giver in enumerate((mine, province, apart))]
    held_before = {account.pk: held(account) for account in (*purse, province, apart)}
    with django_assert_num_queries(1):
        found = ledger.obstacles(movements)
    assert found == [
        (0, f"{mine} has 980 t of vintage 2025 available; 2,000 t are requested."),
        (1, f"{province} has 10 t of vintage 2025 available; 2,000 t are requested."),
        (2, f"{apart} has 10 t of vintage 2025 available; 2,000 t are requested."),
    ]
    assert {account.pk: held(account) for account in (*purse, province, apart)} == held_before


# --- Two at once


def asked_for_holdings(captured):
    """What was read of the holdings, in the order in which it was asked."""
    return [
        query["sql"]
        for query in captured
        if query["sql"].startswith("SELECT") and 'FROM "allocation_holding"' in query["sql"]
    ]


def test_holdings_are_locked_in_one_order_with_their_accounts(purse):
    """Who locks in the order of accounts and vintages never waits for one who waits for them.

    The account's row is locked along, so that nobody freezes it in between. SQLite writes one at a time, and locks no rows.
    """
    mine, theirs = purse
    entries = [
        Posting(theirs, 2025, 5),
        Posting(mine, 2025, -5),
        Posting(theirs, 2024, 7),
        Posting(mine, 2024, -7),
    ]
    both = sorted((mine.pk, theirs.pk))
    acts = [
        lambda: ledger.post(TRADE, "t1", entries, at=NOW, by=None),
        lambda: ledger.post_all([ledger.Movement(TRADE, "t2", NOW, tuple(entries))], by=None),
        lambda: ledger.reserve_all([(theirs, 2025, 1), (mine, 2025, 1), (theirs, 2024, 1), (mine, 2024, 1)]),
        lambda: ledger.release_all([(theirs, 2025, 1), (mine, 2025, 1), (theirs, 2024, 1), (mine, 2024, 1)]),
    ]
    for act in acts:
        with CaptureQueriesContext(connection) as captured:
            act()
        last = asked_for_holdings(captured)[-1]
        assert f'"account_id" IN ({both[0]}, {both[1]})' in last
        assert '"vintage" IN (2024, 2025)' in last
        ordered = 'ORDER BY "allocation_holding"."account_id" ASC, "allocation_holding"."vintage" ASC'
        locked = (
            ' FOR UPDATE OF "allocation_holding", "allocation_account"' if connection.vendor == "postgresql" else ""
        )
        assert last.endswith(ordered + locked)
        # Holdings and their accounts, and no table more.
        assert last.count(" JOIN ") == 1


def test_missing_holdings_are_made_in_the_same_order(purse, make_unit):
    """Whoever makes the same two at the same time would wait for the other if they made them the other way round."""
    mine, _theirs = purse
    new = [accounts.of_unit(make_unit(), NOW) for _number in range(2)]
    places = [(account.pk, vintage) for account in new for vintage in (2024, 2025)]
    entries = [Posting(account, vintage, 1) for account in reversed(new) for vintage in (2025, 2024)]
    entries += [Posting(mine, 2024, -2), Posting(mine, 2025, -2)]
    ledger.post(TRADE, "t1", entries, at=NOW, by=None)
    made = Holding.objects.filter(account__in=new).order_by("pk")
    assert list(made.values_list("account_id", "vintage")) == places
    assert set(made.values_list("amount", "reserved", "is_source")) == {(1, 0, False)}


def test_holdings_that_exist_are_not_made_again(purse):
    """They are read twice: to see what is missing, and to lock them."""
    mine, theirs = purse
    move("t1", mine, theirs, 1)
    with CaptureQueriesContext(connection) as captured:
        ledger.reserve_all([(mine, 2025, 1), (theirs, 2025, 1)])
    assert not [query["sql"] for query in captured if query["sql"].startswith("INSERT")]
    assert len(asked_for_holdings(captured)) == 2


def test_a_holding_that_another_makes_meanwhile_is_taken_as_it_is(purse):
    """乙 holds nothing of 2025; another posting gives it 40 t after this one has looked and before it makes the holding."""
    mine, theirs = purse
    made = []

    def meanwhile(execute, sql, params, many, context):
        if not made and sql.startswith("INSERT") and '"allocation_holding"' in sql:
            made.append(True)
            Holding.objects.create(account=theirs, vintage=2025, amount=40)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        move("t1", mine, theirs, 300)
    assert made == [True]
    assert (held(mine)[2025], held(theirs)) == (700, {2025: 340})


def test_the_source_alone_may_go_below_zero(purse):
    """Its holding of a vintage that nobody had yet is made as the source's, and that of whoever gets it isn't."""
    mine, _theirs = purse
    create(mine, 2026, 70)
    source = Holding.objects.get(account=accounts.source(NOW), vintage=2026)
    got = Holding.objects.get(account=mine, vintage=2026)
    assert (source.amount, source.is_source, got.amount, got.is_source) == (-70, True, 70, False)


def test_what_gives_as_much_as_it_takes_asks_nothing_of_a_frozen_account(purse, registrar_approver):
    mine, theirs = purse
    accounts.freeze(mine, reason="法院冻结", by=registrar_approver, at=NOW)
    both = [Posting(mine, 2025, -5), Posting(mine, 2025, 5)]
    ledger.post(TRADE, "t1", both, at=NOW, by=None)
    assert held(mine) == {2025: 1_000, 2024: 500}
    assert ledger.obstacles([movement("t2", mine, theirs, 0)]) == []
