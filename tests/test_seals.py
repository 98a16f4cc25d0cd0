"""Documents and recorded states are bound to the journal: whatever is changed past the triggers is named, kind by kind."""

import datetime as dt
import io
import json
import shutil
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from allocation.balance_values import outliers, recomputations
from allocation.compliance import surrender
from allocation.deductions import revocations
from allocation.ledger import accounts, digest_of
from allocation.models import Account, Entry, Holding, Notice, Recomputation, Release, SurrenderRequest, Transaction
from registry import journal
from registry.database.append_only import AppendOnly
from registry.database.frozen_once import FrozenOnce
from registry.integrity import nightly as watch
from registry.jobs import nightly
from registry.journal import chain_end as journal_end
from registry.journal.seals import ALL, bound, bound_elsewhere, models_within, signing
from registry.journal.seals import check as checking
from registry.journal.seals.check import check
from registry.journal.seals.content import _said, digests
from registry.models import JournalEntry, JournalHead
from reporting import evidence
from reporting.filing import deadlines, intake, way_of_submitting
from reporting.models import Upload
from reporting.review import assigning, notes, own_days
from reporting.submissions import control_plans
from tests import worlds
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.cast import at
from tests.database import without_triggers
from tests.registry.test_triggers import operations
from tests.reporting import story
from tests.sealing import bind_what_stands

pytestmark = pytest.mark.usefixtures("in_english")

LATER = at("2026-11-10 09:00")
# What the world's fixtures write themselves instead of having it done by an act.
WITHOUT_ACT = {
    "allocation.adjustmentnotice",
    "allocation.release",
    "registry.directoryentry",
    "registry.person",
    "registry.unit",
    "registry.verifierbody",
    "reporting.annualreport",
    "reporting.evidence",
    "reporting.handingover",
    "reporting.verification",
    "reporting.verifiedresult",
}


@pytest.fixture
@worlds.world
def standing(world):
    """The world, in which every row that must be bound is."""
    assert set(bind_what_stands()) <= WITHOUT_ACT
    assert not check().departures
    return world


@pytest.fixture
def of_every_kind(
    world,
    unit,
    rival_unit,
    make_line,
    verify,
    clerk,
    unit_approver,
    officer,
    approver,
    analyst,
    registrar_approver,
    do_jobs,
) -> SimpleNamespace:
    """The world, and by an act each what it has nothing of: a row of every kind that is bound."""
    accounts.freeze(Account.objects.get(unit=rival_unit), reason="court", by=registrar_approver, at=LATER)
    strange = verify(make_line(rival_unit, code="L9"), 2025, 1000, "900", "1", when=LATER)
    outliers.confirm("steel", 2025, strange.pk, reason="试生产", by=analyst, at=LATER)
    # The one that the world asked for has no job that could compute it.
    Recomputation.objects.update(state=Recomputation.State.FAILED, fault="-")
    recomputations.request(world.balance_value, by=analyst, at=LATER)
    world.deduction.refresh_from_db()
    said: dict[str, Any] = {"number": "撤1号", "decided_on": dt.date(2026, 10, 9), "reason": "复议撤销"}
    revocations.enter(world.deduction, **said, by=officer, at=LATER)
    control_plans.accept(world.plan.versions.get(), by=officer, at=LATER)
    read = story.read(unit, "2025-08", clerk, LATER, metal="3000")
    intake.answer(read.findings.filter(severity="warning").first(), reason="检修", by=clerk, at=LATER)
    (paper,) = story.support(read.package, clerk, LATER)
    evidence.withdraw(paper, by=clerk, at=LATER)
    story.list_unit(unit, 2026, officer)
    deadlines.extend(unit, story.ALUMINIUM, "2026-10", due=dt.date(2026, 12, 20), reason="停报", by=officer, at=LATER)
    do_jobs()
    way_of_submitting.choose(unit, confirmed=True, by=unit_approver, at=LATER)
    own_days.choose(unit.authority, days=30, since=dt.date(2030, 1, 1), by=approver, at=LATER)
    notes.write(world.package, text="与去年同月核对", by=officer, at=LATER)
    assigning.give(world.package, to=officer, seen=None, by=officer, at=LATER)
    assert set(bind_what_stands()) <= WITHOUT_ACT
    assert not check().departures
    return world


def tampered(row: Model, **columns: Any) -> None:
    """Change columns with raw SQL, past the triggers."""
    changes = ", ".join(f'"{column}" = %s' for column in columns)
    with without_triggers(connection), connection.cursor() as cursor:
        statement = f'UPDATE "{row._meta.db_table}" SET {changes} WHERE id = %s'  # noqa: S608 (the models' own names)
        cursor.execute(statement, [*columns.values(), row.pk])


def told() -> set[tuple[str, int, str]]:
    return {(each.model, each.key, each.why) for each in check().departures}


