"""What people are told: once each, in their own language, to nobody else, and to nobody who has left."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from registry import notifications
from registry.law import clock
from registry.models import JournalEntry, Notification, Person
from tests.cast import at
from tests.exports import csv_of

NOW = at("2026-03-02 09:00")
SAID = {"period": "2025-09", "sector": "steel"}


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def tell(db):
    def do(*people, key="k", kind="package.accepted", params=SAID, link="/reporting/packages/", when=NOW):
        return notifications.notify(people, kind, key, params, link, when)

    return do


def test_everybody_is_told_once_under_a_key(tell, clerk, rival_clerk):
    assert len(tell(clerk)) == 1
    assert [row.person_id for row in tell(clerk, rival_clerk)] == [rival_clerk.pk]
    assert Notification.objects.count() == 2
    assert len(tell(clerk, key="other")) == 1


def test_the_same_person_named_twice_is_told_once(tell, clerk):
    tell(clerk, clerk)
    assert Notification.objects.count() == 1


def test_who_has_left_is_told_nothing(tell, clerk):
    clerk.is_active = False
    assert tell(clerk) == []


def test_the_text_is_in_the_readers_language(tell, clerk):
    (row,) = tell(clerk)
    with translation.override("en"):
        assert notifications.text(row) == "2025-09 (Steel) was accepted."
    with translation.override("zh-hans"):
        assert "钢铁" in notifications.text(row)


def test_many_periods_are_cut_short(tell, clerk):
    periods = [["cement", f"2025-{month:02}"] for month in range(1, 9)]
    (row,) = tell(clerk, kind="remind.packages", params={"unit": "甲", "due": "2025-10-31", "periods": periods})
    with translation.override("en"):
        said = notifications.text(row)
    assert "2025-06 Cement …" in said
    assert "2025-07" not in said


@pytest.mark.parametrize(("kind", "params"), [("no.such.kind", {}), ("package.accepted", {"period": "2025-09"})])
def test_a_kind_nobody_named_or_params_that_lack_something_are_faults(tell, clerk, kind, params):
    with pytest.raises(KeyError):
        tell(clerk, kind=kind, params=params)
    assert not Notification.objects.exists()


@pytest.mark.parametrize("link", ["https://elsewhere.example/", "//elsewhere.example/", "reporting/", ""])
def test_a_link_leads_nowhere_else(tell, clerk, link):
    with pytest.raises(IntegrityError), transaction.atomic():
        tell(clerk, link=link)


def test_what_was_told_goes_with_what_happened(tell, clerk):
    with transaction.atomic():
        tell(clerk)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()


def test_many_are_told_in_few_queries(make_person, unit, django_assert_num_queries):
    people = [make_person("unit_clerk", "经办人", unit=unit) for _ in range(20)]
    with django_assert_num_queries(4):  # who knows it already, the savepoint, the rows, the savepoint's end
        notifications.notify(people, "package.accepted", "k", SAID, "/", NOW)


def test_the_list_shows_ones_own_and_the_menu_counts_the_unread(tell, client_for, clerk, rival_clerk):
    tell(clerk)
    tell(clerk, key="second")
    tell(rival_clerk, params=SAID | {"period": "2024-01"})
    page = client_for(clerk, "en").get(reverse("registry:notifications")).content.decode()
    assert page.count("2025-09 (Steel) was accepted.") == 2  # once each; the buttons name it for screen readers
    assert page.count('aria-describedby="message-') == 2
    assert "2024-01" not in page
    assert '<span class="inbox-count">2<span' in page


def test_the_list_is_narrowed_to_reminders_to_the_unread_and_to_later_ones(tell, client_for, clerk):
    reminded = {"unit": "甲", "due": "2026-03-31", "periods": [["steel", "2026-02"]]}
    (event,) = tell(clerk)
    (reminder,) = tell(clerk, key="r", kind="remind.packages", params=reminded, when=at("2026-03-01 09:00"))
    Notification.objects.filter(pk=event.pk).update(read_at=NOW)
    client = client_for(clerk, "en")

    def found(**asked):
        page = client.get(reverse("registry:notifications"), asked)
        return [row.record for row in page.context["table"].rows]

    assert found() == [event, reminder]
    assert found(sort="at") == [reminder, event]
    assert found(kind="reminder") == found(unread="on") == [reminder]
    assert found(kind="event") == found(since="2026-03-02") == [event]
    assert found(kind="event", unread="on") == []
    taken = csv_of(client.get(reverse("registry:notifications"), {"kind": "event", "_export": "csv"}))
    assert taken.head == ["When", "Message", "Read", "Address"]
    assert [row[1:] for row in taken.rows] == [
        ["2025-09 (Steel) was accepted.", "2026-03-02T09:00:00+08:00", "/reporting/packages/"]
    ]


def test_opening_goes_there_and_marks_it_read_the_first_time(tell, client_for, clerk, monkeypatch):
    (row,) = tell(clerk)
    client = client_for(clerk)
    address = reverse("registry:notification_open", args=[row.pk])
    assert client.get(address)["Location"] == reverse("registry:notifications")  # looked at, it opens nothing
    assert client.post(address)["Location"] == "/reporting/packages/"
    monkeypatch.setattr(clock, "now", lambda: at("2026-03-03"))
    client.post(address)
    row.refresh_from_db()
    assert row.read_at == NOW


def test_somebody_elses_message_is_not_there(tell, client_for, clerk, auditor):
    (row,) = tell(clerk)
    for stranger in (auditor,):
        assert client_for(stranger).post(reverse("registry:notification_open", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_marking_all_read_leaves_what_came_in_since(tell, client_for, clerk, rival_clerk):
    (shown,) = tell(clerk)
    tell(rival_clerk)
    (since,) = tell(clerk, key="since")
    client_for(clerk).post(reverse("registry:notifications_read"), {"until": shown.pk})
    unread = set(Notification.objects.filter(read_at__isnull=True).values_list("person", "key"))
    assert unread == {(rival_clerk.pk, "k"), (clerk.pk, "since")}
    assert since.key == "since"


@pytest.mark.parametrize("until", ["", "x", "9" * 30, "-1"])
def test_marking_all_read_without_a_key_does_nothing(tell, client_for, clerk, until):
    tell(clerk)
    assert client_for(clerk).post(reverse("registry:notifications_read"), {"until": until}).status_code == 302
    assert notifications.unread(clerk).count() == 1


def test_the_list_has_pages_and_asks_a_fixed_number_of_questions(
    tell, client_for, clerk, django_assert_max_num_queries
):
    for number in range(30):
        tell(clerk, key=str(number))
    client = client_for(clerk)
    with django_assert_max_num_queries(8):  # session, person, seat, count, page, newest, the views kept, the badge
        page = client.get(reverse("registry:notifications"))
    assert len(page.context["table"].paginated_rows) == 25


def test_a_person_chooses_their_e_mails(client_for, clerk):
    client, address = client_for(clerk), reverse("registry:notification_mail")
    given = {"wanted": "on", "address": "jia@example.cn", "language": "en"}
    assert client.post(address, given)["Location"] == reverse("registry:notifications")
    clerk.refresh_from_db()
    assert (clerk.wants_mail, clerk.email, clerk.mail_language) == (True, "jia@example.cn", "en")
    client.post(address, {"address": "jia@example.cn", "language": "en"})
    clerk.refresh_from_db()
    assert not clerk.wants_mail
    entries = JournalEntry.objects.filter(act="person.mail_changed")
    assert entries.count() == 2
    assert not any("example" in entry.facts for entry in entries)


@pytest.mark.parametrize(
    "given",
    [{"wanted": "on", "address": "", "language": "en"}, {"address": "no", "language": "en"}, {"language": "fr"}],
)
def test_a_choice_that_makes_no_sense_is_told_at_its_field(client_for, clerk, given):
    response = client_for(clerk).post(reverse("registry:notification_mail"), given)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert Person.objects.get(pk=clerk.pk).email == ""
