"""A person's own account: who they are, how to reach them, where they are signed in."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from registry.models import JournalEntry, Session
from registry.people import sessions

GIVEN = "口令-2026-abc"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def person(make_person):
    return make_person("auditor", "审计员", username="auditor", password=GIVEN)


def signed_in(**headers: str) -> Client:
    browser = Client(headers={"accept-language": "zh-hans"} | headers)
    browser.post(reverse("login"), {"username": "auditor", "password": GIVEN})
    return browser


def page(browser: Client) -> str:
    return browser.get(reverse("account")).content.decode()


def test_the_account_says_who_one_is(person, client_for, clerk):
    said = page(signed_in())
    assert all(text in said for text in ("审计员", "auditor", "审计"))
    assert clerk.unit.name in page(client_for(clerk))
    assert 'href="/password/"' in said


def test_a_session_says_where_it_began(person):
    signed_in(user_agent=FIREFOX)
    said = page(signed_in(user_agent="curl/8"))
    assert "Firefox · Windows" in said
    assert said.count("127.0.0.1") == 2
    assert said.count("当前会话") == 1


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox · Windows"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18 Safari/605.1.15",
            "Safari · macOS",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130", "Edge · Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36", "Chrome · Android"),
        ("", ""),
    ],
)
def test_a_browser_is_named_roughly(agent, said):
    assert sessions._browser(agent) == said


def test_the_sign_in_before_this_one_is_told(person):
    signed_in()
    person.refresh_from_db()
    first = person.last_login
    browser = signed_in()
    assert browser.get(reverse("account")).context["before"] == first


def test_ending_the_others_leaves_this_one(person, make_person, client_for):
    there, here = signed_in(), signed_in()
    stranger = client_for(make_person("auditor", "另一审计员"))
    answer = here.post(reverse("sessions_end"), follow=True).content.decode()
    assert "已退出其他1个会话" in answer
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == stranger.get("/").status_code == 200
    entry = JournalEntry.objects.get(act="person.sessions_ended")
    assert (entry.actor_id, entry.subject_id) == (person.pk, str(person.pk))
    here.post(reverse("sessions_end"))
    assert JournalEntry.objects.filter(act="person.sessions_ended").count() == 1  # nothing to end, nothing to tell


def test_a_session_that_has_ended_is_not_listed(person):
    signed_in()
    Session.objects.update(expire_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert sessions.open_ones(person, None) == []


def test_sessions_can_only_be_ended_by_a_form(person):
    here, there = signed_in(), signed_in()
    assert here.get(reverse("sessions_end")).status_code != 200
    assert there.get("/").status_code == 200


def test_the_telephone_is_entered_and_the_journal_keeps_no_number(person):
    browser = signed_in()
    assert "已保存" in browser.post(reverse("account"), {"phone": "0311-8790 1234"}, follow=True).content.decode()
    person.refresh_from_db()
    assert person.phone == "0311-8790 1234"
    entry = JournalEntry.objects.get(act="person.phone_changed")
    assert "8790" not in entry.facts
    browser.post(reverse("account"), {"phone": "0311-8790 1234"})
    assert JournalEntry.objects.filter(act="person.phone_changed").count() == 1
    browser.post(reverse("account"), {"phone": ""})
    person.refresh_from_db()
    assert person.phone == ""


@pytest.mark.parametrize("typed", ["call me", "12", "1" * 31, "<b>1234567</b>", "+"])
def test_what_is_no_telephone_number_is_refused(person, typed):
    answer = signed_in().post(reverse("account"), {"phone": typed})
    assert answer.status_code == 422
    person.refresh_from_db()
    assert person.phone == ""
