"""Access tokens: granted by the approver for their clerk, found by their secret only while in force."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from redis.exceptions import ConnectionError as Down

from registry.models import ApiToken, JournalEntry
from registry.people import throttling, tokens
from registry.permissions.roles import Role
from registry.refusal import Refusal
from tests.cast import at
from tests.confirming import confirm

GRANTED, EXPIRES = at("2026-03-01 09:00"), at("2026-12-31 23:59")


@pytest.fixture
def granted(clerk, unit_approver):
    return tokens.grant(clerk, "ERP", ["upload", "read"], expires_at=EXPIRES, by=unit_approver, at=GRANTED)


def test_the_secret_is_kept_nowhere(granted):
    token, secret = granted
    assert len(secret) == 3 + 43  # the mark, and 32 bytes in base64 without padding
    stored = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in map(str, stored.values())
    assert secret not in JournalEntry.objects.get(act="token.granted").facts
    assert token.prefix == secret[:10]
    assert token.scope_list == ["read", "upload"]


def test_two_tokens_have_different_secrets(granted, clerk, unit_approver):
    other = tokens.grant(clerk, "MES", ["read"], expires_at=EXPIRES, by=unit_approver, at=GRANTED)
    assert other[1] != granted[1]


def test_only_its_secret_finds_it(granted):
    token, secret = granted
    assert tokens.find(secret, GRANTED) == token
    assert [tokens.find(wrong, GRANTED) for wrong in ("", secret[:-1], secret + "x", token.sha256, token.prefix)] == [
        None
    ] * 5


def test_it_ends_when_it_expires(granted):
    token, secret = granted
    assert tokens.find(secret, EXPIRES - dt.timedelta(microseconds=1)) == token
    assert tokens.find(secret, EXPIRES) is None


def test_it_ends_when_it_is_revoked(granted, clerk):
    token, secret = granted
    tokens.revoke(token, by=clerk, at=at("2026-04-01"))
    assert tokens.find(secret, at("2026-04-01")) is None
    assert JournalEntry.objects.get(act="token.revoked").actor == clerk
    with pytest.raises(Refusal, match=r"已|already"):
        tokens.revoke(token, by=clerk, at=at("2026-04-02"))


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.UNIT_APPROVER}])
def test_it_ends_with_its_persons_seat(granted, clerk, change):
    for name, value in change.items():
        setattr(clerk, name, value)
    clerk.save()
    assert tokens.find(granted[1], GRANTED) is None


def test_it_ends_when_its_person_moves_to_another_unit(granted, clerk, rival_unit):
    clerk.unit = rival_unit
    clerk.save()
    assert tokens.find(granted[1], GRANTED) is None


@pytest.mark.parametrize(
    ("name", "scopes", "expires_at"),
    [
        ("", ["read"], EXPIRES),
        ("  ", ["read"], EXPIRES),
        ("MES", [], EXPIRES),
        ("MES", ["administrate"], EXPIRES),
        ("MES", ["read"], GRANTED),  # ends as it begins
        ("MES", ["read"], at("2027-03-02 09:01")),  # 366 days and a minute
        ("ERP", ["read"], EXPIRES),  # the name is taken
    ],
)
def test_what_is_no_token_is_refused(granted, clerk, unit_approver, name, scopes, expires_at):
    with pytest.raises(Refusal):
        tokens.grant(clerk, name, scopes, expires_at=expires_at, by=unit_approver, at=GRANTED)


def test_a_name_is_free_again_once_its_token_ended(granted, clerk, unit_approver):
    tokens.revoke(granted[0], by=unit_approver, at=GRANTED)
    again, _secret = tokens.grant(clerk, "ERP", ["read"], expires_at=EXPIRES, by=unit_approver, at=GRANTED)
    assert again.pk != granted[0].pk
    assert again.name == granted[0].name


def test_it_acts_for_a_clerk_of_the_own_unit_only(clerk, rival_clerk, unit_approver, officer):
    for person in (rival_clerk, unit_approver, officer):
        with pytest.raises(Refusal):
            tokens.grant(person, "ERP", ["read"], expires_at=EXPIRES, by=unit_approver, at=GRANTED)
    with pytest.raises(PermissionDenied):
        tokens.grant(clerk, "ERP", ["read"], expires_at=EXPIRES, by=officer, at=GRANTED)


def test_use_is_written_once_an_hour_at_most(granted, django_assert_num_queries):
    noted = [at("2026-03-01 10:00"), at("2026-03-01 11:00")]
    for moment, writes, last in [
        (noted[0], 1, noted[0]),
        (at("2026-03-01 10:59"), 0, noted[0]),
        (noted[1], 1, noted[1]),
    ]:
        token = tokens.find(granted[1], moment)
        with django_assert_num_queries(writes):
            tokens.note_use(token, moment)
        assert ApiToken.objects.get().use.last_used_at == last


def test_the_database_keeps_it_as_it_was_granted(granted, clerk):
    tokens.revoke(granted[0], by=clerk, at=GRANTED)
    for table in ("registry_apitoken", "registry_apitokenrevocation"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608  names of our own
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_nobody_grants_to_themselves(clerk, unit):
    columns = {"unit": unit, "name": "x", "prefix": "x", "sha256": "0" * 64, "scopes": "read"}
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.create(**columns, person=clerk, granted_by=clerk, granted_at=GRANTED, expires_at=EXPIRES)


def test_of_ten_thousand_requests_the_limit_is_let_in():
    assert sum(throttling.within("test:ten-thousand", 120) for _ in range(10_000)) == 120


def test_a_cache_that_is_down_keeps_nobody_out(monkeypatch):
    def down(*args):
        raise Down

    monkeypatch.setattr("registry.people.throttling.cache.add", down)
    assert throttling.within("test:down", 0)


# --- pages ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_secret_is_shown_once(client_for, unit_approver, clerk, language):
    client = client_for(unit_approver, language)
    url = reverse("registry:token_grant")
    until = client.get(url).context["form"].last.isoformat()
    given = {"name": "ERP", "person": clerk.pk, "scopes": ["read", "upload"], "until": until}
    response = client.post(url, given)
    secret = response.context["secret"]
    assert response.status_code == 200
    assert secret in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    page = client.get(reverse("registry:tokens")).content.decode()
    assert secret[:10] in page
    assert secret not in page


def test_a_bad_form_says_what_is_wrong(client_for, unit_approver, rival_clerk):
    response = client_for(unit_approver).post(
        reverse("registry:token_grant"),
        {"name": "ERP", "person": rival_clerk.pk, "scopes": ["all"], "until": "2099-01-01"},
    )
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"person", "scopes", "until"}
    assert not ApiToken.objects.exists()


def test_the_clerk_revokes_on_the_page(client_for, granted, clerk):
    client = client_for(clerk)
    page = client.get(reverse("registry:tokens")).content.decode()
    url = reverse("registry:token_revoke", args=[granted[0].pk])
    assert url in page
    assert confirm(client, url).status_code == 302
    assert tokens.find(granted[1], GRANTED) is None
    assert url not in client.get(reverse("registry:tokens")).content.decode()


def test_a_stranger_finds_no_token(client_for, granted, rival_clerk):
    client = client_for(rival_clerk)
    assert client.post(reverse("registry:token_revoke", args=[granted[0].pk])).status_code == 404
    assert granted[0].prefix not in client.get(reverse("registry:tokens")).content.decode()
