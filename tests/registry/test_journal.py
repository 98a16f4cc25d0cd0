import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from registry import journal
from registry.integrity import verifying
from registry.models import Authority, JournalEntry, JournalHead
from tests.cast import at

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def authority(db):
    return Authority.objects.get(code="130000")


@pytest.fixture
def three(authority):
    return [journal.record("test.act", authority, by=None, at=AT, number=number) for number in range(3)]


def test_entries_are_numbered_and_chained(three):
    assert [entry.sequence for entry in three] == [1, 2, 3]
    assert three[0].previous_hash == journal.GENESIS
    assert three[2].previous_hash == three[1].hash
    assert list(journal.verify()) == []


def test_an_act_that_fails_leaves_no_entry(authority):
    def act():
        journal.record("test.act", authority, by=None, at=AT)
        raise OSError("power cut")

    with pytest.raises(OSError, match="power cut"), transaction.atomic():
        act()
    assert JournalEntry.objects.count() == 0
    assert JournalHead.objects.get().sequence == 0


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_changes_by_the_orm(three, change):
    rows = JournalEntry.objects.filter(sequence=2)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(act="other") if change == "update" else rows.delete()


def test_the_database_refuses_changes_by_plain_sql(three):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_journalentry SET facts = '{}'")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="INSERT OR REPLACE is SQLite's own")
def test_the_database_refuses_replacing_a_row(three):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO registry_journalentry (id, sequence, at, act, subject_type, subject_id, facts,"
            " previous_hash, hash, actor_id, authority_id, unit_id) SELECT id, sequence, at, 'other', subject_type, subject_id,"
            " facts, previous_hash, hash, actor_id, authority_id, unit_id FROM registry_journalentry WHERE sequence = 2"
        )


@pytest.fixture
def tamper(three):
    """Change the table as somebody with the database's files could: with its triggers taken off."""

    def run(sql):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DROP TRIGGER registry_journalentry_no_UPDATE")
                cursor.execute("DROP TRIGGER registry_journalentry_no_DELETE")
            else:
                cursor.execute("DROP TRIGGER registry_journalentry_append_only ON registry_journalentry")
            cursor.execute(sql)

    return run


def test_a_changed_entry_is_found(tamper, in_english):
    tamper("UPDATE registry_journalentry SET act = 'other' WHERE sequence = 2")
    assert list(journal.verify()) == ["2: its content was changed"]


def test_facts_that_are_no_longer_json_are_found(tamper, in_english):
    tamper("UPDATE registry_journalentry SET facts = '{' WHERE sequence = 2")
    assert list(journal.verify()) == ["2: its content was changed"]


def test_a_removed_entry_is_found(tamper, in_english):
    tamper("DELETE FROM registry_journalentry WHERE sequence = 2")
    assert "2: missing" in list(journal.verify())


def test_a_cut_off_end_is_found(tamper, in_english):
    tamper("DELETE FROM registry_journalentry WHERE sequence = 3")
    assert list(journal.verify()) == ["3: the chain ends at 2, its end was cut off"]


@pytest.mark.parametrize(
    ("language", "fault"), [("en", "1: its content was changed"), ("zh-hans", "第1条：内容被改动")]
)
def test_the_command_tells_whole_from_broken(tamper, capsys, language, fault):
    call_command("verify_journal")
    assert "3" in capsys.readouterr().out
    tamper("UPDATE registry_journalentry SET facts = '{}' WHERE sequence = 1")
    with translation.override(language), pytest.raises(CommandError) as caught:
        call_command("verify_journal")
    assert caught.value.returncode == 1
    assert fault in capsys.readouterr().err


def test_a_journal_without_its_head_is_a_fault(three):
    JournalHead.objects.all().delete()
    with pytest.raises(CommandError) as caught:
        call_command("verify_journal")
    assert caught.value.returncode == 1


def test_an_entry_written_during_the_verification_is_no_fault(three, authority, monkeypatch):
    real = JournalHead.objects.get

    def read_and_be_overtaken(**lookup):
        head = real(**lookup)
        journal.record("test.act", authority, by=None, at=AT)
        return head

    monkeypatch.setattr(JournalHead.objects, "get", read_and_be_overtaken)
    assert list(journal.verify()) == []
    assert JournalEntry.objects.count() == 4


def test_what_is_done_to_an_authority_is_in_its_journal(three, authority):
    assert {entry.authority for entry in three} == {authority}


def test_floats_never_enter_the_journal(authority):
    with pytest.raises(TypeError, match="float"):
        journal.record("test.act", authority, by=None, at=AT, tonnes=0.1)


def _forged_beyond(entry):
    """A row with the next number, as somebody with the database's password could write it; the head knows nothing of it."""
    row = {field.attname: getattr(entry, field.attname) for field in JournalEntry._meta.concrete_fields}
    return JournalEntry.objects.create(
        **{**row, "id": None, "sequence": entry.sequence + 1, "hash": "f" * 64, "previous_hash": entry.hash}
    )


def test_a_row_beyond_the_end_is_found(three, in_english):
    _forged_beyond(three[-1])
    assert [fault.partition(":")[0] for fault in journal.verify()] == ["4"]
    with pytest.raises(CommandError):
        call_command("verify_journal")


@pytest.mark.parametrize(
    ("instants", "found", "exit_code"),
    [
        (["2026-01-01 09:00", "2026-01-01 09:00", "2026-01-02 09:00"], [], 0),
        (["2026-01-02 09:00", "2026-01-01 09:00", "2026-01-03 09:00"], [2], 0),  # a day: work that took its time
        (["2026-01-02 09:00", "2026-01-01 08:59", "2026-01-01 10:00"], [2], 1),
    ],
)
def test_an_entry_dated_before_its_predecessor_is_noticed_as_such(
    authority, instants, found, exit_code, in_english, capsys
):
    for text in instants:
        journal.record("person.added", authority, by=None, at=at(text))
    assert list(journal.verify()) == []
    assert [each.sequence for each in journal.backwards()] == found
    try:
        call_command("verify_journal")
        code = 0
    except CommandError as error:
        code = error.returncode
    said = "".join(capsys.readouterr())
    assert code == exit_code
    assert ("2: dated" in said) == bool(found)
    (chain,) = (looked for code_of, _name, looked in verifying.verify() if code_of == "journal")
    told = chain.faults if exit_code else chain.notes
    assert ["2: dated" in str(each) for each in told] == [True] * len(found)
    assert bool(chain.faults) == bool(exit_code)