def test_whatever_refuses_changes_is_bound_or_says_what_else_notices_one():
    frozen = {model._meta.label_lower for kind in (AppendOnly, FrozenOnce) for model, _operation in operations(kind)}
    assert not frozen - models_within() - set(bound_elsewhere())
    assert not models_within() & set(bound_elsewhere())
    assert all(bound_elsewhere().values())


def test_what_the_database_freezes_from_the_first_day_never_changes_from_entry_to_entry():
    for model, operation in operations(FrozenOnce):
        row = bound()[model._meta.label_lower]
        if not operation.when and row.fixed != ALL:
            frozen = {field.name for field in model._meta.concrete_fields} - {"id", *operation.but, *row.but}
            assert frozen <= {*row.fixed, "body"}, (
                model
            )  # another body may be given the work (reporting.integrity.sealed)


def test_the_table_names_columns_that_there_are(db):
    for row in bound().values():
        names = {field.name for field in apps.get_model(row.model)._meta.concrete_fields}
        assert {*row.fixed, *row.but} - {"*"} <= names, row.model
        assert digests(row, [0]) == {}


def other(field: Any, value: Any) -> Any:
    """Another value of a column, as the database takes it."""
    match value:
        case bool():
            return not value
        case int() | Decimal():
            return value + 1
        case dt.datetime() | dt.date():
            return value + dt.timedelta(days=1)
        case str():
            return f"{value[:-1]}z" if value else "z"
        case dict() | list():
            return json.dumps({"z": 1} if value != {"z": 1} else {})
    return None


@pytest.fixture
def no_triggers(of_every_kind):
    """Lifted for a whole test, which takes long to do for each of hundreds of changes."""
    with without_triggers(connection):
        yield


@pytest.mark.usefixtures("of_every_kind", "no_triggers")
def test_a_change_of_any_column_of_any_kind_is_seen():
    unseen, kinds = [], set()
    for label, bound_row in bound().items():
        model = apps.get_model(label)
        rows = model._default_manager.order_by("-pk")
        row = (rows.filter(bound_row.when) if bound_row.when is not None else rows).first()
        if row is None:
            continue
        kinds.add(label)
        before = digests(bound_row, [row.pk])[row.pk]
        for field in model._meta.concrete_fields:
            value = getattr(row, field.attname)
            if field.primary_key or field.name in bound_row.but or value is None:
                continue
            try:
                with transaction.atomic():
                    tampered(row, **{field.column: other(field, value)})
                    if digests(bound_row, [row.pk]).get(row.pk) == before:
                        unseen.append(f"{label}.{field.name}")
                    raise IntegrityError
            except IntegrityError:  # taken back; or the database has a constraint that doesn't allow it at all
                pass
    assert unseen == []
    assert kinds == set(bound())


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("notice", {"due": 1}),
        ("certificate", {"due": 1}),
        ("adjustment", {"quota_after": 5_000_000}),
        ("letter", {"total": 1}),
        ("run", {"result_sha256": "0" * 64}),
        ("surrender", {"total": 1}),
        ("deduction", {"tonnes": 1}),
        ("mark", {"facts": "z"}),
        ("objection", {"grounds": "z"}),
        ("release", {"tonnes": 2}),
        ("trade_import", {"quantity": 1}),
        ("transaction", {"note": "z"}),
        ("balance_value", {"report": "{}"}),
        ("package", {"emissions": 1}),
        ("upload", {"name": "z.xlsx"}),
        ("submission", {"emissions": 1}),
        ("report", {"emissions": 1}),
        ("result", {"emissions": 1}),
        ("question", {"text": "z"}),
        ("evidence", {"name": "z.pdf"}),
        ("entry", {"entry_reason": "z"}),
        ("token", {"scopes": "read upload"}),
        ("mandate", {"may_submit": False}),
        ("change", {"value": "99"}),
    ],
)
def test_a_row_that_was_changed_is_named(standing, name, columns):
    row = getattr(standing, name)
    tampered(row, **columns)
    also = {("allocation.letter", standing.letter.pk, "changed")} if name == "run" else set()  # it names the run's hash
    assert told() == {(row._meta.label_lower, row.pk, "changed"), *also}


def test_a_seat_that_was_widened_is_named(standing, officer):
    tampered(officer, role="provincial_approver")
    assert told() == {("registry.person", officer.pk, "changed")}


def test_an_account_that_was_frozen_or_thawed_without_an_act_is_named(standing, registrar_approver):
    tampered(standing.account, frozen=True, freeze_reason="z")
    assert told() == {("allocation.account", standing.account.pk, "unbound")}
    tampered(standing.account, frozen=False, freeze_reason="")
    accounts.freeze(standing.account, reason="court", by=registrar_approver, at=at("2026-11-03"))
    assert told() == set()
    tampered(standing.account, frozen=False, freeze_reason="")
    assert told() == {("allocation.account", standing.account.pk, "changed")}


