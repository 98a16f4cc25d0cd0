"""Receipts are given with each submission and acceptance, anchored in the journal, and looked after at night."""

import json
from base64 import b64decode

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registry import journal
from registry.jobs import nightly
from registry.journal.seals import signing
from registry.models import Job, JournalEntry
from registry.todo import todos
from registry.values.canonical import chained, digest, sha256
from reporting import receipts, review
from reporting.models import Receipt, Submission
from reporting.receipts import giving as receipting
from tests.cast import at
from tests.reporting import story
from tests.reporting.story import MONTH_TONNES, READ_AT, book

ACCEPTED_AT = at("2025-10-09 10:30")


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def submission(unit, process, clerk) -> Submission:
    return story.submitted(unit, "2025-09", clerk)


@pytest.fixture
def accepted(submission, officer) -> Submission:
    review.accept(submission, by=officer, at=ACCEPTED_AT)
    return submission


def receipt_of(submission: Submission, kind: str) -> Receipt:
    return Receipt.objects.get(event__submission=submission, event__kind=kind)


def test_a_draft_has_none(unit, process, clerk):
    story.read(unit, "2025-09", clerk)
    assert not Receipt.objects.exists()


def test_a_submission_gets_one(submission, unit):
    content = receipt_of(submission, "submitted").content()
    workbook, file = book(unit, "2025-09"), submission.package.evidence.get()
    stated = {
        "format": "quota-receipt/1",
        "kind": "submitted",
        "unit": {"credit_code": unit.credit_code, "name": unit.name},
        "sector": "aluminium",
        "period": "2025-09",
        "version": 1,
        "workbook": {"name": "2025-09.xlsx", "size": len(workbook), "sha256": sha256(workbook)},
        "evidence": [{"name": "台账.pdf", "size": file.size, "sha256": file.sha256, "datum": "anode, metal, power"}],
        "content_sha256": receipting.accounted(submission),
        "emissions": MONTH_TONNES,
        "submitted_at": "2025-10-01T01:00:00+00:00",  # 09:00 in Shanghai
        "submitted_by": "unit_clerk",
        "late": False,
        "accepted_at": None,
        "accepted_by": None,
    }
    entry = JournalEntry.objects.get(act="package.submitted")
    place = content.pop("journal")
    assert content.pop("key_id") == signing.present().id
    assert content == stated
    assert (place["sequence"], place["hash"], place["previous_hash"]) == (
        entry.sequence,
        entry.hash,
        entry.previous_hash,
    )
    assert chained(place["previous_hash"], place["content"]) == entry.hash
    assert json.loads(entry.facts)["receipt"] == digest(stated)


def test_an_acceptance_gets_one_that_says_both(accepted):
    content = receipt_of(accepted, "accepted").content()
    before = receipt_of(accepted, "submitted").content()
    assert (content["accepted_at"], content["accepted_by"]) == ("2025-10-09T02:30:00+00:00", "provincial_officer")
    same = ("unit", "workbook", "content_sha256", "submitted_at", "submitted_by", "late", "version")
    assert {name: content[name] for name in same} == {name: before[name] for name in same}
    assert content["journal"]["sequence"] > before["journal"]["sequence"]


def test_no_natural_person_is_named(accepted, clerk, officer):
    for receipt in Receipt.objects.all():
        assert clerk.name not in receipt.body
        assert officer.name not in receipt.body


def test_lateness_is_in_it(unit, process, clerk):
    submission = story.submitted(unit, "2025-09", clerk, at("2026-01-05 09:00"))
    assert receipt_of(submission, "submitted").content()["late"] is True


def test_sending_back_gives_none_and_each_version_has_its_own(submission, unit, clerk, officer):
    review.send_back(submission, reason="缺一条生产线", by=officer, at=ACCEPTED_AT)
    again = story.submitted(unit, "2025-09", clerk, at("2025-10-10 09:00"), anode="8001")
    assert [receipt.content()["version"] for receipt in Receipt.objects.order_by("pk")] == [1, 2]
    assert again.pk != submission.pk


