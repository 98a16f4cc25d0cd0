"""E-mails: one a day and person, in their language, never lost and never doubled, whatever server and workers do."""

import datetime as dt
import smtplib

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction

from registry import jobs, notifications
from registry.law import clock
from registry.models import Job, Mail, Notification
from registry.notifications import outbox
from tests.cast import at

NIGHT = at("2026-03-02 02:00")
TOLD_AT = at("2026-03-01 15:00")
DAY = dt.date(2026, 3, 2)
SAID = {"period": "2025-09", "sector": "steel"}
State = Mail.State


@pytest.fixture(autouse=True)
def _mail_server(settings, monkeypatch):
    settings.MAIL_ENABLED, settings.SITE_URL = True, "https://quota.example.cn"
    settings.DEFAULT_FROM_EMAIL = "碳配额 <quota@example.cn>"
    _clock(monkeypatch, NIGHT)


def _clock(monkeypatch, when):
    monkeypatch.setattr(clock, "now", lambda: when)


@pytest.fixture
def reader(clerk):
    clerk.email, clerk.mail_language = "jia@example.cn", "en"
    clerk.save()
    return clerk


@pytest.fixture
def told(reader):
    def tell(key="k", when=TOLD_AT, person=reader):
        return notifications.notify([person], "package.accepted", key, SAID, "/reporting/packages/7/", when)

    return tell


@pytest.fixture
def broken(monkeypatch):
    """A mail server that fails for the addresses in the list, or for all."""
    failing = []
    send = EmailBackend.send_messages

    def send_messages(self, messages):
        if "all" in failing or messages[0].to[0] in failing:
            raise smtplib.SMTPServerDisconnected("away")
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    return failing


def send(do_jobs, when, monkeypatch):
    _clock(monkeypatch, when)
    outbox.ask(when)
    return [job.outcome for job in do_jobs()]


def test_one_mail_holds_all_that_was_told(told, do_jobs):
    told()
    told("second")
    assert outbox.collect(DAY, NIGHT) == 1
    outbox.ask(NIGHT)
    do_jobs()
    (message,) = django_mail.outbox
    assert message.to == ["jia@example.cn"]
    assert message.subject == "Carbon quota administration: 2 messages for you"
    assert message.body.count("2025-09 (Steel) was accepted.\nhttps://quota.example.cn/reporting/packages/7/") == 2
    assert message.extra_headers["Message-ID"].endswith("@example.cn>")
    assert Mail.objects.get().sent_at == NIGHT


def test_it_speaks_the_persons_language(told, reader, do_jobs):
    reader.mail_language = "zh-hans"
    reader.save()
    told()
    outbox.collect(DAY, NIGHT)
    outbox.ask(NIGHT)
    do_jobs()
    assert "钢铁" in django_mail.outbox[0].body


def test_collecting_again_adds_nothing(told, do_jobs):
    told()
    assert (outbox.collect(DAY, NIGHT), outbox.collect(DAY, NIGHT)) == (1, 0)
    outbox.ask(NIGHT)
    do_jobs()
    told("later", NIGHT)
    assert outbox.collect(DAY, NIGHT) == 0  # the day's mail is out: the next day's takes it along
    assert outbox.collect(DAY + dt.timedelta(days=1), NIGHT + dt.timedelta(days=1)) == 1
    assert set(Notification.objects.values_list("mail__day", flat=True)) == {DAY, DAY + dt.timedelta(days=1)}


@pytest.mark.parametrize(
    "change", [{"wants_mail": False}, {"email": ""}, {"is_active": False}], ids=["turned off", "no address", "has left"]
)
def test_who_wants_none_or_has_left_gets_none(told, reader, change, do_jobs):
    told()
    type(reader).objects.filter(pk=reader.pk).update(**change)
    assert outbox.collect(DAY, NIGHT) == 0


@pytest.mark.parametrize("change", [{"wants_mail": False}, {"email": ""}, {"is_active": False}])
def test_who_turns_them_off_before_it_is_sent_gets_none(told, reader, change, do_jobs):
    told()
    outbox.collect(DAY, NIGHT)
    type(reader).objects.filter(pk=reader.pk).update(**change)
    outbox.ask(NIGHT)
    do_jobs()
    assert django_mail.outbox == []
    assert Mail.objects.get().state == State.DROPPED


def test_what_was_read_is_not_sent(told, reader, do_jobs):
    told()
    (second,) = told("second")
    notifications.mark_read(second, at=NIGHT)
    outbox.collect(DAY, NIGHT)
    assert Notification.objects.get(key="second").mail is None
    notifications.mark_read(Notification.objects.get(key="k"), at=NIGHT)
    outbox.ask(NIGHT)
    do_jobs()
    assert django_mail.outbox == []
    assert Mail.objects.get().state == State.DROPPED


def test_old_news_is_not_sent(told):
    told(when=NIGHT - dt.timedelta(days=8))
    assert outbox.collect(DAY, NIGHT) == 0


