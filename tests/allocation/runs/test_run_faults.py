"""What can go wrong with a run: its worker dies, the database is lost, two people ask at once, its lines make no sense."""

import random
from contextlib import contextmanager, suppress

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.db.models import Sum

from allocation import balance_values, runs
from allocation.models import Award, BalanceValue, LeftOut, Run, Settlement
from allocation.runs import outcome
from registry.jobs import acts as jobs
from registry.models import Job, JournalEntry
from registry.refusal import Refusal
from registry.values.sectors import Sector
from tests.allocation.conftest import COMPUTED, PREPARED, approve
from tests.cast import at
from tests.reporting.filing.test_at_once import at_once

DETERMINATION = Run.Kind.DETERMINATION
SEED, KILLS = 2025, 10


class KilledError(BaseException):
    """As SIGKILL: nothing that catches exceptions catches it."""


@pytest.fixture
def ask(steel, publish, hebei, officer):
    """`ask()`: a run that waits for a worker."""
    publish()
    return lambda: runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)


@pytest.fixture
def asked(ask):
    return ask()


@contextmanager
def failing(at_statement, error):
    """The given statement of the block fails before it reaches the database; how many were asked is yielded as a list."""
    count = []

    def execute(perform, *args):
        count.append(1)
        if len(count) == at_statement:
            raise error
        return perform(*args)

    with connection.execute_wrapper(execute):
        yield count


def take_over(run):
    """As after its lease ran out."""
    Job.objects.filter(pk=run.job_id).update(lease_until=at("2000-01-01"))


def stored(run):
    run.refresh_from_db()
    rows = [model.objects.filter(run=run).count() for model in (Award, Settlement, LeftOut)]
    prepared = JournalEntry.objects.filter(act="run.prepared", subject_id=str(run.pk)).count()
    return run.state, rows, bool(run.manifest), prepared


NOTHING = ("preparing", [0, 0, 0], False, 0)
DONE = ("prepared", [2, 2, 0], True, 1)


# --- The worker dies, the database is lost


@pytest.mark.django_db(transaction=True)
def test_killed_at_ten_moments_it_is_done_once(ask, officer, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_ATTEMPTS", KILLS + 2)
    undisturbed = ask()
    with failing(0, None) as statements:
        jobs.run(undisturbed.job_id, worker="undisturbed")
    runs.cancel(undisturbed, by=officer, at=PREPARED)
    asked = ask()
    moments = sorted(random.Random(SEED).sample(range(1, len(statements) + 1), KILLS))
    for moment in moments:
        with pytest.raises(KilledError), failing(moment, KilledError()):
            jobs.run(asked.job_id, worker=f"killed at {moment}")
        assert stored(asked) == NOTHING
        take_over(asked)
    for worker in ("the last", "one too many"):
        jobs.run(asked.job_id, worker=worker)
    assert stored(asked) == DONE
    assert not runs.tampered(asked)
    assert Job.objects.get(pk=asked.job_id).attempts in (
        KILLS,
        KILLS + 1,
    )  # killed before the lease was taken is no attempt


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_lost_at_any_statement_leaves_all_or_nothing(asked, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_ATTEMPTS", 1000)
    lost = 0
    while stored(asked) != DONE:
        assert stored(asked) == NOTHING
        take_over(asked)
        lost += 1
        with suppress(OperationalError), failing(lost, OperationalError("server closed the connection unexpectedly")):
            jobs.run(asked.job_id, worker=f"lost at {lost}")
    assert lost > 20  # it was lost at each of so many statements, and never in the last attempt
    assert Job.objects.get(pk=asked.job_id).state == "done"


def test_a_database_that_stays_lost_ends_in_a_failed_job_that_makes_way(asked, hebei, officer, monkeypatch):
    monkeypatch.setattr(outcome, "result_of", lambda manifest: (_ for _ in ()).throw(OperationalError("lost")))
    for attempt in range(jobs.MOST_ATTEMPTS):
        jobs.run(asked.job_id, worker=str(attempt))
    job = Job.objects.get(pk=asked.job_id)
    assert (job.state, job.error) == ("failed", "OperationalError: lost")
    again = runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)
    assert stored(asked) == ("failed", [0, 0, 0], False, 0)
    assert again.state == "preparing"


@pytest.mark.django_db(transaction=True)
def test_a_backend_that_is_terminated_in_the_middle_leaves_nothing(asked, monkeypatch):
    """On PostgreSQL the server itself ends the connection; SQLite has no server, and only the error."""
    whole = outcome.explanations

    def lost(awards):
        monkeypatch.setattr(outcome, "explanations", whole)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        raise OperationalError("lost")

    monkeypatch.setattr(outcome, "explanations", lost)
    with suppress(DatabaseError):
        jobs.run(asked.job_id, worker="first")
    if connection.vendor == "postgresql":
        connection.close()
    assert stored(asked) == NOTHING
    take_over(asked)
    jobs.run(asked.job_id, worker="second")
    assert stored(asked) == DONE


# --- Two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_has_the_run_and_the_other_is_told(steel, publish, hebei, officer, second_officer):
    publish()
    ended = at_once(
        *(
            lambda by=by: runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=by, at=PREPARED)
            for by in (officer, second_officer)
        )
    )
    assert ended == {"done": 1, "refused": 1}
    assert Run.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_stores_the_run(asked):
    assert at_once(*[lambda: jobs.run(asked.job_id)] * 2)["refused"] == 0
    assert stored(asked) == DONE


