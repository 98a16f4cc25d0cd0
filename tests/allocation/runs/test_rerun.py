"""A run computed again from its manifest is the stored one to the byte, or it is said where they part."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from allocation import runs
from allocation.models import Run
from allocation.runs import outcome
from allocation.runs.proof.rerun import UnusableManifestError, recomputed, rerun
from registry.jobs import nightly
from registry.models import Job, JournalEntry
from registry.values.canonical import canonical, digest, sha256
from tests.cast import at
from tests.database import without_triggers

pytestmark = pytest.mark.usefixtures("in_english")

# Recorded on Python 3.11: a manifest over both kinds of case, and the sha256 of what follows from it, on whatever Python or database.
GOLDEN = Path(__file__).with_name("golden_run.json")


def change(sql, *values):
    """Change something with raw SQL, past the triggers."""
    with without_triggers(connection), connection.cursor() as cursor:
        cursor.execute(sql, values)


def asked(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("rerun", *arguments, stdout=out, stderr=err)
    return out.getvalue()


def refused(*arguments):
    err = io.StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("rerun", *arguments, stdout=io.StringIO(), stderr=err)
    return refusal.value.returncode, err.getvalue()


def test_the_recorded_manifest_gives_the_recorded_bytes():
    """Whatever the machine: this makes a run of one installation provable in another."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    text = canonical(golden["manifest"])
    assert sha256(text.encode()) == golden["manifest_sha256"]
    result = recomputed(text)
    assert digest(result) == golden["result_sha256"]
    assert outcome.digest_of(result, outcome.explanations(result["awards"])) == golden["result_sha256"]
    cases = {row["case"] for row in result["awards"]}
    assert {"within", "clipped_above", "clipped_below", "idle", "white", "carbide_slag"} <= cases
    assert cases & {"outside_closed", "closed"}


@pytest.mark.parametrize("kind", Run.Kind.values)
def test_a_run_computed_again_is_identical(steel, publish, prepared, kind):
    publish()
    again = rerun(prepared(kind))
    assert again.is_identical
    assert again.differences == []
    assert again.result_sha256 == again.run.result_sha256 == digest(runs.stored_result(again.run))


def test_a_changed_award_is_named(steel, publish, approved, unit):
    publish()
    run = approved()
    change("UPDATE allocation_award SET quota = quota + 1 WHERE run_id = %s AND unit_id = %s", run.pk, unit.pk)
    again = rerun(run)
    assert not again.is_identical
    [difference] = again.differences
    assert (difference.part, difference.row, difference.field) == ("awards", f"{unit.credit_code}/L1", "quota")
    assert (difference.stored, difference.computed) == ("991177", "991176")
    assert again.stored_sha256 != run.result_sha256 == again.result_sha256
    code, said = refused(str(run.pk))
    assert code == 1
    assert f"awards {unit.credit_code}/L1 quota: 991177 / 991176" in said


def test_an_award_that_was_taken_away_is_named(steel, publish, approved, unit):
    publish()
    run = approved()
    change("DELETE FROM allocation_award WHERE run_id = %s AND unit_id = %s", run.pk, unit.pk)
    [difference] = rerun(run).differences
    assert (difference.part, difference.stored) == ("awards", None)
    assert json.loads(difference.computed)["quota"] == 991176


def test_a_changed_settlement_is_named(steel, publish, approved, unit):
    publish()
    run = approved()
    change("UPDATE allocation_settlement SET due = 1 WHERE run_id = %s AND unit_id = %s", run.pk, unit.pk)
    [difference] = rerun(run).differences
    assert (difference.part, difference.row, difference.field) == ("settlements", unit.credit_code, "due")


def test_a_manifest_changed_with_its_rows_is_betrayed_by_its_hash(steel, publish, approved):
    publish()
    run = approved()
    manifest = run.inputs
    manifest["lines"][0]["kind"] = "unknown"  # no tonne changes by it
    change("UPDATE allocation_run SET manifest = %s WHERE id = %s", canonical(manifest), run.pk)
    run.refresh_from_db()
    assert not rerun(run).is_identical


def test_the_command_computes_one_or_all_approved(steel, publish, approved, prepared):
    publish()
    run = approved()
    assert "identical" in asked(str(run.pk))
    told = json.loads(asked("--all", "--json"))
    assert [(row["run"], row["identical"]) for row in told] == [(run.pk, True)]
    assert json.loads(asked(str(run.pk), "--json"))["result_sha256"]["computed"] == run.result_sha256


@pytest.mark.parametrize("arguments", [(), ("1", "--all"), ("999",)])
@pytest.mark.django_db
def test_a_call_that_names_no_run_is_unusable(arguments):
    assert refused(*arguments)[0] == 2


@pytest.mark.parametrize("text", ["{", "{}", '{"a": 1}', "[]"])
def test_a_manifest_that_is_none_is_unusable(text):
    with pytest.raises(UnusableManifestError):
        recomputed(text)


def test_a_run_without_a_manifest_is_unusable(steel, publish, prepared):
    publish()
    run = prepared()
    change("UPDATE allocation_run SET manifest = '' WHERE id = %s", run.pk)
    assert refused(str(run.pk))[0] == 2


def of_night(day, do_jobs):
    nightly.ask(at(f"{day} 02:30"))
    do_jobs()
    return Job.objects.get(key=f"nightly:allocation.rerun:{day}").outcome


def test_at_night_what_was_approved_since_is_computed_again(steel, publish, approved, do_jobs):
    publish()
    approved()  # on 2026-09-02
    assert of_night("2026-09-01", do_jobs) == {"runs": 0, "faults": 0}
    assert of_night("2026-09-03", do_jobs) == {"runs": 1, "faults": 0}
    assert of_night("2026-09-04", do_jobs) == {"runs": 0, "faults": 0}


def test_a_fault_stays_news_until_it_is_gone(steel, publish, approved, do_jobs, unit):
    publish()
    run = approved()
    change("UPDATE allocation_award SET quota = 1 WHERE run_id = %s AND unit_id = %s", run.pk, unit.pk)
    assert of_night("2026-09-03", do_jobs) == {"runs": 1, "faults": 1}
    assert of_night("2026-09-04", do_jobs) == {"runs": 1, "faults": 1}
    entry = JournalEntry.objects.filter(act="run.differs").latest("pk")
    assert f"awards {unit.credit_code}/L1 quota" in entry.facts