def test_without_a_mail_server_nothing_is_put_into_the_outbox(told, settings):
    settings.MAIL_ENABLED = False
    told()
    assert outbox.collect(DAY, NIGHT) == 0
    assert outbox.ask(NIGHT) is None


def test_a_server_that_is_away_loses_and_doubles_nothing(told, broken, do_jobs, monkeypatch):
    told()
    outbox.collect(DAY, NIGHT)
    broken.append("all")
    assert send(do_jobs, NIGHT, monkeypatch) == [{"sent": 0, "failed": 1}]
    waiting = Mail.objects.get()
    assert (waiting.state, waiting.attempts, waiting.error) == (State.WAITING, 1, "SMTPServerDisconnected: away")
    broken.clear()
    assert outbox.ask(NIGHT + dt.timedelta(minutes=9)) is None  # ten minutes after the first failure, not before
    assert send(do_jobs, NIGHT + dt.timedelta(minutes=10), monkeypatch) == [{"sent": 1, "failed": 0}]
    assert outbox.ask(NIGHT + dt.timedelta(days=1)) is None
    assert len(django_mail.outbox) == 1


def test_one_bad_address_holds_up_nobody(told, broken, rival_clerk, do_jobs, monkeypatch):
    rival_clerk.email = "yi@example.cn"
    rival_clerk.save()
    broken.append("jia@example.cn")
    told()
    told(person=rival_clerk)
    outbox.collect(DAY, NIGHT)
    assert send(do_jobs, NIGHT, monkeypatch) == [{"sent": 1, "failed": 1}]
    assert [message.to for message in django_mail.outbox] == [["yi@example.cn"]]


def test_three_failures_in_a_row_end_the_round(told, broken, make_person, unit, do_jobs, monkeypatch):
    for number in range(5):
        told(person=make_person("unit_clerk", "经办人", unit=unit, email=f"p{number}@example.cn"))
    outbox.collect(DAY, NIGHT)
    broken.append("all")
    assert send(do_jobs, NIGHT, monkeypatch) == [{"sent": 0, "failed": 3}]
    assert Mail.objects.filter(attempts=0).count() == 2
    broken.clear()
    later = NIGHT + dt.timedelta(minutes=10)
    assert send(do_jobs, later, monkeypatch) == [{"sent": 5, "failed": 0}]


def test_after_eight_attempts_it_is_given_up(told, broken, do_jobs, monkeypatch):
    told()
    outbox.collect(DAY, NIGHT)
    broken.append("all")
    when = NIGHT
    for attempt in range(1, 9):
        assert send(do_jobs, when, monkeypatch) == [{"sent": 0, "failed": 1}], attempt
        # 10, 20, 40 … minutes: the wait after attempt n is 10 × 2ⁿ⁻¹
        when += dt.timedelta(minutes=10) * 2 ** (attempt - 1)
    assert Mail.objects.get().state == State.GIVEN_UP
    assert outbox.ask(when) is None
    assert notifications.unread(Mail.objects.get().person).count() == 1  # in the application it stays


def test_two_workers_never_send_the_same(told, monkeypatch):
    told()
    outbox.collect(DAY, NIGHT)
    mail = Mail.objects.get()
    assert outbox._claimed(mail.pk, NIGHT) is not None
    assert outbox._claimed(mail.pk, NIGHT + dt.timedelta(minutes=9)) is None
    assert not outbox.waiting(NIGHT + dt.timedelta(minutes=9)).exists()


def test_a_worker_killed_before_sending_leaves_the_mail_to_the_next(told, do_jobs, monkeypatch):
    told()
    outbox.collect(DAY, NIGHT)

    def killed(*_args):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(outbox, "_handed_over", killed)
        job = outbox.ask(NIGHT)
        with pytest.raises(SystemExit):
            jobs.run(job.pk)
    assert Mail.objects.get().state == State.WAITING
    Job.objects.all().delete()  # its lease runs out by the real clock, which this test doesn't wait for
    later = NIGHT + dt.timedelta(minutes=11)
    assert send(do_jobs, later, monkeypatch) == [{"sent": 1, "failed": 0}]
    assert len(django_mail.outbox) == 1


def test_a_repeated_mail_is_known_by_its_message_id(told):
    told()
    outbox.collect(DAY, NIGHT)
    mail = Mail.objects.get()
    first, again = (outbox._message(mail).extra_headers["Message-ID"] for _ in range(2))
    assert first == again


def test_the_same_ten_minutes_are_asked_for_once(told):
    told()
    outbox.collect(DAY, NIGHT)
    assert outbox.ask(NIGHT) == outbox.ask(NIGHT + dt.timedelta(minutes=9))
    assert outbox.ask(NIGHT) != outbox.ask(NIGHT + dt.timedelta(minutes=10))


def test_the_database_keeps_one_mail_a_day(told, reader):
    told()
    outbox.collect(DAY, NIGHT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.create(person=reader, day=DAY, next_try_at=NIGHT)