# --- What it needs


def test_a_computed_value_that_is_not_published_is_not_enough(steel, analyst, do_jobs, hebei, officer, in_english):
    balance_values.request(Sector.STEEL, 2025, by=analyst, at=COMPUTED)
    do_jobs()
    assert BalanceValue.objects.get().state == "computed"
    with pytest.raises(Refusal, match="not published yet"):
        runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)


def test_the_value_of_another_sector_or_year_is_not_enough(steel, publish, hebei, officer, in_english):
    publish()
    with pytest.raises(Refusal, match="not published yet"):
        runs.prepare(hebei, Sector.CEMENT, 2025, DETERMINATION, by=officer, at=PREPARED)


# BP is 0.85.
ODD_LINES = {
    "nothing emitted, nothing made": ((0, "0", "0"), ("idle", 0), None),
    "made without emissions": ((0, "0", "1000"), ("clipped_above", 0), None),
    "emitted without main emissions": ((1000, "0", "1000"), ("clipped_above", 1030), None),
    "an absurdly high intensity": ((1000, "9999999999999.99", "0.01"), ("clipped_below", 970), None),
    "an absurdly low intensity": ((1000, "0.01", "9999999999999.99"), ("clipped_above", 1030), None),
    "emitted and made nothing": ((1000, "900", "0"), None, "L9: output: is zero although the line has emissions"),
    "main emissions of nothing": ((0, "900", "0"), None, "L9: output: is zero although the line has emissions"),
}


@pytest.mark.parametrize("name", ODD_LINES)
def test_odd_lines_are_determined_by_the_rule_or_named(
    name, steel, publish, make_line, verify, hebei, officer, do_jobs, in_english
):
    numbers, expected, message = ODD_LINES[name]
    publish()
    line = make_line(steel[0].unit, code="L9")
    verify(line, 2025, *numbers, when=at("2026-08-20"))
    run = runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)
    do_jobs()
    run.refresh_from_db()
    if message:
        assert (run.state, run.awards.count()) == ("failed", 0)
        assert [message in fault for fault in run.faults] == [True]
    else:
        assert run.state == "prepared"
        assert run.awards.values_list("case", "quota").get(line=line) == expected


def test_a_run_over_no_line_at_all_has_no_award(steel, publish, hebei, officer, do_jobs):
    """Every unit of it has left the directory since: what was never allocated in advance needs no settlement either."""
    publish()
    for line in steel:
        line.unit.directory_entries.all().delete()
    run = runs.prepare(hebei, Sector.STEEL, 2025, DETERMINATION, by=officer, at=PREPARED)
    do_jobs()
    assert stored(run) == ("prepared", [0, 0, 2], True, 1)
    assert set(run.left_out.values_list("reason", flat=True)) == {"not_listed"}


# --- What changes meanwhile


def test_a_result_that_changes_under_way_leaves_the_run_with_its_snapshot_and_stale(
    steel, asked, unit, verify, approver, client_for, monkeypatch, django_assert_max_num_queries
):
    progress = jobs.Lease.progress

    def meanwhile(lease, done, total, stage=""):
        progress(lease, done, total, stage)
        if stage == "run.determining":
            verify(steel[0], 2025, 1_100_000, "900000", "1000000", when=at("2026-09-01 12:00"))

    monkeypatch.setattr(jobs.Lease, "progress", meanwhile)
    jobs.run(asked.job_id)
    assert stored(asked) == DONE
    assert asked.awards.get(line=steel[0]).emissions == 1_000_000
    assert asked.inputs["lines"][0]["emissions"] == 1_000_000
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2026-09-02 10:00"))
    page = client_for(approver, "en").get(f"/allocation/runs/{asked.pk}/")
    assert page.context["stale"]
    assert list(page.context["overtaken"]) == [f"{unit.credit_code}/L1"]
    assert page.context["approval"] is None
    with django_assert_max_num_queries(3):  # it is known already
        assert runs.standing_of(asked, at("2026-09-02 11:00")).stale
    with pytest.raises(Refusal):
        approve(asked, approver)


def test_a_run_is_stale_on_its_page_as_soon_as_something_happened(steel, publish, prepared, approver, verify):
    publish()
    run = prepared()
    now = at("2026-09-02 10:00")
    assert not runs.standing_of(run, now).stale
    verify(steel[0], 2025, 1_100_000, "900000", "1000000", when=at("2026-09-02 09:00"))
    assert runs.standing_of(run, now).stale


def test_what_a_page_sums_is_what_the_database_sums(steel, publish, prepared, officer, client_for):
    publish()
    run = prepared()
    figures = runs.figures_of(run)
    assert figures.awards["quota"] == run.awards.aggregate(of=Sum("quota"))["of"]
    assert figures.counts == {"lines": 2, "units": 2, "left_out": 0}
    page = client_for(officer).get(f"/allocation/runs/{run.pk}/awards/")
    assert [row.record.pk for row in page.context["table"].paginated_rows] == list(
        run.awards.order_by("unit__credit_code", "line__code").values_list("pk", flat=True)
    )
