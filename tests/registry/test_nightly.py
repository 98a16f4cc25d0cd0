"""The night's work: asked for once, done by jobs, its faults shown and written down."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from registry.jobs import acts as jobs
from registry.jobs import nightly
from registry.journal import chain as journal
from registry.models import Job, JournalEntry, Person, Unit
from registry.todo import todos
from tests.cast import at
from tests.sealing import bind_what_stands

KINDS = ["registry.verify_journal", "reporting.verify_receipts", "allocation.reconcile"]


def asked(when: str) -> list[str]:
    return [job.key for job in nightly.ask(at(when))]


def test_the_night_begins_at_two_in_shanghai():
    assert nightly.night_of(at("2026-03-02 01:59")) == dt.date(2026, 3, 1)
    assert nightly.night_of(at("2026-03-02 02:00")) == dt.date(2026, 3, 2)


def test_each_night_every_task_is_asked_for_once(db):
    assert asked("2026-03-02 02:00") == [f"nightly:{kind}:2026-03-02" for kind in nightly._kinds]
    assert set(KINDS) <= set(nightly._kinds)
    assert asked("2026-03-02 02:05") == []
    assert asked("2026-03-03 01:59") == []
    assert len(asked("2026-03-03 02:00")) == len(nightly._kinds)


def test_missed_nights_are_caught_up_by_one(db):
    asked("2026-03-02 02:00")
    assert {key[-10:] for key in asked("2026-03-09 14:00")} == {"2026-03-09"}
    assert Job.objects.count() == 2 * len(nightly._kinds)


def test_asking_again_costs_one_query(db, django_assert_num_queries):
    asked("2026-03-02 02:00")
    with django_assert_num_queries(1):
        asked("2026-03-02 02:05")


def test_the_sweeper_asks(db, capsys):
    call_command("sweep", "--once")
    assert set(KINDS) <= set(Job.objects.values_list("kind", flat=True))


def test_a_night_without_faults_says_nothing(unit, officer, auditor, analyst, do_jobs):
    journal.record("test.act", unit, by=officer, at=at("2026-03-01"))
    bind_what_stands()
    nightly.ask(at("2026-03-02 02:00"))
    assert {job.state for job in do_jobs()} == {Job.State.DONE}
    assert todos(auditor, at("2026-03-02 09:00")) == []
    assert not JournalEntry.objects.exclude(act="test.act").exists()


@pytest.fixture
def broken(unit, officer):
    """A journal whose first entry somebody changed with the database's own tools."""
    journal.record("test.act", unit, by=officer, at=at("2026-03-01"))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER registry_journalentry_no_UPDATE")
        else:
            cursor.execute("DROP TRIGGER registry_journalentry_append_only ON registry_journalentry")
        cursor.execute("UPDATE registry_journalentry SET act = 'other' WHERE sequence = 1")


def test_a_broken_chain_is_written_down_and_shown(
    broken, do_jobs, auditor, analyst, ministry_approver, officer, clerk, registrar_operator
):
    bind_what_stands()
    nightly.ask(at("2026-03-02 02:00"))
    do_jobs()
    (entry,) = JournalEntry.objects.filter(act="journal.broken")
    assert "1: its content was changed" in entry.facts
    morning = at("2026-03-02 09:00")
    for person in (auditor, analyst, ministry_approver):
        (todo,) = todos(person, morning)
        assert (todo.count, todo.tone) == (1, "danger")
    for person in (officer, clerk, registrar_operator):
        assert todos(person, morning) == []


def test_a_night_tells_once_of_an_entry_whose_time_runs_backwards(unit, officer, auditor, do_jobs):
    for text in ("2026-03-01", "2026-02-20", "2026-03-01"):
        journal.record("test.act", unit, by=officer, at=at(text))
    bind_what_stands()
    nightly.ask(at("2026-03-02 02:00"))
    do_jobs()
    (entry,) = JournalEntry.objects.filter(act="journal.broken")
    assert "2: dated 2026-02-20 00:00" in entry.facts
    assert [todo.tone for todo in todos(auditor, at("2026-03-02 09:00"))] == ["danger"]
    nightly.ask(at("2026-03-03 02:00"))
    do_jobs()
    assert JournalEntry.objects.filter(act="journal.broken").count() == 1
    assert todos(auditor, at("2026-03-03 09:00")) == []


