"""A balance value that somebody with the database's password changed determines nothing."""

import json

import pytest
from django.db import connection

from allocation import runs
from allocation.balance_values import acts as balance_values
from allocation.models import Award, BalanceValue, Run
from registry.models import JournalEntry
from registry.refusal import Refusal
from registry.values.canonical import canonical, sha256
from tests.allocation.conftest import COMPUTED, PREPARED, PUBLISHED
from tests.database import without_triggers

pytestmark = pytest.mark.usefixtures("in_english")


def tamper(bv: BalanceValue, **columns: str) -> None:
    """Change columns with raw SQL, past the triggers."""
    changes = ", ".join(f"{column} = %s" for column in columns)
    with without_triggers(connection), connection.cursor() as cursor:
        statement = f"UPDATE allocation_balancevalue SET {changes} WHERE id = %s"  # noqa: S608 (this file's own names)
        cursor.execute(statement, [*columns.values(), bv.pk])
    bv.refresh_from_db()


def other_inputs(bv: BalanceValue) -> dict[str, str]:
    """The first line with less emissions, and the manifest's hash made to fit."""
    manifest = json.loads(bv.manifest)
    manifest["results"][0]["emissions"] -= 1000
    text = canonical(manifest)
    return {"manifest": text, "manifest_sha256": sha256(text.encode())}


TAMPERED = {
    "value": lambda bv: {"value": "0.8600"},
    "value and root": lambda bv: {"value": "0.8600", "exact": "43/50"},
    "root": lambda bv: {"exact": "43/50"},
    "interval": lambda bv: {"low": "4/5", "high": "9/10"},
    "inputs": lambda bv: {"manifest": other_inputs(bv)["manifest"]},
    "inputs and their hash": other_inputs,
    "hash": lambda bv: {"manifest_sha256": "0" * 64},
}


@pytest.fixture
def determine(officer, hebei, do_jobs):
    def act() -> Run:
        run = runs.prepare(hebei, "steel", 2025, Run.Kind.DETERMINATION, by=officer, at=PREPARED)
        do_jobs()
        run.refresh_from_db()
        return run

    return act


def test_an_untouched_value_holds(steel, publish, determine):
    assert not balance_values.tampered(publish())
    assert determine().state == Run.State.PREPARED


@pytest.mark.parametrize("how", TAMPERED)
def test_no_quota_is_determined_with_a_tampered_value(steel, publish, determine, how):
    bv = publish()
    tamper(bv, **TAMPERED[how](bv))
    assert balance_values.tampered(bv)
    run = determine()
    assert run.state == Run.State.FAILED
    [fault] = run.faults
    assert "balance value" in fault
    assert not Award.objects.exists()


def test_a_value_whose_whole_story_was_made_to_fit_is_not_what_was_published(steel, publish, determine):
    """Inputs, hash, root and value agree with each other; only the journal remembers another."""
    bv = publish()
    tamper(bv, **other_inputs(bv))
    solution = balance_values._solved_again(bv)
    tamper(bv, value=f"{solution.value:f}", exact=str(solution.root))
    assert balance_values.tampered(bv)
    assert determine().state == Run.State.FAILED


def test_a_published_value_that_the_journal_does_not_know(steel, publish):
    bv = publish()
    with without_triggers(connection):
        JournalEntry.objects.filter(act="balance_value.published").delete()
    assert balance_values.tampered(bv)


@pytest.mark.parametrize("how", ["value", "inputs"])
def test_a_tampered_value_is_not_published(steel, analyst, ministry_approver, do_jobs, how):
    bv = balance_values.request("steel", 2025, by=analyst, at=COMPUTED)
    do_jobs()
    bv.refresh_from_db()
    tamper(bv, **TAMPERED[how](bv))
    with pytest.raises(Refusal, match="inputs"):
        balance_values.publish(bv, by=ministry_approver, at=PUBLISHED)
