"""When people are reminded, and that no night, rerun or second worker reminds them twice, or of what is over."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from registry import parameters
from registry.jobs import acts as jobs
from registry.jobs import nightly
from registry.law import clock
from registry.models import Job, Mail, Notification
from registry.notifications import Told
from registry.todo import reminders
from registry.todo.reminders import Steps
from tests.cast import at

DUE = dt.date(2026, 3, 12)
STEPS = Steps(before=(10, 3, 1), after=1, stale=7, review_waits=10)


@pytest.mark.parametrize(
    ("left", "step"),
    [
        *((11, None), (10, 10), (9, 10), (4, 10), (3, 3), (2, 3), (1, 1), (0, 1)),
        *((-1, -1), (-2, -1), (-7, -1), (-8, None), (-400, None)),
    ],
)
def test_the_latest_step_that_was_reached_is_told(left, step):
    assert STEPS.reached(DUE, DUE - dt.timedelta(days=left)) == step


def test_a_step_on_the_day_itself_and_a_later_reminder():
    steps = Steps(before=(5, 5, 0), after=3, stale=2, review_waits=10)
    reached = [steps.reached(DUE, DUE - dt.timedelta(days=left)) for left in (6, 5, 1, 0, -1, -2, -3, -4, -5)]
    assert reached == [None, 5, 5, 0, None, None, -3, -3, None]


def test_the_steps_are_dated_data_that_the_ministry_changes(db, analyst, ministry_approver):
    assert reminders.steps(dt.date(2026, 3, 1)) == STEPS
    change = parameters.propose(
        "deadlines",
        "reminder.before.first",
        value="14",
        since=dt.date(2026, 4, 1),
        reason="提前两周提醒",
        by=analyst,
        at=at("2026-03-01"),
    )
    parameters.decide(change, approve=True, by=ministry_approver, at=at("2026-03-02"))
    assert reminders.steps(dt.date(2026, 3, 31)) == STEPS
    assert reminders.steps(dt.date(2026, 4, 1)).before == (14, 3, 1)


@pytest.fixture
def due(clerk, monkeypatch):
    """Only the clerk, only one deadline."""

    def source(day, steps):
        step = steps.reached(DUE, day)
        if step is not None:
            said = {"period": "2026-01", "sector": "steel"}
            yield Told(clerk.pk, "package.accepted", f"k:{step}", "/", said)

    monkeypatch.setattr(reminders, "_sources", [source])


def night(when: str, monkeypatch, do_jobs):
    monkeypatch.setattr(clock, "now", lambda: at(when))
    nightly.ask(at(when))
    return {job.kind: job.outcome for job in do_jobs()}["registry.remind"]


def keys():
    return list(Notification.objects.order_by("pk").values_list("key", flat=True))


def test_each_step_is_told_in_its_night(due, monkeypatch, do_jobs):
    for day in range(1, 16):
        night(f"2026-03-{day:02} 02:00", monkeypatch, do_jobs)
    assert keys() == ["k:10", "k:3", "k:1", "k:-1"]
    days = [row.at.astimezone(at("2026-01-01").tzinfo).day for row in Notification.objects.order_by("pk")]
    assert days == [2, 9, 11, 13]  # 10, 3, 1 days before 12 March, 1 after


def test_before_two_it_is_still_the_night_before(due, monkeypatch, do_jobs):
    night("2026-03-02 01:59", monkeypatch, do_jobs)
    assert keys() == []
    night("2026-03-02 02:00", monkeypatch, do_jobs)
    assert keys() == ["k:10"]


def test_missed_nights_are_caught_up_without_what_is_stale(due, monkeypatch, do_jobs):
    night("2026-03-10 14:00", monkeypatch, do_jobs)  # the tenth and the third day before were missed
    assert keys() == ["k:3"]


def test_a_deadline_long_past_is_let_rest(due, monkeypatch, do_jobs):
    night("2026-03-20 02:00", monkeypatch, do_jobs)
    assert keys() == []


def test_a_job_done_late_reminds_of_the_day_on_which_it_is_done(due, monkeypatch, do_jobs):
    nightly.ask(at("2026-03-02 02:00"))  # no worker for three weeks
    monkeypatch.setattr(clock, "now", lambda: at("2026-03-23 10:00"))
    do_jobs()
    assert keys() == []


def test_a_second_run_tells_nobody_again(due, monkeypatch, do_jobs):
    assert night("2026-03-02 02:00", monkeypatch, do_jobs)["told"] == 1
    assert len(reminders.remind(dt.date(2026, 3, 2), at("2026-03-02 09:00"))) == 0
    assert keys() == ["k:10"]


def test_a_worker_that_lost_its_lease_tells_nobody(due, monkeypatch, settings, clerk):
    """Two workers: the first was thought dead and comes back after the second has done it."""
    settings.MAIL_ENABLED = True
    clerk.email = "jia@example.cn"
    clerk.save()
    monkeypatch.setattr(clock, "now", lambda: at("2026-03-02 02:00"))
    nightly.ask(at("2026-03-02 02:00"))
    job = Job.objects.get(kind="registry.remind")
    first, mine = jobs._take(job.pk, "first"), []
    real = reminders.reminders

    def overtaken(day):
        if not mine:
            mine.append(1)
            Job.objects.filter(pk=job.pk).update(lease_until=at("2020-01-01"))
            jobs.run(job.pk, "second")
        return real(day)

    monkeypatch.setattr(reminders, "reminders", overtaken)
    with pytest.raises(jobs.LeaseLostError):
        reminders.remind_nightly(first)
    assert keys() == ["k:10"]
    assert Mail.objects.count() == 1


def test_a_kill_in_the_middle_leaves_nothing_and_the_next_does_all(due, monkeypatch, do_jobs):
    def killed(day, when):
        raise SystemExit

    monkeypatch.setattr(clock, "now", lambda: at("2026-03-02 02:00"))
    nightly.ask(at("2026-03-02 02:00"))
    job = Job.objects.get(kind="registry.remind")
    with monkeypatch.context() as dying:
        dying.setattr("registry.notifications.outbox.collect", killed)
        with pytest.raises(SystemExit):
            jobs.run(job.pk, "first")
    assert keys() == []
    Job.objects.filter(pk=job.pk).update(lease_until=at("2020-01-01"))
    jobs.run(job.pk, "second")
    assert keys() == ["k:10"]


def test_the_command_reminds_as_on_a_day(due, monkeypatch, capsys, clerk):
    monkeypatch.setattr(clock, "now", lambda: at("2026-03-11 09:00"))
    call_command("remind", "--on", "2026-03-02", "--dry-run")
    assert "clerk: " in capsys.readouterr().out
    assert keys() == []
    call_command("remind", "--on", "2026-03-02")
    call_command("remind")
    call_command("remind")
    assert keys() == ["k:10", "k:1"]


def test_the_command_looks_ahead_but_does_not_tell_ahead(due, monkeypatch, capsys):
    monkeypatch.setattr(clock, "now", lambda: at("2026-03-01 09:00"))
    call_command("remind", "--on", "2026-03-11", "--dry-run")
    assert "package.accepted: 1" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("remind", "--on", "2026-03-11")
    for text in ("2026-02-30", "20260302", "tomorrow"):
        with pytest.raises(CommandError):
            call_command("remind", "--on", text, "--dry-run")
    assert keys() == []
