import datetime as dt
import gc

import pytest
from django.utils import timezone

from registry.jobs import acts as jobs
from registry.models import Authority, Job, JobItem
from registry.refusal import Refusal

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
KIND = "test.rename"


@pytest.fixture
def handle(monkeypatch):
    """Register a handler for the time of the test."""

    def register(function):
        monkeypatch.setitem(jobs._handlers, KIND, function)

    return register


@pytest.fixture
def job(db):
    return jobs.enqueue(KIND, key="one", by=None, at=AT)


def rename(lease):
    lease.progress(0, 1)
    with lease.finishing({"renamed": 1}, [lease.item("110000", True)]):
        Authority.objects.filter(code="110000").update(name_en="Peking")


def reread(job):
    job.refresh_from_db()
    return job


def test_a_job_is_done_once(handle, job):
    handle(rename)
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert reread(job).state == Job.State.DONE
    assert (job.attempts, job.outcome, job.done_items, job.total_items) == (1, {"renamed": 1}, 1, 1)
    assert JobItem.objects.count() == 1


def test_the_same_key_asks_for_the_same_job(job):
    assert jobs.enqueue(KIND, key="one", by=None, at=AT).pk == job.pk


def test_a_refusal_fails_the_job_with_its_reason(handle, job):
    def refuse(lease):
        raise Refusal("the file is not a workbook")

    handle(refuse)
    jobs.run(job.pk)
    assert (reread(job).state, job.error) == (Job.State.FAILED, "the file is not a workbook")


def test_a_fault_is_tried_again_and_then_shown(handle, job, caplog):
    def fail(lease):
        raise OSError("disk")

    handle(fail)
    for _attempt in range(jobs.MOST_ATTEMPTS - 1):
        jobs.run(job.pk)
        assert reread(job).state == Job.State.WAITING
    jobs.run(job.pk)
    assert (reread(job).state, job.error) == (Job.State.FAILED, "OSError: disk")


def test_a_running_job_is_left_to_its_worker(handle, job):
    handle(rename)
    assert jobs._take(job.pk, "first") is not None
    jobs.run(job.pk)
    assert reread(job).state == Job.State.RUNNING


def expire(job):
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def test_a_dead_workers_job_is_finished_by_another_exactly_once(handle, job):
    handle(rename)
    first = jobs._take(job.pk, "first")
    expire(job)
    jobs.run(job.pk)
    assert (reread(job).state, job.attempts) == (Job.State.DONE, 2)
    # The first worker was not dead after all: what it still writes is refused and rolled back.
    with pytest.raises(jobs.LeaseLostError), first.finishing():
        pytest.fail("must not get in")
    with pytest.raises(jobs.LeaseLostError):
        first.progress(1, 1)
    assert JobItem.objects.count() == 1


def test_results_and_end_are_one_transaction(handle, job, caplog):
    def half(lease):
        with lease.finishing():
            Authority.objects.filter(code="110000").update(name_en="Peking")
            raise OSError("power cut")

    handle(half)
    jobs.run(job.pk)
    assert Authority.objects.get(code="110000").name_en == "Beijing"
    assert reread(job).state == Job.State.WAITING


def test_a_worker_that_dies_every_time_does_not_go_round_for_ever(handle, job):
    handle(rename)
    for _attempt in range(jobs.MOST_ATTEMPTS):
        assert jobs._take(job.pk, "dying") is not None
        expire(job)
    jobs.run(job.pk)
    assert reread(job).state == Job.State.FAILED


def test_the_sweeper_rings_for_what_was_forgotten(handle, job, monkeypatch):
    rung = []
    monkeypatch.setattr(jobs, "_send_message", rung.append)
    Job.objects.filter(pk=job.pk).update(messaged_at=timezone.now())
    assert jobs.sweep() == 0
    Job.objects.filter(pk=job.pk).update(messaged_at=None)
    assert jobs.sweep() == 1
    assert rung == [job.pk]
    jobs._take(job.pk, "dying")
    assert jobs.sweep() == 0
    expire(job)
    assert jobs.sweep() == 1


def test_only_a_waiting_job_can_be_cancelled(handle, job):
    handle(rename)
    assert jobs.cancel(job)
    jobs.run(job.pk)
    assert reread(job).state == Job.State.CANCELLED
    assert not jobs.cancel(job)


def test_a_job_looks_for_garbage_rarely_and_whoever_comes_after_as_ever(handle, job):
    usual, seen = gc.get_threshold(), []

    def fail(lease):
        seen.append(gc.get_threshold())
        raise OSError("disk")

    handle(fail)
    jobs.run(job.pk)
    assert seen[0][0] > usual[0]
    assert gc.get_threshold() == usual


def test_a_job_says_what_it_is_at_until_it_is_done(handle, job):
    seen = []

    def work(lease):
        lease.progress(1, 2, "test.reading")
        seen.append(reread(job).stage)
        with lease.finishing():
            pass

    handle(work)
    jobs.run(job.pk)
    assert (seen, reread(job).stage) == (["test.reading"], "")
