"""By which day an authority itself wants to have reviewed a month: set, counted, ordered by, and nothing to anybody else."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from registry.law import clock
from registry.models import JournalEntry
from registry.refusal import Refusal
from reporting.models import OwnReviewDay, Package
from reporting.queries.todo import todos
from reporting.review import own_days
from reporting.review import queue as desk
from tests import worlds
from tests.cast import at
from tests.confirming import confirm
from tests.exports import csv_of
from tests.reporting import story

pytestmark = pytest.mark.usefixtures("in_english")

SET_AT = at("2025-10-01 08:00")
TODAY = dt.date(2025, 10, 1)
QUEUE = "reporting:package_queue"
TITLE = "Packages under review beyond your own day"


@pytest.fixture
@worlds.world
def four(unit, process, clerk):
    """Four months under review, of which the law's days are 2025-10-05, 10-10, 10-20, 10-31; by risk they come in another order."""
    made = []
    for month, due, risk in [("05", "31", 90), ("06", "20", 5), ("07", "10", 50), ("08", "05", 1)]:
        package = story.submitted(unit, f"2025-{month}", clerk, at("2025-09-20")).package
        Package.objects.filter(pk=package.pk).update(risk=risk, due=dt.date(2025, 10, int(due)))
        made.append(package)
    return made


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: SET_AT)


@pytest.fixture
def by_30(unit, approver):
    """Ten days before the law's day: 40 − 30."""
    return own_days.choose(unit.authority, days=30, since=TODAY, by=approver, at=SET_AT)


def shown(page) -> list[str]:
    return [row.record.period for row in page.context["table"].paginated_rows]


def test_the_latest_that_is_reached_counts(unit, approver, by_30):
    later = dt.date(2025, 11, 1)
    own_days.choose(unit.authority, days=None, since=later, by=approver, at=SET_AT)
    assert own_days.in_force(unit.authority, TODAY - dt.timedelta(1)) is None
    assert own_days.in_force(unit.authority, later - dt.timedelta(1)) == 30
    assert own_days.in_force(unit.authority, later) is None
    assert own_days.margins(approver, TODAY) == {unit.authority_id: 10}
    assert own_days.margins(approver, later) == {}
    said = JournalEntry.objects.filter(act="review.own_day_set").order_by("sequence").first()
    assert '"days":30' in said.facts
    assert '"since":"2025-10-01"' in said.facts


@pytest.mark.parametrize("days", [0, 40, 41])
def test_it_lies_within_the_laws_days(unit, approver, days):
    with pytest.raises(Refusal, match="1 to 39"):
        own_days.choose(unit.authority, days=days, since=TODAY, by=approver, at=SET_AT)
    assert not OwnReviewDay.objects.exists()


@pytest.mark.parametrize("days", [1, 39])
def test_its_edges_are_taken(unit, approver, days):
    assert own_days.choose(unit.authority, days=days, since=TODAY, by=approver, at=SET_AT).days == days


def test_neither_the_past_nor_the_same_again(unit, approver, by_30):
    with pytest.raises(Refusal, match="is past"):
        own_days.choose(unit.authority, days=20, since=TODAY - dt.timedelta(1), by=approver, at=SET_AT)
    with pytest.raises(Refusal, match="already"):
        own_days.choose(unit.authority, days=30, since=TODAY, by=approver, at=SET_AT)


def test_only_the_own_approver_sets_it(unit, officer, clerk, analyst, auditor, stranger_approver):
    for person in (officer, clerk, analyst, auditor, stranger_approver):
        with pytest.raises(PermissionDenied):
            own_days.choose(unit.authority, days=30, since=TODAY, by=person, at=SET_AT)


def test_it_is_never_overwritten(by_30):
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnReviewDay.objects.update(days=20)


def test_what_waits_beyond_it(unit, four, officer, auditor, by_30):
    # Past on 2025-10-01 is whose law's day lies before 2025-10-11, ten days on.
    beyond = [package.period for package in own_days.waiting_beyond(unit.authority, 30, TODAY).order_by("period")]
    assert beyond == ["2025-07", "2025-08"]
    for person in (officer, auditor):
        rows = own_days.beyond(desk.queue(person), person, own_days.margins(person, TODAY), TODAY)
        assert sorted(package.period for package in rows) == beyond
    assert not own_days.waiting_beyond(unit.authority, None, TODAY).exists()