def test_parts_of_a_paper_are_part_of_it(standing):
    item = standing.surrender.items.get()
    tampered(item, quantity=1)
    assert told() == {("allocation.surrenderrequest", standing.surrender.pk, "changed")}
    tampered(item, quantity=1_000_000)
    assert told() == set()
    with without_triggers(connection):
        standing.surrender.items.all().delete()
    assert told() == {("allocation.surrenderrequest", standing.surrender.pk, "changed")}


def test_a_row_that_was_taken_away_or_put_in_is_named(standing):
    with without_triggers(connection):
        Release.objects.filter(pk=standing.release.pk).delete()
    gone = ("allocation.release", standing.release.pk, "gone")
    assert told() == {gone}
    notice = standing.notice
    forged = Notice.objects.create(
        unit=standing.unit, year=2024, number="LY-0", sector=notice.sector, by_sector=notice.by_sector, due=1,
        deadline=notice.deadline, sent_by=notice.sent_by, sent_at=notice.sent_at,
    )  # fmt: skip
    assert told() == {gone, ("allocation.notice", forged.pk, "unbound")}


@pytest.mark.usefixtures("approved_results", "in_time")
def test_tonnes_put_into_the_ledger_with_everything_that_belongs_to_them_are_named(standing):
    """Entries balance, the digest fits, holdings agree: only that nobody's act posted it remains."""
    source = Account.objects.get(kind="source")
    rows = [(source.pk, 2025, -500), (standing.account.pk, 2025, 500)]
    forged = Transaction.objects.create(
        kind="issue", key="letter:9:issue", digest=digest_of("issue", rows), at=at("2026-11-01"), by=None
    )
    for account, vintage, amount in rows:
        Entry.objects.create(transaction=forged, account_id=account, vintage=vintage, amount=amount)
        held = Holding.objects.get(account=account, vintage=vintage)
        Holding.objects.filter(pk=held.pk).update(amount=held.amount + amount)
    assert [fault["where"] for fault in faults()] == [f"allocation.transaction {forged.pk}"]


def test_what_was_changed_is_not_made_right_by_the_next_act(noticed, unit, clerk, unit_approver, approver):
    bind_what_stands()
    wanted = surrender.request(unit, 2025, {2025: 900}, by=clerk, at=at("2026-11-01"))
    tampered(wanted, total=1)
    surrender.confirm(wanted, by=unit_approver, at=at("2026-11-02"))
    assert told() == {("allocation.surrenderrequest", wanted.pk, "rewritten")}
    tampered(wanted, total=900)
    surrender.approve(SurrenderRequest.objects.get(pk=wanted.pk), by=approver, at=at("2026-11-03"))
    assert {why for _model, _key, why in told()} == {"rewritten"}  # it stays said


def test_the_nights_find_does_not_make_it_right_either(standing, do_jobs):
    tampered(standing.result, emissions=1)
    for night in ("2027-03-02 02:00", "2027-03-03 02:00"):
        nightly.ask(at(night))
        do_jobs()
        assert ("reporting.verifiedresult", standing.result.pk, "changed") in told()
    entries = JournalEntry.objects.filter(act="papers.depart")
    assert [json.loads(entry.facts)["count"] for entry in entries] == [1, 1]
    assert f"reporting.verifiedresult {standing.result.pk}" in entries[0].facts


def test_an_act_that_ends_meanwhile_is_no_departure(standing, monkeypatch, registrar_approver):
    """The journal is read first, the tables afterwards: what happened in between is looked at again."""
    real, done = digests, []

    def late(row, keys):
        if not done:
            done.append(accounts.freeze(standing.account, reason="court", by=registrar_approver, at=at("2026-11-03")))
        return real(row, keys)

    monkeypatch.setattr(checking, "digests", late)
    assert told() == set()
    assert done


# --- Content


def test_a_column_that_comes_later_and_is_empty_changes_no_digest():
    older: list[Any] = [SimpleNamespace(attname="number")]
    later: list[Any] = [*older, SimpleNamespace(attname="later")]
    for empty in (None, "", [], {}):
        assert _said(later, {"number": 0, "later": empty}) == _said(older, {"number": 0}) == {"number": 0}
    assert _said(later, {"number": 0, "later": False}) != _said(older, {"number": 0})


# --- The command


def verified() -> dict[str, Any]:
    """What `verify_all --json` says."""
    out, code = io.StringIO(), 0
    try:
        call_command("verify_all", "--json", stdout=out)
    except CommandError as error:
        code = error.returncode
    said = json.loads(out.getvalue())
    assert code == (0 if said["whole"] else 1)
    return said