def test_the_next_good_night_takes_the_remark_away(broken, do_jobs, auditor):
    bind_what_stands()
    nightly.ask(at("2026-03-02 02:00"))
    do_jobs()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_journalentry SET act = 'test.act' WHERE sequence = 1")
    nightly.ask(at("2026-03-03 02:00"))
    do_jobs()
    assert todos(auditor, at("2026-03-03 09:00")) == []


def test_a_check_that_could_not_be_done_is_shown(db, auditor):
    nightly.ask(at("2026-03-02 02:00"))
    Job.objects.filter(kind="registry.verify_journal").update(state=Job.State.FAILED)
    (todo,) = todos(auditor, at("2026-03-02 09:00"))
    assert todo.tone == "danger"
    assert todos(auditor, at("2026-03-09 09:00")) == []  # a week later it's no news


def test_a_journal_that_takes_no_more_entries_is_told_of_all_the_same(unit, officer, do_jobs):
    entry = journal.record("test.act", unit, by=officer, at=at("2026-03-01"))
    row = {field.attname: getattr(entry, field.attname) for field in JournalEntry._meta.concrete_fields}
    JournalEntry.objects.create(**{**row, "id": None, "sequence": 2, "hash": "f" * 64, "previous_hash": entry.hash})
    nightly.ask(at("2026-03-02 02:00"))
    outcomes = {job.kind: (job.state, job.outcome) for job in do_jobs(may_fail=True)}
    assert outcomes["registry.verify_journal"] == (Job.State.DONE, {"faults": 1})


def test_a_long_verification_keeps_its_lease(unit, officer, monkeypatch):
    """60 s are enough for no chain of many years: it says how far it is now and then."""
    monkeypatch.setattr(journal, "CHUNK", 2)
    for _ in range(5):
        journal.record("test.act", unit, by=officer, at=at("2026-03-01"))
    seen = []
    assert list(journal.verify(lambda done, total: seen.append((done, total)))) == []
    assert seen == [(2, 5), (4, 5)]


@pytest.mark.django_db(transaction=True)
def test_a_long_verification_writes_while_others_write(unit, officer, monkeypatch):
    """SQLite refuses a write to whoever still reads a state that others have written over since."""
    monkeypatch.setattr(journal, "CHUNK", 2)
    for _ in range(5):
        journal.record("test.act", unit, by=officer, at=at("2026-03-01"))
    nightly.ask(at("2026-03-02 02:00"))
    job = Job.objects.get(kind="registry.verify_journal")
    lease_renewed = jobs.Lease.progress

    def others_write_first(lease, done, total):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_written_elsewhere, officer.pk).result()
        lease_renewed(lease, done, total)

    monkeypatch.setattr(jobs.Lease, "progress", others_write_first)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.outcome) == (Job.State.DONE, 1, {"faults": 0})


def _written_elsewhere(person: int) -> None:
    try:
        Person.objects.filter(pk=person).update(name="另一名")
    finally:
        connection.close()


def test_the_journal_says_whether_it_holds_an_entry(unit, officer):
    entry = journal.record("test.act", unit, by=officer, at=at("2026-03-01"))
    assert journal.holds(entry.sequence, entry.hash)
    assert not journal.holds(entry.sequence + 1, entry.hash)
    assert not journal.holds(entry.sequence, "0" * 64)


def test_an_entry_that_was_changed_is_not_held(broken):
    entry = JournalEntry.objects.get()
    assert not journal.holds(entry.sequence, entry.hash)


def test_the_ledger_is_reconciled_every_night(db, do_jobs, monkeypatch):
    monkeypatch.setattr("allocation.ledger.accounts.reconcile", lambda when: [Unit(), Unit()])
    nightly.ask(at("2026-03-02 02:00"))
    outcomes = {job.kind: job.outcome for job in do_jobs()}
    assert outcomes["allocation.reconcile"] == {"faults": 2}
    assert jobs._handlers.keys() >= set(nightly._kinds)