@pytest.mark.usefixtures("today", "by_30")
def test_the_queue_marks_narrows_and_orders_by_it(four, officer, client_for):
    Package.objects.filter(pk=four[3].pk).update(due=dt.date(2025, 9, 30))
    client = client_for(officer, "en")
    assert shown(client.get(reverse(QUEUE))) == ["2025-05", "2025-07", "2025-06", "2025-08"]
    page = client.get(reverse(QUEUE), {"order": "day"})
    assert shown(page) == ["2025-08", "2025-07", "2025-06", "2025-05"]
    marks = [row.attrs["class"].replace("even", "").replace("odd", "").strip() for row in page.context["table"].rows]
    assert marks == ["tone-danger", "tone-warn", "", ""]
    assert "2025-09-30, missed" in page.content.decode()  # the own day of what the law has due by 2025-10-10
    assert shown(client.get(reverse(QUEUE), {"own": "on"})) == ["2025-07", "2025-08"]
    (first, *_rest) = csv_of(client.get(reverse(QUEUE), {"order": "day", "_export": "csv"})).dicts
    assert (first["Own day"], first["Law's day"]) == ("2025-09-20", "2025-09-30")


@pytest.mark.usefixtures("today")
def test_next_and_previous_follow_the_order_chosen(four, officer):
    rows = desk.queue(officer, desk.waiting().order_by(*desk.BY_DAY))
    order = list(rows)
    keys = [None, *[package.pk for package in order], None]
    for number, package in enumerate(order, start=1):
        assert desk.neighbours(rows, package) == (keys[number - 1], keys[number + 1])
        assert desk.place(rows, package) == (number, 4)


@pytest.mark.usefixtures("today", "by_30", "four")
def test_whoever_may_not_know_of_it_sees_nothing_of_it(unit, analyst, auditor, clerk, officer, client_for):
    assert "Own day" in client_for(auditor, "en").get(reverse(QUEUE)).content.decode()
    page = client_for(analyst, "en").get(reverse(QUEUE), {"own": "on"})
    assert len(shown(page)) == 4
    assert "Own day" not in page.content.decode()
    for address in ("reporting:own_days", "reporting:own_day_set"):
        assert client_for(clerk).get(reverse(address)).status_code == 403
    package = Package.objects.get(period="2025-08")
    month = client_for(clerk, "en").get(reverse("reporting:package", args=[package.pk])).content.decode()
    assert "wn day" not in month
    assert "2025-09-25" not in month  # ten days before 2025-10-05


@pytest.mark.usefixtures("today", "by_30", "four")
def test_the_list_of_what_to_do_counts_it(officer, approver, stranger_officer, clerk):
    for person in (officer, approver):
        (todo,) = [each for each in todos(person, SET_AT) if str(each.title) == TITLE]
        # The first of the two is due by the law on 2025-10-05.
        assert (todo.count, todo.due, todo.tone) == (2, dt.date(2025, 9, 25), "danger")
        assert todo.url.endswith("/queue/?own=on&order=day")
    for person in (stranger_officer, clerk):
        assert TITLE not in [str(each.title) for each in todos(person, SET_AT)]


@pytest.mark.usefixtures("today", "four")
def test_it_is_shown_with_its_effect_before_it_is_set(unit, approver, officer, client_for):
    client = client_for(approver, "en")
    form = client.get(reverse("reporting:own_days"))
    assert "no own day" in form.content.decode()
    typed = {"days": "30", "since": "2025-10-01"}
    before = client.post(reverse("reporting:own_day_set"), typed)
    text = before.content.decode()
    assert not OwnReviewDay.objects.exists()
    # October 2025 ends on the 31st: the law's day is 2025-12-10, ten days before it 2025-11-30.
    assert "2025-11-30" in text
    assert [(change.before, change.after) for change in before.context["act"].changes][2] == (0, 2)
    done = confirm(client, reverse("reporting:own_day_set"), typed, follow=True)
    assert done.status_code == 200
    assert own_days.in_force(unit.authority, TODAY) == 30
    assert "by day 30" in done.content.decode()
    assert client_for(officer, "en").get(reverse("reporting:own_days")).context["form"] is None


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    "typed", [{"days": "x", "since": "2025-10-01"}, {"days": "30"}, {"days": "40", "since": "2025-10-01"}]
)
def test_what_can_not_be_set_is_told(approver, client_for, typed):
    answer = client_for(approver, "en").post(reverse("reporting:own_day_set"), typed)
    assert answer.status_code == 302
    assert not OwnReviewDay.objects.exists()
