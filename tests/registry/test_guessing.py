"""Passwords are not guessed: caps per account and per address, a way round for known addresses, rules for new ones."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from registry.models import FormerPassword, JournalEntry, Person

RIGHT, WRONG = "正确口令-2026-abc", "falsch-falsch"


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.AXES_ENABLED = True
    cache.clear()


@pytest.fixture
def people(make_person) -> list[Person]:
    return [
        make_person("auditor", f"审计{number}", username=f"auditor-{number}", password=RIGHT) for number in range(30)
    ]


def sign_in(username: str, password: str, address: str) -> int:
    answer = Client(REMOTE_ADDR=address).post(reverse("login"), {"username": username, "password": password})
    return answer.status_code


def test_one_account_is_not_guessed_from_twenty_addresses(people, caplog):
    answers = [sign_in("auditor-0", WRONG, f"10.0.0.{number}") for number in range(1, 21)]
    assert answers[0] == 200
    assert set(answers[10:]) == {429}
    assert sign_in("auditor-0", RIGHT, "10.0.0.99") == 429  # nor with the right one by now
    assert JournalEntry.objects.filter(act="person.locked_out", subject_id=str(people[0].pk)).count() == 1
    assert "'auditor-0' from 10.0.0.20" in caplog.text
    assert "for the account from 10 addresses" in caplog.text
    assert sign_in("auditor-1", RIGHT, "10.0.0.99") == 302  # others are not kept out


def test_thirty_accounts_are_not_guessed_from_one_address(people, caplog):
    answers = [sign_in(person.username, WRONG, "10.1.0.1") for person in people]
    assert answers[0] == 200
    assert set(answers[15:]) == {429}
    assert "from the address for 15 accounts" in caplog.text
    assert sign_in("auditor-20", RIGHT, "10.1.0.1") == 429
    assert sign_in("auditor-20", RIGHT, "10.1.0.2") == 302


def test_an_account_is_not_kept_out_where_it_signed_in_before(people):
    assert sign_in("auditor-0", RIGHT, "10.2.0.1") == 302
    for number in range(2, 22):
        sign_in("auditor-0", WRONG, f"10.2.0.{number}")
    for person in people[1:]:
        sign_in(person.username, WRONG, "10.2.0.1")
    assert sign_in("auditor-0", RIGHT, "10.2.0.77") == 429
    assert sign_in("auditor-0", RIGHT, "10.2.0.1") == 302


def test_a_known_address_has_the_cap_of_the_pair(people):
    assert sign_in("auditor-0", RIGHT, "10.3.0.1") == 302
    answers = [sign_in("auditor-0", WRONG, "10.3.0.1") for _number in range(10)]
    assert answers[-1] == 429
    assert sign_in("auditor-0", RIGHT, "10.3.0.1") == 429


def change(browser: Client, old: str, new: str) -> str:
    given = {"old_password": old, "new_password1": new, "new_password2": new}
    return browser.post(reverse("password_change"), given, follow=True).content.decode()


@pytest.fixture
def browser(people, client_for) -> Client:
    return client_for(people[0])


def test_the_old_password_is_not_guessed_at_an_open_session(browser, people, caplog):
    for _number in range(5):
        assert "请15分钟后重试" not in change(browser, WRONG, "新口令-2026-xyz")
    assert "请15分钟后重试" in change(browser, WRONG, "新口令-2026-xyz")
    assert "请15分钟后重试" in change(browser, RIGHT, "新口令-2026-xyz")
    assert Person.objects.get(pk=people[0].pk).check_password(RIGHT)
    assert "'auditor-0' is paused" in caplog.text
    assert JournalEntry.objects.filter(act="person.locked_out").count() == 1


def test_a_password_is_not_used_again(browser, people):
    first, second = "新口令-2026-xyz", "再口令-2026-uvw"
    assert "曾经使用过" in change(browser, RIGHT, RIGHT)
    assert "曾经使用过" not in change(browser, RIGHT, first)
    assert "曾经使用过" in change(browser, first, RIGHT)
    change(browser, first, second)
    assert "曾经使用过" in change(browser, second, first)
    assert Person.objects.get(pk=people[0].pk).check_password(second)
    assert FormerPassword.objects.filter(person=people[0]).count() == 3
    assert not any(row.hash in (first, second, RIGHT) for row in FormerPassword.objects.all())


@pytest.mark.parametrize("password", ["8402957163", "password123", "审计0", "short1-"])
def test_a_password_that_is_easily_guessed_is_refused_in_chinese(people, password):
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password(password, people[0])
    for message in refused.value.messages:
        assert any("一" <= sign <= "鿿" for sign in message), message