def faults() -> list[dict[str, str]]:
    """What it finds wrong."""
    said = verified()
    found = [fault for check in said["checks"] for fault in check["faults"]]
    assert said["whole"] is not bool(found)
    return found


@pytest.fixture
def in_time(monkeypatch):
    """The world's fixtures date their acts as they need them: that some step back is told elsewhere."""
    monkeypatch.setattr("registry.journal.chain.backwards", lambda: iter(()))


@pytest.mark.usefixtures("approved_results", "in_time")
def test_a_whole_database_is_whole_and_nothing_is_written(standing):
    count = JournalEntry.objects.count()
    assert faults() == []
    assert JournalEntry.objects.count() == count
    assert not journal_end.path().exists()


@pytest.fixture
def approved_results(monkeypatch):
    """The world's results were written by fixtures: no journal's entry has approved them."""
    monkeypatch.setattr("reporting.verification.results.departures", lambda keys: [])


@pytest.mark.usefixtures("approved_results", "in_time")
def test_it_says_what_is_wrong_and_where(standing, capsys):
    tampered(standing.notice, due=1)
    with pytest.raises(CommandError) as caught:
        call_command("verify_all")
    assert caught.value.returncode == 1
    assert f"allocation.notice {standing.notice.pk}: compliance notice" in capsys.readouterr().err
    assert [fault["where"] for fault in faults()] == [f"allocation.notice {standing.notice.pk}"]


@pytest.mark.usefixtures("approved_results")
def test_stored_files_that_are_gone_or_changed_fail(standing):
    upload = Upload.objects.get(pk=standing.upload.pk)
    path = Path(site.MEDIA_ROOT) / "uploads" / upload.sha256[:2] / upload.sha256[2:4] / upload.sha256
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert {fault["where"] for fault in faults()} >= {upload.sha256, f"reporting.receipt {standing.receipt.pk}"}
    shutil.rmtree(site.MEDIA_ROOT)
    assert len(faults()) > 3


@pytest.mark.usefixtures("approved_results")
def test_keys_that_are_gone_fail(standing, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "elsewhere"
    wrong = {fault["where"] for fault in faults()}
    assert wrong >= {"keys/signing.pem", f"keys/public/{standing.receipt.key_id}"}
    assert not signing.is_there()  # asking made none


@pytest.mark.usefixtures("approved_results")
def test_a_check_that_breaks_off_is_a_fault(standing):
    tampered(standing.run, manifest="{")
    assert "allocation.run" in " ".join(f"{fault['where']} {fault['what']}" for fault in faults()) or any(
        "broke off" in fault["what"] for fault in faults()
    )


# --- The journal's end


def cut(count: int) -> None:
    """Take the last entries away and set the head back, as one who knows the scheme would."""
    with without_triggers(connection):
        last = JournalEntry.objects.order_by("-sequence")[count]
        JournalEntry.objects.filter(sequence__gt=last.sequence).delete()
    JournalHead.objects.update(sequence=last.sequence, hash=last.hash)


@pytest.fixture
def entries(unit, officer):
    for day in range(1, 6):
        journal.record("test.act", unit, by=officer, at=at(f"2026-03-0{day}"))
    bind_what_stands()


def end_faults() -> list[str]:
    return [fault["what"] for fault in faults() if fault["where"] == str(journal_end.path())]


def test_an_end_that_was_cut_off_is_noticed(entries, caplog):
    watch.keep_end()
    assert end_faults() == []
    cut(2)
    assert not list(journal.verify())  # the chain itself is whole
    assert "its end was cut off" in end_faults()[0]
    watch.keep_end()
    watch.keep_end()
    assert "its end was cut off" in caplog.text
    assert JournalEntry.objects.filter(act="journal.cut").count() == 1
    assert end_faults()  # new entries in its place don't cover it up


def test_other_entries_in_its_place_are_noticed(entries, unit, officer):
    watch.keep_end()
    cut(2)
    for _time in range(3):
        journal.record("test.act", unit, by=officer, at=at("2026-03-05"))
    assert "missing or different" in end_faults()[0]


def test_an_empty_database_in_a_directory_that_had_one_is_noticed(entries):
    watch.keep_end()
    with without_triggers(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_journalentry")
    JournalHead.objects.update(sequence=0, hash="0" * 64)
    assert "ends at 0" in end_faults()[0]


def test_a_journal_that_goes_on_is_whole(entries, unit, officer):
    watch.keep_end()
    journal.record("test.act", unit, by=officer, at=at("2026-03-09"))
    assert end_faults() == []
    watch.keep_end()
    assert journal_end.kept() == journal_end.End(*JournalHead.objects.values_list("sequence", "hash").get())


def test_a_file_that_can_not_be_read_is_no_clean_bill(entries):
    journal_end.path().write_text("{")
    assert end_faults() == ["the file of the journal's end can't be read"]
