"""A password changed, and wrong ones tried: what happens to other sessions, what the journal says."""

import pytest
from django.test import Client
from django.urls import reverse

from registry import journal
from registry.models import JournalEntry

OLD, NEW = "旧口令-2026-abc", "新口令-2026-xyz"


@pytest.fixture
def person(make_person):
    return make_person("auditor", "审计", username="auditor", password=OLD)


def signed_in() -> Client:
    browser = Client()
    browser.post(reverse("login"), {"username": "auditor", "password": OLD})
    return browser


def test_every_other_session_is_signed_out_as_the_page_says(person):
    here, there = signed_in(), signed_in()
    assert there.get("/").status_code == 200
    given = {"old_password": OLD, "new_password1": NEW, "new_password2": NEW}
    done = here.post(reverse("password_change"), given, follow=True).content.decode()
    assert "其他浏览器和设备均已退出登录" in done
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert JournalEntry.objects.get().act == "person.password_changed"
    assert list(journal.verify()) == []


def test_a_lock_out_is_in_the_journal_once(person, settings):
    settings.AXES_ENABLED = True
    wrong = {"username": "auditor", "password": "falsch-falsch"}
    answers = [Client().post(reverse("login"), wrong, headers={"accept-language": "zh-hans"}) for _ in range(12)]
    assert answers[-1].status_code == 429
    assert JournalEntry.objects.filter(act="person.locked_out", subject_id=str(person.pk)).count() == 1