def test_an_act_that_fails_leaves_no_receipt(unit, process, clerk, monkeypatch):
    submission = story.read(unit, "2025-09", clerk)
    monkeypatch.setattr("registry.journal.seals.signing.Key.sign", lambda key, data: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        story.submit(submission, by=clerk, at=READ_AT)
    assert not Receipt.objects.exists()
    assert not JournalEntry.objects.filter(act="package.submitted").exists()


def test_the_digest_of_what_was_accounted_covers_content_terms_totals_and_lines(submission):
    """Each of them changed in the database gives another digest."""
    before = receipting.accounted(submission)
    changes = [
        "UPDATE reporting_termrow SET emissions = emissions + 1",
        "UPDATE reporting_termrow SET formula = 'x'",
        "UPDATE reporting_linetotalrow SET output = output + 1",
        "UPDATE reporting_linetotalrow SET emissions = emissions + 1",
        "UPDATE reporting_submission SET content = '{}'",
        "UPDATE reporting_submission SET totals = '{}'",
    ]
    seen = {before}
    for change in changes:
        tamper(change)
        submission = Submission.objects.get(pk=submission.pk)
        seen.add(receipting.accounted(submission))
    assert len(seen) == 1 + len(changes)


def tamper(sql: str) -> None:
    """Change a table as somebody with the database's own tools could: with its triggers taken off."""
    table = next(word for word in sql.split() if word.startswith(("registry_", "reporting_")))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_UPDATE")
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_DELETE")
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
        cursor.execute(sql)


def test_a_receipt_of_ours_has_no_faults(accepted):
    assert [receipting.faults_of(receipt) for receipt in Receipt.objects.all()] == [[], []]


@pytest.mark.parametrize(
    ("sql", "faults"),
    [
        ("UPDATE reporting_receipt SET body = replace(body, '26745', '26744')", {"signature", "statement"}),
        ("UPDATE reporting_receipt SET body = 'x'", {"form"}),
        ("UPDATE reporting_receipt SET body = '{}'", {"form"}),
        ("UPDATE registry_journalentry SET act = 'other'", {"chain"}),
        ("UPDATE registry_journalentry SET facts = '{'", {"chain"}),
        ("UPDATE reporting_termrow SET emissions = 1", {"content"}),
        ("UPDATE reporting_submission SET content = '{}'", {"content"}),
        ("UPDATE reporting_evidence SET covers = '[]'", {"evidence"}),
        ("DELETE FROM reporting_submittedevidence", {"evidence"}),
    ],
)
def test_what_was_tampered_with_in_the_database_is_found(submission, sql, faults):
    tamper(sql)
    assert set(receipting.faults_of(Receipt.objects.get())) == faults


def test_a_journal_written_anew_from_end_to_end_is_found(submission):
    """Somebody rewrites the chain so that it verifies; the receipts were signed with the hashes of the true one."""
    previous = journal.GENESIS
    for entry in JournalEntry.objects.order_by("sequence"):
        entry.actor, entry.previous_hash = None, previous
        previous = chained(entry.previous_hash, journal.content_of(entry))
        tamper(
            f"UPDATE registry_journalentry SET actor_id = NULL, hash = '{previous}', "  # noqa: S608
            f"previous_hash = '{entry.previous_hash}' WHERE sequence = {entry.sequence}"
        )
    tamper(f"UPDATE registry_journalhead SET hash = '{previous}'")  # noqa: S608
    assert list(journal.verify()) == []
    assert receipting.faults_of(Receipt.objects.get()) == ["chain"]


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"other"), lambda path: path.unlink()])
def test_a_stored_file_that_is_no_longer_what_it_was_is_found(submission, settings, damage):
    """The workbook or a supporting file."""
    for file in (submission.upload, submission.package.evidence.get()):
        (path,) = (settings.MEDIA_ROOT / "uploads").rglob(file.sha256)
        before = path.read_bytes()
        damage(path)
        assert receipting.faults_of(Receipt.objects.get()) == ["stored"]
        path.unlink(missing_ok=True)
        path.write_bytes(before)
        assert receipting.faults_of(Receipt.objects.get()) == []


def night(day: str, do_jobs) -> dict:
    nightly.ask(at(f"{day} 02:00"))
    do_jobs()
    return Job.objects.get(key=f"nightly:reporting.verify_receipts:{day}").outcome


def test_at_night_the_new_receipts_are_verified(accepted, do_jobs, monkeypatch):
    looked_at = looks(monkeypatch)
    known = list(Receipt.objects.order_by("pk").values_list("pk", flat=True))
    monkeypatch.setattr("reporting.integrity.nightly.NIGHTS", 10**6)  # no other's turn
    assert night("2025-10-10", do_jobs) == {"faults": 0, "until": known[-1], "broken": []}
    assert night("2025-10-11", do_jobs) == {"faults": 0, "until": known[-1], "broken": []}
    assert looked_at == known  # each once


def looks(monkeypatch) -> list[int]:
    """The keys of the receipts that are looked at from now on."""
    looked_at: list[int] = []
    faults_of = receipting.faults_of
    monkeypatch.setattr(receipting, "faults_of", lambda receipt: looked_at.append(receipt.pk) or faults_of(receipt))
    return looked_at


def test_within_so_many_nights_every_receipt_is_looked_at_again(accepted, do_jobs, monkeypatch):
    known = sorted(Receipt.objects.values_list("pk", flat=True))
    night("2025-10-10", do_jobs)
    looked_at = looks(monkeypatch)
    monkeypatch.setattr("reporting.integrity.nightly.NIGHTS", 3)
    for day in ("2025-10-11", "2025-10-12", "2025-10-13"):
        night(day, do_jobs)
    assert sorted(looked_at) == known


