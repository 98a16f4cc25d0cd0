"""What was published, approved, sent or executed: the database itself refuses to change or delete it."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from allocation import balance_values, letters
from allocation.ledger import trades
from allocation.models import Award, BalanceValue, Letter, Run, TradeImport
from tests.allocation.conftest import APPROVED, LETTER
from tests.cast import at

VALUES = {
    "BooleanField": True,
    "CharField": "x",
    "TextField": "[1]",
    "JSONField": ["x"],
    "DateField": dt.date(2031, 1, 1),
    "DateTimeField": at("2031-01-01"),
    "DecimalField": 9,
    "PositiveSmallIntegerField": 2031,
    "PositiveIntegerField": 31,
    "BigIntegerField": 31,
    "BigAutoField": 31,
}


def refused(model, pk, change) -> bool:
    """Whether the database refuses the change to the row, by its trigger. What it lets through is undone."""
    try:
        with transaction.atomic():
            change(model.objects.filter(pk=pk))
            transaction.set_rollback(True)
    except IntegrityError as error:
        return "frozen" in str(error) or "append-only" in str(error)
    return False


def changeable(row) -> set[str]:
    """The fields of the row that the database lets change; foreign keys are tried with NULL or another key."""
    found = set()
    for field in row._meta.concrete_fields:
        value = VALUES.get(field.get_internal_type(), None if field.null else 31)
        if field.is_relation and getattr(row, field.attname) is None:
            value = 31
        if not refused(type(row), row.pk, lambda rows, field=field, value=value: rows.update(**{field.attname: value})):
            found.add(field.name)
    return found


def raw_delete(rows):
    """Past Django's own look for rows that point here."""
    rows._raw_delete(rows.db)


@pytest.fixture
def published(steel, publish):
    return publish()


def test_a_published_balance_value(published):
    assert changeable(published) == set()
    assert refused(BalanceValue, published.pk, raw_delete)


def test_a_computed_balance_value_is_not_frozen_yet(steel, analyst, do_jobs):
    asked = balance_values.request("steel", 2025, by=analyst, at=APPROVED)
    do_jobs()
    BalanceValue.objects.filter(pk=asked.pk).update(fault="x")
    assert BalanceValue.objects.get(pk=asked.pk).fault == "x"


def test_an_approved_run(published, approved):
    run = approved()
    assert changeable(run) == {"letter"}
    assert refused(Run, run.pk, raw_delete)


def test_a_prepared_run_is_not_frozen_yet(published, prepared):
    assert Run.objects.filter(pk=prepared().pk).update(faults=["x"]) == 1


def test_an_award_from_its_first_day(published, prepared):
    award = prepared().awards.first()
    assert changeable(award) == set()
    assert refused(Award, award.pk, raw_delete)


def test_a_sent_letter_can_only_be_executed(published, approved, sent, registrar_operator, registrar_approver):
    approved()
    letter = sent()
    people = {"prepared_by", "prepared_at", "executed_by", "executed_at"}
    assert changeable(letter) == people  # "x" is no state
    assert refused(Letter, letter.pk, raw_delete)
    for state in ("drafted", "discarded"):
        assert refused(Letter, letter.pk, lambda rows, state=state: rows.update(state=state))
    Letter.objects.filter(pk=letter.pk).update(state="prepared", prepared_by=registrar_operator, prepared_at=LETTER)
    Letter.objects.filter(pk=letter.pk).update(
        state="executed", executed_by=registrar_approver, executed_at=F("prepared_at")
    )
    letter.refresh_from_db()
    assert changeable(letter) == set()
    assert refused(Letter, letter.pk, lambda rows: rows.update(state="sent"))


def test_a_drafted_letter_is_not_frozen_yet(published, approved, hebei, officer):
    approved()
    letter = letters.write(hebei, 2025, Run.Kind.DETERMINATION, number="1号", by=officer, at=LETTER)
    assert Letter.objects.filter(pk=letter.pk).update(number="2号") == 1


def test_a_table_of_trades(trade_import, registrar_approver):
    open_columns = {"state", "faults", "decided_by", "decided_at", "refusal_reason", "job"}
    assert changeable(trade_import) <= open_columns
    assert refused(TradeImport, trade_import.pk, raw_delete)
    row = trade_import.rows.get()
    assert changeable(row) == set()
    trades.refuse(trade_import, sha256=trade_import.sha256, reason="Wrong month", by=registrar_approver, at=LETTER)
    trade_import.refresh_from_db()
    assert changeable(trade_import) == set()


def test_the_wholesale_road_is_closed_too(published, approved):
    run = approved()
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE allocation_run SET state = 'cancelled' WHERE id = %s", [run.pk])