@pytest.mark.parametrize("what", ["workbook", "evidence"])
def test_a_file_tampered_with_after_its_first_night_is_found(accepted, do_jobs, settings, monkeypatch, what):
    monkeypatch.setattr("reporting.integrity.nightly.NIGHTS", 1)
    file = accepted.upload if what == "workbook" else accepted.package.evidence.get()
    assert night("2025-10-10", do_jobs)["faults"] == 0
    (path,) = (settings.MEDIA_ROOT / "uploads").rglob(file.sha256)
    before = path.read_bytes()
    path.write_bytes(before[:-1] + b"x")
    assert night("2025-10-11", do_jobs)["faults"] == 2  # that of the submission and that of the acceptance
    path.write_bytes(before)
    assert night("2025-10-12", do_jobs)["faults"] == 0


def of_receipts(person, instant):
    """The to-dos of the night's look at receipts; the same row is also missed where papers are held against the journal."""
    return [todo for todo in todos(person, at(instant)) if todo.detail == "正在核验回执"]


def test_a_broken_receipt_is_written_down_and_shown_until_it_is_cleared_up(
    accepted, unit, clerk, officer, auditor, do_jobs, monkeypatch
):
    monkeypatch.setattr("reporting.integrity.nightly.STEP", 1)
    known = list(Receipt.objects.order_by("pk").values_list("pk", flat=True))
    tamper("UPDATE reporting_termrow SET emissions = 1")
    for day in ("2025-10-10", "2025-10-11"):
        assert night(day, do_jobs) == {"faults": 2, "until": known[-1], "broken": known}
        (todo,) = of_receipts(auditor, f"{day} 09:00")
        assert (todo.count, todo.tone) == (2, "danger")
    entry = JournalEntry.objects.filter(act="receipt.broken").first()
    assert json.loads(entry.facts)["faults"] == ["content"]
    assert (entry.unit_id, entry.authority_id) == (unit.pk, officer.authority_id)


def test_the_file_can_be_verified_by_the_command(accepted, tmp_path, unit, capsys):
    path, workbook = tmp_path / "receipt.json", tmp_path / "book.xlsx"
    path.write_text(receipting.envelope_of(receipt_of(accepted, "accepted")))
    workbook.write_bytes(book(unit, "2025-09"))
    call_command("verify_receipt", str(path), "--workbook", str(workbook), "--journal")
    assert "FAILED" not in capsys.readouterr().out
    workbook.write_bytes(book(unit, "2025-09", anode="8001"))
    with pytest.raises(CommandError) as caught:
        call_command("verify_receipt", str(path), "--workbook", str(workbook))
    assert caught.value.returncode == 1


def test_the_command_finds_an_entry_that_the_journal_lost(accepted, tmp_path, capsys):
    path = tmp_path / "receipt.json"
    path.write_text(receipting.envelope_of(receipt_of(accepted, "accepted")))
    tamper("UPDATE registry_journalentry SET subject_id = '999' WHERE act = 'package.accepted'")
    with pytest.raises(CommandError):
        call_command("verify_receipt", str(path), "--journal")
    assert "FAILED   chain" in capsys.readouterr().out


def test_old_receipts_stand_after_the_key_was_replaced(submission, officer):
    first = signing.present().id
    call_command("rotate_signing_key")
    review.accept(submission, by=officer, at=ACCEPTED_AT)
    assert [receipt.key_id for receipt in Receipt.objects.order_by("pk")] == [first, signing.present().id]
    assert [receipting.faults_of(receipt) for receipt in Receipt.objects.all()] == [[], []]


def test_what_a_receipt_costs(unit, process, clerk, django_assert_max_num_queries):
    """Three questions (terms, lines, supporting files) and one row, beside what the act has asked itself."""
    submission = story.read(unit, "2025-09", clerk)
    story.submit(submission, by=clerk, at=READ_AT)
    event = submission.events.select_related("package__unit", "package__submitted_by", "by").get()
    event.submission = Submission.objects.select_related("upload").get(pk=submission.pk)
    with django_assert_max_num_queries(3):
        statement = receipting.statement_of(event)
    entry = JournalEntry.objects.get(act="package.submitted")
    tamper("DELETE FROM reporting_receipt")
    with django_assert_max_num_queries(1):
        receipting.give(event, statement, entry)


def test_the_envelope_is_what_the_verifiers_read(submission):
    receipt = Receipt.objects.get()
    document = json.loads(receipting.envelope_of(receipt))
    assert b64decode(document["public_key"]) == signing.present().public
    assert receipts.parse(json.dumps(document).encode()).text == receipt.body
